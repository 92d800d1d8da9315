"""The text of ``explain``: every kind of fact and decision has its line, with its source."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

from cds_service.catalogue import CATALOGUE, wording
from cds_service.commands.explain import explain
from cds_service.commands.explain_json import as_json
from cds_service.decision.phrases import Text, say
from cds_service.decision.recommendation import CannotTell, Decided, NotAdvised
from cds_service.patient.facts import Allergy, Facts, Ingredient, LabResult, Match, Medication, Order, Problem, Reason
from cds_service.patient.moments import Moment, Precision
from cds_service.patient.person import Person, Sex
from cds_service.patient.received import Receipt, Unread
from cds_service.pipeline import Answer
from cds_service.site.site import Site

DAY = Moment(datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 2, 23, tzinfo=UTC), Precision.DAY)
YEAR = Moment(datetime(1950, 1, 1, tzinfo=UTC), datetime(1950, 12, 31, tzinfo=UTC), Precision.YEAR)
FACTS = Facts(
    today=date(2026, 3, 2),
    person=Person(YEAR, Sex.FEMALE, "Patient/1"),
    problems=(
        Problem("Condition/1", {"cramp_leg": Match.NAME}, text="kram kaki", abated=DAY, unreadable=("recordedDate",)),
    ),
    medications=(
        Medication(
            "MedicationRequest/1",
            "MedicationRequest",
            (Ingredient("quinine", "quinine", Match.CODE),),
            "Qualaquin",
            "active",
            "order",
            do_not_perform=True,
            authored=DAY,
            reasons=(Reason({"malaria": Match.CODE}, "Condition/2"),),
        ),
    ),
    drafts=(Medication("MedicationRequest/2", "MedicationRequest", (), unreadable=("status", "authoredOn")),),
    allergies=(Allergy("AllergyIntolerance/1", {"quinine_allergy": Match.CODE}, clinical="active", unreadable=("x",)),),
    results=(
        LabResult(
            "Observation/1",
            "potassium",
            "2823-3",
            Decimal("2.80"),
            "mmol/L",
            "2.80 mmol/L",
            comparator="<",
            moment=DAY,
            status="final",
        ),
        LabResult("Observation/2", "potassium", "2823-3", None, "mmol/L", "3.4 g/dL", unusable="unit-impossible"),
        LabResult(
            "Observation/4",
            "sodium",
            None,
            None,
            "mmol/L",
            "128 mmol/L",
            unusable="time-not-readable",
            unreadable=("effectiveDateTime",),
            dated="28/02/2026",
        ),
        LabResult("Observation/3", "platelets", "777-3", Decimal("2E+2"), "10*9/L", "200"),
    ),
    orders=(Order("ServiceRequest/1", frozenset({"ecg_order"})),),
    receipts={"conditions": Receipt.PARTIAL},
    unread=(Unread("conditions[3]", "conditions", "no-code", shown="?"),),
)
LINES = """
  patient: born 1950-01-01 to 1950-12-31, female [Patient/1]
  problem: cramp_leg (by name) "kram kaki"; status not recorded, until 2026-03-02, not readable: recordedDate [Condition/1]
  medication: quinine (quinine, by code) "Qualaquin"; active, order, unknown, authored 2026-03-02, do not perform, for malaria [MedicationRequest/1]
  draft: no drug we know; no status, unknown, not readable: status authoredOn [MedicationRequest/2]
  allergy: quinine_allergy; active, not readable: x [AllergyIntolerance/1]
  result: potassium <2.80 mmol/L; received 2.80 mmol/L, 2026-03-02, final [Observation/1]
  result: potassium not used; received 3.4 g/dL, unit not possible for this test [Observation/2]
  result: sodium not used; received 128 mmol/L, 28/02/2026, date not readable, not readable: effectiveDateTime [Observation/4]
  result: platelets 200 10*9/L; received 200 [Observation/3]
  order: ecg_order [ServiceRequest/1]
  conditions[3] (conditions): no-code "?"
  conditions: partial
""".strip("\n").splitlines()


def test_every_fact_has_its_line() -> None:
    text = explain(Answer((), (), FACTS, "en"), wording("en"))
    assert text.startswith("2026-03-02, 0 cards\n")
    lines = text.splitlines()
    for line in LINES:
        assert line in lines


def test_every_decision_has_its_line() -> None:
    rule = CATALOGUE[0].rules[0]
    phrase = say(Text("unknown.conditions.absent"))
    said = wording("en").say(phrase)
    decided = (Decided(rule, NotAdvised(phrase)), Decided(rule, CannotTell((phrase,))))
    text = explain(Answer((), decided, Facts(date(2026, 3, 2)), "en"), wording("en"))
    assert f"  {rule.name}: not advised: {said}" in text
    assert f"  {rule.name}: CANNOT TELL\n    missing: {said}" in text
    assert "NOT READ\n  none" in text
    assert "RECEIVED\n  none" in text
    assert "born not known" in text


def test_a_rule_that_is_switched_off_has_its_line() -> None:
    off, *_ = CATALOGUE[0].rules
    answer = Answer((), (), Facts(date(2026, 3, 2)), "en", switched_off=(off,))
    assert f"RULES\n  {off.name}: SWITCHED OFF\n" in explain(answer, wording("en"))
    assert json.loads(as_json("it", answer, [], wording("en")))["rules"] == [
        {"rule": off.name, "version": off.version, "topic": off.topic, "decision": "switched-off"}
    ]


def test_the_site_file_is_named_with_its_hash_and_what_it_holds() -> None:
    site = Site("0123456789ab", "site.toml", rules_off={"patient-view": frozenset({"one", "another"})})
    answer = Answer((), (), Facts(date(2026, 3, 2)), "en", site=site)
    text = explain(answer, wording("en"))
    assert text.endswith("SITE FILE\n  site.toml 0123456789ab\n  off on patient-view: another, one")
    assert json.loads(as_json("it", answer, [], wording("en")))["site"] == "0123456789ab"


def test_a_client_s_words_cannot_steer_the_terminal() -> None:
    hostile = "\x1b[2J\u202ename\n" + "x" * 200
    facts = Facts(
        today=FACTS.today,
        person=Person(None, Sex.UNKNOWN, hostile),
        problems=(Problem(hostile, {"cramp_leg": Match.NAME}, text=hostile),),
        unread=(Unread(hostile, "conditions", "no-code", shown=hostile),),
    )
    text = explain(Answer((), (), facts, "en"), wording("en"))
    assert "[2Jname x" in text
    assert not {"\x1b", "\u202e"} & set(text)
    assert max(map(len, text.splitlines())) < 400
