"""What others build on, one name a line: EHRs key on services and codes, platforms on settings, metrics, logs and commands.

``tests/stable.json`` keeps what was promised. What is new is taken by ``make goldens``; what is gone stays in the file,
and a test fails, until a section "Upgrading" of CHANGELOG.md names it in backticks.
"""

import ast
import io
import json
import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import fields
from functools import cache
from itertools import chain
from pathlib import Path
from unittest.mock import patch

import click

from cds_service.catalogue import CATALOGUE, wording
from cds_service.cli import cli, main
from cds_service.decision.suggestion_kinds import declared_kinds
from cds_service.report.export import COLUMNS
from cds_service.settings import PREFIX, Settings
from cds_service.web.metrics.metrics import Metrics

ROOT = Path(__file__).parent.parent
FILE = ROOT / "tests" / "stable.json"

Stable = Mapping[str, list[str]]
"""By kind, the names of that kind, sorted."""

_NOWHERE = "sqlite:////no/such/folder/x.db"
_EXITS: Mapping[str, tuple[tuple[str, ...], Mapping[str, str]]] = {
    "done": (("rules",), {}),
    "unreadable file": (("call", "no-such-file.json"), {}),
    "unknown option": (("rules", "--no-such-option"), {}),
    "wrong setting": (("rules",), {"CDS_TIMEZONE": "Nowhere"}),
    "database out of reach": (("migrate",), {"CDS_DATABASE_URL": _NOWHERE}),
}
"""What is run to see with which status a command ends."""


@cache
def current() -> Stable:
    """What this source tree offers."""
    found = {
        "services": (service.id for service in CATALOGUE),
        "topics": (str(rule.topic) for service in CATALOGUE for rule in service.rules),
        "override reasons": _override_reasons(),
        "suggestion kinds": declared_kinds(),
        "rules": (rule.name for service in CATALOGUE for rule in service.rules),
        "settings": (PREFIX + setting.name.upper() for setting in fields(Settings)),
        "metrics": _metrics(),
        "log fields": _log_fields(),
        "report columns": COLUMNS,
        "commands": _commands(),
        "exit statuses": _exit_statuses(),
    }
    return {kind: sorted(set(names)) for kind, names in found.items()}


def gone(promised: Stable, now: Stable) -> list[str]:
    """What was promised and is no more."""
    return [name for kind, names in promised.items() for name in names if name not in now.get(kind, ())]


def written() -> Stable:
    """What the file says."""
    found: dict[str, list[str]] = json.loads(FILE.read_text(encoding="utf-8")) if FILE.is_file() else {}
    return found


def file_content() -> str:
    """What the file should say."""
    upgrading = named((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    return json.dumps(renewed(written(), current(), upgrading), indent=1) + "\n"


def named(changelog: str) -> frozenset[str]:
    """What the changelog's sections "Upgrading" name in backticks."""
    sections = re.findall(r"^### Upgrading\n(.*?)(?=^##|\Z)", changelog, re.MULTILINE | re.DOTALL)
    return frozenset(re.findall(r"`([^`]+)`", " ".join(sections)))


def renewed(promised: Stable, now: Stable, upgrading: frozenset[str]) -> Stable:
    """All there is, and what is gone without a word to those who upgrade."""
    unsaid = set(gone(promised, now)) - upgrading
    return {kind: sorted({*names, *unsaid.intersection(promised.get(kind, ()))}) for kind, names in now.items()}


def _override_reasons() -> Iterator[str]:
    keys = wording("en").texts
    return (key.removeprefix("override.") for key in keys if key.startswith("override."))


def _metrics() -> Iterator[str]:
    """As Prometheus sees them, with their labels."""
    for collector in Metrics()._registry._collector_to_names:  # noqa: SLF001 - without samples it shows no labels
        (family,) = collector.collect()
        name = f"{family.name}_total" if family.type == "counter" else family.name
        yield f"{name}{{{','.join(collector._labelnames)}}}"  # type: ignore[attr-defined]  # noqa: SLF001


def _log_fields() -> Iterator[str]:
    """Every event with every field, as the source logs them; "<endpoint>" stands for the line of each request."""
    for module in sorted((ROOT / "cds_service").rglob("*.py")):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _is_log(node.func):
                event = (
                    node.args[0].value if isinstance(node.args[0], ast.Constant) else f"<{ast.unparse(node.args[0])}>"
                )
                yield from (f"{event}.{keyword.arg}" for keyword in node.keywords if keyword.arg)
                yield str(event)
            elif isinstance(node, (ast.Assign, ast.AugAssign)) and isinstance(node.value, ast.Dict):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                if "g.logged" in map(ast.unparse, targets):
                    yield from (f"<endpoint>.{key.value}" for key in node.value.keys if isinstance(key, ast.Constant))


def _is_log(function: ast.expr) -> bool:
    return (
        isinstance(function, ast.Attribute)
        and function.attr in {"debug", "info", "warning", "error", "critical"}
        and ast.unparse(function.value) in {"_log", "log"}
    )


def _commands() -> Iterator[str]:
    yield from chain.from_iterable(_offered(name, command) for name, command in cli.commands.items())


def _offered(name: str, command: click.Command) -> Iterator[str]:
    """A command, what it takes, and the commands below it."""
    yield name
    for parameter in command.params:
        shown = parameter.opts if isinstance(parameter, click.Option) else [(parameter.name or "").upper()]
        yield from (f"{name} {one}" for one in shown)
    below = command.commands if isinstance(command, click.Group) else {}
    yield from chain.from_iterable(_offered(f"{name} {word}", one) for word, one in below.items())


def _exit_statuses() -> Iterator[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    for what, (arguments, more) in _EXITS.items():
        with (
            patch.dict(os.environ, kept | more, clear=True),
            patch.object(sys, "argv", ["cds-service", *arguments]),
            redirect_stdout(io.TextIOWrapper(io.BytesIO())),
            redirect_stderr(io.TextIOWrapper(io.BytesIO())),
        ):
            try:
                main()
                status: object = 0
            except SystemExit as end:
                status = end.code
        yield f"{what}: {status or 0}"
