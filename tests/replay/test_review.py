"""The sample for reviewers: every stratum, the same for the same seed, with the card and its facts; two runs compared."""

import csv
import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cds_service.commands.explain import explain
from cds_service.errors import CallError
from cds_service.replay import run
from cds_service.replay.calls import Options
from cds_service.replay.results import outputs, page, review
from cds_service.replay.results.compare import as_json, compare
from cds_service.replay.results.outputs import Written
from cds_service.replay.results.verdicts import read, results
from cds_service.replay.workers import workers
from cds_service.settings import Settings
from tests.replay import population
from tests.replay.conftest import DAY, KEY, Export, plan, replayed


@pytest.fixture(scope="module")
def reviewed(export: Export, tmp_path_factory: pytest.TempPathFactory) -> Written:
    given = plan(export.folder, tmp_path_factory.mktemp("reviewed") / "out")
    run.begin(given, resume=False)
    with workers(1) as pool:
        rows = run.replay(given, pool, lambda *_: None)
    written = outputs.write(rows, given.output)
    assert review.write(written, rows, 24, 5, explain) == 24
    return written


def test_every_stratum_has_its_share(reviewed: Written) -> None:
    with (reviewed.folder / "review.csv").open(newline="") as opened:
        lines = list(csv.DictReader(opened))
    strata = {f"{topic}, {indicator}" for topic, counts in reviewed.summary["topics"].items() for indicator in counts}
    assert {line["stratum"] for line in lines} == strata | {"silent"}
    for line in lines:
        of = int(line["calls_in_stratum"])
        if line["kind"] == "silent":
            assert of == reviewed.ask("SELECT count(*) FROM calls WHERE cards = 0 AND concerned")[0][0]
        else:
            assert of == reviewed.summary["topics"][line["topic"]][line["indicator"]]
        assert line["patient"].startswith(population.CANARY)
        assert (line["reviewer_1"], line["note_2"]) == ("", "")
    judged = read(reviewed.folder / "review.csv")
    assert next(one.name for one in results(judged)) == "all cards"


def test_the_card_is_shown_with_its_facts(reviewed: Written) -> None:
    page_ = (reviewed.folder / "review.html").read_text()
    assert "hold patient data" in page_
    assert page_.count("<h2 id=") == 24
    assert page_.count("<details>") == 48  # the facts, and what the record holds
    assert page_.count("What the record holds, as received") == 24
    assert page_.count("<h3>Medicines</h3>") == 24
    assert re.search(r"<li>Potassium; \d\.\d mmol/L; (final|preliminary); 2025-\d\d-20T06:00:00\+07:00</li>", page_)
    assert "<strong>Why:</strong>" in page_
    assert "potassium" in page_
    assert "No card." in page_
    assert page_.count('<div lang="en">') == page_.count("<strong>Why:</strong>")
    assert "Dua penelaah" not in page_
    for file in ("review.html", "review.csv"):
        assert (reviewed.folder / file).stat().st_mode & 0o777 == 0o600


def test_who_reviews_indonesian_cards_reads_in_indonesian_what_to_write() -> None:
    shown = page.render("review.html", items=[], run={"service": "s", "release": "1", "language": "id"}, seed=5)
    (said,) = re.findall(r'<p lang="id">(.*?)</p>', shown, re.DOTALL)
    answers = set(re.findall(r"<code>([^<]+)</code>", shown.partition(said)[0])) - {"cds-service review review.csv"}
    assert set(re.findall(r"<code>([^<]+)</code>", said)) == answers


def test_a_silent_call_is_one_the_guideline_concerns(reviewed: Written) -> None:
    with (reviewed.folder / "review.csv").open(newline="") as opened:
        silent = [line["patient"] for line in csv.DictReader(opened) if line["kind"] == "silent"]
    assert silent
    by_id = {patient[0]["id"]: json.dumps(patient).lower() for patient in population.patients(300)}
    for patient in silent:
        assert any(word in by_id[patient] for word in ("cramp", "kramp", "quinine", "amyotrophic"))


