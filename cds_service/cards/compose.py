"""Decisions into cards: one card a topic, the worst first, four at most, in the caller's language."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, TypeVar
from uuid import UUID

from cds_service.cards.detail import Body, bullets, count
from cds_service.cards.house import NO_HOUSE, House
from cds_service.cards.proposals import service_request, stopped
from cds_service.cards.wording import Wording
from cds_service.decision.guideline import Source
from cds_service.decision.phrases import text
from cds_service.decision.recommendation import (
    INDICATOR,
    Advise,
    Decided,
    DeleteDraft,
    Indicator,
    ProposedOrder,
    StopMedication,
    Suggestion,
)
from cds_service.protocol.cards import (
    MOST_SUGGESTIONS,
    MOST_SUMMARY,
    Action,
    Card,
    CardSource,
    CardSuggestion,
    Coding,
    Link,
    card_uuid,
    suggestion_uuid,
)

MOST_CARDS = 4
MOST_FOLDED_WORDS = 30

ALSO = text("common.also")

T = TypeVar("T")
_Advice = list[tuple[Decided, Advise]]
_Topic = tuple[str, _Advice]


@dataclass(frozen=True, slots=True)
class CardContext:
    """What a card needs to know of its call, beside the decisions.

    ``service_id`` and ``hook_instance`` make its uuid; ``base_url`` (no trailing slash) its leaflet link;
    ``source``: whose page a card names where its own source has none; ``received``: the resource a reference of the
    decisions means, as it was received; ``house``: what the house adds to the cards and leaves out of them.
    """

    service_id: str
    hook_instance: str
    patient_id: str
    base_url: str
    source: Source
    received: Callable[[str], Mapping[str, Any]]
    house: House = NO_HOUSE


def compose(decided: Iterable[Decided], context: CardContext, words: Wording) -> tuple[Card, ...]:
    """The cards of a call: merged by topic, by indicator then the order of the rules, the surplus folded into the last.

    A rule that is never folded keeps its card. Every Advise reaches a card or a line of one; what a folded one
    offers, its override reasons and its links stand on the card that has its line. ``decided``: in the rules' order.
    """
    by_topic: dict[str, _Advice] = {}
    for one in decided:
        if isinstance(one.decision, Advise):
            by_topic.setdefault(one.rule.topic, []).append((one, one.decision))
    ordered = sorted(by_topic.items(), key=lambda item: -_indicator(item[1]))
    shown, folded = _fold(ordered)
    cards = []
    for place, (topic, advice) in enumerate(shown):
        last = place == len(shown) - 1
        cards.append(_card(topic, advice, folded if last else (), context, words))
    return tuple(cards)


def _indicator(advice: _Advice) -> Indicator:
    return max(advise.indicator for _, advise in advice)


def _fold(ordered: Sequence[_Topic]) -> tuple[Sequence[_Topic], Sequence[_Advice]]:
    """The topics that get a card, in order, and the advice that becomes a line of the last one."""
    shown = list(ordered[:MOST_CARDS])
    rest = list(ordered[MOST_CARDS:])
    for kept in [topic for topic in rest if _never_folded(topic)]:
        gives_way = next((topic for topic in reversed(shown) if not _never_folded(topic)), None)
        if gives_way is None:
            break  # more than the most cards are never folded: the least urgent of them are, all the same
        shown.remove(gives_way)
        shown.append(kept)
        rest.remove(kept)
        rest.insert(0, gives_way)
    return shown, [advice for _, advice in rest]


def _never_folded(topic: _Topic) -> bool:
    return any(decided.rule.never_folded for decided, _ in topic[1])


def _card(topic: str, advice: _Advice, folded: Sequence[_Advice], context: CardContext, words: Wording) -> Card:
    uuid = card_uuid(context.hook_instance, context.service_id, topic)
    decided, lead = max(advice, key=lambda item: item[1].indicator)
    speaks = decided.rule.evidence[0]
    everything = [*advice, *chain.from_iterable(folded)]
    source = CardSource(
        label=speaks.citation,
        url=speaks.url or context.source.url,
        topic=_coding(topic, words.text(advice[0][0].rule.topic_title), "topics", context),
    )
    return Card(
        uuid=str(uuid),
        summary=_summary(lead, words),
        detail=_detail(advice, folded, context, words),
        indicator=_indicator(advice).code,
        source=source,
        suggestions=tuple(
            _suggestion(one, place, uuid, context, words) for place, one in enumerate(_suggestions(everything, context))
        ),
        override_reasons=tuple(_reasons(everything, context, words)),
        links=_links(everything, source, context, words),
    )


def _coding(code: str, display: str, system: str, context: CardContext) -> Coding:
    return Coding(code=code, display=display, system=f"{context.base_url}/{system}")


def _summary(advise: Advise, words: Wording) -> str:
    summary = words.say(advise.summary)
    if len(summary) > MOST_SUMMARY and advise.shorter is not None:
        summary = words.say(advise.shorter)
    return shortened(summary)


def shortened(summary: str) -> str:
    """The summary, cut at a word to fewer than 140 characters where nothing shorter is to be had."""
    if len(summary) <= MOST_SUMMARY:
        return summary
    return summary[:MOST_SUMMARY].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


def _unique(items: Iterable[T]) -> list[T]:
    return list(dict.fromkeys(items))


def _suggestions(advice: _Advice, context: CardContext) -> list[Suggestion]:
    """The first five: what stops or deletes an order, then the rest in the order the rules give them."""
    suggestions = _unique(
        suggestion
        for _, advise in advice
        for suggestion in advise.suggestions
        if suggestion.kind.code not in context.house.not_offered
    )
    return sorted(suggestions, key=lambda one: isinstance(one.action, ProposedOrder))[:MOST_SUGGESTIONS]


def _detail(advice: _Advice, folded: Sequence[_Advice], context: CardContext, words: Wording) -> str:
    """The card's body in GitHub-flavoured Markdown, with what was folded into it."""
    rules = [decided.rule for decided, _ in advice]
    body = Body(
        advice=[advise for _, advise in advice],
        page=f"{context.base_url}/recommendations/{rules[0].page}?lang={words.language}",
        words=words,
        most_words=_most_words(advice),
    )
    urgent = any(_indicator(one) > Indicator.INFO for one in folded)
    return body.rendered(bullets(_folded_line(one, words) for one in folded), urgent=urgent)


