"""Requests, statements and drafts in all the shapes clients send, to a Medication."""

from typing import Any

import pytest

from cds_service.chart.read.medications import Surroundings
from cds_service.patient.facts import Facts, Match, Medication, Route
from cds_service.patient.terminology import additions
from cds_service.patient.terminology.additions import Additions
from tests.builders.fhir import (
    MALARIA,
    MINE,
    QUININE,
    RXNORM,
    SNOMED,
    UNRELATED,
    ZONE,
    bundle,
    concept,
    condition,
    facts_from,
    facts_of,
    quinine,
)

BY_REFERENCE = {"medicationCodeableConcept": ...}


def medication(*others: Any, **more: Any) -> Medication:
    facts = facts_from(quinine(**more), *others)
    assert [one.why for one in facts.unread if one.query == "medicationRequests"] == []
    (one,) = facts.medications
    return one


def statement(**more: Any) -> Medication:
    raw = quinine(intent=..., **more) | {"resourceType": "MedicationStatement", "id": "s1"}
    (one,) = facts_from({name: value for name, value in raw.items() if value is not ...}).medications
    return one


def names(one: Any) -> set[tuple[str, Match]]:
    return {(ingredient.name, ingredient.match) for ingredient in one.ingredients}


def test_a_plain_r4_request() -> None:
    raw = quinine(authoredOn="2026-02-01", note=[{"text": "kept"}])
    (one,) = facts_from(raw).medications
    assert (one.source, one.kind, one.status, one.intent) == (
        "MedicationRequest/m1",
        "MedicationRequest",
        "active",
        "order",
    )
    assert names(one) == {("quinine", Match.CODE)}
    assert one.authored.day.isoformat() == "2026-02-01"
    assert (one.ended, one.do_not_perform, one.draft, one.selected) == (None, False, False, False)
    assert (one.reference, one.may_be_stopped) == ("MedicationRequest/m1", True)


def test_dstu2_medication_order() -> None:
    raw = quinine(intent=..., dateWritten="2026-02-01", dateEnded="2026-02-08") | {"resourceType": "MedicationOrder"}
    raw["reasonCodeableConcept"] = {"text": "malaria"}
    (one,) = facts_from(raw).medications
    assert (one.source, one.kind, one.intent) == ("MedicationOrder/m1", "MedicationRequest", None)
    assert (one.authored.day.isoformat(), one.ended.last_day.isoformat()) == ("2026-02-01", "2026-02-08")
    assert [dict(reason.concepts) for reason in one.reasons] == [{"malaria": Match.NAME}]
    assert (one.reference, one.may_be_stopped) == ("MedicationOrder/m1", False)


@pytest.mark.parametrize(
    ("element", "match"),
    [
        ({"medication": {"concept": QUININE}}, Match.CODE),  # R5
        ({"medication": {"reference": {"display": "Quinine 200 mg tablet"}}}, Match.NAME),
        ({"medication": {"reference": {"reference": "Medication/9", "display": "kina sulfat"}}}, Match.NAME),
        ({"medicationReference": {"reference": "Medication/9", "display": "Quinine sulfate 324 MG"}}, Match.NAME),
        ({"medicationReference": "Medication/7"}, Match.CODE),
        ({"medication": {"reference": "Medication/7"}}, Match.CODE),
        ({"medicationCodeableConcept": {"text": "Tab. kuinin 200 mg"}}, Match.NAME),
        ({"medicationCodeableConcept": "quinine"}, Match.NAME),
        ({"medicationCodeableConcept": QUININE["coding"][0]}, Match.CODE),
        ({"medicationCodeableConcept": [QUININE]}, Match.CODE),
        ({"medicationCodeableConcept": {"coding": QUININE["coding"][0]}}, Match.CODE),
        ({"medicationCodeableConcept": concept("urn:oid:2.16.840.1.113883.6.88", "9071")}, Match.CODE),
        ({"medicationCodeableConcept": concept("http://sys-ids.kemkes.go.id/kfa", "93000", "Kina 200 mg")}, Match.NAME),
        ({"medication": "quinine"}, Match.NAME),
    ],
)
def test_the_drug_in_every_odd_shape(element: Any, match: Any) -> None:
    seven = {"resourceType": "Medication", "id": "7", "code": QUININE}
    assert names(medication(seven, **{**BY_REFERENCE, **element})) == {("quinine", match)}


