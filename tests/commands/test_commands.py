"""The commands: what they print, and one line with status 2 for what the user can mend."""

import json
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from werkzeug.serving import make_server

from cds_service import situations
from cds_service.app import create_app
from cds_service.catalogue import CATALOGUE
from cds_service.settings import Settings
from cds_service.web.parts import Parts
from tests.commands.cli_runs import Run

STORY = situations.load("cramps-quinine-hypokalaemia")
CHART = situations.FOLDER / STORY.name / "chart.json"
DAY = STORY.day.isoformat()


@pytest.fixture
def request_file(tmp_path: Path) -> Path:
    file = tmp_path / "request.json"
    file.write_text(json.dumps(situations.request(STORY, "patient-view")))
    return file


@pytest.fixture(scope="module")
def running() -> Iterator[str]:
    """The service on a free port."""
    server = make_server("127.0.0.1", 0, create_app(Settings(), Parts()), threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_call_shows_the_cards_of_a_request(run: Run, request_file: Path) -> None:
    ran = run("call", str(request_file))
    assert (ran.status, ran.err) == (0, "")
    assert "CRITICAL" in ran.out
    assert "AvoidQuinine" in ran.out
    assert "StretchingFirst" in ran.out
    assert "quinine" in ran.out
    assert "Override: Specialist-directed, " in ran.out


def test_silence_is_said_by_call_and_explain(run: Run, request_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CDS_SILENT", "AvoidQuinine")
    ran = run("call", str(request_file))
    shown, withheld = ran.out.split("Silent mode: 1 withheld")
    assert "AvoidQuinine" not in shown
    assert "WITHHELD · CRITICAL · AvoidQuinine" in withheld
    assert "1 withheld (silent mode)" in run("explain", str(request_file)).out
    assert json.loads(run("explain", str(request_file), "--format", "json").out)["withheld"] == ["AvoidQuinine"]


def test_call_in_indonesian(run: Run, request_file: Path) -> None:
    ran = run("call", str(request_file), "--language", "id")
    assert ran.status == 0
    assert "kina (kuinin)" in ran.out.lower()


def test_call_makes_a_request_of_a_chart(run: Run, request_file: Path) -> None:
    assert run("call", str(CHART), "--today", DAY).out == run("call", str(request_file)).out


@pytest.mark.parametrize("suffix", ["", "/", "/cds-services", "/cds-services/leg-cramps-patient-view"])
def test_call_a_running_service(run: Run, request_file: Path, running: str, suffix: str) -> None:
    ran = run("call", str(request_file), "--url", running + suffix)
    assert ran.status == 0
    assert ran.out == run("call", str(request_file)).out


def test_call_without_cards(run: Run) -> None:
    chart = situations.FOLDER / "no-cramps" / "chart.json"
    assert run("call", str(chart)).out == "No cards.\n"


def test_explain_tells_every_rule_fact_and_receipt(run: Run, request_file: Path) -> None:
    ran = run("explain", str(request_file))
    assert ran.status == 0
    (patient_view,) = (service for service in CATALOGUE if service.hook == "patient-view")
    for rule in patient_view.rules:
        assert f"\n  {rule.name}: " in ran.out
    for query in patient_view.queries:
        assert f"\n  {query.key}: " in ran.out
    for word in (
        "ADVISED, critical",
        "not advised",
        "because",
        "problem: cramp_leg",
        "quinine",
        "potassium",
        "NOT READ",
    ):
        assert word in ran.out
    assert "[MedicationRequest/" in ran.out


def test_rules_lists_every_recommendation_with_its_evidence(run: Run) -> None:
    for language in ("en", "id"):
        ran = run("rules", "--language", language)
        assert ran.status == 0
        for rule in {rule.name: rule for service in CATALOGUE for rule in service.rules}.values():
            assert rule.name in ran.out
            assert all(evidence.citation in ran.out for evidence in rule.evidence)
        assert "; ]" not in ran.out
        assert re.search(r"^  - Hawke, Cochrane 2021 \[\w+; S2, S3, S4\]: .* \(doi:", ran.out, re.MULTILINE)
        assert re.search(r"^  - Garrison 2012 \[\w+\]: .* \(PMID:", ran.out, re.MULTILINE)


@pytest.mark.parametrize("command", ["call", "explain"])
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is not JSON"),
        (b"{", "is not JSON"),
        (b"\xff", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b"[]", "neither a CDS Hooks request nor a chart"),
        (b'{"resourceType": "Bundle"}', "neither a CDS Hooks request nor a chart"),
        (b'{"resourceType": "Bundle", "entry": [null, {"resource": {"resourceType": "Patient"}}]}', "neither"),
        (b'{"hook": "appointment-book"}', "patient-view, order-select, order-sign"),
        (b'{"hook": ["patient-view"]}', "no service for this hook"),
        (b'{"hook": "patient-view"}', "answered 400: hookInstance: is required"),
        (None, "cannot be read"),
    ],
)
def test_a_bad_file_is_one_line_and_status_2(
    run: Run, tmp_path: Path, command: str, content: bytes | None, said: str
) -> None:
    file = tmp_path / "file.json"
    if content is not None:
        file.write_bytes(content)
    ran = run(command, str(file))
    assert ran.status == 2
    assert said in ran.err
    assert ran.err.startswith("cds-service: ")
    assert ran.err.count("\n") == 1
    assert ran.out == ""


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://127.0.0.1:9", "no answer from"),
        ("{running}/cds-services/none", "answered 404"),
        ("{running}/livez/cds-services/x", "answered 404"),
    ],
)
def test_a_service_that_does_not_answer(run: Run, request_file: Path, running: str, url: str, said: str) -> None:
    ran = run("call", str(request_file), "--url", url.format(running=running))
    assert ran.status == 2
    assert said in ran.err
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"HTTP/1.1 520 \r\nContent-Length: 0\r\n\r\n", "answered 520"),
        (b"HTTP/1.1 499 Client Gone\r\nContent-Length: 0\r\n\r\n", "answered 499: Client Gone"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "what answers there does not speak HTTP"),
    ],
)
def test_what_answers_there_is_another(run: Run, request_file: Path, line: bytes, said: str) -> None:
    def answer() -> None:
        caller, _ = listening.accept()
        with caller:
            caller.recv(65536)
            caller.sendall(line)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        answering = Thread(target=answer)
        answering.start()
        ran = run("call", str(request_file), "--url", f"http://127.0.0.1:{listening.getsockname()[1]}")
        answering.join()
    assert ran.status == 2
    assert said in ran.err
    assert ran.err.count("\n") == 1


