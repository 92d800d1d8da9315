"""Malaria indicated, malaria mentioned, and an order whose own reason is cramps: what silences is matched generously."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cds_service.catalogue import wording
from cds_service.decision import overrides
from cds_service.decision.recommendation import (
    Advise,
    DeleteDraft,
    Indicator,
    NotAdvised,
    ProposedOrder,
    StopMedication,
)
from cds_service.guidelines.leg_cramps import citations
from cds_service.guidelines.leg_cramps.quinine.malaria import may_be_for_malaria
from cds_service.guidelines.leg_cramps.quinine.rule import decide, decide_order
from cds_service.guidelines.leg_cramps.quinine_reminder import rule as quinine_reminder
from cds_service.patient.facts import Dosing, Facts, Match, Medication, Problem, Reason
from cds_service.settings import LANGUAGES
from tests.builders.facts import born, draft, instant, medicine, patient, problem, reason, result
from tests.builders.said import advised, keys, shown

MENTIONED = "malaria_mentioned"
WORDS = (
    *("malaria", "falciparum", "falsiparum", "vivax", "vivaks", "malariae", "knowlesi", "plasmodium", "tertiana"),
    *("tersiana", "kuartana", "babesia", "babesiosis"),
)
CARRIERS = ("Severe {}", "{} berat, artesunat habis", "dd {}", "Susp. {}", "Demam e.c. {}", "{} (+)", "{}, no fits")
UNDOING = (
    *("{} prophylaxis", "profilaksis {}", "{} negative", "{} negatif", "{} (-)", "{} [-]", "{} vaccine", "vaksin {}"),
    *("{} screening", "skrining {}", "{} excluded", "{} disingkirkan", "{} sembuh", "history of {}", "riwayat {}"),
    *("h/o {}", "post {}", "pasca {}", "no {}", "not {}", "bukan {}", "tanpa {}", "endemic area for {}"),
    *("contact with {}", "kontak {}", "family with {}", "keluarga {}", "allergic to drugs, {}", "alergi obat {}"),
    *("{}: adverse effect", "efek samping obat {}"),
)
ON_A_PROBLEM = ("rule out {}", "exclude {}", "singkirkan {}")
words = st.sampled_from(WORDS).flatmap(lambda word: st.sampled_from((word, word.upper(), word.capitalize())))


def said(text: str) -> Reason:
    """A reason that is read from words."""
    return Reason({MENTIONED: Match.NAME}, "the order itself", (text,))


def listed(text: str = "dd malaria", **more: Any) -> Problem:
    return problem(MENTIONED, match=Match.NAME, text=text, texts=(text,), **more)


def taken(**more: Any) -> Medication:
    return medicine("quinine", **more)


def is_mentioned(chart: Facts) -> bool:
    """True when malaria is taken as mentioned: information, and nothing is ended by a click."""
    made = advised(decide_order(chart) if chart.drafts else decide(chart))
    mentioned = "avoid_quinine.summary.mentioned" in keys(made.summary)
    assert (made.indicator is Indicator.INFO) is mentioned
    ended = any(isinstance(one.action, StopMedication | DeleteDraft) for one in made.suggestions)
    assert ended is not mentioned
    return mentioned


# --- what mentions it


@given(word=words, carrier=st.sampled_from(CARRIERS))
def test_any_word_of_malaria_in_the_reason_or_on_the_list_asks_for_a_record_and_stops_nothing(
    word: str, carrier: str
) -> None:
    text = carrier.format(word)
    assert is_mentioned(patient(taken(reasons=(said(text),))))
    assert is_mentioned(patient(draft(reasons=(said(text),))))
    assert is_mentioned(patient(taken(), listed(text)))
    assert is_mentioned(patient(draft(), listed(text)))


@given(word=words, undoing=st.sampled_from(UNDOING))
def test_any_sign_of_negation_leaves_the_warning(word: str, undoing: str) -> None:
    text = undoing.format(word)
    assert not is_mentioned(patient(taken(reasons=(said(text),))))
    assert not is_mentioned(patient(draft(), listed(text)))


@given(word=words, undoing=st.sampled_from(ON_A_PROBLEM))
def test_to_be_ruled_out_it_is_mentioned_by_an_order_and_not_by_the_list(word: str, undoing: str) -> None:
    text = undoing.format(word)
    assert is_mentioned(patient(draft(reasons=(said(text),))))
    assert not is_mentioned(patient(draft(), listed(text)))


@pytest.mark.parametrize(
    ("more", "counts"),
    [
        ({}, True),
        ({"ago": 180}, True),
        ({"ago": 181}, False),
        ({"clinical": None, "ago": 60}, True),
        ({"clinical": None, "ago": 61}, False),
        ({"clinical": None}, False),
        ({"visit": True, "recorded": instant(60)}, True),
        ({"visit": True, "recorded": instant(61)}, False),
        ({"visit": True}, False),
        ({"clinical": "resolved"}, False),
        ({"verification": "provisional"}, True),
        ({"verification": "refuted"}, False),
        ({"abated": instant(3)}, False),
    ],
)
def test_a_problem_mentions_it_where_it_could_be_an_indication(more: dict[str, Any], counts: bool) -> None:
    assert is_mentioned(patient(taken(), listed(**more))) is counts


@pytest.mark.parametrize(
    ("other", "counts"),
    [
        (medicine("artesunate", "malaria_regimen", ago=30), True),
        (medicine("artesunate", "malaria_regimen", ago=31), False),
        (medicine("primaquine", "malaria_regimen", ago=None), False),
        (medicine("primaquine", "malaria_regimen", ago=2, status="completed"), False),
        (medicine("artesunate", "malaria_regimen", ago=2, kind="MedicationStatement"), True),
        (draft("primaquine", "malaria_regimen", selected=False), True),
        (draft("primaquine", "malaria_regimen", ago=None), True),
        (draft("primaquine", "malaria_regimen", status="cancelled"), False),
        (draft("primaquine", "malaria_regimen", do_not_perform=True), False),
        (medicine("sertraline", "qt_possible", ago=2), False),
    ],
)
def test_another_drug_against_malaria_mentions_it(other: Medication, counts: bool) -> None:
    assert is_mentioned(patient(draft(), other)) is counts


@pytest.mark.parametrize(
    ("per_day", "days", "ago", "counts"),
    [
        (3, 7, 30, True),
        (3, 10, 30, True),
        (4, 3, 2, True),
        (3, 11, 30, False),
        (3, 7, 31, False),
        (3, 7, None, False),
        (2, 7, 30, False),
        (3, None, 30, False),
        (None, 7, 30, False),
    ],
)
def test_the_dosing_of_malaria_mentions_it(
    per_day: int | None, days: int | None, ago: int | None, counts: bool
) -> None:
    dosing = Dosing(*(None if one is None else Decimal(one) for one in (per_day, days)))
    order = taken(dosings=(Dosing(), dosing), ago=ago)
    assert is_mentioned(patient(order)) is counts
    in_time = per_day in (3, 4) and days in (3, 7, 10)
    assert is_mentioned(patient(draft(dosings=(dosing,), ago=ago))) is in_time


# --- what the card then says


def test_the_words_are_cut_and_shown_on_the_summary_and_in_the_facts() -> None:
    long = "Malaria berat [falciparum] dengan *anemia*, artesunat intravena tidak tersedia di sini"
    for language, opening in (("en", "Quinine: malaria is mentioned"), ("id", "Kina (kuinin): malaria disebut")):
        made = advised(decide_order(patient(draft(reasons=(said(long),)))))
        summary = wording(language).say(made.summary)
        assert summary.startswith(f"{opening} (Malaria berat falciparum dengan anemia, artesunat")
        assert len(summary) < 140
        assert "\\" not in summary
        assert "…" in summary


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_way_of_mentioning_it_is_a_fact_of_the_card(language: str) -> None:
    course = Dosing(Decimal(3), Decimal(7))
    ways = {
        "in_reason": patient(draft(reasons=(said("dd malaria"),))),
        "in_problem": patient(draft(), listed()),
        "by_course": patient(draft(dosings=(course,))),
    }
    for key, chart in ways.items():
        made = advised(decide_order(chart))
        assert f"avoid_quinine.malaria.{key}" in keys(made.why)
        assert len(wording(language).say(made.summary)) < 140
    by_drug = advised(decide_order(patient(draft(), draft("artesunate", "malaria_regimen"))))
    assert "artesun" in wording(language).say(by_drug.summary)
    assert "MedicationRequest/artesunate" in {fact.source for fact in by_drug.why}


def test_other_risks_are_lines_but_low_platelets_are_usual_in_malaria() -> None:
    low = (result("platelets", "20"), result("potassium", "2.0"), problem("thrombocytopenia_other"))
    made = advised(decide_order(patient(draft(reasons=(said("dd malaria"),)), *low, medicine("warfarin"))))
    assert made.indicator is Indicator.INFO
    sources = {fact.source for fact in made.why}
    assert {"MedicationRequest/warfarin", "Observation/potassium-2.0-3"} <= sources
    assert not {"Observation/platelets-20-3", "Condition/thrombocytopenia_other"} & sources
    assert made.suggestions == ()


def test_a_label_contraindication_makes_it_a_warning_that_malaria_may_outweigh() -> None:
    made = advised(decide_order(patient(draft(reasons=(said("dd malaria"),)), problem("long_qt"))))
    assert made.indicator is Indicator.WARNING
    assert "malaria may outweigh" in wording("en").say(made.summary).lower()
    assert "avoid_quinine.act.alternative" in shown(made)
    assert not any(isinstance(one.action, DeleteDraft) for one in made.suggestions)
    assert made.shorter is not None


@pytest.mark.parametrize(("letters", "cut"), [(60, False), (61, True)])
def test_sixty_characters_of_its_words_are_shown(letters: int, *, cut: bool) -> None:
    text = "malaria ".ljust(letters, "x")
    made = advised(decide_order(patient(draft(reasons=(said(text),)))))
    assert ("…" in wording("en").say(made.summary)) is cut
    (named,) = [fact for fact in made.why if "avoid_quinine.malaria.in_reason" in keys(fact)]
    assert ("…" in wording("en").say(named.phrase)) is cut


def test_words_beside_a_code_that_is_an_exception_to_malaria_mention_nothing() -> None:
    history = Reason({}, "the order itself", ("Malaria",))  # as the reader hands on "history of malaria" by its code
    assert not is_mentioned(patient(draft(reasons=(history,))))


NOT_MALARIA = "**Not for malaria?** For leg cramps avoid it: risk outweighs benefit."
WATCH = "**While taken:** watch for tinnitus, bleeding, bruising, QT prolongation."
ALTERNATIVE = "**Consider an alternative** with specialist advice; if quinine is given, monitor ECG."


@pytest.mark.parametrize(
    ("items", "lines"),
    [
        ((listed(),), [NOT_MALARIA, WATCH]),
        ((listed(), problem("long_qt")), [ALTERNATIVE, NOT_MALARIA, WATCH]),
        ((problem("malaria"), problem("long_qt")), [ALTERNATIVE, WATCH]),
    ],
)
def test_beside_malaria_the_card_says_what_to_do_which_order_it_is_and_what_it_does_not_know(
    items: tuple[Problem, ...], lines: list[str]
) -> None:
    made = advised(decide(patient(taken(), *items)))
    assert [wording("en").value(line) for line in made.act] == lines
    assert wording("en").say(made.why[0].phrase) == "quinine (medication order, 18 Feb 2026)"
    assert "QTc: no result in 12 months" in [wording("en").say(line) for line in made.unknown]
    assert made.most_words == (100 if NOT_MALARIA in lines else 160)


def test_where_three_label_contraindications_are_too_long_beside_a_mention_one_is_named() -> None:
    many = map(problem, ("long_qt", "optic_neuritis", "myasthenia_gravis"))
    made = advised(decide(patient(taken(), listed(), *many)))
    assert made.shorter is not None
    assert wording("en").say(made.shorter) == (
        "Quinine, malaria mentioned; label contraindication: myasthenia gravis, +2. Malaria may outweigh; record it."
    )


def test_of_two_orders_the_first_mention_is_the_one_that_is_named() -> None:
    orders = (
        taken(source="MedicationRequest/a", reasons=(said("dd malaria"),)),
        taken(source="MedicationRequest/b", reasons=(said("susp. vivax"),)),
    )
    made = advised(decide(patient(*orders)))
    assert "dd malaria" in wording("en").say(made.summary)
    assert len([fact for fact in made.why if "avoid_quinine.malaria.in_reason" in keys(fact)]) == 1


LOW_BESIDE = (problem("long_qt"), result("potassium", "2.9"), result("platelets", "90"))


@pytest.mark.parametrize("chart", [(problem("malaria"),), (listed(),)], ids=["indicated", "mentioned"])
def test_beside_malaria_only_the_labels_contraindication_asks_for_a_test(chart: tuple[Problem, ...]) -> None:
    made = advised(decide(patient(taken(), *chart, *LOW_BESIDE)))
    assert [one.action.codings[0][1] for one in made.suggestions if isinstance(one.action, ProposedOrder)] == [
        "11524-6"
    ]


def test_beside_malaria_the_card_links_the_label_alone_and_comfort_is_no_reason_against_it() -> None:
    without = advised(decide(patient(taken())))
    assert [link.url for link in without.links] == [citations.FDA_BOXED_WARNING.url, citations.EL_TAWIL_2015.url]
    assert overrides.COMFORT in without.override_reasons
    for chart in (patient(taken(), listed()), patient(taken(), problem("malaria"), problem("long_qt"))):
        made = advised(decide(chart))
        assert [link.url for link in made.links] == [citations.FDA_BOXED_WARNING.url]
        assert [*made.override_reasons, overrides.COMFORT] == list(without.override_reasons)


@pytest.mark.parametrize(
    ("order", "chart", "may_be"),
    [
        (taken(), (), False),
        (taken(reasons=(reason("malaria"),)), (), True),
        (taken(), (problem("malaria"),), True),
        (taken(reasons=(said("dd malaria"),)), (), True),
        (taken(), (listed(),), True),
        (taken(reasons=(reason("cramp_leg"),)), (problem("malaria"), listed()), False),
        (taken(reasons=(reason("cramp_leg"), reason("malaria"))), (), True),
    ],
)
def test_an_order_that_may_be_for_malaria_is_the_one_that_is_not_questioned(
    order: Medication, chart: tuple[Problem, ...], *, may_be: bool
) -> None:
    facts = patient(order, *chart)
    assert may_be_for_malaria(facts, order) is may_be
    decision = decide(facts)
    questioned = isinstance(decision, Advise) and decision.indicator is not Indicator.INFO
    assert questioned is not may_be


def test_at_every_age() -> None:
    assert is_mentioned(patient(draft(reasons=(said("dd malaria"),)), person=born(2015)))


def test_one_order_without_a_mention_is_questioned_whatever_another_mentions() -> None:
    both = (
        taken(source="MedicationRequest/a", reference="MedicationRequest/a", reasons=(said("dd malaria"),)),
        taken(),
    )
    made = advised(decide(patient(*both)))
    assert made.indicator is Indicator.WARNING
    stopped = [one.action.reference for one in made.suggestions if isinstance(one.action, StopMedication)]
    assert stopped == ["MedicationRequest/quinine"]


def test_the_indication_goes_before_a_mention() -> None:
    chart = patient(draft(reasons=(reason("malaria"), said("dd malaria"))), listed())
    assert isinstance(decide_order(chart), NotAdvised)
    assert isinstance(decide_order(patient(draft(), listed(), problem("malaria"))), NotAdvised)


def test_no_reminder_where_malaria_is_mentioned() -> None:
    cramps = problem("cramp_leg", ago=10)
    assert isinstance(quinine_reminder.RULE.decide(patient(cramps)), Advise)
    for speaks in (listed(), medicine("artesunate", "malaria_regimen", ago=3)):
        assert isinstance(quinine_reminder.RULE.decide(patient(cramps, speaks)), NotAdvised)


# --- an order whose own reason is cramps

FOR_CRAMPS = (reason("cramp_leg"),)
SPEAKING = (
    problem("malaria"),
    problem("babesiosis", ago=10),
    listed(),
    medicine("artesunate", "malaria_regimen", ago=3),
)


@pytest.mark.parametrize("speaking", SPEAKING, ids=lambda one: one.source)
def test_an_order_for_cramps_has_no_indication_from_the_list_but_is_not_ended_by_a_click(
    speaking: Problem | Medication,
) -> None:
    for chart in (patient(draft(reasons=FOR_CRAMPS), speaking), patient(taken(reasons=FOR_CRAMPS), speaking)):
        made = advised(decide_order(chart) if chart.drafts else decide(chart))
        assert made.indicator is Indicator.WARNING
        assert "avoid_quinine.summary.malaria_or_cramps" in keys(made.summary)
        assert [fact.source for fact in made.why].count(speaking.source) == 1
        assert "avoid_quinine.why.no_malaria" not in keys(made.why)
        assert not any(isinstance(one.action, StopMedication | DeleteDraft) for one in made.suggestions)
        at_risk = replace(chart, problems=(*chart.problems, problem("myasthenia_gravis")))
        critical = advised(decide_order(at_risk) if chart.drafts else decide(at_risk))
        assert critical.indicator is Indicator.CRITICAL
        assert "avoid_quinine.summary.critical" in keys(critical.summary)
        assert "avoid_quinine.summary.critical" in keys(critical.shorter)
        assert not any(isinstance(one.action, StopMedication | DeleteDraft) for one in critical.suggestions)


def test_an_order_for_cramps_is_not_silenced_by_its_own_words_or_dosing() -> None:
    dosing = Dosing(Decimal(3), Decimal(7))
    order = draft(reasons=(*FOR_CRAMPS, said("dd malaria")), dosings=(dosing,))
    made = advised(decide_order(patient(order)))
    assert (made.indicator, made.summary.key) == (Indicator.WARNING, "avoid_quinine.summary.for_cramps")


def test_an_order_for_cramps_without_malaria_says_so_and_can_be_ended() -> None:
    made = advised(decide_order(patient(draft(reasons=FOR_CRAMPS))))
    assert made.summary.key == "avoid_quinine.summary.for_cramps"
    assert "avoid_quinine.why.for_cramps" in keys(made.why)
    assert [one.action.reference for one in made.suggestions if isinstance(one.action, DeleteDraft)] != []
    several = tuple(draft(source=f"MedicationRequest/{own}", reasons=FOR_CRAMPS) for own in "ab")
    why = advised(decide_order(patient(*several))).why
    assert len([fact for fact in why if "avoid_quinine.why.for_cramps" in keys(fact)]) == 1
    critical = advised(decide(patient(taken(reasons=FOR_CRAMPS), problem("long_qt"))))
    assert critical.shorter is not None
    assert critical.summary.key == critical.shorter.key == "avoid_quinine.summary.critical_for_cramps"


def test_an_old_malaria_beside_an_order_for_cramps_is_named_and_the_order_can_be_ended() -> None:
    made = advised(decide_order(patient(draft(reasons=FOR_CRAMPS), problem("malaria", ago=200))))
    assert "avoid_quinine.malaria.recorded" in keys(made.why)
    assert any(isinstance(one.action, DeleteDraft) for one in made.suggestions)


def test_a_reason_that_is_malaria_too_is_an_indication() -> None:
    assert isinstance(decide_order(patient(draft(reasons=(*FOR_CRAMPS, reason("malaria"))))), NotAdvised)
