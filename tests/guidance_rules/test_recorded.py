"""A record as one line: what is over must not read as if it were current."""

from dataclasses import replace
from datetime import date

import pytest
from leg_patients import TODAY, on, problem

from cds_service.guidance.recorded import hazard_fact, problem_fact
from cds_service.patient.facts import Problem
from cds_service.patient.moments import Moment
from cds_service.wording import wording

ONSET, END = on(date(2010, 1, 1)), on(date(2012, 5, 4))
YESTERDAY, TOMORROW = on(date(2026, 3, 1)), on(date(2026, 3, 3))


def myasthenia(clinical: str | None, abated: Moment | None = None, *, ended: bool = False) -> Problem:
    return replace(problem("myasthenia_gravis", clinical=clinical, onset=ONSET), abated=abated, ended=ended)


def hazard(one: Problem, language: str = "en") -> str:
    return wording(language).say(hazard_fact(one, "myasthenia_gravis", TODAY).phrase)


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (myasthenia("active"), "myasthenia gravis (since 1 Jan 2010)"),
        (myasthenia("active", on(TODAY)), "myasthenia gravis (since 1 Jan 2010)"),
        (myasthenia("active", TOMORROW), "myasthenia gravis (since 1 Jan 2010)"),
        (
            myasthenia("active", YESTERDAY),
            "myasthenia gravis (since 1 Jan 2010, recorded as resolved 1 Mar 2026 and counts for life)",
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
    assert wording("en").say(problem_fact(past).phrase) == "pregnancy (recorded 1 Mar 2026 and recorded as ended)"
    swelling = problem("limb_swelling", clinical="resolved")
    assert wording("en").say(problem_fact(swelling).phrase) == "leg swelling (recorded as resolved)"
