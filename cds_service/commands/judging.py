"""``cds-service review`` and ``cds-service compare``: what came of a replay's review, and what two runs differ in."""

from pathlib import Path
from typing import TYPE_CHECKING

import click
import orjson

from cds_service.commands.replay import NEEDED
from cds_service.errors import CallError

if TYPE_CHECKING:
    from rich.table import Table

    from cds_service.replay.results.compare import Comparison
    from cds_service.replay.results.verdicts import Judged, Result, Share

DIFFERENT = 1
_FILE = click.Path(dir_okay=False, path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=_FILE)
@click.argument("second", type=_FILE, required=False)
@click.option("--format", "form", type=click.Choice(("table", "json")), default="table", show_default=True)
def review(file: Path, second: Path | None, form: str) -> None:
    """Sum up a filled-in review.csv: predictive value, agreement, and what the reviewers dispute.

    SECOND is another copy of the file: the second reviewer's verdicts are read from it, the first one's from FILE.
    """
    from rich.console import Console  # noqa: PLC0415 - what one command needs, the others do not wait for

    try:
        from cds_service.replay.results import verdicts  # noqa: PLC0415 - needs the extra
    except ImportError:
        raise CallError(NEEDED) from None

    judged = verdicts.read(file, second)
    found, strata = verdicts.results(judged), verdicts.strata(judged)
    disputed = [one for one in judged if one.disputed]
    if form == "json":
        document = {
            "groups": [_as_mapping(one) for one in found],
            "strata": [_as_mapping(one) for one in strata],
            "disputed": [_dispute(one) for one in disputed],
        }
        click.echo(orjson.dumps(document, option=orjson.OPT_INDENT_2).decode())
        return
    Console().print(_table(found, strata))
    for one in disputed:
        click.echo(f"item {one.item} ({one.stratum}): {one.verdicts[0]} against {one.verdicts[1]}")
    if not any(any(one.verdicts) for one in judged):
        click.echo("Nothing was judged.")
    elif not any(all(one.verdicts) for one in judged):
        click.echo("Nothing was judged by both reviewers.")
    elif not disputed:
        click.echo("Nothing is disputed.")


@click.command()
@click.argument("first", type=_FOLDER)
@click.argument("second", type=_FOLDER)
@click.option("--format", "form", type=click.Choice(("table", "json", "html")), default="table", show_default=True)
@click.option("--output", type=_FILE, help="A file to write to.")
@click.option("--expect-same", is_flag=True, help="End with status 1 when anything differs.")
@click.pass_context
def compare(
    context: click.Context, first: Path, second: Path, form: str, output: Path | None, *, expect_same: bool
) -> None:
    """Show whose cards differ between two runs of replay, by topic and rule version."""
    try:
        from cds_service.replay.results import compare as comparing  # noqa: PLC0415 - needs the extra
        from cds_service.replay.results import page  # noqa: PLC0415
    except ImportError:
        raise CallError(NEEDED) from None
    found = comparing.compare(first, second)
    if form == "json":
        text = comparing.as_json(found)
    else:
        text = page.render("compare.html", found=found) if form == "html" else _plain(found)
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")
        click.echo(f"Written to {output}.", err=True)
    if expect_same and not found.same:
        context.exit(DIFFERENT)


def _plain(found: "Comparison") -> str:
    lines = [
        f"{found.calls:,} calls in both, {found.only[0]:,} in the first alone, {found.only[1]:,} in the second alone."
    ]
    lines += [f"{name}: {one} → {other}" for name, one, other in found.settings()]
    if found.changes:
        lines.append(f"{found.patients:,} patients whose cards differ.")
    if found.alike:
        lines.append("The same calls got the same cards.")
    lines += [
        f"  {one.topic}: {len(one.patients):,} {one.change} ({one.before or 'no card'} → {one.after or 'no card'})"
        for one in found.changes
    ]
    return "\n".join(lines) + "\n"


def _table(found: "list[Result]", strata: "list[Result]") -> "Table":
    from rich import box  # noqa: PLC0415 - as above
    from rich.table import Table  # noqa: PLC0415

    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    shown.add_column("", no_wrap=True)
    for name in ("Items", "Reviewer 1", "Reviewer 2", "Both agree", "Kappa"):
        shown.add_column(name, justify="right", no_wrap=name in ("Items", "Kappa"))
    for one in found:
        _add(shown, one)
    shown.add_section()
    for one in strata:
        _add(shown, one)
    return shown


def _add(shown: "Table", one: "Result") -> None:
    kappa = "–" if one.kappa is None else f"{one.kappa:.2f}"
    disputed = "" if one.disputed.value is None else f"\n{one.disputed.value:.0%} disputed"
    name = one.name.replace(", ", ",\n")  # a stratum's topic and indicator: a narrow column
    shown.add_row(name, f"{one.items:,}", *map(_share, one.reviewers), _share(one.agreed) + disputed, kappa)
    shares = (*one.reviewers, one.agreed)
    if any(share.weighted is not None for share in shares):
        disputed = "" if one.disputed.weighted is None else f"\n{one.disputed.weighted:.0%} disputed"
        first, second, both = map(_weighted, shares)
        shown.add_row("weighted by calls:", "", first, second, both + disputed, "")


def _share(share: "Share") -> str:
    """Such as "8/10 = 80% (49–94%)"."""
    if share.value is None or share.interval is None:
        return "–"
    low, high = share.interval
    return f"{share.good}/{share.judged} = {share.value:.0%} ({low:.0%}–{high:.0%})".replace("%–", "–")


def _weighted(share: "Share") -> str:
    return "–" if share.weighted is None else f"{share.weighted:.0%}"


def _as_mapping(one: "Result") -> dict[str, object]:
    shares = {
        "reviewer_1": one.reviewers[0],
        "reviewer_2": one.reviewers[1],
        "both_agree": one.agreed,
        "disputed": one.disputed,
    }
    told = {name: _told(share) for name, share in shares.items()}
    told["disputed"]["disputed"] = told["disputed"].pop("good")
    return {"name": one.name, "items": one.items, **told, "kappa": one.kappa}


def _told(share: "Share") -> dict[str, object]:
    return {
        "good": share.good,
        "judged": share.judged,
        "value": share.value,
        "interval": share.interval,
        "weighted_by_calls": share.weighted,
    }


def _dispute(one: "Judged") -> dict[str, object]:
    return {"item": one.item, "stratum": one.stratum, "verdicts": one.verdicts}
