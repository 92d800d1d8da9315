"""An export in hash buckets: Parquet in a temporary folder, by DuckDB, each bucket small enough to be grouped alone.

Ordering all lines at once would need room for all of them. Here each line is written once, to the bucket of its
patient; what names its patient otherwise, and Medications, are few and are joined into the buckets afterwards.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa

from cds_service.replay import joining
from cds_service.replay.keyed import CARRYING, BrokenLineError, Role, Row, keyed
from cds_service.replay.reading import lines_of

BATCH_BYTES, BATCH_ROWS = 4_000_000, 50_000  # of lines that go to DuckDB at once, whichever is reached first
MOST_NAMED = 1000  # broken lines that are named; the rest are counted
_COLUMNS = tuple((name, pa.string()) for name in Row._fields)
_SCHEMA = pa.schema(_COLUMNS)


@dataclass(slots=True)
class Seen:
    """What the files held. ``types``: lines by type; ``broken``: (file, line) of the first that could not be read."""

    types: Counter[str] = field(default_factory=Counter)
    broken: list[tuple[str, int]] = field(default_factory=list)
    broken_lines: int = 0

    def note(self, kind: str, file: str, number: int) -> None:
        """Count one of the type; without one, a line that could not be read, named where few are named yet."""
        if kind:
            self.types[kind] += 1
            return
        self.broken_lines += 1
        if len(self.broken) < MOST_NAMED:
            self.broken.append((file, number))

    def add(self, other: "Seen") -> None:
        """Add what other files held."""
        self.types += other.types
        self.broken_lines += other.broken_lines
        self.broken = sorted([*self.broken, *other.broken])[:MOST_NAMED]


@dataclass(frozen=True, slots=True)
class Buckets:
    """The buckets of one export. ``memory``: DuckDB's limit for one process, as DuckDB writes it ("256MB")."""

    folder: Path
    number: int
    memory: str

    def fill(self, files: Sequence[Path], progress: Callable[[int], None]) -> Seen:
        """Write these files' lines to the buckets. May run in several processes at once, for different files."""
        seen = Seen()
        batches = pa.RecordBatchReader.from_batches(_SCHEMA, _batches(files, seen, progress))
        with self._connection() as connection:
            connection.register("batches", batches)
            self._write(
                connection,
                f"SELECT role, CASE WHEN role = 'own' THEN hash(key) % {self.number} ELSE 0 END AS bucket, * EXCLUDE role"
                " FROM batches",
            )
        return seen

    def join(self) -> int:
        """Bring to the buckets what names its patient otherwise, and the Medications. Returns how many lines are nobody's.

        To be called once, when every file is written.
        """
        with self._connection() as connection:
            others = ", ".join(_quoted(file) for file in sorted(self.folder.glob("role=[!o]*/*/*.parquet")))
            if not others:
                return 0
            connection.execute(f"CREATE VIEW rows AS SELECT * FROM read_parquet([{others}], hive_partitioning = true)")
            connection.execute(f"CREATE TABLE names AS {joining.NAMES}")
            connection.execute(f"CREATE TABLE referred AS {joining.REFERRED}")
            for sql in (joining.NAMED, joining.SHARED):
                self._write(
                    connection,
                    f"SELECT 'own' AS role, hash(patient) % {self.number} AS bucket, patient AS key, '' AS name,"
                    f" '' AS kind, line FROM ({sql}) joined",
                )
            (nobody_s,) = connection.execute(joining.NOBODY_S).fetchone() or (0,)
            return int(nobody_s)

    def patients(self, bucket: int) -> int:
        """How many patients are in the bucket."""
        files = self._files(bucket)
        if not files:
            return 0
        with self._connection() as connection:
            counted = connection.execute(f"SELECT count(DISTINCT key) FROM read_parquet({files})").fetchone()
        return int(counted[0]) if counted else 0

    def charts(self, bucket: int) -> Iterator[tuple[str, list[str]]]:
        """Each patient of the bucket with the lines of the chart, in the order of their ids."""
        files = self._files(bucket)
        if not files:
            return
        charts: dict[str, list[str]] = {}
        with self._connection() as connection:
            found = connection.execute(f"SELECT key, line FROM read_parquet({files})")
            while some := found.fetchmany(2048):
                for patient, line in some:
                    charts.setdefault(patient, []).append(line)
        yield from sorted(charts.items())

    def _files(self, bucket: int) -> str | None:
        folder = self.folder / "role=own" / f"bucket={bucket}"
        return _quoted(f"{folder}/*.parquet") if folder.is_dir() else None

    def _connection(self) -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect()
        connection.execute(f"SET memory_limit = '{self.memory}'")
        connection.execute("SET enable_progress_bar = false")
        connection.execute("SET threads = 1")  # work is spread over processes
        connection.execute("SET preserve_insertion_order = false")
        connection.execute("SET partitioned_write_max_open_files = 1024")
        connection.execute(f"SET temp_directory = {_quoted(self.folder / 'spill')}")
        return connection

    def _write(self, connection: duckdb.DuckDBPyConnection, select: str) -> None:
        connection.execute(
            f"COPY ({select}) TO {_quoted(self.folder)} (FORMAT parquet, PARTITION_BY (role, bucket), COMPRESSION lz4,"
            " OVERWRITE_OR_IGNORE, FILENAME_PATTERN 'lines_{uuid}')"
        )


def _quoted(path: Path | str) -> str:
    """A path as SQL writes a string."""
    return "'" + str(path).replace("'", "''") + "'"


def _batches(files: Sequence[Path], seen: Seen, progress: Callable[[int], None]) -> Iterator[pa.RecordBatch]:
    rows: list[Row] = []
    size = 0
    for file in files:
        for row in _rows(file, seen, progress):
            rows.append(row)
            size += len(row.line)
            if size > BATCH_BYTES or len(rows) >= BATCH_ROWS:
                yield _batch(rows)
                rows, size = [], 0
    yield _batch(rows)


def _batch(rows: list[Row]) -> pa.RecordBatch:
    columns = zip(*rows, strict=True) if rows else ((),) * len(_COLUMNS)
    return pa.record_batch([pa.array(column, pa.string()) for column in columns], schema=_SCHEMA)


def _rows(file: Path, seen: Seen, progress: Callable[[int], None]) -> Iterator[Row]:
    """The file's rows; what could not be read is counted and named."""
    number = 0
    try:
        for number, line in lines_of(file, progress):
            try:
                for row in keyed(line):
                    if row.role in CARRYING:
                        seen.note(row.kind, file.name, number)
                    if row.role is not Role.COUNTED:
                        yield row
            except BrokenLineError:
                seen.note("", file.name, number)
    except (OSError, EOFError):  # gzip that ends early, say: what came before is kept
        seen.note("", file.name, number + 1)