CONTAINED = {"resourceType": "Medication", "id": "inside", "code": QUININE, "form": {"text": "Tablet"}}


@pytest.mark.parametrize(
    "inside",
    [
        CONTAINED,
        CONTAINED | {"code": {"text": "mixture"}, "ingredient": [{"itemCodeableConcept": QUININE}]},
        CONTAINED | {"code": None, "ingredient": {"itemCodeableConcept": QUININE}},
        CONTAINED | {"code": None, "ingredient": [{"item": {"concept": QUININE}}]},  # R5
        CONTAINED | {"code": None, "product": {"ingredient": [{"itemCodeableConcept": QUININE}]}},  # DSTU2
    ],
)
def test_a_contained_medication_by_code_or_ingredient(inside: Any) -> None:
    one = medication(**BY_REFERENCE, medicationReference={"reference": "#inside"}, contained=[inside])
    assert names(one) == {("quinine", Match.CODE)}
    assert one.route is Route.ORAL


def test_an_ingredient_that_is_not_active_does_not_count() -> None:
    inside = CONTAINED | {
        "code": {"text": "syrup"},
        "ingredient": [{"itemCodeableConcept": QUININE, "isActive": False}],
    }
    facts = facts_from(quinine(**BY_REFERENCE, medicationReference={"reference": "#inside"}, contained=[inside]))
    assert facts.medications == ()


def test_an_ingredient_by_reference_to_a_contained_substance() -> None:
    substance = {"resourceType": "Substance", "id": "sub", "code": QUININE}
    inside = CONTAINED | {"code": None, "ingredient": [{"itemReference": {"reference": "#sub"}}]}
    one = medication(**BY_REFERENCE, medicationReference={"reference": "#inside"}, contained=[inside, substance])
    assert names(one) == {("quinine", Match.CODE)}


def test_an_ingredient_that_refers_to_nothing_costs_no_other() -> None:
    inside = CONTAINED | {"ingredient": [{"itemReference": {"display": "sugar"}}, {"itemReference": {}}]}
    one = medication(**BY_REFERENCE, medicationReference={"reference": "#inside"}, contained=[inside])
    assert names(one) == {("quinine", Match.CODE)}


def test_a_code_of_a_known_drug_beside_a_local_one_tells_that_it_is_none_of_ours() -> None:
    codings = [*concept("http://sys-ids.kemkes.go.id/kfa", "93000")["coding"], *concept(RXNORM, "161")["coding"]]
    facts = facts_from(quinine(medicationCodeableConcept={"coding": codings}))
    assert (facts.medications, facts.unread) == ((), ())


def test_a_house_s_code_may_tell_that_it_is_none_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = Additions(other_drugs=frozenset((("http://sys-ids.kemkes.go.id/kfa", "93000"),)))
    monkeypatch.setattr(additions, "_added", [theirs])
    coded = [concept("http://sys-ids.kemkes.go.id/kfa", code) for code in ("93000", "93001")]
    facts = facts_from(*(quinine(one["coding"][0]["code"], medicationCodeableConcept=one) for one in coded))
    assert (facts.medications, [one.source for one in facts.unread]) == ((), ["MedicationRequest/93001"])


def test_medications_that_are_each_others_ingredient_come_to_an_end() -> None:
    loop = CONTAINED | {"ingredient": [{"itemReference": {"reference": "#inside"}}]}
    assert medication(**BY_REFERENCE, medicationReference={"reference": "#inside"}, contained=[loop])


@pytest.mark.parametrize(
    ("element", "why"),
    [
        ({"medicationReference": {"reference": "Medication/404"}}, "reference-unresolved"),
        ({"medicationReference": {"reference": "#nowhere"}}, "reference-unresolved"),
        ({}, "no-code"),
        ({"medicationCodeableConcept": {}}, "no-code"),
        ({"medicationCodeableConcept": concept("http://sys-ids.kemkes.go.id/kfa", "93000")}, "code-unknown"),
    ],
)
def test_an_order_that_does_not_say_for_what_may_be_for_anything(element: Any, why: Any) -> None:
    facts = facts_from(quinine(**{**BY_REFERENCE, **element}))
    assert facts.medications == ()
    assert [(one.query, one.why, one.concepts) for one in facts.unread] == [("medicationRequests", why, frozenset())]


