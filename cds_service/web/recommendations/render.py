"""The pages as HTML, as plain text and as JSON."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from jinja2 import Environment
from markupsafe import Markup

from cds_service import __version__
from cds_service.catalogue import about, wording
from cds_service.templates import templates
from cds_service.web.recommendations.document import Outcome, Page, RuleShown
from cds_service.web.recommendations.words import words

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses of what a page of the service refers to.

    ``site``: the digest of the site file in force, if there is one; ``changes``: what it changes, a line each.
    """

    index: str
    icon: str
    style: str
    site: str = ""
    changes: tuple[str, ...] = ()


def html(
    pages: Sequence[Page], language: str, links: Links | None = None, *, index: bool = False, missing: bool = False
) -> str:
    """One document of the pages; ``index``: their list, ``missing`` that what was asked for is none of them.

    Without ``links`` it stands alone, with its own style and ``displays``: what each code is called.
    """
    own = words(language)

    def off(rule: RuleShown) -> str:
        hooks = ", ".join(own.get("hook", hook) for hook in rule.off)
        return own.label["off_on"].format(rule=rule.title, hooks=hooks)

    return (
        _environment()
        .get_template("document.html")
        .render(
            pages=pages,
            language=language,
            links=links,
            label=own.label,
            families=own.families,
            about=about(language),
            release=__version__,
            style=None if links else Markup(_style()),  # noqa: S704 - our own file
            displays=links is None,
            off=off,
            day=wording(language).day,
            index=index,
            missing=missing,
        )
    )


def json(pages: Sequence[Page]) -> bytes:
    """The pages as a list, each code with what it is called."""
    return orjson.dumps(list(pages), option=orjson.OPT_INDENT_2)


def text(pages: Sequence[Page], language: str) -> str:
    """The pages one after another, for a terminal."""
    label = words(language).label
    return "\n\n\n".join("\n".join(_lines(page, label)) for page in pages)


def _lines(page: Page, label: Mapping[str, str]) -> Iterator[str]:
    yield page.title.upper()
    for rule in page.rules:
        yield from _rule(rule, label)
    yield from _block(
        label["limits"], (f"{one.meaning}: {one.value} ({one.source or label['own_choice']})" for one in page.limits)
    )
    for kind, heading in (("card", "cards"), ("silence", "silences"), ("unknown", "unknowns")):
        yield from _block(label[heading], (_outcome(one) for one in page.outcomes if one.kind == kind))
    yield from _block(label["lines"], page.lines)
    yield from _block(label["not_known"], page.not_known)
    sources = (f"{one.citation} [{one.certainty}]: {one.finding} ({one.identifier})" for one in page.sources)
    yield from _block(label["evidence"], sources)
    yield from _block(label["needs"], page.needs)
    yield from _block(label["concepts"], (_concept(one) for one in page.concepts))
    yield from _block(label["attributes"], (f"{name}: {said}" for name, said in page.attributes))
    yield from _block(label["review"], (f"{label['reviewed_by']}: ", label["not_reviewed"]))
    yield from _block(label["copyright"], page.copyright)


def _rule(rule: RuleShown, label: Mapping[str, str]) -> Iterator[str]:
    yield ""
    yield f"{rule.title}"
    changed = f"{label['changed'].lower()} {rule.changed.isoformat()}"
    yield f"  {rule.name} {rule.version}, {changed}; {rule.topic}; {', '.join(rule.hooks)}"
    if rule.off:
        yield f"  {label['off'].upper()}: {', '.join(rule.off)}"
    if rule.sentence:
        yield f"  {rule.sentence}"
    if rule.judges:
        yield f"  {label['judges']}: {', '.join(rule.judges)}"


def _block(heading: str, lines: Any) -> Iterator[str]:
    lines = list(lines)
    if lines:
        yield ""
        yield heading
        yield from (f"  - {line}" for line in lines)


def _outcome(one: Outcome) -> str:
    shown = ("; ".join(filter(None, (example.said, example.indicator, example.situation))) for example in one.examples)
    return "\n      ".join((f"{one.text} [{', '.join(one.rules)}]", *shown))


def _concept(one: Any) -> str:
    held = f" ({', '.join(one.holds)})" if one.holds else ""
    counts = f"; {'; '.join(one.counts)}" if one.counts else ""
    lists = "".join(
        f"\n      {found.system}: "
        + "; ".join(f"{code.code}{'*' if code.under else ''} {code.display or ''}".strip() for code in found.codes)
        for found in one.lists
    )
    return f"{one.kind}: {one.name}{held}{counts}{lists}"


@cache
def _style() -> str:
    return (_HERE / "static" / "recommendations.css").read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    return templates(_HERE / "templates" / "recommendations")
