"""What every rule decided, as the demo page shows it: the words of ``explain``, as JSON."""

from typing import Any

from cds_service.cards.escaping import harmless
from cds_service.cards.wording import Wording
from cds_service.catalogue import wording
from cds_service.decision.phrases import Phrase
from cds_service.decision.recommendation import CERTAINTY, Advise, CannotTell, Decided, Evidence, NotAdvised
from cds_service.pipeline import Answer
from cds_service.web.demo.markdown import as_html


def trace(answer: Answer) -> dict[str, Any]:
    """``details``: each card's detail as HTML, by its uuid; ``decisions``: one for every rule, in their order.

    ``withheld``: how many cards silent mode keeps from being shown.
    """
    words = wording(answer.language)
    return {
        "details": {card.uuid: as_html(card.detail) for card in answer.cards},
        "withheld": len(answer.withheld),
        "decisions": [_decided(decided, words) for decided in answer.decisions],
    }


def _decided(decided: Decided, words: Wording) -> dict[str, Any]:
    rule = decided.rule
    said = {"rule": rule.name, "version": rule.version, "title": words.text(rule.title)}
    match decided.decision:
        case Advise() as advise:
            return said | {
                "outcome": "advised",
                "indicator": advise.indicator.code,
                "says": _html(advise.summary, words),
                "because": [_html(one.phrase, words) + _from(one.source) for one in advise.why],
                "missing": [_html(one, words) for one in advise.unknown],
                "evidence": [_evidence(one, words) for one in decided.cited],
            }
        case NotAdvised(reason):
            return said | {"outcome": "not_advised", "says": _html(reason, words)}
        case CannotTell(missing):
            return said | {"outcome": "cannot_tell", "missing": [_html(one, words) for one in missing]}


def _evidence(evidence: Evidence, words: Wording) -> str:
    certainty = words.text(CERTAINTY[evidence.certainty])
    return _inline(f"{evidence.citation} ({certainty}): {words.text(evidence.finding)}")


def _from(source: str | None) -> str:
    """The record a fact comes from, which the cards leave out."""
    return "" if source is None else _inline(f" [{harmless(source)}]")


def _html(phrase: Phrase, words: Wording) -> str:
    return _inline(words.say(phrase))


def _inline(markdown: str) -> str:
    """A line of Markdown as HTML without the paragraph around it."""
    return as_html(markdown).strip().removeprefix("<p>").removesuffix("</p>")
