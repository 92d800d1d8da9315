"""Which situation shows an outcome: every situation answered once, each decision by the text it was given with."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import orjson

from cds_service import pipeline, situations
from cds_service.catalogue import CATALOGUE, wording
from cds_service.decision.phrases import Phrase
from cds_service.decision.recommendation import Advise, CannotTell, Decision, Indicator
from cds_service.protocol.schemas import load_request
from cds_service.settings import LANGUAGES, Settings


@dataclass(frozen=True, slots=True)
class Shown:
    """One decision of a rule in a situation. ``indicator``: the card's, None where there is no card."""

    situation: str
    phrase: Phrase
    indicator: Indicator | None


@cache
def shown() -> Mapping[tuple[str, str], tuple[Shown, ...]]:
    """By a rule's name and the key of a text: the decisions that gave it, in the order of the situations."""
    found: dict[tuple[str, str], list[Shown]] = {}
    for rule, one in _all():
        found.setdefault((rule, one.phrase.key), []).append(one)
    return {key: tuple(several) for key, several in found.items()}


def _all() -> Iterator[tuple[str, Shown]]:
    for situation in situations.load_all():
        for hook in situation.hooks:
            request = load_request(orjson.dumps(situations.request(situation, hook)))
            for service in CATALOGUE:
                if service.hook != hook or situation.guideline not in (None, service.guideline.name):
                    continue
                answer = pipeline.answer(
                    request,
                    service,
                    fetch=None,
                    today=situation.day,
                    words=wording(LANGUAGES[0]),
                    settings=Settings(),
                )
                for decided in answer.decisions:
                    for phrase, indicator in given(decided.decision):
                        yield decided.rule.name, Shown(situation.name, phrase, indicator)


def given(decision: Decision) -> Iterator[tuple[Phrase, Indicator | None]]:
    """The phrases a decision is given with, each with the indicator of its card."""
    match decision:
        case Advise():
            yield decision.summary, decision.indicator
            if decision.shorter is not None:
                yield decision.shorter, decision.indicator
        case CannotTell():
            yield from ((phrase, None) for phrase in decision.missing)
        case _:
            yield decision.reason, None
