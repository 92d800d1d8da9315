"""Decisions become cards: merged by topic, the worst first, four at most, nothing lost."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from fhir.resources.R4B.medicationrequest import MedicationRequest
from fhir.resources.R4B.servicerequest import ServiceRequest

from cds_service.cards.compose import CardContext, compose, shortened
from cds_service.catalogue import CATALOGUE, TOPICS, wording
from cds_service.decision import overrides
from cds_service.decision.phrases import Text, say
from cds_service.decision.recommendation import (
    Advise,
    Because,
    CannotTell,
    Certainty,
    Decided,
    Decision,
    DeleteDraft,
    Evidence,
    GuidelineLink,
    Indicator,
    NotAdvised,
    ProposedOrder,
    Rule,
    Section,
    StopMedication,
    Suggestion,
    leaflet,
)
from cds_service.protocol.answers import broken_rules, dump_cards
from cds_service.protocol.cards import MOST_SUMMARY

EVIDENCE = Evidence("Hawke, Cochrane 2021", 2021, "doi:x", Certainty.LOW, Text("evidence.hawke_2021"), ("S3",))
SOURCE = CATALOGUE[0].guideline.source
CONTEXT = CardContext(
    "leg-cramps-patient-view",
    "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
    "p1",
    "https://cds.example",
    SOURCE,
    {}.__getitem__,
)
SNOMED = "http://snomed.info/sct"
EDUCATION = ProposedOrder(
    say(Text("offers.stretching_education.order")),
    ((SNOMED, "311401005", "Patient education"),),
    (SNOMED, "409073007", "Education"),
)


def rule(topic: str) -> Rule:
    def decide(_: object) -> Decision:
        raise AssertionError

    kept = topic == "StretchingFirst"
    return Rule(topic, "1", topic, Text("avoid_quinine.title"), ("conditions",), (EVIDENCE,), decide, never_folded=kept)


def advise(indicator: Indicator = Indicator.INFO, summary: str = "avoid_quinine.summary.reminder") -> Advise:
    return Advise(
        indicator=indicator,
        summary=say(Text(summary)),
        sections=(Section(Text("avoid_quinine.heading.options"), (say(Text("avoid_quinine.line.harm")),)),),
        because=(Because(say(Text("avoid_quinine.because.no_quinine_listed")), "Condition/1"),),
    )


def decided(*advice: tuple[str, Decision]) -> list[Decided]:
    return [Decided(rule(topic), decision) for topic, decision in advice]


def topics(decisions: list[Decided]) -> list[str]:
    return [card.source.topic.code for card in compose(decisions, CONTEXT, wording("en"))]


def test_one_card_a_topic_with_the_highest_indicator_and_its_summary() -> None:
    cards = compose(
        decided(
            ("AvoidQuinine", advise(Indicator.INFO)),
            ("AvoidQuinine", advise(Indicator.WARNING, "avoid_quinine.summary.als")),
        ),
        CONTEXT,
        wording("en"),
    )
    assert len(cards) == 1
    assert cards[0].indicator == "warning"
    assert cards[0].summary == wording("en").text(Text("avoid_quinine.summary.als"))


def test_only_advice_gives_cards() -> None:
    silent = decided(
        ("RedFlags", NotAdvised(say(Text("avoid_quinine.reason.nothing")))),
        ("AlsCramps", CannotTell((say(Text("unknown.conditions.absent")),))),
    )
    assert compose(silent, CONTEXT, wording("en")) == ()


def test_the_worst_comes_first_then_the_order_of_the_rules() -> None:
    shown = topics(
        decided(
            ("StretchingFirst", advise()),
            ("AvoidQuinine", advise(Indicator.CRITICAL)),
            ("SpecialistOptions", advise()),
            ("RedFlags", advise(Indicator.WARNING)),
        )
    )
    assert shown == ["AvoidQuinine", "RedFlags", "StretchingFirst", "SpecialistOptions"]


@pytest.mark.parametrize("count", [3, 4, 5, 6])
def test_four_cards_at_most_and_the_rest_become_lines_of_the_last(count: int) -> None:
    chosen = TOPICS[:count]
    cards = compose(decided(*((topic, advise()) for topic in chosen)), CONTEXT, wording("en"))
    assert len(cards) == min(count, 4)
    assert cards[-1].detail.count("Also (info): ") == max(0, count - 4)


def test_stretching_is_never_folded_away() -> None:
    loud = [topic for topic in TOPICS if topic != "StretchingFirst"]
    decisions = decided(
        *((topic, advise(Indicator.WARNING)) for topic in loud), ("StretchingFirst", advise(Indicator.INFO))
    )
    cards = compose(decisions, CONTEXT, wording("en"))
    assert [card.source.topic.code for card in cards] == [
        "AvoidQuinine",
        "CorrectElectrolytes",
        "AlsCramps",
        "StretchingFirst",
    ]
    assert cards[-1].detail.count("Also (warning): ") == len(TOPICS) - 4
    assert (
        "No active quinine and no current malaria found in the data received"
        in cards[-1].detail.split("**Other advice for this patient**")[1]
    )


def test_the_detail_ends_with_why_evidence_and_the_caveat() -> None:
    detail = compose(decided(("AvoidQuinine", advise())), CONTEXT, wording("en"))[0].detail
    why = detail.index("**Why this card**")
    evidence = detail.index("**Evidence**")
    assert detail.index("**Options**") < why < evidence
    assert "No active quinine and no current malaria found in the data received [Condition/1]" in detail[why:]
    assert "Hawke, Cochrane 2021: " in detail[evidence:]
    assert "(certainty: low)" in detail[evidence:]
    assert detail.endswith("It uses only the data received; missing data is not normal.*")


def test_a_source_that_is_an_address_does_not_become_a_link() -> None:
    hostile = replace(
        advise(), because=(Because(say(Text("avoid_quinine.because.no_quinine_listed")), "https://evil.example/C"),)
    )
    detail = compose(decided(("AvoidQuinine", hostile)), CONTEXT, wording("en"))[0].detail
    assert "https://evil" not in detail
    assert "evil" in detail


def test_uuid_is_the_same_for_a_retried_hook_and_differs_by_instance_service_and_topic() -> None:
    def uuid(context: CardContext, topic: str = "AvoidQuinine") -> str:
        return compose(decided((topic, advise())), context, wording("en"))[0].uuid

    first = uuid(CONTEXT)
    assert uuid(CONTEXT) == first
    assert uuid(replace(CONTEXT, hook_instance="other")) != first
    assert uuid(replace(CONTEXT, service_id="leg-cramps-order-sign")) != first
    assert uuid(CONTEXT, "RedFlags") != first


def with_suggestion(action: ProposedOrder | StopMedication | DeleteDraft) -> Advise:
    suggestion = Suggestion(
        say(Text("avoid_quinine.suggest.stop")), say(Text("avoid_quinine.suggest.stop_description")), action
    )
    return replace(advise(), suggestions=(suggestion,))


def test_a_proposed_order_is_a_valid_draft_service_request_for_the_patient() -> None:
    card = compose(decided(("AvoidQuinine", with_suggestion(EDUCATION))), CONTEXT, wording("en"))[0]
    (action,) = card.suggestions[0].actions
    assert (action.type, action.resource_id) == ("create", None)
    assert action.resource is not None
    ServiceRequest.model_validate(action.resource)
    assert action.resource["subject"] == {"reference": "Patient/p1"}
    assert (action.resource["status"], action.resource["intent"]) == ("draft", "proposal")


def test_stopping_returns_the_whole_resource_with_only_its_status_changed() -> None:
    received = {
        "resourceType": "MedicationRequest",
        "id": "q",
        "status": "active",
        "intent": "order",
        "subject": {"reference": "Patient/p1"},
        "medicationCodeableConcept": {"text": "quinine"},
        "note": [{"text": "kept"}],
    }
    card = compose(
        decided(("AvoidQuinine", with_suggestion(StopMedication("MedicationRequest/q")))),
        replace(CONTEXT, received={"MedicationRequest/q": received}.__getitem__),
        wording("en"),
    )[0]
    (action,) = card.suggestions[0].actions
    assert action.type == "update"
    assert action.resource == {**received, "status": "stopped"}
    assert received["status"] == "active"
    MedicationRequest.model_validate(action.resource)


def test_deleting_names_the_draft() -> None:
    advice = with_suggestion(DeleteDraft("MedicationRequest/draft-1"))
    (action,) = compose(decided(("AvoidQuinine", advice)), CONTEXT, wording("en"))[0].suggestions[0].actions
    assert (action.type, action.resource, action.resource_id) == ("delete", None, "MedicationRequest/draft-1")


def test_links_to_the_leaflet_are_in_the_cards_language() -> None:
    advice = replace(advise(), leaflet=leaflet("calf-stretch"))
    for language in ("en", "id"):
        card = compose(decided(("StretchingFirst", advice)), CONTEXT, wording(language))[0]
        assert [link.url for link in card.links] == [f"https://cds.example/leaflets/calf-stretch?lang={language}"]


@pytest.mark.parametrize(
    ("length", "cut"), [(MOST_SUMMARY - 1, False), (MOST_SUMMARY, False), (MOST_SUMMARY + 1, True)]
)
def test_a_summary_is_cut_only_beyond_139_characters(length: int, cut: bool) -> None:
    text = ("word " * 40)[:length].rstrip().ljust(length, "x")
    assert (shortened(text) != text) is cut
    assert len(shortened(text)) <= MOST_SUMMARY


@pytest.fixture
def say_all() -> Callable[[str], set[str]]:
    return lambda language: {wording(language).text(Text(f"topic.{topic}")) for topic in TOPICS}


def test_every_topic_has_a_name_in_both_languages(say_all: Callable[[str], set[str]]) -> None:
    assert len(say_all("en")) == len(say_all("id")) == len(TOPICS)


@pytest.mark.parametrize(("indicator", "first"), [(Indicator.INFO, False), (Indicator.WARNING, True)])
def test_urgent_advice_that_was_folded_stands_before_why(indicator: Indicator, first: bool) -> None:
    loud = [topic for topic in TOPICS if topic not in ("StretchingFirst", "RedFlags")]
    decisions = decided(
        *((topic, advise(indicator)) for topic in loud),
        ("StretchingFirst", advise(Indicator.INFO)),
        ("RedFlags", advise(indicator)),
    )
    detail = compose(decisions, CONTEXT, wording("en"))[-1].detail
    folded, options = detail.index("**Other advice for this patient**"), detail.index("**Options**")
    assert options < folded
    assert (folded < detail.index("**Why this card**")) is first
    assert (folded > detail.index("**Evidence**")) is not first
    assert detail.count("**Other advice for this patient**") == 1


def test_what_a_folded_card_offers_stands_on_the_one_it_is_folded_into() -> None:
    loud = ("AvoidQuinine", "CorrectElectrolytes", "AlsCramps")
    flag = replace(
        with_suggestion(EDUCATION),
        indicator=Indicator.WARNING,
        override_reasons=(overrides.SPECIALIST, overrides.LATER),
        leaflet=leaflet("when-to-call-a-doctor"),
        links=(GuidelineLink(say(Text("avoid_quinine.link.label")), "https://label.example"),),
    )
    stretching = replace(
        advise(), override_reasons=(overrides.DATA_WRONG, overrides.LATER), leaflet=leaflet("leg-cramps")
    )
    cards = compose(
        decided(
            ("StretchingFirst", stretching),
            *((topic, advise(Indicator.WARNING)) for topic in loud),
            ("RedFlags", flag),
        ),
        CONTEXT,
        wording("en"),
    )
    last = cards[-1]
    assert last.source.topic.code == "StretchingFirst"
    assert [one.label for one in last.suggestions] == ["Stop quinine"]
    assert [one.code for one in last.override_reasons] == ["dataWrong", "later", "specialist"]
    assert [link.url.split("/")[-1] for link in last.links] == [
        "leg-cramps?lang=en",
        "when-to-call-a-doctor?lang=en",
        "label.example",
    ]
    assert broken_rules(dump_cards(cards)) == []
