"""Write everything that is derived: fixture requests, golden responses, the generated parts of the pages, what others build on.

    python tools/generate.py           writes what is stale, and names it
    python tools/generate.py --check   writes nothing; exit status 1 when anything is stale

A golden response changes only for a clinical reason, and the commit says which. What others build on is taken into
``tests/stable.json`` when it is new, and leaves it only when CHANGELOG.md tells those who upgrade. Nothing is written
while a rule says or shows something else under the version it had (``rule_versions``): exit status 1.
"""

import argparse
import ast
import io
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

import orjson
import rule_versions
import stable
from drawing import drawing
from rich.console import Console

from cds_service import pipeline, situations
from cds_service.catalogue import CATALOGUE, Service, wording
from cds_service.commands.call import shown
from cds_service.decision.recommendation import CERTAINTY, Advise, Certainty, Evidence, Indicator, Rule
from cds_service.protocol.schemas import dump_cards, load_request
from cds_service.report.export import COLUMNS
from cds_service.settings import LANGUAGES, Settings, settings_table
from cds_service.situations import Situation

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "cds_service"
EXAMPLE_LINES = 22
MOST_SOURCES = 3
_BY_CERTAINTY = (
    Certainty.HIGH,
    Certainty.MODERATE,
    Certainty.LOW_TO_MODERATE,
    Certainty.GUIDELINE,
    Certainty.LABEL,
    Certainty.LOW,
    Certainty.VERY_LOW,
    Certainty.EXPERT,
)
SETTINGS = Settings(public_base_url="https://cds.example.org")

FIXTURES_INTRODUCTION = """\
# Situations

Synthetic patients, each at one moment: they are the tests' golden cases, the demo's patients and the
documentation's examples. A situation is `story.md` (title, day, hooks, the story in both languages),
`chart.json`, for order hooks `drafts.json`, and, derived by `make goldens`, the request and the golden
response of each hook. The request carries its day in `extension`, so its dates never rot.

| situation | what happens | cards |
|---|---|---|
"""


def derived() -> Iterator[tuple[Path, Callable[[], bytes]]]:
    """Every derived file with what makes the content it should have."""
    for situation in situations.load_all():
        for hook in situation.hooks:
            yield situations.request_file(situation, hook), partial(_request, situation, hook)
            yield situations.response_file(situation, hook), partial(_response, situation, hook)
    yield situations.FOLDER / "README.md", lambda: fixtures_readme().encode()
    for name, parts in PARTS.items():
        yield ROOT / name, partial(filled, ROOT / name, parts)
    yield stable.FILE, lambda: stable.file_content().encode()


def _request(situation: Situation, hook: str) -> bytes:
    return _json(situations.request(situation, hook))


def _response(situation: Situation, hook: str) -> bytes:
    return _json(golden(situation, hook))


def golden(situation: Situation, hook: str) -> dict[str, Any]:
    """The answer to the situation's request in each language, as it goes over the wire."""
    return {language: orjson.loads(dump_cards(_answer(situation, hook, language).cards)) for language in LANGUAGES}


def _answer(situation: Situation, hook: str, language: str) -> pipeline.Answer:
    request = load_request(orjson.dumps(situations.request(situation, hook)))
    return pipeline.answer(
        request,
        service_for(hook),
        fetch=None,
        today=situation.day,
        words=wording(language),
        settings=SETTINGS,
    )


def service_for(hook: str) -> Service:
    """The service that answers the hook."""
    return next(service for service in CATALOGUE if service.hook == hook)


def fixtures_readme() -> str:
    """The table of situations: what each is about and which cards it brings."""
    return FIXTURES_INTRODUCTION + "".join(
        f"| [{situation.name}]({situation.name}/story.md) | {situation.title['en']} | {_cards(situation)} |\n"
        for situation in situations.load_all()
    )


def _cards(situation: Situation) -> str:
    shown = {}
    for hook in situation.hooks:
        cards = golden(situation, hook)["en"]["cards"]
        shown[hook] = ", ".join(f"{c['source']['topic']['code']} ({c['indicator']})" for c in cards) or "none"
    if len(set(shown.values())) == 1:
        return next(iter(shown.values()))
    return "; ".join(f"{hook}: {topics}" for hook, topics in shown.items())