@pytest.mark.parametrize(
    ("given", "reached"),
    [(None, "http://127.0.0.1:9000"), ("", "http://127.0.0.1:9000"), ("http://cds.test", "http://cds.test")],
)
def test_without_an_address_of_its_own_it_is_reached_where_it_listens(
    run: Run, monkeypatch: pytest.MonkeyPatch, given: str | None, reached: str
) -> None:
    served: list[Settings] = []
    monkeypatch.setattr("cds_service.cli._serve", lambda settings, *_: served.append(settings))
    run("serve", "--port", "9000", **({} if given is None else {"CDS_PUBLIC_BASE_URL": given}))
    assert [settings.public_base_url for settings in served] == [reached]


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"CDS_TIMEZONE": "Jakarta"}, ["CDS_TIMEZONE: must be an IANA time zone name"]),
        ({"CDS_ENV": "production"}, ["CDS_PUBLIC_BASE_URL", "CDS_DATABASE_URL", "CDS_ISSUERS"]),
        ({"WEB_CONCURRENCY": "many"}, ["WEB_CONCURRENCY"]),
        ({"WEB_CONCURRENCY": "0"}, ["WEB_CONCURRENCY"]),
    ],
)
def test_each_wrong_setting_is_one_line_and_the_status_2(
    run: Run, environment: dict[str, str], said: list[str]
) -> None:
    ran = run("serve", **environment)
    assert ran.status == 2
    lines = ran.err.splitlines()
    assert [line for line, one in zip(lines, said, strict=True) if not line.startswith(f"cds-service: {one}")] == []


def test_the_demo_is_for_development(run: Run) -> None:
    ran = run("demo", CDS_ENV="production")
    assert (ran.status, ran.out) == (2, "")
    assert "CDS_ENV" in ran.err


def test_a_port_in_use_is_one_line(run: Run, running: str, tmp_path: Path) -> None:
    port = running.rpartition(":")[2]
    ran = run("serve", "--port", port, CDS_DATABASE_URL=f"sqlite:///{tmp_path}/x.db")
    assert ran.status == 2
    assert f"port {port} of 127.0.0.1 is taken" in ran.err.splitlines()[-1]


def test_python_m_is_the_same_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "cds_service", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("cds-service, version ")


def test_help_names_every_command(run: Run) -> None:
    ran = run("--help")
    for command in ("serve", "demo", "call", "explain", "rules", "report", "migrate", "prune"):
        assert f"\n  {command} " in ran.out


def test_in_process_is_development_whatever_the_environment(run: Run, request_file: Path) -> None:
    document: dict[str, Any] = json.loads(request_file.read_text())
    assert document["extension"]["org.cds-service.today"] == DAY
    plain = run("call", str(request_file)).out
    assert run("call", str(request_file), CDS_ENV="production").out == plain