@pytest.mark.parametrize("status", ["completed", "stopped", "cancelled", "entered-in-error", "Stopped"])
def test_an_order_for_nothing_known_that_is_over_is_not_even_unread(status: Any) -> None:
    assert facts_from(quinine(**BY_REFERENCE, status=status)).unread == ()


@pytest.mark.parametrize(
    "code", [concept(RXNORM, "161"), {"text": "paracetamol"}, concept(SNOMED, "387517004", "Paracetamol")]
)
def test_other_drugs_are_neither_fact_nor_unread(code: Any) -> None:
    facts = facts_from(quinine(medicationCodeableConcept=code))
    assert (facts.medications, facts.unread) == ((), ())


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("active", "active"),
        ("Active", "active"),
        ("on_hold", "on-hold"),
        ("On Hold", "on-hold"),
        ("ended", "completed"),
        ("unknown", "unknown"),
        (None, None),
        ("draft", "draft"),
        ("stopped", "stopped"),
    ],
)
def test_request_status(written: Any, meant: Any) -> None:
    assert medication(status=written).status == meant


def test_an_order_entered_in_error_is_no_order() -> None:
    assert facts_from(quinine(status="entered-in-error")).medications == ()


def test_a_prohibition_that_cannot_be_read_is_named_with_its_drug() -> None:
    facts = facts_from(quinine(doNotPerform="perhaps"))
    (one,) = facts.unread
    assert (one.source, one.why, one.shown) == ("MedicationRequest/m1", "not-readable", "quinine")
    assert "quinine" in one.concepts
    assert facts.medications == ()


@pytest.mark.parametrize(
    ("element", "status"),
    [
        ({"status": "this_is_invalid"}, "unknown"),
        ({"authoredOn": "yesterday"}, "active"),
        ({"dispenseRequest": {"validityPeriod": {"end": "soon"}}}, "active"),
        ({"dosageInstruction": [{"text": "x", "timing": {"repeat": {"boundsPeriod": {"end": "soon"}}}}]}, "active"),
    ],
)
def test_what_decides_nothing_costs_itself(element: Any, status: Any) -> None:
    facts = facts_from(quinine(**element))
    (one,) = facts.medications
    assert ("quinine" in {i.name for i in one.ingredients}, one.status, one.authored, one.ended) == (
        True,
        status,
        None,
        None,
    )
    assert [name.partition(".")[0] for name in one.unreadable] == list(element)
    assert facts.unread == ()


@pytest.mark.parametrize(
    ("element", "status"),
    [
        ({"status": "ordered"}, "draft"),
        ({"authoredOn": "30/11/2026"}, "active"),
        ({"doNotPerform": "perhaps"}, "active"),
    ],
)
def test_a_draft_is_there_whatever_else_cannot_be_read(element: Any, status: Any) -> None:
    (one,) = facts_from(drafts=bundle(quinine(**element))).drafts
    assert (one.status, one.unreadable) == (status, tuple(element))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("order", "order"),
        ("proposal", "proposal"),
        ("Plan", "plan"),
        ("option", "option"),
        (None, None),
        ("x", None),
        (..., None),
    ],
)
def test_intent_may_be_missing(written: Any, meant: Any) -> None:
    assert medication(intent=written).intent == meant


@pytest.mark.parametrize(
    ("written", "meant"), [(True, True), ("true", True), (False, False), (None, False), (..., False)]
)
def test_do_not_perform(written: Any, meant: Any) -> None:
    assert medication(doNotPerform=written).do_not_perform is meant


END_OF_THE_CALENDAR = "9999-12-31T23:59:59Z"  # for one without an end; in Jakarta no day any more


def bounds(end: Any) -> dict[str, Any]:
    return {"timing": {"repeat": {"boundsPeriod": {"start": "2026-01-01", "end": end}}}}


