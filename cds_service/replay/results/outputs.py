"""What a run leaves behind: calls.parquet, cards.parquet, summary.json and unread.csv, without a name, an id or a text.

The one exception are the words in unread.csv, and these only where several patients have them.
"""

import csv
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import orjson

from cds_service import __version__
from cds_service.cards.escaping import spreadsheet_safe
from cds_service.pipeline import rules_off
from cds_service.replay.calls import At, Options
from cds_service.replay.keys import key_id
from cds_service.replay.run import Replayed

FEWEST_PATIENTS = 5  # who share a text before it is shown
MOST_UNREAD = 200
CALLS, CARDS, SUMMARY, UNREAD = "calls.parquet", "cards.parquet", "summary.json", "unread.csv"

_CALL_COLUMNS = "patient, call, date, service, outcome, age, sex, indicator, cards, concerned, cannot_tell, missing, unread, silent, doubts, digest"
_CARD_COLUMNS = "patient, call, date, service, age, sex, topic, rule, version, indicator, unread, missing, digest"
_UNREAD = f"""
WITH told AS (
  SELECT what, why, nearest, text, patient FROM rows WHERE kind = 'unread'
), shared AS (
  SELECT what, why, nearest, text FROM told GROUP BY ALL HAVING count(DISTINCT patient) >= {FEWEST_PATIENTS}
)
SELECT t.what, t.why, t.nearest, coalesce(s.text, '') AS text, count(DISTINCT patient) AS patients, count(*) AS times
FROM told t LEFT JOIN shared s USING (what, why, nearest, text)
GROUP BY ALL ORDER BY patients DESC, 1, 2, 3, 4 LIMIT {MOST_UNREAD}
"""


@dataclass(frozen=True)
class Written:
    """A run's results, opened for questions. ``summary``: as in summary.json."""

    folder: Path
    summary: dict[str, Any]

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a question to ``calls`` and ``cards``."""
        return self._opened.execute(sql).fetchall()

    @cached_property
    def _opened(self) -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect()
        for name, file in (("calls", CALLS), ("cards", CARDS)):
            connection.read_parquet(str(self.folder / file)).create_view(name)
        return connection


def write(replayed: Replayed, output: Path) -> Written:
    """Write the four files."""
    output.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        connection.execute("SET memory_limit = '512MB'")
        connection.read_parquet(str(replayed.rows / "*.parquet")).create_view("rows")
        for kind, columns, file in (("call", _CALL_COLUMNS, CALLS), ("card", _CARD_COLUMNS, CARDS)):
            order = "patient, call" + (", topic" if kind == "card" else "")
            found = connection.sql(f"SELECT {columns} FROM rows WHERE kind = '{kind}' ORDER BY {order}")
            found.write_parquet(str(output / file))
            (output / file).chmod(0o600)  # a row for each patient: a hash, days, an age band and sex
        unread = connection.execute(_UNREAD).fetchall()
    _write_unread(output / UNREAD, unread)
    written = Written(output, {})
    written.summary.update(_summary(written, replayed))
    (output / SUMMARY).write_bytes(
        orjson.dumps(written.summary, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    )
    return written


def load(folder: Path) -> Written:
    """The results of a finished run. Raises OSError or ValueError when the folder holds none."""
    return Written(folder, orjson.loads((folder / SUMMARY).read_bytes()))


def _write_unread(file: Path, rows: list[tuple[Any, ...]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow(["query", "why", "nearest_concept", "text", "patients", "times"])
        writer.writerows([*row[:3], spreadsheet_safe(row[3]), *row[4:]] for row in rows)


def _summary(written: Written, replayed: Replayed) -> dict[str, Any]:
    ((patients, calls, with_cards, cannot_tell, unread, concerned, cards),) = written.ask(
        "SELECT count(DISTINCT patient), count(*) FILTER (outcome = 'answered'), count(*) FILTER (cards > 0),"
        " count(*) FILTER (len(cannot_tell) > 0), count(*) FILTER (len(unread) > 0), count(*) FILTER (concerned),"
        " coalesce(sum(cards), 0) FROM calls"
    )
    topics: dict[str, dict[str, int]] = {}
    for topic, indicator, number in written.ask(
        "SELECT topic, indicator, count(DISTINCT (patient, call)) FROM cards GROUP BY ALL ORDER BY ALL"
    ):
        topics.setdefault(topic, {})[indicator] = number
    outcomes = dict(
        written.ask("SELECT outcome, count(*) FROM calls WHERE outcome <> 'answered' GROUP BY 1 ORDER BY 1")
    )
    return {
        "patients": patients,
        "calls": calls,
        "with_cards": with_cards,
        "topics": topics,
        "cards_per_100_calls": round(100 * int(cards) / calls, 1) if calls else None,
        "cannot_tell": cannot_tell,
        "unread": unread,
        "concerned": concerned,
        "not_called": outcomes,
        "export": _export(replayed),
        "run": _run(replayed.options),
    }


def _export(replayed: Replayed) -> dict[str, Any]:
    """What the export held; files are not named, since some name a patient."""
    return {
        "resources": dict(sorted(replayed.seen.types.items())),
        "broken_lines": replayed.seen.broken_lines,
        "of_nobody": replayed.nobody_s,
    }


def _run(options: Options) -> dict[str, Any]:
    service = options.judged
    off = rules_off(service, options.settings, options.site)
    return {
        "release": __version__,
        "service": service.id,
        "rules": {rule.name: rule.version for rule in service.rules if rule not in off},
        "rules_off": [rule.name for rule in off],
        "at": options.moments,
        "as_of": options.as_of,
        "since": options.since,
        "until": options.until,
        "as_recorded": options.recorded or options.moments is not At.DAY,
        "timezone": str(options.settings.timezone),
        "language": options.language,
        "site": options.site.digest or None,
        "disabled_topics": sorted(options.settings.disabled_topics),
        "types": sorted(options.types),
        "key": key_id(options.key),
    }
