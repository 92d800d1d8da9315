"""One replay from files to rows: fill the buckets, join, replay each bucket; from where an earlier run ended, if asked."""

import shutil
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import partial
from hashlib import sha256
from itertools import islice
from pathlib import Path

import orjson

from cds_service import __version__
from cds_service.errors import CallError
from cds_service.replay.buckets import Buckets, Seen
from cds_service.replay.calls import Options
from cds_service.replay.keyed import READ
from cds_service.replay.keys import key_id
from cds_service.replay.patients import hashed, replay_patient
from cds_service.replay.reading import files_of
from cds_service.replay.results import parts
from cds_service.replay.workers import Workers, tell

BUCKET_BYTES = 48_000_000  # of lines: what one process groups at a time
SHARE_BYTES = 4_000_000  # of lines: worth a process of its own
CHUNK_BYTES = 64_000_000  # of files read as one task
MOST_BUCKETS = 500
_UNPACKED = 12  # times the size of a gzipped file, about
_AT_ONCE = 16  # patients between two words on the progress

Told = Callable[[str, str, int, int], None]
"""Told of progress: the stage, a word more on it, how much of it is done, and of how much."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to replay, and how. ``memory``: DuckDB's limit in megabytes, of all processes together.

    ``local``: the export's files are on this machine, so that a run to resume is known by them.
    """

    export: tuple[str, ...]
    output: Path
    temp: Path
    options: Options
    workers: int = 1
    memory: int = 512
    limit: int | None = None
    types: frozenset[str] | None = None
    local: bool = True

    @property
    def folder(self) -> Path:
        """Where this run keeps what it works on: patient data, for its owner only, until it is done."""
        return self.temp / f"cds-replay-{sha256(str(self.output.resolve()).encode()).hexdigest()[:12]}"


@dataclass(frozen=True, slots=True)
class Replayed:
    """A finished pass over the export. ``rows``: the folder of the parts; ``nobody_s``: resources without a patient.

    ``charts``: the lines of the patients with these hashes again, each with its hash.
    """

    rows: Path
    options: Options
    seen: Seen
    nobody_s: int
    charts: Callable[[Collection[str]], Iterator[tuple[str, list[bytes]]]]


def begin(plan: Plan, *, resume: bool) -> None:
    """Make the run's folder, or find the one of the run to go on with. Raises CallError where that was another run."""
    state = _state(plan)
    now = _fingerprint(plan)
    if resume and state.is_file():
        if orjson.loads(state.read_bytes())["run"] != now:
            message = "the run to resume had other files, options or another release; start anew without --resume"
            raise CallError(message)
        return
    shutil.rmtree(plan.folder, ignore_errors=True)
    (plan.folder / "rows").mkdir(parents=True)
    plan.folder.chmod(0o700)
    buckets = _bucket_count(files_of(plan.export), plan.workers) if plan.local else 0
    state.write_bytes(orjson.dumps({"run": now, "buckets": buckets}))


def _state(plan: Plan) -> Path:
    """What the run is, and into how many buckets its parts belong: one that goes on may have other workers."""
    return plan.folder / "run.json"


def replay(plan: Plan, pool: Workers, told: Told) -> Replayed:
    """Every patient's rows, in parts. The buckets stay until ``clear``."""
    files = files_of(plan.export)
    sizes = [file.stat().st_size for file in files]
    number = orjson.loads(_state(plan).read_bytes())["buckets"]
    buckets = Buckets(plan.folder / "charts", number, f"{max(64, plan.memory // plan.workers)}MB")
    seen, nobody_s = _filled(buckets, files, pool, lambda done: told("Reading", "", done, sum(sizes)))
    held = plan.types if plan.types is not None else frozenset(seen.types)
    options = replace(plan.options, types=held & READ)
    tasks = []
    for bucket, most in enumerate(_shares(buckets, plan.limit)):
        file = parts.part(plan.folder / "rows", bucket)
        if not file.exists():
            tasks.append((buckets, bucket, options, most, file))
    began, done = time.monotonic(), buckets.number - len(tasks)

    def tick(patients: int) -> None:
        rate = patients / max(time.monotonic() - began, 0.001)
        told("Replaying", f" ({patients:,} patients, {rate:,.0f} a second)", done, buckets.number)

    for _ in pool.each(replay_bucket, tasks, tick):
        done += 1
    return Replayed(plan.folder / "rows", options, seen, nobody_s, partial(_charts, buckets, options.key))


