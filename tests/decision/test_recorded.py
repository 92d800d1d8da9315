"""A record as one line: what is over must not read as if it were current."""

from dataclasses import replace
from datetime import date

import pytest

from cds_service.catalogue import wording
from cds_service.decision.missing import first_few
from cds_service.decision.recorded import drug_name, hazard_fact, medication_fact, problem_fact
from cds_service.decision.unknowns import could_not_read
from cds_service.patient.facts import Facts, Ingredient, Match, Problem
from cds_service.patient.moments import Moment
from cds_service.patient.received import Unread
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
        (myasthenia("active"), "myasthenia gravis (since 1 Jan 2010)"),
        (myasthenia("active", on(TODAY)), "myasthenia gravis (since 1 Jan 2010)"),
        (myasthenia("active", TOMORROW), "myasthenia gravis (since 1 Jan 2010)"),
        (
            myasthenia("active", YESTERDAY),
            "myasthenia gravis (since 1 Jan 2010, recorded as resolved 9 Mar 2026 and counts for life)",
        ),
        (
            myasthenia("resolved", END),
            "myasthenia gravis (since 1 Jan 2010, recorded as resolved 4 May 2012 and counts for life)",
        ),
        (myasthenia("resolved"), "myasthenia gravis (since 1 Jan 2010, recorded as resolved and counts for life)"),
        (
            myasthenia("active", ended=True),
            "myasthenia gravis (since 1 Jan 2010, recorded as resolved and counts for life)",
        ),
        (
            myasthenia(None, END),
            "myasthenia gravis (since 1 Jan 2010, recorded as resolved 4 May 2012 and counts for life)",
        ),
        (myasthenia(None), "myasthenia gravis (since 1 Jan 2010 and status not recorded)"),
        (
            replace(myasthenia("active"), onset=None, unreadable=("recordedDate",)),
            "myasthenia gravis (date not readable)",
        ),
        (
            replace(myasthenia("active"), onset=None, recorded=YESTERDAY, unreadable=("onsetPeriod.start",)),
            "myasthenia gravis (recorded 9 Mar 2026)",
        ),
        (replace(myasthenia("active"), unreadable=("recordedDate",)), "myasthenia gravis (since 1 Jan 2010)"),
        (
            replace(myasthenia("active"), onset=None, unreadable=("verificationStatus",)),
            "myasthenia gravis",
        ),
        (
            myasthenia("remission"),
            "myasthenia gravis (since 1 Jan 2010, recorded as in remission and counts for life)",
        ),
        (
            myasthenia("remission", END),
            "myasthenia gravis (since 1 Jan 2010, recorded as in remission 4 May 2012 and counts for life)",
        ),
        (myasthenia("inactive"), "myasthenia gravis (since 1 Jan 2010, recorded as inactive and counts for life)"),
        (
            myasthenia("inactive", END),
            "myasthenia gravis (since 1 Jan 2010, recorded as inactive, ended 4 May 2012 and counts for life)",
        ),
    ],
)
def test_a_past_hazard_says_that_it_is_past_and_counts(one: Problem, said: str) -> None:
    assert hazard(one) == said


def test_and_in_indonesian() -> None:
    assert hazard(myasthenia("resolved", END), "id") == (
        "miastenia gravis (sejak 1 Jan 2010, tercatat sembuh 4 Mei 2012, dan tetap diperhitungkan)"
    )
    assert "tercatat remisi" in hazard(myasthenia("remission"), "id")
    assert "tercatat tidak aktif" in hazard(myasthenia("inactive"), "id")


def test_a_problem_that_is_over_but_is_no_lasting_hazard() -> None:
    past = problem("pregnancy", clinical="resolved", recorded=YESTERDAY)
    counted = vocabulary.problem("pregnancy", days_in_any_status=300)
    said = wording("en").say(problem_fact(past, counted).phrase)
    assert said == "pregnancy (recorded 9 Mar 2026 and recorded as ended)"
    said = wording("en").say(problem_fact(past, vocabulary.problem("pregnancy")).phrase)
    assert said == "pregnancy (recorded 9 Mar 2026 and recorded as resolved)"
    swelling = problem("limb_swelling", clinical="resolved")
    assert wording("en").say(problem_fact(swelling).phrase) == "leg swelling (recorded as resolved)"


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("active", "quinine"),
        ("on-hold", "quinine (on hold)"),
        ("unknown", "quinine (status unknown)"),
        (None, "quinine (status unknown)"),
    ],
)
def test_a_medicine_that_may_not_be_taken_says_so(status: str | None, said: str) -> None:
    taken = medicine("quinine", "quinine", status=status)
    assert wording("en").say(medication_fact(taken, taken.ingredients[0], TODAY).phrase) == said


@pytest.mark.parametrize("name", ["magnesium oxide", "potassium-sparing diuretic"])
def test_every_drug_has_a_name(name: str) -> None:
    assert wording("en").say(drug_name(Ingredient("any", name, Match.CODE))) == name


@pytest.mark.parametrize(("entries", "more"), [(2, None), (3, None), (4, 1), (5, 2)])
def test_three_unread_entries_are_named_and_the_rest_counted(entries: int, more: int | None) -> None:
    some = tuple(Unread(f"Condition/{n}", "conditions", "not-readable") for n in range(entries))
    lines = first_few(could_not_read(Facts(today=TODAY, unread=some), "conditions"))
    assert [line.key for line in lines[:3]] == ["unknown.unread"] * min(entries, 3)
    assert [dict(line.values) for line in lines[3:]] == ([] if more is None else [{"n": more}])


@pytest.mark.parametrize(("words", "said"), [(None, "Condition/9"), ("Kram", "Kram")])
def test_an_unread_entry_is_named_by_its_words_or_its_reference(words: str | None, said: str) -> None:
    entry = Unread("Condition/9", "conditions", "not-readable", shown=words)
    (line,) = could_not_read(Facts(today=TODAY, unread=(entry,)), "conditions")
    assert said in wording("en").say(line)
