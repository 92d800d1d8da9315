"""Questions to the facts that are worked out once."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, TypeVarTuple

from cds_service.patient.facts import Facts

Asked = TypeVarTuple("Asked")
Known = TypeVar("Known")
_NOT_YET: Any = object()


def asked_once(
    question: Callable[[Facts, *Asked], Known],
) -> Callable[[Facts, *Asked], Known]:
    """A pure question to the facts, worked out once: the answer is kept with the facts and goes with them.

    The rules ask the same of a patient many times over; the arguments must be hashable.
    """

    @wraps(question)
    def ask(facts: Facts, *args: *Asked) -> Known:
        answered, asked = facts.answered, (question, *args)
        answer: Known = answered.get(asked, _NOT_YET)
        if answer is _NOT_YET:
            answer = answered[asked] = question(facts, *args)
        return answer

    return ask