def _charts(buckets: Buckets, key: bytes, patients: Collection[str]) -> Iterator[tuple[str, list[bytes]]]:
    for bucket in range(buckets.number if patients else 0):
        for patient_id, lines in buckets.charts(bucket):
            if (patient := hashed(patient_id, key)) in patients:
                yield patient, lines


def replay_bucket(buckets: Buckets, bucket: int, options: Options, most: int | None, file: Path) -> None:
    """Write the rows of one bucket's patients, of the first ``most``."""
    rows = []
    for place, (_, lines) in enumerate(islice(buckets.charts(bucket), most)):
        rows += replay_patient(lines, options)
        if place % _AT_ONCE == _AT_ONCE - 1:
            tell(_AT_ONCE)
    parts.write(file, rows)


def forget_charts(plan: Plan) -> None:
    """Delete every chart, and keep the rows for a run that goes on."""
    shutil.rmtree(plan.folder / "charts", ignore_errors=True)


def clear(plan: Plan) -> None:
    """Delete all that the run worked on."""
    shutil.rmtree(plan.folder, ignore_errors=True)


def _fingerprint(plan: Plan) -> dict[str, object]:
    stats = [(str(file), file.stat()) for file in files_of(plan.export)] if plan.local else []
    return {
        "release": __version__,
        "files": [[name, stat.st_size, stat.st_mtime_ns] for name, stat in stats],
        "options": _plain(plan.options),
        "key": key_id(plan.options.key),
        "limit": plan.limit,
        "types": sorted(plan.types or ()),
    }


def _plain(value: object) -> object:
    """A value of the options as JSON, the same in every process; what is hidden from ``repr`` stays out."""
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value) if one.repr}
    return sorted(value) if isinstance(value, frozenset) else str(value)


def _bucket_count(files: Sequence[Path], workers: int) -> int:
    """So many that each fits in memory, and that a small export keeps every process busy too."""
    whole = 0
    for file in files:
        with file.open("rb") as opened:
            packed = opened.read(2) == b"\x1f\x8b"
        whole += file.stat().st_size * (_UNPACKED if packed else 1)
    return max(1, min(MOST_BUCKETS, max(whole // BUCKET_BYTES, min(workers, whole // SHARE_BYTES))))


def _filled(buckets: Buckets, files: Sequence[Path], pool: Workers, told: Callable[[int], None]) -> tuple[Seen, int]:
    """The export in its buckets; those of a killed run are written anew, since nobody knows how far it came."""
    shutil.rmtree(buckets.folder, ignore_errors=True)
    buckets.folder.mkdir()
    seen = Seen()
    for one in pool.each(fill, [(buckets, chunk) for chunk in _chunks(files)], told):
        seen.add(one)
    return seen, buckets.join()


def fill(buckets: Buckets, files: Sequence[Path]) -> Seen:
    """Write these files to the buckets, telling of the bytes read."""
    return buckets.fill(files, tell)


def _chunks(files: Sequence[Path]) -> Iterator[list[Path]]:
    """The files in tasks of about one size, the largest first, so that no process is left with the longest at the end."""
    chunk: list[Path] = []
    size = 0
    for file in sorted(files, key=lambda one: (-one.stat().st_size, one)):
        chunk.append(file)
        size += file.stat().st_size
        if size >= CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _shares(buckets: Buckets, limit: int | None) -> list[int | None]:
    """How many patients of each bucket are replayed: all, or the first ones until the limit is reached."""
    if limit is None:
        return [None] * buckets.number
    shares: list[int | None] = []
    for bucket in range(buckets.number):
        share = min(limit, buckets.patients(bucket)) if limit else 0
        limit -= share
        shares.append(share)
    return shares
