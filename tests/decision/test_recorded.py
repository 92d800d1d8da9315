"""A record as one line: what is over must not read as if it were current."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from cds_service.catalogue import wording
from cds_service.decision.phrases import Text, say
from cds_service.decision.recommendation import Because
from cds_service.decision.recorded import (
    drug_name,
    drug_names,
    first_few,
    hazard_fact,
    medication_fact,
    medication_facts,
    medications_together,
    problem_facts,
)
from cds_service.decision.unknown import not_known, unread
from cds_service.patient.facts import Facts, Ingredient, Match, Problem
from cds_service.patient.moments import Moment
from cds_service.patient.received import Receipt, Unread
from cds_service.patient.terminology import vocabulary
from tests.builders.facts import TODAY, days_ago, medicine, on, problem

ONSET, END = on(date(2010, 1, 1)), on(date(2012, 5, 4))
YESTERDAY, TOMORROW = days_ago(1), days_ago(-1)


def myasthenia(clinical: str | None, abated: Moment | None = None, *, ended: bool = False) -> Problem:
    return replace(problem("myasthenia_gravis", clinical=clinical, onset=ONSET), abated=abated, ended=ended)


def hazard(one: Problem, language: str = "en") -> str:
    return wording(language).say(hazard_fact(one, vocabulary.problem("myasthenia_gravis"), TODAY).phrase)


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (myasthenia("active"), "myasthenia gravis (problem list, 1 Jan 2010)"),
        (myasthenia("active", on(TODAY)), "myasthenia gravis (problem list, 1 Jan 2010)"),
        (myasthenia("active", TOMORROW), "myasthenia gravis (problem list, 1 Jan 2010)"),
        (
            myasthenia("active", YESTERDAY),
            "myasthenia gravis, resolved 9 Mar 2026 (problem list)",
        ),
        (
            myasthenia("resolved", END),
            "myasthenia gravis, resolved 4 May 2012 (problem list)",
        ),
        (myasthenia("resolved"), "myasthenia gravis, resolved (problem list, 1 Jan 2010)"),
        (
            myasthenia("active", ended=True),
            "myasthenia gravis, resolved (problem list, 1 Jan 2010)",
        ),
        (
            myasthenia(None, END),
            "myasthenia gravis, resolved 4 May 2012 (problem list)",
        ),
        (myasthenia(None), "myasthenia gravis (problem list, 1 Jan 2010; status not recorded)"),
        (
            replace(myasthenia("active"), onset=None, unreadable=("recordedDate",)),
            "myasthenia gravis (problem list; date not readable)",
        ),
        (
            replace(myasthenia("active"), onset=None, recorded=YESTERDAY, unreadable=("onsetPeriod.start",)),
            "myasthenia gravis (problem list, 9 Mar 2026)",
        ),
        (replace(myasthenia("active"), unreadable=("recordedDate",)), "myasthenia gravis (problem list, 1 Jan 2010)"),
        (
            replace(myasthenia("active"), onset=None, unreadable=("verificationStatus",)),
            "myasthenia gravis (problem list)",
        ),
        (
            replace(myasthenia("active"), onset=None, unreadable=("onsetPeriod.start",)),
            "myasthenia gravis (problem list; date not readable)",
        ),
        (myasthenia("resolved", TOMORROW), "myasthenia gravis, resolved (problem list, 1 Jan 2010)"),
        (
            myasthenia("remission"),
            "myasthenia gravis, in remission (problem list, 1 Jan 2010)",
        ),
        (
            myasthenia("remission", END),
            "myasthenia gravis, in remission 4 May 2012 (problem list)",
        ),
        (myasthenia("inactive"), "myasthenia gravis, inactive (problem list, 1 Jan 2010)"),
        (
            myasthenia("inactive", END),
            "myasthenia gravis, ended 4 May 2012 (problem list)",
        ),
    ],
)
def test_a_past_hazard_says_that_it_is_past(one: Problem, said: str) -> None:
    assert hazard(one) == said


def test_and_in_indonesian() -> None:
    assert hazard(myasthenia("resolved", END), "id") == ("miastenia gravis, sembuh 4 Mei 2012 (daftar masalah)")
    assert ", remisi (daftar masalah, 1 Jan 2010)" in hazard(myasthenia("remission"), "id")
    assert ", tidak aktif (daftar masalah" in hazard(myasthenia("inactive"), "id")


def test_a_problem_that_is_over_but_is_no_lasting_hazard() -> None:
    past = problem("pregnancy", clinical="resolved", recorded=YESTERDAY)
    counted = vocabulary.problem("pregnancy", days_in_any_status=300)
    assert said(*problem_facts([past], counted)) == ["pregnancy, recorded as ended (problem list, 9 Mar 2026)"]
    assert said(*problem_facts([replace(past, clinical="active")], counted)) == ["pregnancy (problem list, 9 Mar 2026)"]
    uncounted = vocabulary.problem("pregnancy")
    assert said(*problem_facts([past], uncounted)) == ["pregnancy, resolved (problem list, 9 Mar 2026)"]
    swelling = problem("limb_swelling", clinical="resolved")
    assert said(*problem_facts([swelling])) == ["leg swelling, resolved (problem list)"]


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("active", "quinine (medication order)"),
        ("on-hold", "quinine (medication order; on hold)"),
        ("unknown", "quinine (medication order; status unknown)"),
        (None, "quinine (medication order; status unknown)"),
    ],
)
def test_a_medicine_that_may_not_be_taken_says_so(status: str | None, said: str) -> None:
    taken = medicine("quinine", status=status, ago=None)
    assert wording("en").say(medication_fact(taken, taken.ingredients[0], TODAY).phrase) == said


def test_a_problem_that_is_active_is_not_asked_whether_it_has_ended() -> None:
    ending = problem("dvt", recorded=YESTERDAY, abated=YESTERDAY)
    assert said(*problem_facts([ending], vocabulary.problem("dvt"))) == [
        "deep vein thrombosis (problem list, 9 Mar 2026)"
    ]


@pytest.mark.parametrize(
    ("given", "tags"),
    [
        ({"unreadable": ("authoredOn",)}, "; date not readable"),
        ({"unreadable": ("effectiveDateTime",), "kind": "MedicationStatement"}, "; date not readable"),
        ({"unreadable": ("dosageInstruction",)}, ""),
        ({"unreadable": ("authoredOn",), "draft": True}, ""),
        ({"unreadable": ("authoredOn",), "authored": YESTERDAY}, ""),
    ],
)
def test_a_medicines_date_that_was_not_readable_is_said_where_it_has_none(given: dict[str, Any], tags: str) -> None:
    taken = medicine("quinine", **({"ago": None} | given))
    (fact,) = said(medication_fact(taken, taken.ingredients[0], TODAY))
    assert ("; date not readable" in fact) is bool(tags)


@pytest.mark.parametrize("name", ["magnesium oxide", "potassium-sparing diuretic"])
def test_every_drug_has_a_name(name: str) -> None:
    assert wording("en").say(drug_name(Ingredient("any", name, Match.CODE))) == name


def said(*facts: Because, language: str = "en") -> list[str]:
    return [wording(language).say(fact.phrase) for fact in facts]


CRAMP = vocabulary.problem("cramp_leg")
ANY = vocabulary.problem("cramp_any")
OPIOID = vocabulary.drug("opioid")
TWO_AND_ANOTHER = (("antiplatelet", "aspirin"), ("opioid", "codeine"), ("opioid", "morphine"))


def test_equal_problems_are_one_fact_with_the_newest_date() -> None:
    many = [
        replace(problem("cramp_leg", recorded=days_ago(day)), source=f"Condition/{day}") for day in range(60, 0, -1)
    ]
    (fact,) = problem_facts(many, CRAMP)
    assert said(fact) == ["leg cramps (problem list, 9 Mar 2026)"]
    assert fact.source == "Condition/1"
    assert said(*problem_facts([*many, problem("dvt")], CRAMP)) == [*said(fact), "deep vein thrombosis (problem list)"]


@pytest.mark.parametrize(
    ("other", "shown"),
    [
        (problem("cramp_leg"), "leg cramps (problem list, 9 Mar 2026)"),
        (problem("cramp_leg", match=Match.NAME), "leg cramps (problem list, 9 Mar 2026; by name)"),
        (replace(problem("cramp_leg"), visit=True), "leg cramps (problem list, 9 Mar 2026)"),
    ],
)
def test_equal_facts_keep_the_better_place_and_only_the_doubts_that_all_share(other: Problem, shown: str) -> None:
    newest = problem("cramp_leg", match=Match.NAME, recorded=days_ago(1))
    assert said(*problem_facts([newest, other], CRAMP)) == [shown]


def test_a_visit_diagnosis_and_several_doubts() -> None:
    doubtful = problem("cramp_any", verification="provisional", clinical=None, match=Match.NAME, recorded=days_ago(1))
    (fact,) = problem_facts([replace(doubtful, visit=True)], ANY, doubts=lambda _: [Text("recorded.on_hold")])
    tags = "suspected, status not recorded, on hold, by name"
    assert said(fact)[0].endswith(f"(visit diagnosis, 9 Mar 2026; {tags})")
    assert "(diagnosis kunjungan, 9 Mar 2026; masih dugaan, " in said(fact, language="id")[0]


def test_a_visit_diagnosis_without_a_date_says_so() -> None:
    (fact,) = problem_facts([replace(problem("dvt"), visit=True)], vocabulary.problem("dvt"))
    assert said(fact) == ["deep vein thrombosis (visit diagnosis; date not recorded)"]


def test_medicines_are_facts_with_their_place_and_date() -> None:
    order = medicine("morphine", "opioid", authored=days_ago(1))
    older = replace(order, source="MedicationRequest/2", authored=days_ago(9))
    reported = medicine("tramadol", "opioid", kind="MedicationStatement", match=Match.NAME, ago=None)
    draft = medicine("codeine", "opioid", draft=True, ago=None)
    assert said(*medication_facts([older, order, reported, draft], TODAY, OPIOID)) == [
        "morphine (medication order, 9 Mar 2026)",
        "tramadol (reported medicine; by name)",
        "codeine (draft order)",
    ]


@pytest.mark.parametrize(("facts", "more"), [(3, []), (4, ["and 1 more"]), (9, ["and 6 more"])])
def test_more_than_three_facts_of_a_kind_are_counted(facts: int, more: list[str]) -> None:
    many = tuple(Because(say(Text("recorded.resolved"), what=str(n))) for n in range(facts))
    assert said(*first_few(many)) == ["0, resolved", "1, resolved", "2, resolved", *more]


def test_a_medicine_is_one_fact_by_its_first_ingredient_of_the_concepts() -> None:
    both = replace(
        medicine("morphine", "opioid", ago=None),
        ingredients=tuple(Ingredient(one, name, Match.CODE) for one, name in TWO_AND_ANOTHER),
    )
    assert said(*medication_facts([both], TODAY, OPIOID)) == ["codeine (medication order)"]


def test_several_recorded_alike_have_the_source_of_the_first() -> None:
    first, second = medicine("morphine", "opioid"), medicine("codeine", "opioid")
    (fact,) = medications_together([first, second], TODAY, OPIOID, them=Text("stretching_first.patient.these_drugs"))
    assert fact.source == first.source


def test_three_drugs_in_a_row_are_all_named() -> None:
    row = drug_names([medicine(name, "opioid") for name in ("morphine", "tramadol", "codeine")], OPIOID)
    assert wording("en").value(row) == "morphine, tramadol and codeine"


def test_more_than_three_drugs_in_a_row_are_counted() -> None:
    names = ("morphine", "tramadol", "codeine", "fentanyl", "oxycodone")
    row = drug_names([medicine(name, "opioid") for name in names], OPIOID)
    assert wording("en").value(row) == "morphine, tramadol, codeine and 2 more"


@pytest.mark.parametrize(("entries", "line"), [(1, "“Kram” not usable"), (3, "“Kram” and 2 more entries not usable")])
def test_unread_entries_are_one_line(entries: int, line: str) -> None:
    some = tuple(
        Unread(f"Condition/{n}", "conditions", "not-readable", shown="Kram" if n == entries - 1 else None)
        for n in range(entries)
    )
    (shown,) = unread(some)
    assert wording("en").say(shown) == line


def test_unread_entries_without_words_are_counted_and_not_named_by_their_reference() -> None:
    some = tuple(Unread(f"Condition/{n}", "conditions", "not-readable") for n in range(2))
    (shown,) = unread(some)
    assert wording("en").say(shown) == "2 unnamed entries not usable"


def test_the_words_of_an_unread_entry_are_cut() -> None:
    entry = Unread("Condition/9", "conditions", "not-readable", shown="k" * 41)
    (shown,) = unread([entry])
    assert wording("en").say(shown) == f"“{'k' * 39}…” not usable"


@pytest.mark.parametrize(
    ("orders", "statements", "lines"),
    [
        (Receipt.ABSENT, Receipt.ABSENT, ["medication list not received"]),
        (Receipt.PARTIAL, Receipt.PARTIAL, ["medication list incomplete"]),
        (
            Receipt.ABSENT,
            Receipt.FAILED,
            ["medication orders not received", "reported medicines: server error"],
        ),
        (Receipt.RECEIVED, Receipt.ABSENT, ["reported medicines not received"]),
        (Receipt.RECEIVED, Receipt.EMPTY, []),
    ],
)
def test_both_halves_of_the_medication_list_are_said_in_one(
    orders: Receipt, statements: Receipt, lines: list[str]
) -> None:
    receipts = {"medicationRequests": orders, "medicationStatements": statements, "allergies": Receipt.RECEIVED}
    known = not_known(Facts(today=TODAY, receipts=receipts), "medicationStatements", "allergies", "medicationRequests")
    assert sorted(map(wording("en").say, known)) == lines
