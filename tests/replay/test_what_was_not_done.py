"""A replay says what it could not do: no order, encounter or entry is passed over in silence."""

import csv
import json
import re
import stat
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner

from cds_service.catalogue import CATALOGUE
from cds_service.cli import cli
from cds_service.errors import ConfigurationError
from cds_service.replay.calls import At, Options
from cds_service.replay.patients import replay_patient
from cds_service.replay.results.outputs import Written
from cds_service.replay.rows import Kind, Outcome, Row
from tests.replay.conftest import DAY, KEY

ROOT = Path(__file__).parent.parent.parent
SIGNED = next(service.id for service in CATALOGUE if service.hook == "order-sign")
SNOMED, RXNORM = "http://snomed.info/sct", "http://www.nlm.nih.gov/research/umls/rxnorm"
ME = {"reference": "Patient/1"}
PATIENT = {"resourceType": "Patient", "id": "1", "birthDate": "1960-01-01"}
CRAMPS = {
    "resourceType": "Condition",
    "id": "c",
    "subject": ME,
    "clinicalStatus": {"coding": [{"code": "active"}]},
    "recordedDate": "2025-01-01",
    "code": {"coding": [{"system": SNOMED, "code": "449918009"}]},
}


def order(own: str = "m", **members: Any) -> dict[str, Any]:
    made = {"id": own, "status": "active", "intent": "order", "subject": ME, "authoredOn": "2025-06-01"}
    return {"resourceType": "MedicationRequest", **made, **members}


def encounter(own: str, **members: Any) -> dict[str, Any]:
    return {"resourceType": "Encounter", "id": own, "status": "finished", "subject": ME, **members}


def rows_of(*resources: dict[str, Any], **options: Any) -> list[Row]:
    lines = [json.dumps(one).encode() for one in resources]
    return replay_patient(lines, Options(as_of=DAY, key=KEY, **options))


def call_of(rows: list[Row]) -> Row:
    (call,) = (row for row in rows if row.kind is Kind.CALL)
    return call


def unread_of(rows: list[Row]) -> list[tuple[str, str, str]]:
    return [(row.what, row.why, row.text) for row in rows if row.kind is Kind.UNREAD]


def test_an_order_whose_drug_cannot_be_told_is_a_call_that_cannot_tell() -> None:
    drug = {"coding": [{"system": "urn:house:drugs", "code": "QUIN300"}]}
    rows = rows_of(PATIENT, CRAMPS, order(medicationCodeableConcept=drug), service=SIGNED)
    call = call_of(rows)
    assert call.outcome is Outcome.ANSWERED
    assert "avoid_quinine_order" in call.cannot_tell
    assert call.unread == ("draftOrders: code-unknown",)
    assert unread_of(rows) == [("medicationRequests", "code-unknown", "urn:house:drugs|QUIN300")]


@pytest.mark.parametrize(
    "drug",
    [{"text": "Metformin 500 mg"}, {"coding": [{"system": RXNORM, "code": "860975"}], "text": "metformin"}],
)
def test_an_order_of_another_drug_is_not_judged(drug: dict[str, Any]) -> None:
    rows = rows_of(PATIENT, CRAMPS, order(medicationCodeableConcept=drug), service=SIGNED)
    assert [row.outcome for row in rows] == [Outcome.NOT_JUDGED]


def test_what_a_later_order_refers_to_is_no_answer_to_what_was_ordered_before() -> None:
    seen = encounter("e", period={"start": "2025-05-01"})
    later = order(medicationReference={"reference": "Medication/7"})
    drug = {"resourceType": "Medication", "id": "7", "code": {"text": "metformin"}}
    inline = order(medicationCodeableConcept={"text": "metformin"})
    referring, told = (
        call_of(rows_of(PATIENT, CRAMPS, seen, *one, at=At.ENCOUNTERS)) for one in ((later, drug), (inline,))
    )
    assert (referring.missing, referring.digest) == (told.missing, told.digest)
    assert not any(one.startswith("medicationRequests") for one in referring.missing)


def test_an_order_finds_the_medication_that_a_statement_alone_refers_to() -> None:
    taken = {
        "resourceType": "MedicationStatement",
        "id": "s",
        "status": "active",
        "subject": ME,
        "medicationReference": {"reference": "Medication/7"},
    }
    quinine = {"resourceType": "Medication", "id": "7", "code": {"text": "quinine sulfate 300 mg"}}
    topics = {row.rule for row in rows_of(PATIENT, CRAMPS, taken, quinine) if row.kind is Kind.CARD}
    assert "avoid_quinine" in topics


def test_encounters_and_orders_without_a_date_are_counted() -> None:
    never = encounter("n", status="cancelled")
    visits = [encounter("a"), encounter("b", period={"end": "2025-01-01"}), never]
    rows = rows_of(PATIENT, *visits, encounter("c", period={"start": "2025-02-01"}), at=At.ENCOUNTERS)
    assert [row.outcome for row in rows if row.kind is Kind.CALL] == [Outcome.ANSWERED]
    assert [one for one in unread_of(rows) if one[1] == "no-time"] == [("Encounter", "no-time", "")] * 2
    alone = rows_of(PATIENT, order(authoredOn=None, medicationCodeableConcept={"text": "quinine"}), at=At.ORDERS)
    assert [row.outcome for row in alone if row.kind is Kind.CALL] == [Outcome.NO_MOMENT]
    assert ("MedicationRequest", "no-time", "") in unread_of(alone)
    assert not any(one[1] == "no-time" for one in unread_of(rows_of(PATIENT, *visits)))  # of a day none is asked


