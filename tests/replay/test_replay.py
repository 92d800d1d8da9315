"""A replayed population: the same answers as over HTTP, however it is run; what is counted; what gets out."""

import json
import shutil
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import orjson
import pytest

from cds_service.app import create_app
from cds_service.errors import InvalidRequestError
from cds_service.protocol.schemas import load_request
from cds_service.replay import buckets, run
from cds_service.replay.buckets import Buckets, Seen
from cds_service.replay.calls import READ, At, MadeCall, Options, chart_of, made_calls
from cds_service.replay.patients import hashed, replay_patient
from cds_service.replay.reading import files_of
from cds_service.replay.results import gaps, outputs, parts
from cds_service.replay.results.outputs import Written
from cds_service.replay.rows import Kind, Outcome
from cds_service.replay.workers import workers
from cds_service.settings import Settings
from cds_service.web.parts import Parts
from tests.replay import population
from tests.replay.conftest import DAY, KEY, MANY, PATIENTS, Export, digests, plan, replayed


@pytest.fixture(scope="module")
def charts(export: Export, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[bytes]]:
    """Every patient's lines, by id."""
    return _charts(export, tmp_path_factory.mktemp("buckets"))


def _charts(export: Export, folder: Path) -> dict[str, list[bytes]]:
    filled = Buckets(folder, 3, "128MB")
    filled.fill(files_of([str(export.folder)]), lambda _: None)
    filled.join()
    return dict(chart for bucket in range(3) for chart in filled.charts(bucket))


def test_every_answer_is_the_one_a_call_over_http_gets(large_export: Export, tmp_path: Path) -> None:
    written = replayed(large_export.folder, tmp_path / "out")
    (tmp_path / "buckets").mkdir()
    charts = _charts(large_export, tmp_path / "buckets")
    client = create_app(Settings(), Parts()).test_client()
    types = frozenset(written.summary["run"]["types"])
    told = []
    for patient, call in _calls(charts, Options(as_of=DAY, types=types, recorded=False)):
        answered = client.post(f"/cds-services/{call.service.id}", data=call.body, content_type="application/json")
        assert answered.status_code == 200
        told.append((hashed(patient, KEY), hashed(answered.data, KEY)))
    kept = written.ask("SELECT patient, digest FROM calls WHERE outcome = 'answered'")
    assert set(kept) <= set(told)
    assert len(kept) > MANY * 0.9
    assert len({digest for _, digest in kept}) > 10


def _calls(charts: dict[str, list[bytes]], options: Options) -> Iterator[tuple[str, MadeCall]]:
    for patient, lines in charts.items():
        chart = chart_of(lines)
        assert chart is not None
        yield from ((patient, call) for call in made_calls(chart, options))


def test_a_call_without_drafts_is_made_as_it_would_be_read(charts: dict[str, list[bytes]]) -> None:
    odd = {"x y": [json.dumps({"resourceType": "Condition", "subject": {"reference": "Patient/x y"}}).encode()]}
    for _, call in _calls(charts | odd, Options(as_of=DAY)):
        body = msgspec.json.decode(call.body)
        del body["prefetch"]
        try:
            read = load_request(orjson.dumps(body))
        except InvalidRequestError:
            with pytest.raises(InvalidRequestError):
                _ = call.request
        else:
            assert replace(call.request, prefetch={}) == read


def test_everybody_s_resources_are_brought_together(charts: dict[str, list[bytes]]) -> None:
    assert len(charts) == PATIENTS
    for resources in population.patients(PATIENTS):
        own = charts[resources[0]["id"]]
        wanted = {(one["resourceType"], one["id"]) for one in resources if one["resourceType"] in READ}
        held = {(one["resourceType"], one["id"]) for one in map(json.loads, own)}
        drugs = {
            ("Medication", one["medicationReference"]["reference"].removeprefix("Medication/"))
            for one in resources
            if "medicationReference" in one
        }
        assert held == wanted | drugs
        subjects = {json.loads(line).get("subject", {}).get("reference", "") for line in own}
        assert not any("?" in subject for subject in subjects)


