"""Decisions become cards: merged by topic, the worst first, four at most, nothing lost."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from fhir.resources.R4B.medicationrequest import MedicationRequest
from fhir.resources.R4B.servicerequest import ServiceRequest

from cds_service.cards.compose import CardContext, compose, shortened
from cds_service.cards.house import House, HouseLink, HouseReason
from cds_service.catalogue import CATALOGUE, TOPICS, wording
from cds_service.decision import overrides
from cds_service.decision.phrases import Phrase, Text, say, sentences
from cds_service.decision.recommendation import (
    Advise,
    Because,
    CannotTell,
    Certainty,
    Cited,
    Decided,
    Decision,
    DeleteDraft,
    Evidence,
    GuidelineLink,
    Indicator,
    NotAdvised,
    ProposedOrder,
    Rule,
    StopMedication,
    Suggestion,
    leaflet,
)
from cds_service.decision.suggestion_kinds import SuggestionKind
from cds_service.protocol.answers import dump_cards
from cds_service.protocol.cards import MOST_SUMMARY
from tests.protocol.wire_rules import broken_rules
from tests.reading import bullets, folded, part, words

EVIDENCE = Evidence("A trial 2021", 2021, "doi:x", Certainty.LOW, Text("card.standing"), ("S3",), "https://a.example")
NO_PAGE = replace(EVIDENCE, citation="A leaflet 2020", url=None)
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
    return Rule(
        name=topic,
        version="1",
        changed=date(2026, 1, 5),
        topic=topic,
        title=Text(f"topic.{topic}"),
        page=topic.lower(),
        needs=("conditions",),
        evidence=(EVIDENCE, NO_PAGE),
        decide=decide,
        never_folded=kept,
    )


DO = say(Text("topic.RedFlags"))
FACT = say(Text("recorded.resolved"), what="cold feet")
UNKNOWN = say(Text("unknown.allergies.absent"))
CITED = Cited(say(Text("recorded.fact"), what="A trial 2021", recorded="low"), (EVIDENCE,))


def advise(indicator: Indicator = Indicator.INFO, summary: str = "topic.AvoidQuinine") -> Advise:
    return Advise(
        indicator=indicator,
        summary=say(Text(summary)),
        act=(DO,),
        why=(Because(FACT, "Condition/1"),),
        unknown=(UNKNOWN,),
        evidence=(CITED,),
    )


def detail_of(*advice: tuple[str, Decision], language: str = "en") -> str:
    return compose(decided(*advice), CONTEXT, wording(language))[-1].detail


def decided(*advice: tuple[str, Decision]) -> list[Decided]:
    return [Decided(rule(topic), decision) for topic, decision in advice]


def topics(decisions: list[Decided]) -> list[str]:
    return [card.source.topic.code for card in compose(decisions, CONTEXT, wording("en"))]


def test_one_card_a_topic_with_the_highest_indicator_and_its_summary() -> None:
    cards = compose(
        decided(
            ("AvoidQuinine", advise(Indicator.INFO)),
            ("AvoidQuinine", advise(Indicator.WARNING, "topic.AlsCramps")),
        ),
        CONTEXT,
        wording("en"),
    )
    assert len(cards) == 1
    assert cards[0].indicator == "warning"
    assert cards[0].summary == wording("en").text(Text("topic.AlsCramps"))


def test_only_advice_gives_cards() -> None:
    silent = decided(
        ("RedFlags", NotAdvised(say(Text("common.age_unknown")))),
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
    cards = compose(decided(*((topic, advise(summary=f"topic.{topic}")) for topic in chosen)), CONTEXT, wording("en"))
    assert len(cards) == min(count, 4)
    assert cards[-1].detail.count("Also (info): ") == max(0, count - 4)
    assert not any("Also (info): " in card.detail for card in cards[:-1])


def test_stretching_is_never_folded_away() -> None:
    loud = [topic for topic in TOPICS if topic != "StretchingFirst"]
    decisions = decided(
        *((topic, advise(Indicator.WARNING, f"topic.{topic}")) for topic in loud),
        ("StretchingFirst", advise(Indicator.INFO)),
    )
    cards = compose(decisions, CONTEXT, wording("en"))
    assert [card.source.topic.code for card in cards] == [
        "AvoidQuinine",
        "CorrectElectrolytes",
        "AlsCramps",
        "StretchingFirst",
    ]
    lines = folded(cards[-1].detail, "en")
    gave_way = [topic for topic in loud if topic not in {card.source.topic.code for card in cards}]
    assert lines == [
        f"- Also (warning): {wording('en').text(Text(f'topic.{topic}'))} cold feet, resolved." for topic in gave_way
    ]


def test_a_topic_keeps_its_card_where_any_of_its_rules_is_never_folded() -> None:
    either = [Decided(replace(rule("RedFlags"), never_folded=kept), advise()) for kept in (False, True)]
    loud = decided(*((topic, advise(Indicator.WARNING)) for topic in TOPICS if topic != "RedFlags"))
    assert "RedFlags" in topics([*either, *(replace(one, rule=replace(one.rule, never_folded=False)) for one in loud)])


def test_the_detail_has_five_parts() -> None:
    assert detail_of(("AvoidQuinine", advise())) == (
        "- Red flags: not a simple cramp\n\n"
        "**Why:** cold feet, resolved.\n\n"
        "**Not known:** allergy list not received.\n\n"
        "**Evidence:** A trial 2021 (low). [Basis](https://cds.example/recommendations/avoidquinine?lang=en)\n\n"
        "Decision support; missing data is not normal."
    )
    assert detail_of(("AvoidQuinine", replace(advise(), act=(), why=(), unknown=())), language="id") == (
        "**Bukti:** A trial 2021 (low). [Dasar](https://cds.example/recommendations/avoidquinine?lang=id)\n\n"
        "Dukungan keputusan; tidak adanya data bukan berarti normal."
    )


def test_nothing_is_said_twice_on_one_card() -> None:
    other = replace(advise(), why=(Because(FACT, "Condition/2"), Because(UNKNOWN)), act=(DO, sentences(DO, FACT)))
    detail = detail_of(("AvoidQuinine", advise()), ("AvoidQuinine", other))
    assert bullets(detail, "en") == [
        "Red flags: not a simple cramp",
        "Red flags: not a simple cramp cold feet, resolved",
    ]
    assert part(detail, "Why") == "cold feet, resolved; allergy list not received."
    assert part(detail, "Not known") == "allergy list not received."


def test_no_resource_id_is_on_a_card() -> None:
    assert "Condition" not in detail_of(("AvoidQuinine", advise()))


@pytest.mark.parametrize(
    ("evidence", "label", "url"),
    [((EVIDENCE, NO_PAGE), "A trial 2021", "https://a.example"), ((NO_PAGE,), "A leaflet 2020", SOURCE.url)],
)
def test_the_rules_first_evidence_speaks(evidence: tuple[Evidence, ...], label: str, url: str) -> None:
    speaking = Decided(replace(rule("AvoidQuinine"), evidence=evidence), advise())
    (card,) = compose([speaking], CONTEXT, wording("en"))
    assert (card.source.label, card.source.url) == (label, url)


KIND = SuggestionKind("try_it", say(Text("offers.physiotherapy.label")))


def offering(*actions: ProposedOrder | StopMedication | DeleteDraft) -> Advise:
    label = Text("offers.physiotherapy.label")
    return replace(advise(), suggestions=tuple(Suggestion(say(label), say(label), one, KIND) for one in actions))


@pytest.mark.parametrize("orders", [3, 4, 5])
def test_five_suggestions_at_most_and_what_stops_or_deletes_comes_first(orders: int) -> None:
    proposed = [replace(EDUCATION, text=say(Text("recorded.more"), n=n)) for n in range(orders)]
    (card,) = compose(
        decided(("AvoidQuinine", offering(*proposed, DeleteDraft("MedicationRequest/1")))), CONTEXT, wording("en")
    )
    assert [one.actions[0].type for one in card.suggestions] == ["delete", *["create"] * min(orders, 4)]


def folded_line(*advice: Advise) -> str:
    """The line that advice about red flags becomes beside four graver cards."""
    loud = decided(*((topic, advise(Indicator.CRITICAL)) for topic in TOPICS[:4]))
    cards = compose([*loud, *(Decided(rule("RedFlags"), one) for one in advice)], CONTEXT, wording("en"))
    (line,) = folded(cards[-1].detail, "en")
    return line.removeprefix("- Also ")


def counted(*words_of_each: int) -> tuple[Because, ...]:
    """Facts of so many words."""
    return tuple(
        Because(say(Text("recorded.resolved"), what=" ".join([f"f{n}"] * (length - 1))))
        for n, length in enumerate(words_of_each)
    )


STANDING = say(Text("card.standing"))  # of seven words, as which "Also (info):" leaves twenty-one


@pytest.mark.parametrize(
    ("lengths", "said"),
    [
        ((), ""),
        ((2, 2), " f0, resolved; f1, resolved."),
        ((2, 19), f" f0, resolved; {' '.join(['f1'] * 18)}, resolved."),
        ((2, 20), " f0, resolved."),
        ((40,), ""),
    ],
    ids=["no fact", "two", "thirty words", "one word more", "a fact too long"],
)
def test_as_many_facts_of_a_folded_card_are_said_as_thirty_words_hold(lengths: tuple[int, ...], said: str) -> None:
    line = folded_line(replace(advise(), summary=STANDING, why=counted(*lengths)))
    assert line == f"(info): Decision support; missing data is not normal.{said}"


def test_a_folded_summary_of_more_than_thirty_words_stands_without_facts() -> None:
    summary = say(Text("recorded.resolved"), what="x " * 40)
    assert folded_line(replace(advise(), summary=summary, why=counted(2, 2))).endswith("x , resolved")


def test_the_most_urgent_of_a_folded_topics_rules_speaks() -> None:
    graver = replace(advise(Indicator.WARNING), summary=STANDING, why=())
    line = "(warning): Decision support; missing data is not normal."
    assert folded_line(advise(), graver) == folded_line(graver, advise()) == line


@pytest.mark.parametrize(("facts", "shown"), [(1, 1), (2, 2), (3, 2), (60, 2)])
def test_a_folded_card_is_one_line_of_thirty_words_at_most(facts: int, shown: int) -> None:
    ten_words = "one two three four five six seven eight nine"
    many = tuple(Because(say(Text("recorded.resolved"), what=f"{n} {ten_words}")) for n in range(facts))
    loud = decided(*((topic, advise(Indicator.WARNING)) for topic in TOPICS[:4]), ("RedFlags", advise()))
    loud[-1] = replace(loud[-1], decision=replace(advise(), why=many, summary=say(Text("card.standing"))))
    (line,) = folded(compose(loud, CONTEXT, wording("en"))[-1].detail, "en")
    assert line.startswith("- Also (info): Decision support; missing data is not normal. 0 one two")
    assert line.count("resolved") == min(facts, shown, 1)
    assert words(line) <= 30


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
        say(Text("offers.physiotherapy.label")), say(Text("offers.physiotherapy.description")), action, KIND
    )
    return replace(advise(), suggestions=(suggestion,))


def test_a_proposed_order_is_a_valid_draft_service_request_for_the_patient() -> None:
    card = compose(decided(("AvoidQuinine", with_suggestion(EDUCATION))), CONTEXT, wording("en"))[0]
    (action,) = card.suggestions[0].actions
    assert (action.type, action.resource_id) == ("create", None)
    assert action.resource is not None
    ServiceRequest.model_validate(action.resource)
    assert action.resource == {
        "resourceType": "ServiceRequest",
        "status": "draft",
        "intent": "proposal",
        "category": [{"coding": [{"system": SNOMED, "code": "409073007", "display": "Education"}]}],
        "code": {
            "coding": [{"system": SNOMED, "code": "311401005", "display": "Patient education"}],
            "text": "Patient education: calf and hamstring stretching",
        },
        "subject": {"reference": "Patient/p1"},
    }


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


@pytest.mark.parametrize("sign", [",", ";", ":", " ,", ""])
def test_a_cut_summary_ends_in_a_word(sign: str) -> None:
    assert shortened("word " * 26 + f"MAX{sign} muchlonger") == "word " * 26 + "MAX…"


LONG, SHORT = say(Text("recorded.resolved"), what="x " * 80), say(Text("card.standing"))
FULL = say(Text("recorded.resolved"), what="x" * (MOST_SUMMARY - len(", resolved")))


@pytest.mark.parametrize(
    ("summary", "shorter", "said"),
    [
        (SHORT, DO, "Decision support; missing data is not normal."),
        (LONG, SHORT, "Decision support; missing data is not normal."),
        (FULL, SHORT, wording("en").say(FULL)),
        (LONG, None, "x " * 68 + "x…"),
        (LONG, LONG, "x " * 68 + "x…"),
    ],
)
def test_the_shorter_summary_stands_where_the_other_is_too_long(
    summary: Phrase, shorter: Phrase | None, said: str
) -> None:
    (card,) = compose(
        decided(("AvoidQuinine", replace(advise(), summary=summary, shorter=shorter))), CONTEXT, wording("en")
    )
    assert card.summary == said


@pytest.mark.parametrize("budgets", [(90, 60), (60, 90), (None, 90), (None, None)])
def test_the_most_urgent_of_a_topics_rules_speaks_and_the_longest_budget_holds(budgets: tuple[int | None, ...]) -> None:
    facts = tuple(Because(say(Text("recorded.resolved"), what=f"f{n}")) for n in range(60))
    other, graver = (replace(rule("AvoidQuinine"), evidence=(one,)) for one in (EVIDENCE, NO_PAGE))
    (card,) = compose(
        [
            Decided(other, replace(advise(), most_words=budgets[0])),
            Decided(graver, replace(advise(Indicator.WARNING), why=facts, most_words=budgets[1])),
        ],
        CONTEXT,
        wording("en"),
    )
    assert card.source.label == NO_PAGE.citation
    assert (60 < words(card.detail) <= 90) is any(budgets)


def test_more_rules_that_are_never_folded_than_cards_fold_the_least_urgent() -> None:
    kept = [
        Decided(replace(rule(topic), never_folded=True), advise(indicator))
        for topic, indicator in zip(TOPICS[:5], [Indicator.INFO, *[Indicator.WARNING] * 4], strict=True)
    ]
    cards = compose(kept, CONTEXT, wording("en"))
    assert [card.source.topic.code for card in cards] == list(TOPICS[1:5])
    assert len(folded(cards[-1].detail, "en")) == 1


HOUSE = House(
    reasons=(
        HouseReason("pharmacy", {"en": "Pharmacist agrees", "id": "Apoteker setuju"}, "x"),
        HouseReason("tropical", {"en": "Tropical ward", "id": "Bangsal tropis"}, "x", frozenset({"AvoidQuinine"})),
    ),
    links=(
        HouseLink("https://house.example", {"en": "Our guideline", "id": "Pedoman kami"}),
        HouseLink("https://house.example/q", {"en": "Quinine", "id": "Kina"}, frozenset({"AvoidQuinine"})),
    ),
    left_out=frozenset({"comfort"}),
    not_offered=frozenset({"try_it"}),
)


@pytest.mark.parametrize(
    ("topic", "language", "reasons", "links"),
    [
        ("AvoidQuinine", "en", ["later", "pharmacy", "tropical"], ["Our guideline", "Quinine"]),
        ("RedFlags", "id", ["later", "pharmacy"], ["Pedoman kami"]),
    ],
)
def test_a_house_adds_its_own_and_leaves_out_what_it_does_not_want(
    topic: str, language: str, reasons: list[str], links: list[str]
) -> None:
    own = replace(with_suggestion(EDUCATION), override_reasons=(overrides.COMFORT, overrides.LATER))
    (card,) = compose(decided((topic, own)), replace(CONTEXT, house=HOUSE), wording(language))
    assert [one.code for one in card.override_reasons] == reasons
    assert {one.system for one in card.override_reasons} == {"https://cds.example/override-reasons"}
    assert card.source.topic.system == "https://cds.example/topics"
    assert [one.label for one in card.links] == links
    assert card.suggestions == ()
    (without,) = compose(decided((topic, own)), CONTEXT, wording(language))
    assert [one.kind for one in without.suggestions] == ["try_it"]


@pytest.fixture
def say_all() -> Callable[[str], set[str]]:
    return lambda language: {wording(language).text(Text(f"topic.{topic}")) for topic in TOPICS}


def test_every_topic_has_a_name_in_both_languages(say_all: Callable[[str], set[str]]) -> None:
    assert len(say_all("en")) == len(say_all("id")) == len(TOPICS)


@pytest.mark.parametrize(("indicator", "first"), [(Indicator.INFO, False), (Indicator.WARNING, True)])
def test_urgent_advice_that_was_folded_stands_before_why(indicator: Indicator, first: bool) -> None:
    loud = [topic for topic in TOPICS if topic not in ("StretchingFirst", "RedFlags")][:3]
    decisions = decided(
        *((topic, advise(indicator)) for topic in loud),
        ("StretchingFirst", advise(Indicator.INFO)),
        ("RedFlags", advise(indicator)),
    )
    detail = compose(decisions, CONTEXT, wording("en"))[-1].detail
    (line,) = folded(detail, "en")
    assert detail.index("- Red flags: not") < detail.index(line)
    assert (detail.index(line) < detail.index("**Why:**")) is first
    assert (detail.index(line) > detail.index("**Evidence:**")) is not first
    assert len(detail.split("\n\n")) == 6


def test_what_was_folded_stands_before_why_where_any_of_it_is_urgent() -> None:
    loud = decided(*((topic, advise(Indicator.WARNING)) for topic in TOPICS[:4]))
    others = decided(("RedFlags", advise()), ("SpecialistOptions", advise(Indicator.WARNING)))
    detail = compose([*loud, *others], CONTEXT, wording("en"))[-1].detail
    assert [detail.index(line) < detail.index("**Why:**") for line in folded(detail, "en")] == [True, True]


ITS_SOURCE = GuidelineLink(say(Text("card.standing")), "https://a.example")
ANOTHER = GuidelineLink(say(Text("topic.RedFlags")), "https://other.example")


@pytest.mark.parametrize(
    ("links", "shown"),
    [((), []), ((ITS_SOURCE,), [ITS_SOURCE]), ((ITS_SOURCE, ANOTHER), [ANOTHER])],
)
def test_the_source_is_linked_again_only_where_there_is_no_other_link(
    links: tuple[GuidelineLink, ...], shown: list[GuidelineLink]
) -> None:
    (card,) = compose(decided(("AvoidQuinine", replace(advise(), links=links))), CONTEXT, wording("en"))
    assert card.source.url == ITS_SOURCE.url
    assert [link.url for link in card.links] == [link.url for link in shown]


def test_what_a_folded_card_offers_stands_on_the_one_it_is_folded_into() -> None:
    loud = ("AvoidQuinine", "CorrectElectrolytes", "AlsCramps")
    flag = replace(
        with_suggestion(EDUCATION),
        indicator=Indicator.WARNING,
        override_reasons=(overrides.SPECIALIST, overrides.LATER),
        leaflet=leaflet("when-to-call-a-doctor"),
        links=(GuidelineLink(say(Text("card.standing")), "https://label.example"),),
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
    assert [one.label for one in last.suggestions] == ["Refer to physiotherapy"]
    assert [one.code for one in last.override_reasons] == ["dataWrong", "later", "specialist"]
    assert [link.url.split("/")[-1] for link in last.links] == [
        "leg-cramps?lang=en",
        "when-to-call-a-doctor?lang=en",
        "label.example",
    ]
    assert broken_rules(dump_cards(cards)) == []
