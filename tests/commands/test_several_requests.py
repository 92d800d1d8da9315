"""What ``call`` and ``explain`` take: standard input, NDJSON, folders, charts of several patients; and ``explain`` as JSON."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from cds_service import situations
from cds_service.catalogue import CATALOGUE
from tests.commands.cli_runs import Run

STORY = situations.load("cramps-quinine-hypokalaemia")
OTHER = situations.load("no-cramps")
DAY = STORY.day.isoformat()
REQUEST = situations.request(STORY, "patient-view")
OTHER_REQUEST = situations.request(OTHER, "patient-view")


def chart(*stories: situations.Situation, ids: tuple[str, ...]) -> list[dict[str, Any]]:
    """Their resources with ids of their own, so that they can stand in one file."""
    found = []
    for story, own in zip(stories, ids, strict=True):
        text = json.dumps(story.resources).replace(f'"Patient/{story.patient_id}"', f'"Patient/{own}"')
        resources = json.loads(text)
        found += [one | {"id": own if one["resourceType"] == "Patient" else f"{own}-{one['id']}"} for one in resources]
    return found


@pytest.fixture
def two(tmp_path: Path) -> Path:
    file = tmp_path / "two.json"
    entries = [{"resource": one} for one in chart(STORY, OTHER, ids=("first", "second"))]
    file.write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}))
    return file


@pytest.mark.parametrize("command", ["call", "explain"])
def test_a_chart_of_several_patients_says_whose_there_are(run: Run, two: Path, command: str) -> None:
    ran = run(command, str(two), "--today", DAY)
    assert (ran.status, ran.out) == (2, "")
    assert "holds 2 patients; choose one with --patient: first, second" in ran.err
    ran = run(command, str(two), "--today", DAY, "--patient", "third")
    assert (ran.status, ran.out) == (2, "")
    assert "choose one with --patient: first, second" in ran.err


def test_the_chosen_patient_s_resources_and_no_other_s_are_asked_with(run: Run, two: Path) -> None:
    assert run("call", str(two), "--today", DAY, "--patient", "second").out == "No cards.\n"
    told = run("explain", str(two), "--today", DAY, "--patient", "first").out
    alone = two.with_name("alone.json")
    alone.write_text(json.dumps(chart(STORY, ids=("first",))))
    assert told == run("explain", str(alone), "--today", DAY).out
    assert "other-patient" not in told
    assert "ADVISED, critical" in told


def test_ndjson_of_a_chart_is_one_chart(run: Run, two: Path) -> None:
    lines = two.with_name("chart.ndjson")
    lines.write_text("\n".join(json.dumps(one) for one in STORY.resources) + "\n\n")
    as_bundle = str(situations.FOLDER / STORY.name / "chart.json")
    assert run("explain", str(lines), "--today", DAY).out == run("explain", as_bundle, "--today", DAY).out


def test_every_request_of_a_folder_and_of_ndjson_is_asked(run: Run, tmp_path: Path) -> None:
    (tmp_path / "all").mkdir()
    (tmp_path / "all" / "a.json").write_text(json.dumps(REQUEST, indent=1))
    (tmp_path / "all" / "b.ndjson").write_text(json.dumps(OTHER_REQUEST) + "\n" + json.dumps(REQUEST) + "\n")
    for command in ("call", "explain"):
        ran = run(command, str(tmp_path / "all"))
        assert ran.status == 0
        names = [line for line in ran.out.splitlines() if line.startswith("== ")]
        assert [name.rpartition("/")[2] for name in names] == ["a.json", "b.ndjson, line 1", "b.ndjson, line 2"]
    ran = run("call", str(tmp_path / "all"), "--patient", OTHER.patient_id)
    assert (ran.status, ran.out.count("== ")) == (0, 0 if OTHER.patient_id != STORY.patient_id else 3)
    ran = run("call", str(tmp_path / "all"), "--patient", "nobody")
    assert (ran.status, ran.out) == (2, "")
    assert "holds no request of patient nobody" in ran.err


@pytest.mark.parametrize("command", ["call", "explain"])
def test_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: str) -> None:
    file = tmp_path / "request.json"
    file.write_text(json.dumps(REQUEST))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(file.read_bytes())))
    assert run(command, "-").out == run(command, str(file)).out
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"{")))
    ran = run(command, "-")
    assert (ran.status, ran.out) == (2, "")
    assert "standard input: is not JSON" in ran.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"hook": "patient-view"}\n{"resourceType": "Patient", "id": "1"}\n', "holds both requests and other things"),
        ('{"resourceType": "Patient", "id": "1"}\n{"resourceType":\n', "is not JSON in UTF-8 (line 2)"),
    ],
)
def test_what_cannot_be_used_is_one_line(run: Run, tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "x.ndjson"
    file.write_text(text)
    ran = run("explain", str(file))
    assert (ran.status, ran.out) == (2, "")
    assert said in ran.err
    assert ran.err.count("\n") == 1


def test_an_empty_folder_holds_no_request(run: Run, tmp_path: Path) -> None:
    ran = run("call", str(tmp_path))
    assert (ran.status, ran.out) == (2, "")
    assert "holds no request" in ran.err


@pytest.mark.parametrize("language", ["en", "id"])
def test_explain_as_json_tells_what_the_text_tells(run: Run, tmp_path: Path, language: str) -> None:
    file = tmp_path / "two.ndjson"
    file.write_text(json.dumps(REQUEST) + "\n" + json.dumps(OTHER_REQUEST))
    ran = run("explain", str(file), "--format", "json", "--language", language)
    assert ran.status == 0
    first, second = map(json.loads, ran.out.splitlines())
    text = run("explain", str(file), "--language", language).out
    (patient_view,) = (service for service in CATALOGUE if service.hook == "patient-view")
    assert [one["rule"] for one in first["rules"]] == [rule.name for rule in patient_view.rules]
    assert (first["today"], first["language"]) == (DAY, language)
    assert [card["source"]["topic"]["code"] for card in first["cards"]]
    assert second["cards"] == []
    decisions = {one["decision"] for document in (first, second) for one in document["rules"]}
    assert decisions <= {"advised", "not-advised", "cannot-tell"}
    assert {"advised", "not-advised"} <= decisions
    assert all(one["because"] for one in first["rules"] if one["decision"] == "advised")
    for one in first["rules"]:
        said = [one.get("summary"), one.get("reason"), *one.get("missing", []), *one.get("unknown", [])]
        said += [because["text"] for because in one.get("because", [])]
        assert all(words in text for words in said if words)
    assert {result["analyte"] for result in first["facts"]["results"]} >= {"potassium"}
    assert "resource" not in first["facts"]["medications"][0]
    assert set(first["received"]) == {query.key for query in patient_view.queries}
