"""An export in hash buckets: files in a temporary folder, each bucket small enough to be grouped alone.

Ordering all lines at once would need room for all of them. Here each line is written once, to the bucket of its
patient; what names its patient otherwise, and Medications, are few: DuckDB joins them to patients afterwards.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, groupby
from pathlib import Path
from uuid import uuid4
from zlib import crc32

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from cds_service.replay import blocks, joining
from cds_service.replay.keyed import CARRYING, BrokenLineError, Role, Row, written
from cds_service.replay.plain import plainly
from cds_service.replay.reading import lines_of

PIECE_BYTES = 96_000_000  # of lines that are held before they are written
MOST_NAMED = 1000  # broken lines that are named; the rest are counted
_OTHERS = "others"  # the folder of the rows that are joined afterwards, as Parquet


@dataclass(slots=True)
class Seen:
    """What the files held. ``types``: lines by type; ``broken``: (file, line) of the first that could not be read."""

    types: Counter[str] = field(default_factory=Counter)
    broken: list[tuple[str, int]] = field(default_factory=list)
    broken_lines: int = 0

    def note(self, kind: str, file: Path, number: int) -> None:
        """Count one of the type; without one, a line that could not be read, named where few are named yet."""
        if kind:
            self.types[kind] += 1
            return
        self.broken_lines += 1
        if len(self.broken) < MOST_NAMED:
            self.broken.append((file.name, number))

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
        for file in files:
            _read(file, held, seen, progress)
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
                        held.add(Row(Role.OWN, patient, "", "", line.encode()))
                    held.make_room()
            held.write()
            (nobody_s,) = connection.execute(joining.NOBODY_S).fetchone() or (0,)
            return int(nobody_s)

    def patients(self, bucket: int) -> int:
        """How many patients are in the bucket."""
        return len(frozenset().union(*(some for file in self._files(bucket) for some in blocks.patients(file))))

    def charts(self, bucket: int) -> Iterator[tuple[str, list[bytes]]]:
        """Each patient of the bucket with the lines of the chart, in the order of their ids."""
        found: dict[str, list[bytes]] = {}
        for block in chain.from_iterable(map(blocks.charts, self._files(bucket))):
            for patient, lines in block.items():
                found.setdefault(patient, []).extend(lines)
        for patient in sorted(found):
            yield patient, found.pop(patient)

    def _files(self, bucket: int) -> Iterator[Path]:
        return (self.folder / str(bucket)).glob("*")

    def of(self, patient: str) -> int:
        """The bucket of the patient."""
        return crc32(patient.encode()) % self.number

    def _connection(self) -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect()
        connection.execute(f"SET memory_limit = '{self.memory}'")
        connection.execute("SET enable_progress_bar = false")
        connection.execute("SET threads = 1")  # work is spread over processes
        connection.execute("SET preserve_insertion_order = false")
        connection.execute(f"SET temp_directory = {_quoted(self.folder / 'spill')}")
        return connection


class _Held:
    """Rows on their way to files of their own: the lines of each patient together, what is joined afterwards beside them."""

    def __init__(self, buckets: Buckets) -> None:
        self._buckets = buckets
        self._own: defaultdict[str, list[bytes]] = defaultdict(list)
        self._others: list[Row] = []
        self._bytes = 0
        self._name = uuid4().hex
        self._buffer = bytearray()

    def own(self, patient: str, lines: Sequence[bytes]) -> None:
        """Hold lines of the patient's."""
        self._own[patient] += lines
        self._bytes += sum(map(len, lines))

    def add(self, row: Row) -> None:
        """Hold a row of any role."""
        if row.role is Role.OWN:
            self.own(row.key, [row.line])
        elif row.role is not Role.COUNTED:
            self._others.append(row)
            self._bytes += len(row.line) + len(row.key)

    def make_room(self) -> None:
        """Write all where much is held."""
        if self._bytes > PIECE_BYTES:
            self.write()

    def write(self) -> None:
        """Write what is held."""
        charts: defaultdict[int, dict[str, list[bytes]]] = defaultdict(dict)
        for patient, lines in self._own.items():
            charts[self._buckets.of(patient)][patient] = lines
        for bucket, own in charts.items():
            blocks.append(self._folder(str(bucket)) / self._name, own, self._buffer)
        self._own.clear()
        if self._others:
            names = Row.__struct_fields__
            columns = ([getattr(row, name) for row in self._others] for name in names)
            table = pa.table({name: pa.array(column, pa.string()) for name, column in zip(names, columns, strict=True)})
            pq.write_table(table, self._folder(_OTHERS) / f"{uuid4().hex}.parquet", compression="lz4")
            self._others.clear()
        self._bytes = 0

    def _folder(self, name: str) -> Path:
        folder = self._buckets.folder / name
        folder.mkdir(exist_ok=True)
        return folder


def _quoted(path: Path | str) -> str:
    """A path as SQL writes a string."""
    return "'" + str(path).replace("'", "''") + "'"


def _read(file: Path, held: _Held, seen: Seen, progress: Callable[[int], None]) -> None:
    """Hold the file's rows; count what could not be read, and name it."""
    read = 0
    try:
        for first, lines in lines_of(file, progress):
            place = 0
            for plain, same in groupby(plainly(lines)):  # what is one patient's mostly comes together
                some = lines[place : place + len(list(same))]
                if plain is None:
                    for number, line in enumerate(some, first + place):
                        _read_line(line, number, file, held, seen)
                else:
                    kind, patient = plain
                    seen.types[kind] += len(some)
                    if patient:
                        held.own(patient, some)
                place += len(some)
            held.make_room()
            read = first + len(lines) - 1
    except (OSError, EOFError):  # gzip that ends early, say: what came before is kept
        seen.note("", file, read + 1)


def _read_line(line: bytes, number: int, file: Path, held: _Held, seen: Seen) -> None:
    try:
        for row in written(line):
            held.add(row)
            if row.role in CARRYING:
                seen.note(row.kind, file, number)
    except BrokenLineError:
        seen.note("", file, number)
