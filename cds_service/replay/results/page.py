"""A run's report as one HTML document that needs nothing from elsewhere, in the style of the service's other report."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from cds_service.cards.wording import Wording
from cds_service.catalogue import wording
from cds_service.decision.phrases import Text
from cds_service.replay.results import bars
from cds_service.replay.results.burden import INDICATORS, burden
from cds_service.replay.results.outputs import Written
from cds_service.report.common import Numbers, policy, style
from cds_service.templates import templates

REPORT = "report.html"
_TEMPLATES = Path(__file__).parent / "templates"
_MOST_ROWS = 20
_LEAST = 0.005
_numbers = Numbers("en")


def write(written: Written, made_at: datetime) -> None:
    """Write report.html beside the run's other files. ``made_at``: aware."""
    text = render("replay.html", burden=burden(written), made_at=made_at, most=_MOST_ROWS)
    (written.folder / REPORT).write_text(text, encoding="utf-8")


def render(template: str, **values: object) -> str:
    """A page of this room, with the style and policy of the service's reports."""
    shown = {"policy": policy(), "style": Markup(style())}  # noqa: S704 - our own file
    return _environment().get_template(template).render(**shown, **values)


@cache
def _environment() -> Environment:
    environment = templates(_TEMPLATES)
    environment.filters["day"] = _numbers.day
    environment.globals |= {
        "bars": bars,
        "INDICATORS": INDICATORS,
        "percent": _percent,
        "count": _count,
        "thousands": _thousands,
        "shares": _shares,
        "unread": _unread,
    }
    return environment


def _percent(part: int, whole: int) -> str:
    """Such as "34%"; what is there and less than a half per cent is no nought."""
    share = part / whole
    return "<1%" if 0 < share < _LEAST else f"{share:.0%}"


def _count(number: int, noun: str) -> str:
    """Such as "1 patient", "1,204 patients"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _thousands(rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Table rows whose last cell is a number."""
    return [(*row[:-1], f"{row[-1]:,}") for row in rows]


def _shares(rows: Iterable[tuple[str, int]], whole: int) -> list[tuple[str, str, str]]:
    return [(name, f"{number:,}", _percent(number, whole)) for name, number in rows]


def _unread(rows: Iterable[Mapping[str, str]]) -> list[tuple[str, ...]]:
    words = wording("en")
    return [
        (
            row["query"],
            _why(row["why"], words),
            row["nearest_concept"].replace("_", " "),
            row["text"] or "–",
            row["patients"],
        )
        for row in rows
    ]


def _why(code: str, words: Wording) -> str:
    known = (Text(f"why.{code}"), Text(f"lab.unusable.{code}"))
    return next((words.text(one) for one in known if one in words), code.replace("-", " "))
