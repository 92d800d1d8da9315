"""An export in hash buckets: Parquet in a temporary folder, each bucket small enough to be grouped alone.

Ordering all lines at once would need room for all of them. Here each line is written once, to the bucket of its
patient; what names its patient otherwise, and Medications, are few: DuckDB joins them to patients afterwards.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from uuid import uuid4
from zlib import crc32

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from cds_service.replay import joining
from cds_service.replay.keyed import CARRYING, BrokenLineError, Role, Row, keyed
from cds_service.replay.reading import lines_of

PIECE_BYTES = 96_000_000  # of lines that are held before they are written
MOST_NAMED = 1000  # broken lines that are named; the rest are counted
BETWEEN = "\x1e"
"""Stands between the lines of a patient that are written together. No JSON holds it (RFC 7464)."""
_OTHERS = "others"  # the folder of the rows that are joined afterwards


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
        held = _Held(self)
        for row in chain.from_iterable(_rows(file, seen, progress) for file in files):
            held.add(row)
        held.write()
        return seen

    def join(self) -> int:
        """Bring to the buckets what names its patient otherwise, and the Medications. Returns how many lines are nobody's.

        To be called once, when every file is written.
        """
        others = ", ".join(_quoted(file) for file in sorted((self.folder / _OTHERS).glob("*.parquet")))
        if not others:
            return 0
        held = _Held(self)
        with self._connection() as connection:
            connection.execute(f"CREATE VIEW rows AS SELECT * FROM read_parquet([{others}])")
            connection.execute(f"CREATE TABLE names AS {joining.NAMES}")
            connection.execute(f"CREATE TABLE referred AS {joining.REFERRED}")
            for sql in (joining.NAMED, joining.SHARED):
                found = connection.execute(f"SELECT patient, line FROM ({sql}) joined")
                while some := found.fetchmany(1024):
                    for patient, line in some:
                        held.add(Row(Role.OWN, patient, "", "", line))
            held.write()
            (nobody_s,) = connection.execute(joining.NOBODY_S).fetchone() or (0,)
            return int(nobody_s)

    def patients(self, bucket: int) -> int:
        """How many patients are in the bucket."""
        return sum(len(set(rows["key"].to_pylist())) for rows in self._rows(bucket, "key"))

    def charts(self, bucket: int) -> Iterator[tuple[str, list[str]]]:
        """Each patient of the bucket with the lines of the chart, in the order of their ids."""
        for rows in self._rows(bucket, "key", "line"):
            lines = rows["line"]
            places: dict[str, list[int]] = {}
            for place, patient in enumerate(rows["key"].to_pylist()):
                places.setdefault(patient, []).append(place)
            for patient in sorted(places):
                yield patient, [one for place in places[patient] for one in lines[place].as_py().split(BETWEEN)]

    def _rows(self, bucket: int, *columns: str) -> Iterator[pa.Table]:
        """The bucket's rows in one table; none of a bucket without any."""
        files = (self.folder / str(bucket)).glob("*.parquet")
        tables = [pq.ParquetFile(file).read(columns=columns, use_threads=False) for file in files]
        if tables:
            yield pa.concat_tables(tables)

    def write(self, place: str, columns: Mapping[str, Sequence[str]]) -> None:
        """Write rows to a file of their own in the folder of a bucket, or of the others."""
        folder = self.folder / place
        folder.mkdir(exist_ok=True)
        table = pa.table({name: pa.array(column, pa.string()) for name, column in columns.items()})
        file = folder / f"{uuid4().hex}.parquet"
        pq.write_table(table, file, compression="lz4", use_dictionary=False, write_statistics=False)

    def _connection(self) -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect()
        connection.execute(f"SET memory_limit = '{self.memory}'")
        connection.execute("SET enable_progress_bar = false")
        connection.execute("SET threads = 1")  # work is spread over processes
        connection.execute("SET preserve_insertion_order = false")
        connection.execute(f"SET temp_directory = {_quoted(self.folder / 'spill')}")
        return connection


class _Held:
    """Rows on their way to a file: the lines of each patient together, what is joined afterwards beside them."""

    def __init__(self, buckets: Buckets) -> None:
        self._buckets = buckets
        self._own: defaultdict[str, list[str]] = defaultdict(list)
        self._others: list[Row] = []
        self._bytes = 0

    def add(self, row: Row) -> None:
        """Hold one more; write them all where they are many."""
        if row.role is Role.OWN:
            self._own[row.key].append(row.line)
        else:
            self._others.append(row)
        self._bytes += len(row.line) + len(row.key)
        if self._bytes > PIECE_BYTES:
            self.write()

    def write(self) -> None:
        """Write what is held."""
        patients: dict[int, list[str]] = {}
        for patient in self._own:
            patients.setdefault(crc32(patient.encode()) % self._buckets.number, []).append(patient)
        for bucket, keys in patients.items():
            self._buckets.write(str(bucket), {"key": keys, "line": [BETWEEN.join(self._own.pop(key)) for key in keys]})
        if self._others:
            self._buckets.write(_OTHERS, dict(zip(Row._fields, zip(*self._others, strict=True), strict=True)))
            self._others.clear()
        self._bytes = 0


def _quoted(path: Path | str) -> str:
    """A path as SQL writes a string."""
    return "'" + str(path).replace("'", "''") + "'"


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
