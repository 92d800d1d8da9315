"""Two runs over the same patients: whose cards differ, by topic and rule version. After a release, or a changed setting."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import orjson

from cds_service.errors import CallError
from cds_service.replay.results.outputs import CALLS, CARDS, Written, load

_CARDS = f"""
SELECT coalesce(a.patient, b.patient) AS patient, coalesce(a.topic, b.topic) AS topic,
  coalesce(a.rule || ' ' || a.version, '') AS before, coalesce(b.rule || ' ' || b.version, '') AS after,
  CASE WHEN a.patient IS NULL THEN 'new' WHEN b.patient IS NULL THEN 'gone'
    WHEN a.indicator <> b.indicator THEN 'indicator' ELSE 'words' END AS change
FROM (SELECT c.* FROM read_parquet($1 || '/{CARDS}') c SEMI JOIN shared USING (patient, call, date, service)) a
FULL JOIN (SELECT c.* FROM read_parquet($2 || '/{CARDS}') c SEMI JOIN shared USING (patient, call, date, service)) b
  ON (a.patient, a.call, a.date, a.service, a.topic) = (b.patient, b.call, b.date, b.service, b.topic)
WHERE a.patient IS NULL OR b.patient IS NULL OR a.indicator <> b.indicator OR a.digest <> b.digest
"""
_SHARED = f"""
CREATE TABLE shared AS
SELECT patient, call, date, service FROM read_parquet($1 || '/{CALLS}') WHERE outcome = 'answered'
INTERSECT SELECT patient, call, date, service FROM read_parquet($2 || '/{CALLS}') WHERE outcome = 'answered'
"""
_ONLY = f"""
SELECT count(*) FROM read_parquet($1 || '/{CALLS}') c ANTI JOIN shared USING (patient, call, date, service)
WHERE outcome = 'answered'
"""


@dataclass(frozen=True, slots=True)
class Change:
    """One kind of difference. ``before``, ``after``: rule and version; "" where there was no card."""

    topic: str
    before: str
    after: str
    change: str
    patients: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two runs. ``calls``: those in both; ``only``: calls in the first, and in the second, alone."""

    runs: tuple[Mapping[str, Any], Mapping[str, Any]]
    calls: int
    only: tuple[int, int]
    changes: tuple[Change, ...]

    @property
    def same(self) -> bool:
        """Whether the same calls got the same cards, and no call is in one run alone."""
        return self.alike and self.only == (0, 0)

    @property
    def alike(self) -> bool:
        """Whether there are calls in both runs, and they got the same cards."""
        return bool(self.calls) and not self.changes

    @property
    def patients(self) -> int:
        """Patients with any difference."""
        return len({patient for change in self.changes for patient in change.patients})

    def settings(self) -> Iterator[tuple[str, Any, Any]]:
        """What the runs were asked differently, and their releases: (what, first, second)."""
        first, second = (run["run"] for run in self.runs)
        for name in (name for name in first if name != "rules"):
            if first[name] != second.get(name):
                yield name, first[name], second.get(name)


def compare(first: Path, second: Path) -> Comparison:
    """Compare two folders of ``replay``. Raises CallError where one holds no run, or they have no call in common."""
    runs = _loaded(first), _loaded(second)
    keys = [run.summary["run"]["key"] for run in runs]
    if keys[0] != keys[1]:
        message = "the runs were made with different keys, so that their patients cannot be matched; use one --key"
        raise CallError(message)
    with duckdb.connect() as connection:
        folders = [str(first), str(second)]
        connection.execute(_SHARED, folders)
        ((calls,),) = connection.execute("SELECT count(*) FROM shared").fetchall()
        if not calls:
            message = (
                "nothing was compared: the runs have no call of the same patient, day and service;"
                " make both with the same --key and the same --as-of"
            )
            raise CallError(message)
        only = [connection.execute(_ONLY, [folder]).fetchall()[0][0] for folder in folders]
        found = connection.execute(
            f"SELECT topic, before, after, change, list(DISTINCT patient ORDER BY patient) FROM ({_CARDS}) GROUP BY ALL"
            " ORDER BY topic, before, after, change",
            folders,
        ).fetchall()
    changes = tuple(
        Change(topic, before, after, change, tuple(patients)) for topic, before, after, change, patients in found
    )
    return Comparison((runs[0].summary, runs[1].summary), calls, (only[0], only[1]), changes)


def as_json(found: Comparison) -> str:
    """Everything, with the hashes of the patients."""
    document = {
        "same": found.same,
        "calls_in_both": found.calls,
        "calls_only_in": list(found.only),
        "patients": found.patients,
        "settings": [{"name": name, "first": first, "second": second} for name, first, second in found.settings()],
        "changes": [
            {
                "topic": one.topic,
                "before": one.before or None,
                "after": one.after or None,
                "change": one.change,
                "patients": list(one.patients),
            }
            for one in found.changes
        ],
    }
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def _loaded(folder: Path) -> Written:
    try:
        return load(folder)
    except (OSError, ValueError):
        message = f"{folder}: holds no finished run"
        raise CallError(message) from None