def test_a_call_that_cannot_tell_for_an_entry_without_words_counts_as_unread() -> None:
    nothing = {"resourceType": "Condition", "id": "x", "subject": ME, "code": {"coding": [{"code": "KRM"}]}}
    rows = rows_of(PATIENT, nothing)
    call = call_of(rows)
    assert call.cannot_tell
    assert call.unread == ("conditions: no-code",)
    assert unread_of(rows) == [("conditions", "code-unknown", "|KRM")]


def test_of_a_result_known_by_name_alone_the_name_is_told() -> None:
    named = {"coding": [{"system": "urn:house:lab", "code": "K", "display": "Kalium i.S."}]}
    result = {
        "resourceType": "Observation",
        "id": "k",
        "status": "final",
        "subject": ME,
        "effectiveDateTime": "2026-02-20",
        "code": named,
        "valueQuantity": {"value": 2.6, "unit": "mmol/L"},
    }
    found = [one for one in unread_of(rows_of(PATIENT, CRAMPS, result)) if one[1] == "by-name"]
    assert found == [("observations", "by-name", "Kalium i.S.")]


def run(folder: Path, *arguments: str, **settings: str) -> Any:
    (folder / "x.ndjson").write_text("\n".join(map(json.dumps, (PATIENT, CRAMPS))))
    given = [str(folder / "x.ndjson"), "--output", str(folder / "out"), "--as-of", DAY.isoformat(), "--workers", "1"]
    return CliRunner().invoke(cli, ["replay", *given, *arguments], env=settings)


def test_a_topic_that_is_none_is_refused(tmp_path: Path) -> None:
    came = run(tmp_path, CDS_DISABLED_TOPICS="ALSCramps")
    assert isinstance(came.exception, ConfigurationError)
    assert "no topic or rule is called ALSCramps" in str(came.exception)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("by_site", [False, True])
def test_the_rules_that_were_off_are_named(tmp_path: Path, *, by_site: bool) -> None:
    site = tmp_path / "site.toml"
    site.write_text('[rules_off]\npatient-view = ["stretching_first"]\n')
    settings = {"CDS_SITE": str(site)} if by_site else {"CDS_DISABLED_TOPICS": "StretchingFirst"}
    came = run(tmp_path, **settings)
    assert came.exit_code == 0, came.output
    told = json.loads((tmp_path / "out/summary.json").read_text())["run"]
    assert told["rules_off"] == ["stretching_first"]
    assert "stretching_first" not in told["rules"]
    assert "avoid_quinine" in told["rules"]
    page = " ".join((tmp_path / "out/report.html").read_text().split())
    assert "Switched off, and without a card: stretching_first." in page
    assert ("A site file was in force." in page) is by_site


def test_a_topic_that_is_off_on_opening_a_chart_is_not_said_to_be_off_at_an_order(tmp_path: Path) -> None:
    came = run(tmp_path, "--service", "order-sign", CDS_DISABLED_TOPICS="AvoidQuinine")
    assert came.exit_code == 0, came.output
    assert json.loads((tmp_path / "out/summary.json").read_text())["run"]["rules_off"] == []
    assert "Switched off" not in (tmp_path / "out/report.html").read_text()


def test_rows_of_patients_are_their_owner_s_alone(written: Written) -> None:
    for name in ("calls.parquet", "cards.parquet"):
        assert stat.S_IMODE((written.folder / name).stat().st_mode) == 0o600


def test_the_question_of_the_docs_can_be_asked(written: Written) -> None:
    (sql,) = re.findall(r"```sql\n(.*?)```", (ROOT / "docs/replay.md").read_text(), re.DOTALL)
    found = duckdb.sql(sql.replace("before-go-live", str(written.folder))).fetchall()
    told = written.ask("SELECT cannot_tell, missing FROM calls")
    for rule, missing, calls in found:
        assert calls == sum(rule in rules and missing in lacking for rules, lacking in told)
    assert found


def test_the_guideline_is_about_who_takes_one_of_its_drugs() -> None:
    for drug, concerned in (("quinine sulfate 300 mg", True), ("metformin", False)):
        assert call_of(rows_of(PATIENT, order(medicationCodeableConcept={"text": drug}))).concerned is concerned


def test_the_summary_counts_who_the_guideline_is_about(written: Written) -> None:
    ((concerned,),) = written.ask("SELECT count(*) FROM calls WHERE concerned")
    assert written.summary["concerned"] == concerned > 0
    with (written.folder / "unread.csv").open(newline="") as opened:
        assert not [row for row in csv.DictReader(opened) if row["why"] == "by-name" and "/" in row["text"]]