def _most_words(advice: _Advice) -> int | None:
    """Of the card's body: the most that any of its rules allows; None where none says."""
    most = (advise.most_words or decided.rule.most_words for decided, advise in advice)
    return max((words for words in most if words is not None), default=None)


def _folded_line(advice: _Advice, words: Wording) -> str:
    """A card as one line: its indicator, its summary, and as many of its facts as thirty words hold."""
    lead = max(advice, key=lambda item: item[1].indicator)[1]
    facts = _unique(words.say(fact.phrase) for fact in lead.why)
    summary, indicator = _summary(lead, words), words.text(INDICATOR[_indicator(advice)])
    for few in range(len(facts), -1, -1):
        why = "; ".join(facts[:few])
        line = words.text(ALSO).format(indicator=indicator, summary=summary, why=f"{why}." if why else "").strip()
        if count(line) <= MOST_FOLDED_WORDS:
            break
    return line


def _suggestion(suggestion: Suggestion, place: int, card: UUID, context: CardContext, words: Wording) -> CardSuggestion:
    description = words.say(suggestion.description)
    match suggestion.action:
        case ProposedOrder() as order:
            resource = service_request(order, words.say(order.text), context.patient_id)
            action = Action(type="create", description=description, resource=resource)
        case StopMedication() as stop:
            action = Action(type="update", description=description, resource=stopped(context.received(stop.reference)))
        case DeleteDraft() as delete:
            action = Action(type="delete", description=description, resource_id=delete.reference)
    return CardSuggestion(
        words.say(suggestion.label), str(suggestion_uuid(card, place)), (action,), suggestion.kind.code
    )


def _reasons(advice: _Advice, context: CardContext, words: Wording) -> Iterator[Coding]:
    """The rules' override reasons but those that the house leaves out, then the house's own."""
    for reason in _unique(reason for _, advise in advice for reason in advise.override_reasons):
        if reason.code not in context.house.left_out:
            yield _coding(reason.code, words.text(reason.text), "override-reasons", context)
    for own in context.house.reasons_on(_topics(advice)):
        yield _coding(own.code, own.display[words.language], "override-reasons", context)


def _topics(advice: _Advice) -> frozenset[str]:
    return frozenset(decided.rule.topic for decided, _ in advice)


def _links(advice: _Advice, source: CardSource, context: CardContext, words: Wording) -> tuple[Link, ...]:
    """Leaflets, the rules' links, the house's own; what the source links already only where it is all there is.

    Some clients show a source without its address.
    """
    leaflets = _unique(advise.leaflet for _, advise in advice if advise.leaflet)
    links = [
        Link(words.text(leaflet.title), f"{context.base_url}/leaflets/{leaflet.name}?lang={words.language}")
        for leaflet in leaflets
    ]
    links += [Link(words.say(link.label), link.url) for _, advise in advice for link in advise.links]
    links += [Link(own.label[words.language], own.url) for own in context.house.links_on(_topics(advice))]
    links = _unique(links)
    return tuple([link for link in links if link.url != source.url] or links)
