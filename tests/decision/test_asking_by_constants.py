"""A rule asks and speaks by constants: a bare string, or a constant of another kind, does not type-check."""

import ast
from pathlib import Path

import pytest
from mypy import api

import cds_service

PACKAGE = Path(cds_service.__file__).parent
GUIDELINES = sorted(PACKAGE.glob("guidelines/**/*.py"))

HEAD = """
from datetime import date
from cds_service.decision.unknown import medicines_missing, problems_missing, results_missing
from cds_service.decision.offers import is_ordered, offer
from cds_service.decision.guideline import Source
from cds_service.decision.phrases import say, text
from cds_service.decision.overrides import override
from cds_service.decision.recommendation import (
    Advise, Certainty, Decision, Evidence, Indicator, NotAdvised, Rule, leaflet,
)
from cds_service.decision.recorded import drug_names, hazard_fact, medication_facts, problem_facts
from cds_service.patient.facts import Allergy, Facts, Ingredient, LabResult, Medication, Order, Problem, Reason
from cds_service.patient.labs.results import newer_unusable, newest, usable
from cds_service.patient.medications import active_medications
from cds_service.patient.problems import active, lasting
from cds_service.patient.terminology.vocabulary import analyte, drug, order, problem

DVT, WARFARIN, POTASSIUM, ECG = problem("dvt"), drug("warfarin"), analyte("potassium"), order("ecg_order")
STANDING, MALARIA, QUININE = text("card.standing"), override("malaria"), leaflet("quinine")
PHRASE = say(STANDING)

def decide(facts: Facts) -> Decision:
    return NotAdvised(PHRASE)

def ask(facts: Facts, one: Problem, medicine: Medication, part: Ingredient, result: LabResult) -> None:
"""
QUESTIONS = """
active(facts, {problem})
lasting(facts, {problem})
facts.problems_of(({problem},))
one.is_a({problem})
one.matched({problem})
problem_facts((one,), {problem})
hazard_fact(one, {problem}, date(2026, 1, 1))
problems_missing(facts, {problem})
medicine.reasons[0].is_a({problem})
active_medications(facts, {drug})
medicine.holds({drug})
part.is_a({drug})
drug_names((medicine,), {drug})
medication_facts((medicine,), date(2026, 1, 1), {drug})
medicines_missing(facts, {drug})
usable(facts, {analyte})
newest(facts, {analyte})
newer_unusable(facts, {analyte})
facts.results_of(({analyte},))
result.is_of({analyte})
results_missing(facts, {analyte})
is_ordered(facts, {order})
facts.orders[0].is_for({order})
offer("name", (), ("", "", ""), ({order},))
""".strip().splitlines()
SAID = """
say({text})
Evidence("", 2026, "", Certainty.LOW, {text}, ())
Rule("", "", "", {text}, "", (), (), decide, date(2026, 1, 1))
Source({text}, "")
Advise(Indicator.INFO, PHRASE, (), (), override_reasons=({override},))
Advise(Indicator.INFO, PHRASE, (), (), leaflet={leaflet})
""".strip().splitlines()
OF_ANY_KIND = """
facts.allergies[0].is_to({any})
facts.unread_of("conditions", ({any},))
""".strip().splitlines()
RIGHT = {"problem": "DVT", "drug": "WARFARIN", "analyte": "POTASSIUM", "order": "ECG", "any": "DVT"}
RIGHT |= {"text": "STANDING", "override": "MALARIA", "leaflet": "QUININE"}
BARE = {"problem": '"dvt"', "drug": '"warfarin"', "analyte": '"potassium"', "order": '"ecg_order"', "any": '"dvt"'}
BARE |= {"text": '"card.standing"', "override": '"malaria"', "leaflet": '"quinine"'}
OTHER = {"problem": "WARFARIN", "drug": "DVT", "analyte": "ECG", "order": "POTASSIUM"}


def refused(lines: list[str], tmp_path: Path) -> list[str]:
    """Those of the lines, in a function of a rule, that mypy refuses."""
    file = tmp_path / "rule.py"
    file.write_text(HEAD + "".join(f"    {line}\n" for line in lines), encoding="utf-8")
    said, trouble, _ = api.run(["--config-file", str(PACKAGE.parent / "pyproject.toml"), str(file)])
    assert not trouble
    first = HEAD.count("\n") + 1
    numbers = {int(line.split(":")[1]) for line in said.splitlines() if ": error:" in line}
    assert all(number >= first for number in numbers), said
    return [line for number, line in enumerate(lines, first) if number in numbers]


def test_a_bare_string_and_another_kind_are_refused_where_the_constant_is_not(tmp_path: Path) -> None:
    right = [line.format(**RIGHT) for line in (*QUESTIONS, *OF_ANY_KIND, *SAID)]
    bare = [line.format(**BARE) for line in (*QUESTIONS, *OF_ANY_KIND, *SAID)]
    other = [line.format(**OTHER) for line in QUESTIONS]
    assert refused([*right, *bare, *other], tmp_path) == [*bare, *other]


@pytest.mark.parametrize("path", GUIDELINES, ids=lambda path: f"{path.parts[-2]}-{path.stem}")
def test_a_rule_asks_and_never_looks_at_the_names_a_record_was_matched_to(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    looked_at = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert looked_at & {"concept", "concepts"} == set()


@pytest.mark.parametrize("path", GUIDELINES, ids=lambda path: f"{path.parts[-2]}-{path.stem}")
def test_a_rule_makes_no_text_or_concept_past_the_check(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    made = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    unchecked = {"Text", "Phrase", "ProblemConcept", "DrugConcept", "AnalyteConcept", "OrderConcept"}
    assert made & (unchecked | {"OverrideReason", "PatientLeaflet"}) == set()