@pytest.mark.parametrize(
    ("element", "end"),
    [
        ({}, None),
        ({"dispenseRequest": {"validityPeriod": {"start": "2026-01-01", "end": "2026-02-01"}}}, "2026-02-01"),
        ({"dispenseRequest": {"validityPeriod": {"start": "2026-01-01"}}}, None),
        ({"dosageInstruction": [bounds("2026-02-01")]}, "2026-02-01"),
        ({"dosageInstruction": bounds("2026-02-01")}, "2026-02-01"),
        ({"dosageInstruction": [bounds("2026-02-01"), bounds("2026-03-01")]}, "2026-03-01"),
        ({"dosageInstruction": [bounds("2026-02-01"), {"text": "then as needed"}]}, None),
        ({"dosageInstruction": [bounds("2026-03")]}, "2026-03-31"),
        ({"dosageInstruction": [bounds(END_OF_THE_CALENDAR)]}, None),
        ({"dosageInstruction": [bounds("2026-02-01"), bounds(END_OF_THE_CALENDAR)]}, None),
        ({"dispenseRequest": {"validityPeriod": {"end": END_OF_THE_CALENDAR}}}, None),
        (
            {"dosageInstruction": [bounds("2026-02-01")], "dispenseRequest": {"validityPeriod": {"end": "2026-01-15"}}},
            "2026-01-15",
        ),
    ],
)
def test_the_end_its_own_periods_set(element: Any, end: Any) -> None:
    ended = medication(**element).ended
    assert (ended and ended.last_day.isoformat()) == end


@pytest.mark.parametrize(
    ("element", "status"),
    [
        ({"status": "active"}, "active"),
        ({"status": "active", "taken": "n"}, "not-taken"),  # STU3
        ({"status": "active", "taken": "y"}, "active"),
        ({"status": "active", "taken": "unk"}, "active"),
        ({"status": "active", "wasNotTaken": True}, "not-taken"),  # DSTU2
        ({"status": "active", "wasNotTaken": False}, "active"),
        ({"status": "recorded"}, "unknown"),  # R5
        ({"status": "recorded", "adherence": {"code": concept("x", "taking-as-directed")}}, "active"),
        ({"status": "recorded", "adherence": {"code": concept("x", "not-taking")}}, "not-taken"),
        ({"status": "recorded", "adherence": {"code": concept("x", "stopped-as-directed")}}, "stopped"),
        ({"status": "recorded", "adherence": {"code": concept("x", "on-hold")}}, "on-hold"),
        ({"status": "recorded", "adherence": {"code": concept("x", "unknown")}}, "unknown"),
        ({"status": "draft"}, "intended"),
        ({"status": "not-taken"}, "not-taken"),
        ({"status": "Intended"}, "intended"),
        ({"status": None}, None),
    ],
)
def test_statement_status_of_every_version(element: Any, status: Any) -> None:
    one = statement(**element)
    assert (one.kind, one.source, one.status, one.intent) == (
        "MedicationStatement",
        "MedicationStatement/s1",
        status,
        None,
    )


@pytest.mark.parametrize(
    ("element", "authored", "ended"),
    [
        ({"dateAsserted": "2026-02-01"}, "2026-02-01", None),
        ({"effectiveDateTime": "2026-01-01"}, "2026-01-01", None),
        ({"effectivePeriod": {"start": "2026-01-01", "end": "2026-01-08"}}, "2026-01-01", "2026-01-08"),
        ({"effectivePeriod": {"start": "2015"}, "dateAsserted": "2026-02-01"}, "2026-02-01", None),
    ],
)
def test_dates_of_a_statement(element: Any, authored: Any, ended: Any) -> None:
    one = statement(**element)
    assert one.authored.day.isoformat() == authored
    assert (one.ended and one.ended.last_day.isoformat()) == ended


