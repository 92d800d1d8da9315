"""The catalogue: what the guidelines bring, each name once, and the settings that name it."""

import pytest

from cds_service.app import create_app
from cds_service.catalogue import CATALOGUE, GUIDELINES, LEAFLETS, TOPICS, check_topics, each_once, wording
from cds_service.decision.phrases import Text
from cds_service.errors import ConfigurationError
from cds_service.settings import LANGUAGES, Settings


def test_the_topics_are_those_of_the_rules_in_their_order() -> None:
    assert tuple(dict.fromkeys(rule.topic for service in CATALOGUE for rule in service.rules)) == TOPICS
    assert all(topic.isalnum() for topic in TOPICS)


def test_an_unknown_topic_stops_the_start_and_the_known_ones_are_named() -> None:
    with pytest.raises(ConfigurationError, match=f"^CDS_DISABLED_TOPICS: .* allowed are {', '.join(TOPICS)}$"):
        create_app(Settings(disabled_topics=frozenset({TOPICS[0], "Malaria"})))
    check_topics(frozenset(TOPICS))


def test_a_name_two_guidelines_have_is_refused() -> None:
    each_once("topic", TOPICS)
    with pytest.raises(ConfigurationError, match=f"two guidelines have the same topic: {TOPICS[1]}"):
        each_once("topic", (*TOPICS, TOPICS[1]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_guideline_declares_has_its_texts(language: str) -> None:
    words = wording(language)
    for guideline in GUIDELINES:
        assert words.text(guideline.title)
        assert words.text(guideline.source.label)
    assert all(words.text(Text(f"topic.{topic}")) for topic in TOPICS)
    assert all(words.text(Text(f"leaflet.{leaflet}")) for leaflet in LEAFLETS)
