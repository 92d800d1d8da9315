"""Every statement of the primary source reaches a card, with evidence that weighs it."""

import pytest

from cds_service.catalogue import wording
from cds_service.decision.recommendation import Advise, Decided, Evidence
from cds_service.guidelines.leg_cramps import GUIDELINE, citations
from cds_service.guidelines.leg_cramps.red_flags import rule as red_flags
from cds_service.patient.facts import Facts
from cds_service.settings import LANGUAGES
from tests.builders.facts import patient, problem
from tests.builders.said import advised, keys, shown

EVERYTHING = patient(problem("cramp_leg_nocturnal"), problem("lumbar_spinal_stenosis"))
ALS = patient(problem("als"))

S = "stretching_first."
WHERE: dict[str, tuple[str, Facts, set[str]]] = {
    "S1": (S, EVERYTHING, {"now.stretch", "now.massage"}),
    "S2": (S, EVERYTHING, {"drugs.not_first", "prevention.bedtime", "prevention.splint", "now.heat"}),
    "S3": (S, EVERYTHING, {"now.stretch", "prevention.bedtime"}),
    "S4": (S, EVERYTHING, {"prevention.splint"}),
    "S5": (S, EVERYTHING, {"now.massage"}),
    "S6": (S, EVERYTHING, {"now.heat"}),
    "S7": (S, EVERYTHING, {"prevention.calf_raises"}),
    "S8": ("als_cramps.", ALS, {"act.gabapentin"}),
    "S10": (S, EVERYTHING, {"drugs.electrolytes"}),
    "S11": (S, EVERYTHING, {"drugs.vitamins"}),
    "S12": ("specialist_options.", EVERYTHING, {"act.toxin"}),
}


def cards(facts: Facts) -> list[tuple[Advise, tuple[Evidence, ...]]]:
    decided = [Decided(rule, rule.decide(facts)) for rule in GUIDELINE.rules]
    return [(one.decision, one.cited) for one in decided if isinstance(one.decision, Advise)]


@pytest.mark.parametrize("statement", WHERE)
def test_the_statement_is_said_on_a_card_that_cites_it(statement: str) -> None:
    file, facts, lines = WHERE[statement]
    wanted = {file + line for line in lines}
    holding = [evidence for advise, evidence in cards(facts) if wanted <= shown(advise)]
    assert holding, f"no card says {wanted}"
    assert any(statement in source.serves for source in holding[0])


@pytest.mark.parametrize("statement", [f"S{n}" for n in (*range(1, 9), 10, 11, 12)])
def test_the_statement_is_weighed_by_more_than_its_own_source(statement: str) -> None:
    weighing = {source for rule in GUIDELINE.rules for source in rule.evidence if statement in source.serves}
    assert weighing - {citations.ALOMEDIKA_2025}


def test_s9_is_weighed_by_the_citations_of_quinine() -> None:
    quinine = (citations.FDA_BOXED_WARNING, citations.EL_TAWIL_2015, citations.AAN_2010, citations.FARDET_2017)
    assert all("S9" in source.serves for source in quinine)


def test_every_rule_cites_with_a_finding_that_has_words() -> None:
    findings = {source.finding for rule in GUIDELINE.rules for source in rule.evidence}
    assert all(finding in wording(language) for finding in findings for language in LANGUAGES)
    cited = {f"evidence.{name.lower()}" for name in vars(citations) if name.isupper()}
    assert {finding.key for finding in findings if finding.key.startswith("evidence.")} <= cited


def test_the_red_flags_cite_their_review() -> None:
    advise = advised(red_flags.RULE.decide(patient(problem("cramp_leg"), problem("dvt"))))
    assert keys(advise.evidence) == {"red_flags.cited.allen_kirby", "evidence.allen_kirby_2012"}