@pytest.mark.parametrize(
    ("element", "route"),
    [
        ({}, Route.UNKNOWN),
        ({"dosageInstruction": [{"route": concept(SNOMED, "26643006")}]}, Route.ORAL),
        ({"dosageInstruction": [{"route": concept(SNOMED, "47625008")}]}, Route.PARENTERAL),
        ({"dosageInstruction": [{"route": concept(SNOMED, "54485002")}]}, Route.LOCAL),
        ({"dosageInstruction": [{"route": concept(SNOMED, "C38288", "ORAL")}]}, Route.ORAL),
        ({"dosageInstruction": [{"route": concept("http://www.whocc.no/atc", "O", "Oral")}]}, Route.ORAL),
        ({"dosageInstruction": {"route": {"text": "PO"}}}, Route.ORAL),
        ({"dosageInstruction": [{"route": "Intravenous push"}]}, Route.PARENTERAL),
        ({"dosageInstruction": [{"text": "3x1 tablet diminum sesudah makan"}]}, Route.ORAL),
        ({"dosageInstruction": ["1 tablet nightly"]}, Route.ORAL),
        ({"dosageInstruction": [{"text": "oral"}, {"route": concept(SNOMED, "47625008")}]}, Route.PARENTERAL),
        ({"medicationCodeableConcept": {"text": "quinine dihydrochloride injection"}}, Route.PARENTERAL),
        ({"medicationCodeableConcept": {"text": "Quinine sulfate 324 MG Oral Capsule"}}, Route.ORAL),
    ],
)
def test_route(element: Any, route: Any) -> None:
    assert medication(**element).route is route


@pytest.mark.parametrize(
    ("element", "concepts"),
    [
        ({"reasonCode": [MALARIA]}, [{"malaria": Match.CODE}]),
        ({"reasonCode": MALARIA}, [{"malaria": Match.CODE}]),  # the sandbox sends an object
        ({"reasonCode": [{"text": "Malaria"}]}, [{"malaria": Match.NAME}]),
        ({"reasonCode": [{"text": "hypertension"}]}, []),
        ({"reason": [{"concept": MALARIA}]}, [{"malaria": Match.CODE}]),  # R5
        ({"reason": [{"reference": {"reference": "Condition/mal"}}]}, [{"malaria": Match.CODE}]),
        ({"reasonReference": [{"reference": "Condition/mal"}]}, [{"malaria": Match.CODE}]),
        ({"reasonReference": {"reference": "https://ehr.example/fhir/Condition/mal"}}, [{"malaria": Match.CODE}]),
        ({"reasonReference": [{"reference": "Condition/404", "display": "malaria"}]}, [{"malaria": Match.NAME}]),
        (
            {"reasonReference": [{"reference": "#in"}], "contained": [condition("in", MALARIA)]},
            [{"malaria": Match.CODE}],
        ),
        ({"reasonReference": [{"reference": "Condition/wrong"}]}, []),
    ],
)
def test_reasons(element: Any, concepts: Any) -> None:
    others = [condition("mal", MALARIA), condition("wrong", MALARIA, verificationStatus="refuted")]
    one = medication(*others, **element)
    assert [dict(reason.concepts) for reason in one.reasons] == concepts


def test_a_reason_knows_where_its_problem_is() -> None:
    """The site of the Condition it refers to, or of a code that names one."""
    cramp = concept("http://hl7.org/fhir/sid/icd-10", "R25.2", "Kram")
    listed = condition("hand", cramp, bodySite=[{"text": "hand"}])
    (one,) = medication(listed, reasonReference=[{"reference": "Condition/hand"}]).reasons
    assert [site.texts for site in one.body_sites] == [("hand",)]
    refined = concept(SNOMED, "55300003:363698007=85562004")
    (one,) = medication(reasonCode=[refined]).reasons
    assert [site.codes for site in one.body_sites] == [("85562004",)]


ASTHMA = condition("asthma", UNRELATED)