def test_the_same_seed_draws_the_same(reviewed: Written) -> None:
    assert review.sample(reviewed, 24, 5) == review.sample(reviewed, 24, 5)
    assert review.sample(reviewed, 24, 5) != review.sample(reviewed, 24, 6)
    assert len(review.sample(reviewed, 10_000, 5)) > 100  # all there are


def test_two_like_runs_are_the_same(written: Written, reviewed: Written) -> None:
    found = compare(written.folder, reviewed.folder)
    assert (found.same, found.patients, found.only) == (True, 0, (0, 0))
    assert found.calls == written.summary["calls"]
    assert list(found.settings()) == []


def test_what_differs_is_told_by_topic_and_version(export: Export, written: Written, tmp_path: Path) -> None:
    settings = Settings(disabled_topics=frozenset({"AlsCramps"}))
    other = replayed(export.folder, tmp_path / "out", settings=settings, language="id")
    found = compare(written.folder, other.folder)
    assert not found.same
    told = {(one.topic, one.change): one for one in found.changes}
    gone = told.pop(("AlsCramps", "gone"))
    version = next(rule.version for rule in Options(as_of=DAY).judged.rules if rule.name == "als_cramps")
    assert (gone.before, gone.after) == (f"als_cramps {version}", "")
    assert (
        len(gone.patients) == written.ask("SELECT count(DISTINCT patient) FROM cards WHERE topic = 'AlsCramps'")[0][0]
    )
    assert {change for _, change in told} == {"words"}
    assert {name: (first, second) for name, first, second in found.settings()} == {
        "language": ("en", "id"),
        "disabled_topics": ([], ["AlsCramps"]),
        "rules_off": ([], ["als_cramps"]),
    }
    document = json.loads(as_json(found))
    assert document["patients"] == found.patients
    assert {
        "topic": "AlsCramps",
        "before": gone.before,
        "after": None,
        "change": "gone",
        "patients": [*gone.patients],
    } in (document["changes"])
    assert "AlsCramps" in page.render("compare.html", found=found)
    back = {(one.topic, one.change) for one in compare(other.folder, written.folder).changes}
    assert ("AlsCramps", "new") in back


def test_runs_without_a_call_in_common_are_not_the_same(export: Export, written: Written, tmp_path: Path) -> None:
    other = replayed(export.folder, tmp_path / "out", as_of=DAY + timedelta(days=1))
    with pytest.raises(CallError, match=r"nothing was compared: .* the same --key and the same --as-of"):
        compare(written.folder, other.folder)


def test_only_calls_in_common_can_be_the_same(written: Written) -> None:
    found = compare(written.folder, written.folder)
    said = "The same calls got the same cards."
    assert said in page.render("compare.html", found=found)
    assert said in page.render("compare.html", found=replace(found, only=(1, 0)))
    nothing = replace(found, calls=0)
    assert (nothing.same, nothing.alike) == (False, False)
    assert said not in page.render("compare.html", found=nothing)


def test_calls_in_one_run_alone_are_counted(export: Export, written: Written, tmp_path: Path) -> None:
    given = replace(plan(export.folder, tmp_path / "out"), limit=100)
    run.begin(given, resume=False)
    with workers(1) as pool:
        other = outputs.write(run.replay(given, pool, lambda *_: None), given.output)
    found = compare(written.folder, other.folder)
    assert found.only == (written.summary["calls"] - other.summary["calls"], 0)
    assert (found.changes, found.same) == ((), False)
    assert compare(other.folder, written.folder).only == (0, found.only[0])


def test_runs_that_cannot_be_compared(export: Export, written: Written, tmp_path: Path) -> None:
    with pytest.raises(CallError, match="holds no finished run"):
        compare(written.folder, tmp_path)
    other = replayed(export.folder, tmp_path / "out", key=KEY[::-1])
    with pytest.raises(CallError, match="different keys"):
        compare(written.folder, other.folder)
