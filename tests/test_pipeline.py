"""What one call asks for; and what silence keeps from being shown."""

from dataclasses import replace
from typing import Any

import orjson
import pytest

from cds_service import pipeline, situations
from cds_service.cards.compose import MOST_CARDS
from cds_service.catalogue import CATALOGUE, TOPICS, find, wording
from cds_service.chart.model import Fetched
from cds_service.decision.phrases import Text, say
from cds_service.decision.recommendation import Advise, CannotTell, Indicator
from cds_service.patient.received import Receipt
from cds_service.pipeline import Answer
from cds_service.protocol.notes import Note
from cds_service.protocol.schemas import load_request
from cds_service.settings import Settings
from cds_service.variables import EVERY_TOPIC
from tests.builders.fhir import PATIENT_ID, TODAY, bundle, call, concept, condition, quinine

LOCAL = {"medicationCodeableConcept": concept("http://local", "Q1")}
ELSEWHERE = {"medicationCodeableConcept": ..., "medicationReference": {"reference": "Medication/9"}}

NAMED = {"medicationCodeableConcept": ..., "medicationReference": {"reference": "Medication/9", "display": "Racikan"}}


@pytest.mark.parametrize(("element", "asks"), [(LOCAL, False), (NAMED, False), (ELSEWHERE, True), ({}, True)])
def test_the_chart_is_only_asked_for_where_a_draft_may_be_judged(element: Any, asks: bool) -> None:
    asked: list[Any] = []

    def fetch(wants: Any) -> dict[Any, Any]:
        asked.extend(wants)
        return {}

    request = call(hook="order-sign", drafts=bundle(quinine("d1", status="draft", **element)))
    service = find("leg-cramps-order-sign")
    answer = pipeline.answer(request, service, fetch=fetch, today=TODAY, words=wording("en"), settings=Settings())
    assert bool(asked) is asks
    told = [decided.decision for decided in answer.decisions]
    assert any(isinstance(one, CannotTell) for one in told) is bool(element)
    assert bool(answer.cards) is not bool(element)


MORPHINE = {"medicationCodeableConcept": concept("http://www.nlm.nih.gov/research/umls/rxnorm", "7052")}
GABAPENTIN = {"medicationCodeableConcept": concept("http://www.nlm.nih.gov/research/umls/rxnorm", "310431")}
ALS = concept("http://snomed.info/sct", "86044005")
CONDITIONS_ALONE = [[f"Condition?patient={PATIENT_ID}"]]


def asked_for(drafts: list[dict[str, Any]], problems: list[dict[str, Any]], *, prefetched: bool) -> tuple[Any, Any]:
    """The answer to signing the drafts, and the requests to the FHIR server, round by round."""
    rounds: list[list[str]] = []

    def fetch(wants: Any) -> dict[Any, Any]:
        rounds.append([want.url.partition("&")[0] for want in wants])
        known = {"conditions": tuple(problems), "medicationRequests": (quinine("g", **GABAPENTIN),)}
        return {want: Fetched(known.get(want.key, ()), Receipt.RECEIVED) for want in wants}

    prefetch = {"conditions": bundle(*problems)} if prefetched else None
    request = call(prefetch, hook="order-sign", drafts=bundle(*drafts))
    service = find("leg-cramps-order-sign")
    answer = pipeline.answer(request, service, fetch=fetch, today=TODAY, words=wording("en"), settings=Settings())
    return answer, rounds


def test_a_draft_opioid_asks_for_the_problems_alone_where_there_is_no_als() -> None:
    drafts = [quinine("d1", status="draft", **MORPHINE)]
    answer, rounds = asked_for(drafts, [condition("c")], prefetched=False)
    assert (answer.cards, rounds) == ((), CONDITIONS_ALONE)
    assert asked_for(drafts, [condition("c")], prefetched=True)[1] == []
    assert (
        asked_for(drafts, [condition("a", code=ALS, clinicalStatus=concept("", "resolved"))], prefetched=True)[1] == []
    )


def for_cramps(element: dict[str, Any]) -> dict[str, Any]:
    return quinine("d1", status="draft", **element, reasonCode=[concept("http://snomed.info/sct", "449918009")])


VITAMIN_E = {"medicationCodeableConcept": concept("http://www.nlm.nih.gov/research/umls/rxnorm", "11256")}


@pytest.mark.parametrize("element", [GABAPENTIN, VITAMIN_E], ids=["gabapentin", "vitamin E"])
def test_a_draft_whose_reason_is_no_cramp_asks_for_the_problems_alone(element: dict[str, Any]) -> None:
    answer, rounds = asked_for([quinine("d1", status="draft", **element)], [condition("c")], prefetched=False)
    assert (answer.cards, rounds) == ((), CONDITIONS_ALONE)


def test_a_vitamin_for_cramps_asks_for_the_problems_alone_in_als() -> None:
    answer, rounds = asked_for([for_cramps(VITAMIN_E)], [condition("a", code=ALS)], prefetched=False)
    assert (answer.cards, rounds) == ((), CONDITIONS_ALONE)


@pytest.mark.parametrize("element", [GABAPENTIN, VITAMIN_E], ids=["gabapentin", "vitamin E"])
def test_a_draft_for_cramps_asks_for_the_rest_and_nothing_twice(element: dict[str, Any]) -> None:
    answer, rounds = asked_for([for_cramps(element)], [condition("c")], prefetched=False)
    assert [card.source.topic.code for card in answer.cards] == ["StretchingFirst"]
    assert rounds[:1] == CONDITIONS_ALONE
    urls = [url for asked in rounds for url in asked]
    assert len(urls) == len(set(urls)) == len(find("leg-cramps-order-sign").queries)