@pytest.mark.parametrize(
    ("element", "other", "words"),
    [
        ({}, False, ()),
        ({"reasonCode": [{"text": "Malaria"}]}, False, ("Malaria",)),
        ({"reasonCode": [{"text": "Constipation"}]}, True, ("Constipation",)),
        ({"reasonCode": [concept(SNOMED, "14760008")]}, True, ()),
        ({"reasonCode": [concept(SNOMED, "14760008", "Constipation")]}, True, ("Constipation",)),
        ({"reasonCode": [MALARIA, {"text": "Migraine"}]}, True, ("Malaria", "Migraine")),
        ({"reasonReference": [{"reference": "Condition/asthma"}]}, True, ("Asthma",)),
        ({"reasonReference": [{"reference": "Condition/mal"}]}, False, ("Malaria",)),
        ({"reasonReference": [{"reference": "Condition/404"}]}, True, ()),
        ({"reasonReference": [{"reference": "Condition/404", "display": "Migraine"}]}, True, ("Migraine",)),
        ({"reasonReference": [{"reference": "Condition/404", "display": "Malaria"}]}, False, ("Malaria",)),
        ({"dosageInstruction": [{"text": "oral for constipation"}]}, False, ("oral for constipation",)),
        ({"dosageInstruction": ["oral", {"asNeededCodeableConcept": {"text": "maag"}}]}, False, ("oral", "maag")),
        ({"dosageInstruction": [{"asNeededFor": [{"text": "sembelit"}]}]}, False, ("sembelit",)),  # R5
        (
            {"dosageInstruction": [{"asNeededCodeableConcept": concept("not a uri", "not  a code", "Constipation")}]},
            False,
            ("Constipation",),
        ),
        ({"reasonCode": [{"text": "Nyeri"}], "dosageInstruction": [{"text": "PO"}]}, True, ("Nyeri", "PO")),
    ],
)
def test_reasons_that_are_none_of_ours_and_the_words(element: Any, other: Any, words: Any) -> None:
    one = medication(condition("mal", MALARIA), ASTHMA, **element)
    assert (one.other_reason, one.words) == (other, words)


def test_the_words_of_a_statements_dosage() -> None:
    assert statement(dosage=[{"text": "for constipation"}]).words == ("for constipation",)


def test_the_end_that_a_statements_dosage_sets() -> None:
    ended = statement(dosage=[bounds("2026-02-01")]).ended
    assert ended is not None
    assert ended.last_day.isoformat() == "2026-02-01"


@pytest.mark.parametrize("status", ["not-taken", "completed", "entered-in-error", "stopped"])
def test_a_statement_of_nothing_known_that_is_not_taken_is_not_even_unread(status: str) -> None:
    raw = {"resourceType": "MedicationStatement", "id": "s1", "subject": MINE, "status": status}
    assert facts_from(raw).unread == ()
    assert [one.why for one in facts_from(raw | {"status": "active"}).unread] == ["no-code"]


@pytest.mark.parametrize(
    ("element", "text"),
    [
        ({"medicationCodeableConcept": QUININE}, "quinine"),
        ({"medicationCodeableConcept": {**QUININE, "text": "Kina 200 mg"}}, "Kina 200 mg"),
        ({"medicationReference": {"reference": "Medication/7", "display": "as shown"}}, "as shown"),
        ({"medicationReference": {"reference": "Medication/7"}}, "quinine"),
        ({"medicationReference": {"reference": "Medication/8"}}, "Kina sulfat"),
        ({"medicationReference": {"reference": "Medication/9"}}, "quinine"),  # of its ingredient
        (
            {"medicationCodeableConcept": {"text": "Kina"}, "medicationReference": {"display": "as shown"}},
            "Kina",
        ),
        (
            {"medicationCodeableConcept": {"text": "Kina"}, "medicationReference": {"reference": "Medication/8"}},
            "Kina",
        ),
    ],
)
def test_the_words_for_the_drug_are_the_orders_own_before_the_medications(element: Any, text: str) -> None:
    seven = {"resourceType": "Medication", "id": "7", "code": QUININE}
    of_ingredients = {"resourceType": "Medication", "id": "8", "ingredient": {"itemCodeableConcept": "Kina sulfat"}}
    mixture = {"resourceType": "Medication", "id": "9", "ingredient": {"itemReference": {"reference": "Medication/7"}}}
    assert medication(seven, of_ingredients, mixture, **{**BY_REFERENCE, **element}).text == text


def test_of_the_ingredients_an_order_refers_to_a_few_are_followed() -> None:
    def mixture(last: int) -> Facts:
        """Twenty references, the order's own counted, and the quinine in one of them."""
        substances = [{"resourceType": "Substance", "id": f"s{n}", "code": {"text": f"herb {n}"}} for n in range(25)]
        substances[last]["code"] = QUININE
        items = [{"itemReference": {"reference": f"Substance/s{n}"}} for n in range(25)]
        whole = {"resourceType": "Medication", "id": "mix", "ingredient": items}
        order = quinine(**BY_REFERENCE, medicationReference={"reference": "Medication/mix"})
        return facts_from(order, whole, *substances)

    assert [bool(mixture(last).medications) for last in (0, 18, 19, 24)] == [True, True, False, False]