def test_bundles_as_synthea_writes_them_get_the_same_answers(written: Written, tmp_path: Path) -> None:
    population.write_bundles(tmp_path / "export", PATIENTS)
    bundles = replayed(tmp_path / "export", tmp_path / "St. Mary's")
    assert bundles.summary["export"]["broken_lines"] == 0
    asked = "SELECT patient, outcome, digest FROM calls ORDER BY ALL"
    assert bundles.ask(asked) == written.ask(asked)


def test_workers_change_nothing(
    export: Export, written: Written, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where each of them has a small bucket of its own."""
    monkeypatch.setattr(run, "SHARE_BYTES", 100_000)
    assert digests(replayed(export.folder, tmp_path / "out", number=2)) == digests(written)


def test_lines_written_in_many_pieces_change_nothing(
    export: Export, written: Written, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(buckets, "PIECE_BYTES", 10_000)
    assert digests(replayed(export.folder, tmp_path / "out")) == digests(written)


def test_a_call_is_read_as_its_body_is(charts: dict[str, list[bytes]]) -> None:
    for _, call in _calls(charts, Options(as_of=DAY)):
        read = load_request(call.body)
        assert replace(call.request, prefetch={}) == replace(read, prefetch={})
        assert _plain(call.request.prefetch) == _plain(read.prefetch)


def _plain(node: Any) -> Any:
    """What was read, all of it looked into."""
    if isinstance(node, Mapping):
        return {name: _plain(one) for name, one in node.items()}
    return [_plain(one) for one in node] if isinstance(node, list) else node


def test_a_small_export_keeps_every_worker_busy(export: Export, tmp_path: Path) -> None:
    def parted(number: int) -> int:
        given = plan(export.folder, tmp_path / f"{number}", number)
        run.begin(given, resume=False)
        return int(json.loads((given.folder / "run.json").read_bytes())["buckets"])

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(run, "SHARE_BYTES", 100_000)
        assert [parted(number) for number in (1, 2, 3)] == [1, 2, 3]
    assert parted(10_000) < 100


def test_a_run_that_ended_early_goes_on_to_the_same_result(
    export: Export, written: Written, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "BUCKET_BYTES", 100_000)
    given = plan(export.folder, tmp_path / "out")
    run.begin(given, resume=False)
    done: list[str] = []

    def killed_at_the_third(*arguments: object) -> None:
        if len(done) == 3:
            raise KeyboardInterrupt
        done.append("one")
        replay_bucket(*arguments)

    replay_bucket = run.replay_bucket
    monkeypatch.setattr(run, "replay_bucket", killed_at_the_third)
    with pytest.raises(KeyboardInterrupt), workers(1) as pool:
        run.replay(given, pool, lambda *_: None)
    run.forget_charts(given)
    before = {file.name: file.stat().st_mtime_ns for file in (given.folder / "rows").iterdir()}
    assert len(before) == 3

    monkeypatch.setattr(run, "replay_bucket", replay_bucket)
    monkeypatch.setattr(run, "BUCKET_BYTES", 50_000)  # what it began with holds
    run.begin(given, resume=True)
    with workers(1) as pool:
        again = outputs.write(run.replay(given, pool, lambda *_: None), given.output)
    after = {file.name: file.stat().st_mtime_ns for file in (given.folder / "rows").iterdir()}
    assert before.items() <= after.items()
    assert len(after) > 3
    assert digests(again) == digests(written)
    assert again.summary == written.summary


def test_another_run_is_not_gone_on_with(export: Export, tmp_path: Path) -> None:
    run.begin(plan(export.folder, tmp_path / "out"), resume=False)
    with pytest.raises(Exception, match="had other files, options or another release"):
        run.begin(plan(export.folder, tmp_path / "out", as_of=date(2026, 3, 3)), resume=True)


def test_the_summary_counts(export: Export, written: Written) -> None:
    summary = written.summary
    resources = [one for patient in population.patients(PATIENTS) for one in patient]
    died = sum("deceasedDateTime" in one for one in resources)
    inactive = sum(one.get("active") is False and "deceasedDateTime" not in one for one in resources)
    assert summary["patients"] == PATIENTS
    assert summary["not_called"] == {"died": died, "inactive": inactive}
    assert summary["calls"] == PATIENTS - died - inactive
    assert summary["export"]["broken_lines"] == export.broken
    assert summary["export"]["of_nobody"] == 0
    assert summary["export"]["resources"]["Claim"] == PATIENTS
    ((with_cards, cards),) = written.ask("SELECT count(DISTINCT patient), count(*) FROM cards")
    assert summary["with_cards"] == with_cards > 0
    assert summary["cards_per_100_calls"] == round(100 * cards / summary["calls"], 1)
    assert sum(number for topic in summary["topics"].values() for number in topic.values()) == cards
    assert summary["unread"] == written.ask("SELECT count(*) FROM calls WHERE len(unread) > 0")[0][0] > 0
    assert summary["cannot_tell"] == written.ask("SELECT count(*) FROM calls WHERE len(cannot_tell) > 0")[0][0]


def test_no_name_id_or_text_gets_out(written: Written) -> None:
    columns = {name: written.ask(f"SELECT * FROM {name}") for name in ("calls", "cards")}  # noqa: S608 - two names
    files = [file for file in written.folder.rglob("*") if file.is_file()]
    assert len(files) >= 4
    said = [str(columns), *(file.read_bytes().decode(errors="replace") for file in files)]
    for secret in (population.CANARY, "hospital.example", "ehr.example", "Observation/", "quinine sulfate 324"):
        assert not any(secret in one for one in said)
    unread = (written.folder / outputs.UNREAD).read_text()
    assert population.SHARED_TEXT in unread
    assert [line for line in unread.splitlines() if line.startswith("conditions,nearly-a-name,cramp_any,,")]


def test_a_text_of_four_patients_is_not_shown(tmp_path: Path) -> None:
    for patients, shown in ((4, False), (5, True)):
        folder = tmp_path / f"export-{patients}"
        folder.mkdir()
        lines = [
            json.dumps(
                {"resourceType": "Condition", "id": f"{n}", "subject": {"reference": f"Patient/{n}"}, "code": code}
            )
            for n in range(patients)
            for code in (
                {"text": "kramp kaki"},
                {"coding": [{"system": "http://snomed.info/sct", "code": "449918009"}]},
            )
        ]
        (folder / "x").write_text("\n".join(lines))
        written = replayed(folder, tmp_path / f"out-{patients}")
        assert ("kramp kaki" in (written.folder / outputs.UNREAD).read_text()) is shown


def test_a_type_the_export_lacks_was_not_received(written: Written, export: Export, tmp_path: Path) -> None:
    (missing,) = written.ask("SELECT count(*) FROM calls WHERE list_contains(missing, 'medicationStatements: absent')")
    assert missing[0] == written.summary["calls"]
    given = replace(plan(export.folder, tmp_path / "out"), types=READ)
    run.begin(given, resume=False)
    with workers(1) as pool:
        told = outputs.write(run.replay(given, pool, lambda *_: None), given.output)
    assert told.ask("SELECT count(*) FROM calls WHERE list_contains(missing, 'medicationStatements: absent')") == [(0,)]
    assert told.summary["cannot_tell"] < written.summary["cannot_tell"]


def test_the_limit_counts_patients(export: Export, tmp_path: Path) -> None:
    given = replace(plan(export.folder, tmp_path / "out"), limit=17)
    run.begin(given, resume=False)
    with workers(1) as pool:
        assert outputs.write(run.replay(given, pool, lambda *_: None), given.output).summary["patients"] == 17


def test_a_failing_rule_is_counted_and_is_no_silence(
    charts: dict[str, list[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("cds_service.pipeline.answer", fails)
    rows = [row for lines in charts.values() for row in replay_patient(lines, Options(as_of=DAY))]
    assert {row.outcome for row in rows} == {Outcome.FAILED, Outcome.DIED, Outcome.INACTIVE}
    ((missing,),) = {row.missing for row in rows if row.outcome == Outcome.FAILED}
    assert missing.startswith(f"ZeroDivisionError at {__name__}:")
    assert missing.endswith(" fails")


def test_a_line_orjson_refuses_costs_only_itself() -> None:
    """Told where it is looked into: always in a chart as it was recorded, else where its code may matter."""
    sound = [json.dumps(one).encode() for one in next(iter(population.patients(1)))]
    options = Options(as_of=DAY, key=KEY)
    whole = [row for row in replay_patient(sound, options) if row.kind == Kind.CALL]
    subject = '"subject": {"reference": "Patient/x"}'
    skipped = f'{{"resourceType": "Observation", {subject}, "valueQuantity": {{"value": 1e999}}}}'
    code = '"code": {"coding": [{"system": "http://snomed.info/sct", "code": "449917004"}]}'
    matters = f'{{"resourceType": "Condition", {subject}, {code}, "onsetAge": {{"value": 1e999}}}}'
    for huge, as_recorded in ((skipped, False), (skipped, True), (matters, False), (matters, True)):
        rows = replay_patient([*sound, huge.encode()], replace(options, recorded=as_recorded))
        calls = [row for row in rows if row.kind == Kind.CALL]
        assert [row.outcome for row in calls] == [row.outcome for row in whole]
        assert [row.digest for row in calls] == [row.digest for row in whole]
        told = as_recorded or huge is matters
        assert [("export: broken" in row.unread) for row in calls] == [told] * len(whole)


def test_what_many_are_coded_as_is_looked_at_once(
    charts: dict[str, list[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []

    def near_misses(*coded: object) -> Iterator[tuple[str, str, str, str]]:
        asked.append(coded)
        yield "conditions", "nearly-a-name", "leg_cramps", "kramp"

    monkeypatch.setattr(gaps, "near_misses", near_misses)
    gaps.of_code.cache_clear()
    rows = [row for lines in charts.values() for row in replay_patient(lines, Options(as_of=DAY))]
    gaps.of_code.cache_clear()
    told = [row for row in rows if row.what == "conditions" and row.text == "kramp"]
    assert len(told) > PATIENTS // 2
    assert 0 < len(asked) < 40


@pytest.mark.parametrize("hook", ["order-sign", "order-select"])
def test_an_order_is_judged_as_it_was_written(charts: dict[str, list[bytes]], hook: str) -> None:
    service = f"leg-cramps-{hook}"
    rows = [row for lines in charts.values() for row in replay_patient(lines, Options(as_of=DAY, service=service))]
    orders = {
        (hashed(patient[0]["id"], b""), one["authoredOn"][:10], "997010" in json.dumps(one))
        for patient in population.patients(PATIENTS)
        for one in patient
        if one["resourceType"] == "MedicationRequest"
        and one["authoredOn"][:10] <= patient[0].get("deceasedDateTime", "9999")
    }
    told = {Outcome.ANSWERED: True, Outcome.NOT_JUDGED: False}
    calls = [row for row in rows if row.outcome in told]
    assert {(row.patient, row.date.isoformat(), told[Outcome(row.outcome)]) for row in calls} == orders
    assert {row.topic for row in rows if row.kind == Kind.CARD} == {"AvoidQuinine"}


def test_called_at_encounters_within_the_days(charts: dict[str, list[bytes]]) -> None:
    options = Options(as_of=DAY, at=At.ENCOUNTERS)
    rows = [row for lines in charts.values() for row in replay_patient(lines, options)]
    days = {row.date for row in rows if row.outcome == Outcome.ANSWERED}
    assert days == {date(2025, 11, 3)}
    none = [
        row for lines in charts.values() for row in replay_patient(lines, replace(options, since=date(2025, 11, 4)))
    ]
    assert {row.outcome for row in none} == {Outcome.NO_MOMENT}


def test_parts_are_whole_or_not_there(tmp_path: Path) -> None:
    def breaks_off() -> Iterator[object]:
        yield from ()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        parts.write(tmp_path / "00000.parquet", breaks_off())  # type: ignore[arg-type]
    assert not (tmp_path / "00000.parquet").exists()


def test_files_that_end_early_are_named(export: Export, tmp_path: Path) -> None:
    packed = next(file for file in export.folder.iterdir() if file.suffix == ".gz")
    cut = tmp_path / "cut.gz"
    cut.write_bytes(packed.read_bytes()[: packed.stat().st_size // 2])
    seen = _seen([cut], tmp_path / "b")
    before = zlib.decompressobj(wbits=31).decompress(cut.read_bytes()).count(b"\n")
    assert before > 0
    assert seen.broken == [("cut.gz", before + 1)]
    assert sum(seen.types.values()) == before


def _seen(files: list[Path], folder: Path) -> Seen:
    folder.mkdir()
    try:
        return Buckets(folder, 1, "128MB").fill(files, lambda _: None)
    finally:
        shutil.rmtree(folder)
