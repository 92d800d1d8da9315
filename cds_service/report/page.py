"""The report as one HTML document that needs nothing from elsewhere: no script, no address, its own style."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from cds_service.report import formats
from cds_service.report.drawing import svg
from cds_service.report.plots import by_topic, fates, reasons
from cds_service.report.summary import Report
from cds_service.report.trends import over_time
from cds_service.store.reading.tallies import EVERYBODY, Site

_TEMPLATES = Path(__file__).parents[1] / "web" / "report" / "templates" / "report"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page was asked for. ``form``: whether it lets one ask for something else; ``problem``: what is wrong."""

    since: date | None = None
    until: date | None = None
    site: Site = EVERYBODY
    form: bool = False
    problem: str | None = None


def policy() -> str:
    """The page's Content-Security-Policy: nothing is loaded or run; its own style is known by its hash."""
    digest = base64.b64encode(hashlib.sha256(style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'self'"


def html(report: Report | None, made_at: datetime, asked: Asked = Asked()) -> str:
    """The document. ``report`` None: nothing was recorded yet. ``made_at``: aware, in the report's zone."""
    return (
        _environment()
        .get_template("report.html")
        .render(
            report=report,
            made_at=made_at,
            asked=asked,
            policy=policy(),
            style=Markup(style()),  # noqa: S704 - our own file
            figures=_figures(report) if report and report.rows else {},
        )
    )


def _figures(report: Report) -> Mapping[str, Markup]:
    drawn = {
        "fates": svg(fates, report, "What became of the cards", "Shares are in the table below, a row for each rule."),
        "over_time": svg(over_time, report, "Cards per 100 calls", "Numbers of each period are in the report's JSON."),
    }
    if report.overridden:
        drawn["reasons"] = svg(reasons, report, "Why cards were overridden", "Numbers are in the table below.")
    return {name: Markup(picture) for name, picture in drawn.items()}  # noqa: S704 - drawn by us, texts escaped


@cache
def style() -> str:
    """The style of every report's page, which ``policy`` knows by its hash."""
    return (_TEMPLATES / "report.css").read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "words": formats.day_in_words,
        "rate": formats.rate,
    }
    environment.globals |= {
        "share": formats.share,
        "by_reason": formats.by_reason,
        "by_topic": by_topic,
        "count": formats.count,
        "headline": formats.headline,
        "unknown_line": formats.unknown_line,
    }
    return environment