@pytest.mark.parametrize(
    ("form", "name", "route"),
    [
        ("Injection", "quinine tablet", Route.PARENTERAL),
        (None, "quinine tablet", Route.ORAL),
        ("unheard of", "quinine injection", Route.PARENTERAL),
        (None, "quinine", Route.UNKNOWN),
    ],
)
def test_the_dose_form_tells_the_route_before_the_name(form: str | None, name: str, route: Route) -> None:
    inside = {"resourceType": "Medication", "id": "inside", "code": {"text": name}, "form": form}
    one = medication(**BY_REFERENCE, medicationReference={"reference": "#inside"}, contained=[inside])
    assert one.route is route


def test_twenty_names_of_a_reason_are_looked_through() -> None:
    codings = [{"code": str(n), "display": f"word {n}"} for n in range(25)]
    named = condition("many", {"coding": codings, "text": "Malaria"})
    one = medication(named, reasonReference=[{"reference": "Condition/many"}])
    assert one.words == ("Malaria", *(f"word {n}" for n in range(19)))
    (reason,) = one.reasons
    assert reason.texts == one.words


def test_a_reason_tells_where_it_comes_from() -> None:
    one = medication(condition("mal", MALARIA), reasonReference=[{"reference": "Condition/mal"}])
    assert one.reasons[0].source == "Condition/mal"
    assert medication(reasonCode=[MALARIA]).reasons[0].source == "MedicationRequest/m1"
    around, nameless = Surroundings({}, ZONE), condition(..., MALARIA)
    for order in ("MedicationRequest/m1", "MedicationRequest/m2"):
        assert around.reason(nameless, order)[0].source == order


@pytest.mark.parametrize(
    ("element", "texts"),
    [
        ({"reasonCode": [concept("http://x", "1", "Malaria berat")]}, [("Malaria berat",)]),
        ({"reasonCode": [{"text": "dd malaria"}, {"text": "Malaria?"}]}, [("dd malaria",), ("Malaria?",)]),
        ({"reasonReference": [{"reference": "Condition/mal"}]}, [("Malaria",)]),
        ({"reasonReference": [{"reference": "Condition/404", "display": "dd malaria"}]}, [("dd malaria",)]),
        ({"reasonReference": [{"reference": "Condition/404"}]}, []),
        ({"reasonReference": [{"reference": "Condition/wrong"}]}, []),
        ({"reasonReference": [{"reference": "Condition/pending"}]}, [("Severe malaria, smear pending",)]),
    ],
)
def test_a_reason_keeps_its_texts_but_not_those_of_a_condition_that_is_not_true(element: Any, texts: Any) -> None:
    refuted = condition("wrong", {"text": "Severe malaria"}, verificationStatus=concept("x", "refuted"))
    pending = condition("pending", {"text": "Severe malaria, smear pending"})
    one = medication(condition("mal", MALARIA), refuted, pending, **element)
    assert [reason.texts for reason in one.reasons] == texts


@pytest.mark.parametrize(
    ("reasons", "unread"),
    [
        ([{"reference": "Condition/404"}, {"reference": "Condition/405"}], ("Condition/404", "Condition/405")),
        ([{"reference": "Condition/404", "display": "Hypertension"}], ()),  # it is named, and so known
        ([{"reference": "Condition/mal"}], ()),
        ([{}, {"identifier": {"value": "7"}}], ()),  # no reference at all
    ],
)
def test_reasons_that_are_not_in_hand(reasons: Any, unread: tuple[str, ...]) -> None:
    facts = facts_from(quinine(reasonReference=reasons), condition("mal", MALARIA))
    assert (facts.medications[0].unread_reasons, facts.unread) == (unread, ())


ODD_IDS = (None, 7, "", "..", "1/2", "../Patient/1", "1?x", "1 2", "1\n", "x" * 129, "é", ...)


@pytest.mark.parametrize("own", ODD_IDS)
def test_an_order_without_a_sound_id_cannot_be_named_or_stopped(own: Any) -> None:
    for one in (*facts_from(quinine(own)).medications, *drafts(quinine(own)).drafts):
        assert (one.reference, one.may_be_stopped) == (None, False)


