"""The page of a rule holds all that the rule can say, and each of it is reached."""

from collections.abc import Iterator, Mapping
from typing import Any

import hypothesis
import orjson
import pytest
from hypothesis import settings

from cds_service import pipeline, situations
from cds_service.catalogue import CATALOGUE, GUIDELINES, RULES, wording
from cds_service.chart import queries
from cds_service.decision.named import named
from cds_service.patient.facts import Facts, Route
from cds_service.patient.terminology.vocabulary import AnalyteConcept, DrugConcept, ProblemConcept
from cds_service.protocol.schemas import load_request
from cds_service.settings import LANGUAGES, Settings
from cds_service.web.recommendations.document import Page, names, not_known, outcomes, page
from cds_service.web.recommendations.shown import given, shown
from cds_service.web.recommendations.words import ATTRIBUTES, words
from tests.builders.facts import draft, medicine, patient, problem
from tests.builders.outcomes import CHARTS, GABAPENTIN, MND, MORPHINE
from tests.builders.said import sayable
from tests.builders.strategies import facts


def traces() -> Iterator[tuple[str, set[str]]]:
    """Each rule with the texts of its decision: in every situation, with everything and without each query in turn."""
    for situation in situations.load_all():
        for hook in situation.hooks:
            sent = situations.request(situation, hook)
            for left_out in (None, *(query.key for query in queries.ALL)):
                prefetch = {key: value for key, value in sent["prefetch"].items() if key != left_out}
                if hook == "patient-view" and "conditions" not in prefetch:
                    continue  # a 412, not an answer
                request = load_request(orjson.dumps({**sent, "prefetch": prefetch}))
                (service,) = (one for one in CATALOGUE if one.hook == hook)
                answer = pipeline.answer(
                    request, service, fetch=None, today=situation.day, words=wording("en"), settings=Settings()
                )
                for decided in answer.decisions:
                    yield decided.rule.name, {phrase.key for phrase, _ in given(decided.decision)}


def test_every_reason_in_any_trace_is_on_the_page() -> None:
    missing = set()
    for rule, keys in traces():
        known = {*outcomes(RULES[rule]), *(one.key for one in not_known(RULES[rule]))}
        missing |= {(rule, key) for key in keys - known}
    assert missing == set()


@settings(max_examples=80)
@hypothesis.given(chart=facts())
def test_whatever_the_patient_what_a_rule_answers_is_on_its_page(chart: Facts) -> None:
    for name, rule in RULES.items():
        said = {phrase.key for phrase, _ in given(rule.decide(chart))}
        assert said <= {*outcomes(rule), *(one.key for one in not_known(rule))}, name


@pytest.mark.parametrize("name", RULES)
def test_every_reason_the_code_can_give_is_an_outcome_and_no_other(name: str) -> None:
    in_code = {one.key for one in named(RULES[name].decide).texts}
    told = set(outcomes(RULES[name]))
    assert told <= in_code
    assert {key for key in in_code if key.split(".")[1] == "reason"} <= told


@pytest.mark.parametrize("name", RULES)
def test_every_outcome_is_reached_by_a_situation_or_a_patient_of_the_tests(name: str) -> None:
    unreached = [key for key in outcomes(RULES[name]) if (name, key) not in shown() and key not in charts(name)]
    assert unreached == []


def charts(name: str) -> Mapping[str, Facts]:
    own = RULES[name].title.key.partition(".")[0]
    return {f"{own}.{key}": chart for key, chart in CHARTS.get(name, {}).items()}


@pytest.mark.parametrize("name", CHARTS)
def test_a_patient_of_the_tests_reaches_the_outcome_it_is_for(name: str) -> None:
    for key, chart in charts(name).items():
        assert key in {phrase.key for phrase, _ in given(sayable(RULES[name].decide(chart)))}
        assert key in outcomes(RULES[name])


MAGNESIUM_FOR_CRAMPS = draft("magnesium oxide", "magnesium_supplement", reasons=("cramp_leg",), route=Route.ORAL)


class Asked(Facts):
    """Facts that note what they are asked for."""

    def __getattribute__(self, name: str) -> Any:
        value = super().__getattribute__(name)
        if name in ("problems_of", "results_of"):
            return lambda concepts: (ASKED.update(concepts), value(concepts))[1]
        return value


ASKED: set[Any] = set()


@pytest.mark.parametrize("name", RULES)
def test_what_a_rule_asks_for_is_what_its_page_names(name: str) -> None:
    """The page reads the code; here the code runs."""
    ASKED.clear()
    rule = RULES[name]
    drafts = (draft("gabapentin", reasons=("cramp_leg",)), draft("quinine"), MAGNESIUM_FOR_CRAMPS)
    for problems in ((), (problem("cramp_leg"),), (MND,), (problem("cramp_leg"), problem("dvt"), problem("pregnancy"))):
        for taken in ((), (medicine("quinine"),)):
            chart = patient(*problems, GABAPENTIN, MORPHINE, *taken, *drafts)
            rule.decide(Asked(**{one: getattr(chart, one) for one in chart.__dataclass_fields__}))
    assert ASKED
    assert set(named(rule.decide).concepts) >= ASKED


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", names())
def test_a_page_is_whole(name: str, language: str) -> None:
    found = page(name, language)
    assert found is not None
    assert all(rule.sentence and rule.title and rule.hooks and rule.version for rule in found.rules)
    assert [one for one in found.sources if not (one.finding and one.citation and one.identifier)] == []
    assert len(found.attributes) == len(ATTRIBUTES) == 13
    assert all(said and "…" not in said for _, said in found.attributes)
    assert all(one.name and one.kind for one in found.concepts)
    assert any("SNOMED" in line for line in found.copyright)
    assert {"card", "silence"} <= {one.kind for one in found.outcomes}
    assert {name for one in found.outcomes for name in one.rules} == {rule.name for rule in found.rules}


