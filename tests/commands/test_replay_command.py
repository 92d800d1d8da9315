"""``cds-service replay``: what it prints and writes, what the user can mend, and how it ends when it is stopped."""

import csv
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cds_service.guidelines.leg_cramps.stretching.rule import RULE as STRETCHING_FIRST
from tests.commands.cli_runs import Run
from tests.replay import population

PATIENTS = 40


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    population.write(folder, PATIENTS)
    return folder


def test_replay_says_the_burden_and_names_broken_lines(run: Run, export: Path, tmp_path: Path) -> None:
    output, temp = tmp_path / "out", tmp_path / "temp"
    temp.mkdir()
    ran = run("replay", str(export), "--output", str(output), "--workers", "1", "--temp", str(temp))
    assert ran.status == 0
    summary = json.loads((output / "summary.json").read_text())
    assert summary["patients"] == PATIENTS
    assert f"{PATIENTS} patients, {summary['calls']} calls, {summary['with_cards']} with cards" in ran.out
    for topic, indicators in summary["topics"].items():
        assert f"  {topic}: {', '.join(f'{n} {indicator}' for indicator, n in indicators.items())}\n" in ran.out
    assert re.search(r"^condition\.1\.gz, line \d+: is no FHIR resource$", ran.err, re.MULTILINE)
    assert list(temp.iterdir()) == []
    key = tmp_path / "out.key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert summary["run"]["timezone"] == "Asia/Jakarta"


def test_the_options_reach_the_calls(run: Run, export: Path, tmp_path: Path) -> None:
    options = "--service order-sign --as-of 2026-01-05 --timezone Asia/Jayapura --language id --limit 30 --workers 1"
    days = "--since 2025-02-01 --until 2025-03-31 --types Patient,MedicationRequest,Condition"
    ran = run("replay", str(export), "--output", str(tmp_path / "out"), *options.split(), *days.split())
    assert ran.status == 0
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert summary["patients"] == 30
    told = {
        "service": "leg-cramps-order-sign",
        "at": "orders",
        "as_of": "2026-01-05",
        "since": "2025-02-01",
        "until": "2025-03-31",
        "timezone": "Asia/Jayapura",
        "language": "id",
        "types": ["Condition", "MedicationRequest", "Patient"],
        "as_recorded": True,
    }
    assert {name: summary["run"][name] for name in told} == told


def test_the_key_is_used_again_and_is_not_kept_with_the_output(run: Run, export: Path, tmp_path: Path) -> None:
    key = tmp_path / "key"
    told = []
    for output in ("a", "b"):
        ran = run("replay", str(export), "--output", str(tmp_path / output), "--key", str(key), "--workers", "1")
        assert ran.status == 0
        told.append((tmp_path / output / "calls.parquet").read_bytes())
    assert told[0] == told[1]
    assert not any("key" in file.name for file in (tmp_path / "a").iterdir())
    key.write_text("00" * 32)
    run("replay", str(export), "--output", str(tmp_path / "c"), "--key", str(key), "--workers", "1")
    assert (tmp_path / "c" / "calls.parquet").read_bytes() != told[0]


def test_a_review_is_drawn_filled_in_and_summed_up(run: Run, export: Path, tmp_path: Path) -> None:
    ran = run(
        "replay", str(export), "--output", str(tmp_path / "out"), "--workers", "1", "--review", "6", "--seed", "3"
    )
    assert ran.status == 0
    assert "review.html and review.csv hold patient data" in ran.err
    file = tmp_path / "out" / "review.csv"
    head, *lines = list(csv.reader(file.read_text().splitlines()))
    assert len(lines) == 6
    for line in lines:
        words = ("rightly silent", "missed") if line[1] == "silent" else ("right", "wrong")
        line[head.index("reviewer_1")], line[head.index("reviewer_2")] = words[0], words[line is lines[0]]
    empty = run("review", str(file))
    assert empty.out.splitlines()[-1] == "Nothing was judged."
    second = tmp_path / "second.csv"
    with second.open("w", newline="") as opened:
        csv.writer(opened).writerows([head, *lines])
    assert run("review", str(file), str(second)).out.splitlines()[-1] == "Nothing was judged by both reviewers."
    assert f"item 1 ({lines[0][2]}): " in run("review", str(second), str(second)).out
    with file.open("w", newline="") as opened:
        csv.writer(opened).writerows([head, *lines])
    ran = run("review", str(file))
    assert ran.status == 0
    assert "all cards" in ran.out
    assert f"item 1 ({lines[0][2]}): " in ran.out
    told = json.loads(run("review", str(file), "--format", "json").out)
    assert [one["item"] for one in told["disputed"]] == ["1"]
    assert told["groups"][0]["reviewer_1"]["value"] == 1
    assert told["groups"][0]["reviewer_1"]["weighted_by_calls"] == 1
    assert told["groups"][0]["disputed"]["disputed"] == 1
    assert [one["name"] for one in told["strata"]] == sorted({line[2] for line in lines if line[1] == "card"})
    assert "weighted by calls:" in ran.out
    assert "% disputed" in ran.out