def recommendations_table() -> str:
    """One row a rule: what it recommends, on which hooks, how urgently, and its strongest sources with their certainty."""
    words = wording("en")
    rows = ["| recommendation | hooks | indicator | strongest sources (certainty) | page |", "|---|---|---|---|---|"]
    for rule, hooks in _rules():
        sources = "; ".join(f"{e.citation} ({words.text(CERTAINTY[e.certainty])})" for e in strongest(rule.evidence))
        indicators = ", ".join(one.code for one in sorted(_indicators().get(rule.name, ())))
        rows.append(f"| {words.text(rule.title)} | {', '.join(hooks)} | {indicators} | {sources} | `{rule.page}` |")
    return "\n".join(rows)


def strongest(evidence: Iterable[Evidence]) -> list[Evidence]:
    """Who speaks on the rule's card, and the most certain of the others; of equals, in the rule's order."""
    first, *others = evidence
    return [first, *sorted(others, key=lambda one: _BY_CERTAINTY.index(one.certainty))][:MOST_SOURCES]


@cache
def _indicators() -> Mapping[str, set[Indicator]]:
    """The indicators each rule has in the situations."""
    found: dict[str, set[Indicator]] = {}
    for situation in situations.load_all():
        for hook in situation.hooks:
            for decided in _answer(situation, hook, "en").decisions:
                if isinstance(decided.decision, Advise):
                    found.setdefault(decided.rule.name, set()).add(decided.decision.indicator)
    return found


def example_card() -> str:
    """What the README's second command prints, as far as the first card's reasons."""
    console = Console(width=100, file=io.StringIO(), force_terminal=False, record=True)
    console.print(shown(golden(situations.load("cramps-quinine-hypokalaemia"), "patient-view")["en"]["cards"]))
    printed = [line.rstrip() for line in console.export_text().splitlines()]
    return "\n".join(["```", *printed[:EXAMPLE_LINES], "  …", "```"])


def _rules() -> list[tuple[Rule, list[str]]]:
    found: dict[str, tuple[Rule, list[str]]] = {}
    for service in CATALOGUE:
        for rule in service.rules:
            found.setdefault(rule.name, (rule, []))[1].append(service.hook)
    return list(found.values())


def packages() -> str:
    """What each package says of itself."""
    folders = [
        path.parent for pattern in ("*", "chart/*", "patient/*") for path in PACKAGE.glob(f"{pattern}/__init__.py")
    ]
    rows = ["| package | what it is for |", "|---|---|"]
    for folder in sorted(folders):
        docstring = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))) or ""
        said = " ".join(docstring.split()).replace("``", "`")
        rows.append(f"| `{folder.relative_to(PACKAGE)}` | {said} |")
    return "\n".join(rows)


def report_columns() -> str:
    """What each column of the report's CSV means."""
    return "\n".join(
        ["| column | meaning |", "|---|---|", *(f"| `{name}` | {said} |" for name, said in COLUMNS.items())]
    )


PARTS: Mapping[str, Mapping[str, Callable[[], str]]] = {
    "README.md": {"card": example_card, "recommendations": recommendations_table, "settings": settings_table},
    "docs/live.md": {"report columns": report_columns},
    "ARCHITECTURE.md": {"drawing": drawing, "packages": packages},
}
"""The generated parts of each page, by the name in their markers."""


def filled(page: Path, parts: Mapping[str, Callable[[], str]]) -> bytes:
    """The page with each generated part between its markers."""
    text = page.read_text(encoding="utf-8")
    for name, make in parts.items():
        start, end = f"<!-- generated: {name} -->\n", "<!-- end -->"
        pattern = re.compile(re.escape(start) + ".*?" + re.escape(end), re.DOTALL)
        if len(pattern.findall(text)) != 1:
            message = f"{page.name} has no one place for the generated part {name!r}"
            raise SystemExit(message)
        text = pattern.sub((start + make() + "\n" + end).replace("\\", "\\\\"), text)
    return text.encode()


def _rule_versions() -> bytes:
    return rule_versions.file_content(rule_versions.current()).encode()


def _json(value: object) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def stale() -> list[tuple[Path, bytes]]:
    """The derived files that are not as they should be, with the content they should have."""
    contents = ((path, make()) for path, make in (*derived(), (rule_versions.FILE, _rule_versions)))
    return [(path, content) for path, content in contents if not path.is_file() or path.read_bytes() != content]


def main() -> int:
    """Write or check."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing, fail when anything is stale")
    check = parser.parse_args().check
    refused = rule_versions.changed(rule_versions.written(), rule_versions.current())
    if refused:
        sys.stderr.write(rule_versions.refusal(refused))
        return 1
    found = stale()
    for path, content in found:
        sys.stdout.write(f"{'stale' if check else 'written'}: {path.relative_to(ROOT)}\n")
        if not check:
            path.write_bytes(content)
    return 1 if check and found else 0


if __name__ == "__main__":
    sys.exit(main())
