"""Readable in ten seconds: summaries under 140 characters, the ordinary card under 2,500, in both languages."""

import re
from importlib import resources
from statistics import median

import orjson
import pytest

from cds_service import situations
from cds_service.cards.compose import CardContext, compose
from cds_service.catalogue import CATALOGUE, wording
from cds_service.decision.phrases import Joined, Phrase, Text, say
from cds_service.decision.recommendation import Decided, Rule
from cds_service.guidelines.leg_cramps.als_cramps import rule as als_cramps
from cds_service.guidelines.leg_cramps.red_flags import rule as red_flags
from cds_service.guidelines.leg_cramps.specialist_options import rule as specialist_options
from cds_service.guidelines.leg_cramps.stretching import rule as stretching_first
from cds_service.patient.facts import Facts
from cds_service.protocol.cards import Card
from cds_service.settings import LANGUAGES
from tests.builders.facts import TODAY, medicine, patient, problem, result
from tests.reading import words

CONTEXT = CardContext(
    "leg-cramps-patient-view",
    "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
    "1",
    "https://cds.example.org",
    CATALOGUE[0].guideline.source,
    lambda reference: {"reference": reference},
)


def card(rule: Rule, facts: Facts, language: str) -> Card:
    (one,) = compose([Decided(rule, rule.decide(facts))], CONTEXT, wording(language))
    return one


def finding(name: str) -> Phrase:
    return say(Text(f"red_flags.finding.{name}"))


LONGEST_DRUGS = say(Text("als_cramps.risk.gabapentinoids"))
LONGEST_RISKS = Joined(tuple(say(Text(f"als_cramps.risk.{one}")) for one in ("opioid", "benzodiazepine", "kidney")))
SUMMARIES = (
    *(
        say(Text(f"stretching_first.summary.{one}"))
        for one in ("cramp", "als", "mnd", "als_gentle", "mnd_gentle", "limb_swelling", "exercise", "low_sodium", "dvt")
    ),
    *(
        say(Text("stretching_first.summary.at_risk"), finding=say(Text(f"red_flags.finding.{one}")))
        for one in ("compartment_syndrome", "rhabdomyolysis", "critical_limb_ischaemia")
    ),
    say(Text("als_cramps.summary.als")),
    say(Text("als_cramps.summary.mnd")),
    say(Text("als_cramps.summary.breathing_short_als"), drugs=LONGEST_DRUGS, others=LONGEST_RISKS),
    say(Text("als_cramps.summary.breathing_short_mnd"), drugs=LONGEST_DRUGS, others=LONGEST_RISKS),
    say(Text("specialist_options.summary")),
    *(
        say(
            Text("red_flags.summary"),
            finding=say(Text("red_flags.named_and_more"), names=Joined((finding(first), finding(second))), more=9),
        )
        for first in ("dvt", "limb_swelling", "critical_limb_ischaemia", "weakness_fasciculation")
        for second in ("critical_limb_ischaemia", "compartment_syndrome", "weakness_fasciculation", "chronic_pad")
    ),
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("summary", SUMMARIES, ids=lambda phrase: phrase.key)
def test_summaries_fit(summary: Phrase, language: str) -> None:
    said = wording(language).say(summary)
    assert len(said) < 140, said


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_card_is_rendered_whole(language: str) -> None:
    facts = patient(
        problem("cramp_leg_nocturnal"),
        problem("als"),
        problem("lumbar_spinal_stenosis"),
        problem("dvt"),
        medications=(medicine("gabapentin", "gabapentin"), medicine("morphine", "opioid")),
        results=(result("egfr", "25"),),
    )
    assert facts.today == TODAY
    for rule in (stretching_first.RULE, als_cramps.RULE, specialist_options.RULE, red_flags.RULE):
        shown = card(rule, facts, language)
        assert "{" not in shown.detail + shown.summary
        assert wording(language).text(Text("card.standing")) in shown.detail
        for suggestion in shown.suggestions:
            assert suggestion.actions[0].resource is not None


@pytest.mark.parametrize(("language", "word"), [("en", "certainty"), ("id", "kepastian")])
def test_how_sure_the_evidence_is_is_never_said_without_the_word(language: str, word: str) -> None:
    """A bare "very low" can be misread: "once DVT is excluded (very low)"."""
    grades = "|".join(
        wording(language).text(Text(f"certainty.{one}")) for one in ("very-low", "low-to-moderate", "low")
    )
    folder = resources.files("cds_service.guidelines.leg_cramps")
    rules = [place for place in folder.iterdir() if place.name != "electrolytes"]  # where "low" is said of values
    files = [place / f"{language}.toml" for place in rules if (place / f"{language}.toml").is_file()]
    said = [line for file in files for line in file.read_text("utf-8").splitlines()]
    alone = re.compile(rf"[(,:] ?(?:{grades})\b")
    assert len(said) > 30
    beside_a_citation = re.compile(r"\d{4}.*\(")  # on the line of evidence the bracket is the certainty
    assert [t for t in said if alone.search(t) and word not in t.casefold() and not beside_a_citation.search(t)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_visit_is_read_on_two_screens(language: str) -> None:
    """The words of all cards on opening a chart: 360 in the median of the situations."""
    visits = [
        sum(words(one["detail"]) for one in orjson.loads(path.read_bytes())[language]["cards"])
        for situation in situations.load_all()
        for path in [situations.response_file(situation, "patient-view")]
        if "patient-view" in situation.hooks
    ]
    assert len(visits) > 25
    assert median(one for one in visits if one) <= 360