def test_with_als_the_rest_is_asked_for_and_nothing_twice() -> None:
    drafts = [quinine("d1", status="draft", **MORPHINE)]
    answer, rounds = asked_for(drafts, [condition("a", code=ALS)], prefetched=False)
    assert [card.source.topic.code for card in answer.cards] == ["AlsCramps"]
    assert rounds[:1] == CONDITIONS_ALONE
    urls = [url for asked in rounds for url in asked]
    assert len(urls) == len(set(urls)) == len(find("leg-cramps-order-sign").queries)


def test_beside_a_draft_that_another_rule_judges_everything_is_asked_for() -> None:
    drafts = [quinine("d1", status="draft", **MORPHINE), quinine("d2", status="draft")]
    _, rounds = asked_for(drafts, [condition("c")], prefetched=False)
    assert [len(asked) for asked in rounds] == [len(find("leg-cramps-order-sign").queries)]


def switched(switches: set[str], **more: Any) -> tuple[Any, list[Any]]:
    """The answer to signing a draft quinine with the switches set, and what the FHIR server was asked."""
    asked: list[Any] = []

    def fetch(wants: Any) -> dict[Any, Any]:
        asked.extend(wants)
        return {want: Fetched((), Receipt.RECEIVED) for want in wants}

    request = call(hook="order-sign", drafts=bundle(quinine("d1", status="draft", **more)))
    settings = Settings(disabled_topics=frozenset(switches))
    service = find("leg-cramps-order-sign")
    return pipeline.answer(request, service, fetch=fetch, today=TODAY, words=wording("en"), settings=settings), asked


def test_a_topic_that_is_switched_off_still_warns_at_the_order() -> None:
    answer, _ = switched({"AvoidQuinine"})
    assert [card.source.topic.code for card in answer.cards] == ["AvoidQuinine"]
    assert answer.switched_off == ()
    assert answer.facts.switched_off == frozenset()


def test_a_rule_that_is_switched_off_is_not_decided_and_asks_for_nothing() -> None:
    answer, asked = switched({"avoid_quinine_order"})
    assert (answer.cards, asked) == ((), [])
    assert [rule.name for rule in answer.switched_off] == ["avoid_quinine_order"]
    assert "avoid_quinine_order" not in {decided.rule.name for decided in answer.decisions}
    assert answer.facts.switched_off == {"avoid_quinine_order"}


def test_the_other_rules_are_told_which_one_is_off() -> None:
    problems = bundle(condition("c"))
    request = call({"conditions": problems})
    service = find("leg-cramps-patient-view")
    settings = Settings(disabled_topics=frozenset({"AvoidQuinine"}))
    answer = pipeline.answer(request, service, fetch=None, today=TODAY, words=wording("en"), settings=settings)
    assert answer.facts.switched_off == {rule.name for rule in service.rules if rule.topic == "AvoidQuinine"}


CALLS = [(situation.name, hook) for situation in situations.load_all() for hook in situation.hooks]


def answered(name: str, hook: str, *, silent: frozenset[str] = frozenset(), without: str | None = None) -> Answer:
    """A situation's answer; ``without``: the topic whose rules the service shall not have."""
    situation = situations.load(name)
    service = next(one for one in CATALOGUE if one.hook == hook)
    request = load_request(orjson.dumps(situations.request(situation, hook)))
    return pipeline.answer(
        request,
        replace(service, rules=tuple(rule for rule in service.rules if rule.topic != without)),
        fetch=None,
        today=situation.day,
        words=wording("en"),
        settings=Settings(),
        silent=silent,
    )


@pytest.mark.parametrize(("name", "hook"), CALLS)
def test_a_silent_topic_is_shown_as_little_as_one_there_is_none_of(name: str, hook: str) -> None:
    """No line, order, reason or link of it on another card either; what is not silent is as it would be without it."""
    everything = answered(name, hook)
    for topic in TOPICS:
        silent = answered(name, hook, silent=frozenset({topic}))
        assert silent.cards == answered(name, hook, without=topic).cards
        assert silent.withheld == tuple(card for card in everything.cards if card.source.topic.code == topic)
        assert silent.decisions == everything.decisions
        assert (Note.SILENT in silent.notes) is bool(silent.withheld)


@pytest.mark.parametrize("silent", TOPICS)
def test_of_more_cards_than_are_shown_none_that_is_silent_takes_a_place_or_a_line(silent: str) -> None:
    """Every rule speaks: with one topic silent, the next one has its place, and the last card's lines are of the others."""
    said = {topic: say(Text(f"topic.{topic}")) for topic in TOPICS}
    service = find("leg-cramps-patient-view")
    rules = tuple(
        replace(rule, decide=lambda _, topic=rule.topic: Advise(Indicator.INFO, said[topic])) for rule in service.rules
    )
    request = call({"conditions": bundle(condition("c"))})
    answer = pipeline.answer(
        request,
        replace(service, rules=rules),
        fetch=None,
        today=TODAY,
        words=wording("en"),
        settings=Settings(),
        silent={silent},
    )
    shown = " ".join(f"{card.summary} {card.detail}" for card in answer.cards)
    assert len(answer.cards) == MOST_CARDS
    for topic, phrase in said.items():
        assert (wording("en").say(phrase) in shown) is (topic != silent), topic


@pytest.mark.parametrize(("name", "hook"), CALLS)
def test_silence_of_every_topic_shows_nothing_and_keeps_all(name: str, hook: str) -> None:
    everything, silent = answered(name, hook), answered(name, hook, silent=frozenset({EVERY_TOPIC}))
    assert (silent.cards, silent.withheld) == ((), everything.cards)
    assert everything.withheld == ()