@pytest.mark.parametrize(
    ("meta", "may_be_stopped"),
    [
        ({"tag": [{"code": "TEST"}, {"code": "SUBSETTED"}]}, False),  # the server cut it down
        ({}, True),
        ({"tag": [{"code": "TEST"}, "SUBSETTED"]}, True),
        ({"tag": "SUBSETTED"}, True),
        ("SUBSETTED", True),
        (None, True),
    ],
)
def test_an_order_that_was_cut_down_may_not_be_stopped(meta: Any, may_be_stopped: bool) -> None:
    assert medication(meta=meta).may_be_stopped is may_be_stopped


def test_a_statement_may_not_be_stopped() -> None:
    assert (statement().reference, statement().may_be_stopped) == ("MedicationStatement/s1", False)


# Drafts


def drafts(*resources: Any, **more: Any) -> Facts:
    return facts_of({}, drafts=bundle(*resources), **more)


@pytest.mark.parametrize(
    ("selections", "selected"),
    [
        (None, True),
        (("MedicationRequest/m1",), True),
        (("m1",), True),
        (("urn:uuid:m1",), True),
        (("https://ehr.example/fhir/MedicationRequest/m1",), True),
        (("m2", "m1"), True),
        ((7, None), False),
        (("ServiceRequest/m1",), False),
        (("MedicationRequest/m2",), False),
        ((), False),
    ],
)
def test_selected_by_id_with_or_without_its_type(selections: Any, selected: Any) -> None:
    (one,) = drafts(quinine(status="draft"), selections=selections).drafts
    assert (one.draft, one.selected) == (True, selected)


def test_at_signing_every_draft_counts_whatever_the_selections() -> None:
    (one,) = drafts(quinine(status="draft"), selections=("MedicationRequest/m2",), hook="order-sign").drafts
    assert one.selected


@pytest.mark.parametrize("own", [..., None, 7, ""])
def test_a_draft_without_an_id_cannot_be_told_apart_and_counts(own: Any) -> None:
    assert drafts(quinine(own, status="draft"), selections=("m1",)).drafts[0].selected


def test_a_draft_may_be_an_order_of_dstu2() -> None:
    (one,) = drafts(quinine(status="draft") | {"resourceType": "MedicationOrder"}).drafts
    assert (one.source, one.kind, one.draft) == ("MedicationOrder/m1", "MedicationRequest", True)


def test_a_draft_is_no_medication_of_the_list() -> None:
    facts = drafts(quinine(status="draft"))
    assert (len(facts.drafts), facts.medications) == (1, ())


def test_the_sandboxes_draft() -> None:
    """No Bundle.type, category and reasonCode as objects, no intent."""
    draft = quinine(intent=..., status="draft", category={"text": "outpatient"}, reasonCode={"text": "malaria"})
    facts = facts_of({}, drafts={"resourceType": "Bundle", "entry": [{"resource": draft}]})
    assert facts.unread == ()
    assert facts.drafts[0].reasons[0].concepts == {"malaria": Match.NAME}
    assert facts.drafts[0].reference == "MedicationRequest/m1"


def test_a_draft_without_a_medication_is_unread_and_nothing_else() -> None:
    facts = drafts(quinine(**BY_REFERENCE, status="draft"), quinine("m2", status="draft"))
    assert [one.source for one in facts.drafts] == ["MedicationRequest/m2"]
    assert [(one.query, one.source, one.why) for one in facts.unread] == [
        ("draftOrders", "MedicationRequest/m1", "no-code")
    ]


def test_epics_draft_with_its_medication_beside_it() -> None:
    beside = {"resourceType": "Medication", "id": "7", "code": concept("urn:oid:2.16.840.1.113883.6.88", "9071")}
    draft = quinine(**BY_REFERENCE, status="draft", medicationReference={"reference": "Medication/7"})
    assert names(drafts(draft, beside).drafts[0]) == {("quinine", Match.CODE)}


def test_a_reason_in_the_draft_bundle() -> None:
    draft = quinine(status="draft", reasonReference=[{"reference": "Condition/mal"}])
    facts = drafts(draft, condition("mal", MALARIA))
    assert facts.drafts[0].reasons[0].concepts == {"malaria": Match.CODE}
    assert facts.problems == ()
    assert MINE["reference"] == "Patient/p1"
