"""A question is worked out once for the same facts and arguments, and the answer goes with the facts."""

from cds_service.patient.asked import asked_once
from cds_service.patient.facts import Facts
from tests.builders.facts import patient


def test_once_for_the_same_facts_and_arguments_whatever_the_answer() -> None:
    asked: list[tuple[Facts, int]] = []

    @asked_once
    def question(facts: Facts, number: int) -> int | None:
        """As it was written."""
        asked.append((facts, number))
        return number or None

    one, other = patient(), patient()
    assert [question(one, 0), question(one, 0), question(one, 7), question(one, 7)] == [None, None, 7, 7]
    assert len(asked) == 2
    assert question(other, 7) == 7
    assert len(asked) == 3
    assert (question.__name__, question.__doc__) == ("question", "As it was written.")


def test_two_questions_of_the_same_arguments_are_two() -> None:
    @asked_once
    def first(_facts: Facts) -> str:
        return "first"

    @asked_once
    def second(_facts: Facts) -> str:
        return "second"

    facts = patient()
    assert (first(facts), second(facts), first(facts)) == ("first", "second", "first")