def test_two_runs_are_compared(run: Run, export: Path, tmp_path: Path) -> None:
    for output, more in (("a", []), ("b", []), ("c", ["--language", "id"])):
        options = ["--output", str(tmp_path / output), "--key", str(tmp_path / "key"), "--workers", "1"]
        assert run("replay", str(export), *options, *more).status == 0
    same = run("compare", str(tmp_path / "a"), str(tmp_path / "b"), "--expect-same")
    assert (same.status, same.out.splitlines()[-1]) == (0, "The same calls got the same cards.")
    other = run("compare", str(tmp_path / "a"), str(tmp_path / "c"), "--expect-same")
    assert other.status == 1
    assert "patients whose cards differ" in other.out
    rule = f"{STRETCHING_FIRST.name} {STRETCHING_FIRST.version}"
    assert f"words ({rule} → {rule})" in other.out
    assert run("compare", str(tmp_path / "a"), str(tmp_path / "c")).status == 0
    options = ["--output", str(tmp_path / "d"), "--key", str(tmp_path / "key"), "--workers", "1"]
    assert run("replay", str(export), *options, "--as-of", "2026-01-20").status == 0
    nothing = run("compare", str(tmp_path / "a"), str(tmp_path / "d"))
    assert (nothing.status, nothing.out) == (2, "")
    assert "nothing was compared" in nothing.err
    document = run("compare", str(tmp_path / "a"), str(tmp_path / "c"), "--format", "json").out
    assert json.loads(document)["same"] is False
    page = tmp_path / "compared.html"
    assert (
        run("compare", str(tmp_path / "a"), str(tmp_path / "c"), "--format", "html", "--output", str(page)).status == 0
    )
    assert "What changed" in page.read_text()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere", "--output", "out"], "nowhere: there is no such file or folder"),
        (["{export}", "--output", "out", "--service", "none"], "--service: there is none of this name; there are leg"),
        (["{export}", "--output", "out", "--timezone", "Mars"], "time zone: must be an IANA time zone name"),
        (["{export}", "--output", "out", "--key", "out/key"], "the key must not lie with what it was used for"),
        (["{export}", "--output", "out", "--key", "bad.key"], "bad.key: is no key of ours"),
        (["{export}", "--output", "out", "--key", "open.key"], "open.key: others may read this key"),
        (["{export}", "--output", "done"], "done: holds a finished run"),
    ],
)
def test_what_can_be_mended_is_one_line(
    run: Run, export: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "done").mkdir()
    (tmp_path / "done" / "summary.json").touch()
    (tmp_path / "bad.key").write_text("7")
    (tmp_path / "open.key").write_text("00" * 32)
    (tmp_path / "bad.key").chmod(0o600)
    (tmp_path / "open.key").chmod(0o644)
    ran = run("replay", *(one.format(export=export) for one in arguments), "--workers", "1")
    assert (ran.status, ran.out) == (2, "")
    assert said in ran.err
    assert ran.err.count("\n") == 1


def test_without_the_extra_it_says_what_to_install(export: Path, tmp_path: Path) -> None:
    script = "import sys; sys.modules['duckdb'] = None\nfrom cds_service.cli import main\nmain()"
    command = [sys.executable, "-c", script, "replay", str(export), "--output", str(tmp_path / "out")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "pip install 'cds-service[replay]'" in done.stderr
    assert done.stderr.count("\n") == 1


def test_stopped_by_hand_it_deletes_every_chart_and_goes_on_when_asked(export: Path, tmp_path: Path) -> None:
    """A process that is sent SIGINT while it replays: no traceback, no chart left, and the rest on --resume."""
    (tmp_path / "temp").mkdir()
    waiting = tmp_path / "waiting"
    script = (
        "import signal, sys, time, pathlib\nfrom cds_service.replay import patients, run\nfrom cds_service.cli import main\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # a job in the background is born deaf to it
        "def slow(*arguments):\n"
        f"    pathlib.Path({str(waiting)!r}).touch()\n    time.sleep(60)\n"
        "run.replay_patient = slow\nmain()\n"
    )
    command = [
        "replay",
        str(export),
        "--output",
        str(tmp_path / "out"),
        "--workers",
        "1",
        "--temp",
        str(tmp_path / "temp"),
    ]
    with subprocess.Popen([sys.executable, "-c", script, *command], stderr=subprocess.PIPE, text=True) as process:
        for _ in range(600):
            if waiting.exists():
                break
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Stopped. No chart is kept; --resume goes on" in said
    assert "Traceback" not in said
    left = [file for file in (tmp_path / "temp").rglob("*") if file.is_file()]
    assert [file.name for file in left] == ["run.json"]
    assert not any(population.CANARY in file.read_text() for file in left)
    done = subprocess.run(
        [sys.executable, "-m", "cds_service", *command, "--resume"], capture_output=True, check=False, env=os.environ
    )
    assert done.returncode == 0
    assert json.loads((tmp_path / "out" / "summary.json").read_text())["patients"] == PATIENTS
