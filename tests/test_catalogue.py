"""The catalogue: what the guidelines bring, each name once, and the settings that name it."""

import pytest

from cds_service.app import create_app
from cds_service.catalogue import (
    CATALOGUE,
    GUIDELINES,
    LEAFLETS,
    RULES,
    TOPICS,
    check_switches,
    insist_unique,
    switched_off,
    wording,
)
from cds_service.decision.phrases import Text
from cds_service.errors import ConfigurationError
from cds_service.settings import LANGUAGES, Settings


def test_the_topics_are_those_of_the_rules_in_their_order() -> None:
    assert tuple(dict.fromkeys(rule.topic for service in CATALOGUE for rule in service.rules)) == TOPICS
    assert all(topic.isalnum() for topic in TOPICS)


def test_an_unknown_switch_stops_the_start_and_the_known_ones_are_named() -> None:
    known = f"topics {', '.join(TOPICS)}; rules {', '.join(RULES)}"
    with pytest.raises(ConfigurationError, match=f"^CDS_DISABLED_TOPICS: .* called Malaria; there are {known}$"):
        create_app(Settings(disabled_topics=frozenset({TOPICS[0], "Malaria"})))
    check_switches(frozenset({*TOPICS, *RULES}))


def test_a_topic_switches_off_what_opening_a_chart_says_and_no_warning_at_an_order() -> None:
    for topic in TOPICS:
        off = switched_off({topic})
        assert set(off) <= {"patient-view"}
        assert all(RULES[name].topic == topic for names in off.values() for name in names)
    assert switched_off(TOPICS)["patient-view"] == tuple(
        dict.fromkeys(rule.name for one in CATALOGUE if one.hook == "patient-view" for rule in one.rules)
    )


@pytest.mark.parametrize("name", RULES)
def test_a_rules_name_switches_off_that_rule_on_its_hooks_and_no_other(name: str) -> None:
    hooks = {service.hook for service in CATALOGUE if RULES[name] in service.rules}
    assert switched_off({name}) == dict.fromkeys(hooks, (name,))


def test_a_name_two_guidelines_have_is_refused() -> None:
    insist_unique("topic", TOPICS)
    with pytest.raises(ConfigurationError, match=f"two guidelines have the same topic: {TOPICS[1]}"):
        insist_unique("topic", (*TOPICS, TOPICS[1]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_guideline_declares_has_its_texts(language: str) -> None:
    words = wording(language)
    for guideline in GUIDELINES:
        assert words.text(guideline.title)
        assert words.text(guideline.source.label)
    assert all(words.text(Text(f"topic.{topic}")) for topic in TOPICS)
    assert all(words.text(Text(f"leaflet.{leaflet}")) for leaflet in LEAFLETS)