def test_the_day_of_the_last_clinical_change_is_told_of_every_rule() -> None:
    for name in names():
        found = page(name, "en")
        assert found is not None
        (dates,) = (said for _, said in found.attributes if "Service release" in said)
        for rule in found.rules:
            assert f"{rule.name} version {rule.version}, {wording('en').day(RULES[rule.name].changed)}" in dates


@pytest.mark.parametrize("name", names())
def test_both_languages_say_the_same(name: str) -> None:
    english, indonesian = (page(name, language) for language in ("en", "id"))
    assert english is not None
    assert indonesian is not None
    assert shape(english) == shape(indonesian)


def shape(found: Page) -> Any:
    return (
        [(one.key, one.kind, one.rules, len(one.examples)) for one in found.outcomes],
        [one.lists for one in found.concepts],
        [one.citation for one in found.sources],
        len(found.limits),
        len(found.attributes),
    )


def test_the_words_of_the_pages_are_there_in_both_languages() -> None:
    english, indonesian = words("en"), words("id")
    assert english.label.keys() == indonesian.label.keys()
    assert english.families.keys() == indonesian.families.keys()
    for family, said in english.families.items():
        assert said.keys() == indonesian.families[family].keys()
    assert english.families["need"].keys() == {query.key for query in queries.ALL}
    assert english.families["hook"].keys() >= {service.hook for service in CATALOGUE}


GUIDELINE = {rule.page: guideline for guideline in GUIDELINES for rule in guideline.rules}
BIRTH = {"birth", "age_bounds", "under_18"}


@pytest.mark.parametrize("name", names())
def test_the_use_of_age_and_sex_is_told_where_the_code_uses_them(name: str) -> None:
    used = {one for rule in RULES.values() if rule.page == name for one in named(rule.decide).attributes}
    told = GUIDELINE[name].uses[name].keys()
    assert ("birth_date" in told) is bool(used & BIRTH)
    reads_ranges = any(rule.analytes for rule in RULES.values() if rule.page == name)
    assert ("sex" in told) is ("sex" in used) or ("sex" in told and reads_ranges)


def test_pregnancy_is_told_only_where_it_is_asked_for() -> None:
    for name in names():
        asked = {c for rule in RULES.values() if rule.page == name for c in named(rule.decide).concepts}
        assert "pregnancy" in asked or "health_status" not in GUIDELINE[name].uses[name]


def test_a_concept_is_told_by_its_kind_with_its_codes_and_windows() -> None:
    found = page("red-flags", "en")
    assert found is not None
    told = {one.name: one for one in found.concepts}
    assert told["deep vein thrombosis"].counts == (
        "90 days where its status is not recorded",
        "90 days as a visit diagnosis",
    )
    assert {one.system for one in told["deep vein thrombosis"].lists} == {"SNOMED CT", "ICD-10", "ICD-10-CM"}
    assert "apixaban" in told["anticoagulants"].holds
    assert "anticoagulant" not in told["anticoagulants"].holds
    kinds = {type(one) for one in named(RULES["red_flags"].decide).concepts}
    assert kinds >= {ProblemConcept, DrugConcept}
    assert AnalyteConcept not in kinds


def test_what_only_mentions_a_problem_is_told_by_its_words() -> None:
    for name in ("avoid-quinine", "correct-electrolytes"):
        found = page(name, "en")
        assert found is not None
        (mention,) = (one for one in found.concepts if one.kind == words("en").families["kind"]["mention"])
        assert {"malaria", "falciparum", "ovale"} <= set(mention.holds)
        assert mention.lists == ()
        others = [one.name for one in found.concepts if not (one.lists or one.holds)]
        assert others == []


def test_nothing_is_said_twice_on_a_page() -> None:
    for name in names():
        found = page(name, "en")
        assert found is not None
        assert len({one.key for one in found.outcomes}) == len(found.outcomes)
        assert len({*found.lines}) == len(found.lines)
        assert {*found.lines}.isdisjoint(one.text for one in found.outcomes)


@pytest.mark.parametrize(("language", "severe"), [("en", "critical"), ("id", "kritis")])
def test_the_limits_say_their_indicator_in_the_language_of_the_page(language: str, severe: str) -> None:
    found = page("correct-electrolytes", language)
    assert found is not None
    assert any(f", {severe}: " in one.meaning for one in found.limits)
    assert language == "en" or not any("critical" in one.meaning or "warning" in one.meaning for one in found.limits)


def test_a_limit_is_filled_into_the_reason_that_speaks_of_it() -> None:
    found = page("als-cramps", "en")
    assert found is not None
    (reason,) = (one for one in found.outcomes if one.key.endswith("reason.no_risk"))
    assert "eGFR below 30" in reason.text
    assert "30 mL/min/1.73 m²" in {one.value for one in found.limits}
