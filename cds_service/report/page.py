"""The report as one HTML document that needs nothing from elsewhere: no script, no address, its own style."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from cds_service.report import formats
from cds_service.report.common import policy, style
from cds_service.report.drawing import svg
from cds_service.report.plots import View, fates, reasons
from cds_service.report.reasons import by_reason
from cds_service.report.rows import Report, by_topic
from cds_service.report.trends import over_time, silent_over_time
from cds_service.report.versions import changes
from cds_service.report.words import Words
from cds_service.settings import LANGUAGES
from cds_service.store.reading.scope import DIMENSIONS, EVERYTHING, Scope
from cds_service.templates import templates

_TEMPLATES = Path(__file__).parent / "templates"
SPLITS = tuple(name for name in DIMENSIONS if name != "hook")  # which always is a column


@dataclass(frozen=True, slots=True)
class Form:
    """What the page lets one ask for: the values there are of each dimension. ``demo``: whether one can go back to it."""

    choices: Mapping[str, tuple[str, ...]]
    demo: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page was asked for. ``form``: None where it lets one ask for nothing else; ``problem``: what is wrong."""

    since: date | None = None
    until: date | None = None
    scope: Scope = EVERYTHING
    split: tuple[str, ...] = ()
    form: Form | None = None
    problem: str | None = None


def html(report: Report | None, made_at: datetime, words: Words, asked: Asked = Asked()) -> str:
    """The document. ``report`` None: nothing was recorded yet. ``made_at``: aware, in the report's zone."""
    return (
        _environment()
        .get_template("report.html")
        .render(
            report=report,
            made_at=made_at,
            asked=asked,
            words=words,
            policy=policy(),
            style=Markup(style()),  # noqa: S704 - our own file
            figures=_figures(View(report, words)) if report else {},
            marked=bool(report and changes(report.marks, report.since)),
            **_said_in(words),
        )
    )


def _figures(view: View) -> Mapping[str, Markup]:
    words = view.words
    drawn = {}
    if view.report.shown:
        drawn["fates"] = svg(fates, view, words("fates"), words("figure_fates"))
        drawn["over_time"] = svg(over_time, view, words("over_time"), words("figure_over_time"))
    if view.report.total.overridden:
        drawn["reasons"] = svg(reasons, view, words("why"), words("figure_reasons"))
    if view.report.withheld:
        drawn["silent"] = svg(silent_over_time, view, words("silent_over_time"), words("figure_over_time"))
    return {name: Markup(picture) for name, picture in drawn.items()}  # noqa: S704 - drawn by us, texts escaped


def _said_in(words: Words) -> Mapping[str, Any]:
    """What the template says by function, in one language."""
    return {
        "headline": partial(formats.headline, words=words),
        "silent_headline": partial(formats.silent_headline, words=words),
        "dimension": partial(formats.dimension_name, words=words),
        "values_of": partial(formats.values_of, words=words),
        "by_reason": partial(by_reason, words=words),
    }


@cache
def _environment() -> Environment:
    environment = templates(_TEMPLATES)
    environment.globals |= {"by_topic": by_topic, "LANGUAGES": LANGUAGES, "DIMENSIONS": DIMENSIONS, "SPLITS": SPLITS}
    return environment
