"""The same replay on Apache Spark, for more than one machine: ``replay_patient`` applied with ``mapInPandas``.

The session is the caller's own (``spark-submit``, a notebook): nothing of it is set here. Reads NDJSON, or one Bundle a
line, from wherever the session can read; a Bundle written over many lines is for the embedded engine.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import Any

import pandas as pd
from msgspec.structs import astuple

from cds_service.replay import joining
from cds_service.replay.buckets import Seen
from cds_service.replay.calls import Options
from cds_service.replay.keyed import BROKEN, CARRYING, READ, BrokenLineError, Row, written
from cds_service.replay.patients import hashed, replay_patient
from cds_service.replay.results import parts
from cds_service.replay.rows import LISTS, NAMES, NUMBERS, TRUTHS, as_mapping, from_mapping
from cds_service.replay.run import Plan, Replayed, Told

_COLUMNS = Row.__struct_fields__
_KEYED = ", ".join(f"{name} string" for name in _COLUMNS)
_CHARTS = "patient string, lines array<string>"
_TYPES = (
    dict.fromkeys(NUMBERS, "int")
    | dict.fromkeys(TRUTHS, "boolean")
    | dict.fromkeys(LISTS, "array<string>")
    | {"date": "date"}
)
_ROWS = ", ".join(f"{name} {_TYPES.get(name, 'string')}" for name in NAMES)
_IN_A_PART = 50_000  # rows

_GROUPED = """
SELECT patient, collect_list(line) AS lines FROM (
  SELECT key AS patient, line FROM rows WHERE role = 'own'
  UNION ALL SELECT patient, line FROM named UNION ALL SELECT patient, line FROM shared
) lines GROUP BY patient
"""

Frames = Iterable[pd.DataFrame]
DataFrame = Any
"""Spark's: it is not installed where this is checked."""


@dataclass(frozen=True, slots=True)
class Charts:
    """An export as Spark sees it. ``patients``: each patient's "lines"; ``types``: resources by type; counts beside."""

    patients: DataFrame
    types: Counter[str]
    broken_lines: int
    nobody_s: int


def charts(session: Any, export: Sequence[str]) -> Charts:
    """Read an export and join it by patient, in a session of its own, so that no view of the caller's is touched."""
    session = session.newSession()
    rows = session.read.text(list(export)).mapInPandas(_keyed, _KEYED).persist()
    rows.createOrReplaceTempView("rows")
    for name, sql in (("names", joining.NAMES), ("referred", joining.REFERRED), ("named", joining.NAMED)):
        session.sql(sql).createOrReplaceTempView(name)
    session.sql(joining.SHARED).createOrReplaceTempView("shared")
    counted = rows.where(rows.role.isin([*map(str, CARRYING)])).groupBy("kind").count().collect()
    types = Counter({row["kind"]: row["count"] for row in counted})
    broken = types.pop("", 0)
    patients = session.sql(_GROUPED)
    return Charts(patients, types, broken, session.sql(joining.NOBODY_S).first()["n"])


def replay(found: DataFrame, options: Options) -> DataFrame:
    """The rows of every patient of a DataFrame with a column "lines"; see ``rows.Row`` for what their columns mean."""
    return found.mapInPandas(partial(_replayed, options), _ROWS)


def run(session: Any, plan: Plan, told: Told) -> Replayed:
    """What ``run.replay`` does, on Spark: the rows come to this machine, the charts do not."""
    told("Reading", "", 0, 1)
    read = charts(session, plan.export)
    options = replace(plan.options, types=(plan.types if plan.types is not None else frozenset(read.types)) & READ)
    found = read.patients if plan.limit is None else read.patients.orderBy("patient").limit(plan.limit)
    came = map(from_mapping, (row.asDict() for row in replay(found, options).toLocalIterator()))
    for place in range(1 << 20):
        part = list(islice(came, _IN_A_PART))
        if place and not part:
            break
        parts.write(parts.part(plan.folder / "rows", place), part)
        told("Replaying", f" ({place + 1} parts)", 0, 1)

    def again(patients: Collection[str]) -> Iterator[tuple[str, list[bytes]]]:
        chosen = found.mapInPandas(partial(_only, frozenset(patients), options.key), _CHARTS)
        return ((row["patient"], _bytes(row["lines"])) for row in chosen.toLocalIterator())

    seen = Seen(read.types, broken_lines=read.broken_lines)
    return Replayed(plan.folder / "rows", options, seen, read.nobody_s, again)


def _keyed(frames: Frames) -> Iterator[pd.DataFrame]:
    for frame in frames:
        rows = [(*head, own.decode()) for line in frame["value"] for *head, own in map(astuple, _rows(line))]
        yield pd.DataFrame(rows, columns=_COLUMNS)


def _rows(line: str) -> Iterator[Row]:
    try:
        yield from written(line.encode())
    except BrokenLineError:
        yield BROKEN


def _replayed(options: Options, frames: Frames) -> Iterator[pd.DataFrame]:
    for frame in frames:
        rows = [as_mapping(row) for lines in frame["lines"] for row in replay_patient(_bytes(lines), options)]
        yield pd.DataFrame(rows, columns=NAMES)


def _bytes(lines: Iterable[str]) -> list[bytes]:
    return [line.encode() for line in lines]


def _only(patients: frozenset[str], key: bytes, frames: Frames) -> Iterator[pd.DataFrame]:
    for frame in frames:
        frame["patient"] = [hashed(patient, key) for patient in frame["patient"]]
        yield frame[frame["patient"].isin(patients)]
