"""``cds-service trace``: what one call was shown, and what became of it. The group that holds it puts the Settings in ``obj``."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import click
import orjson

from cds_service.commands.store import what_is_kept
from cds_service.errors import NotFoundError
from cds_service.settings import Settings

if TYPE_CHECKING:
    from cds_service.report.words import Words
    from cds_service.store.reading.cards import KeptCard, Told

NOTHING = (
    "No such card is in the store. The call had no cards, came under another hookInstance, service, issuer or tenant,"
    " was not recorded (cds_store_failures_total), or is older than what is kept.\n"
)
WORDS = (
    "The cards' words are not kept: explain, with the request, under the same release and site file, says them again.\n"
)


@click.command()
@click.option("--hook-instance", metavar="ID", help="The call's hookInstance, as the EHR sent it.")
@click.option("--service", metavar="ID", help="The service that was called.")
@click.option("--card", "cards", type=click.UUID, multiple=True, help="A card's uuid instead; may be repeated.")
@click.option("--issuer", metavar="ISS", help="Only this issuer's; everybody's if not given.")
@click.option("--tenant", metavar="TENANT", help="Only this tenant's.")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True)
@click.pass_obj
def trace(
    settings: Settings,
    /,
    hook_instance: str | None,
    service: str | None,
    cards: tuple[UUID, ...],
    form: str,
    **site: str | None,
) -> None:
    """Show which cards one call was answered with, by which rules in which version, and what became of them.

    Ends with status 1 when the store holds none of them.
    """
    wanted = _wanted(hook_instance, service, cards)
    found = _look(settings, tuple(wanted), site)
    if form == "json":
        click.echo(orjson.dumps(asdict(found), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE), nl=False)
    elif found.cards or found.told:
        click.echo("\n\n".join([*_said(found, wanted, settings), WORDS]), nl=False)
    else:
        click.echo(NOTHING, nl=False)
    if not found.cards:
        raise click.exceptions.Exit(1)


@dataclass(frozen=True, slots=True)
class Found:
    """What the store holds. ``told``: every report, also on cards that it does not hold."""

    cards: "tuple[KeptCard, ...]" = ()
    told: "tuple[Told, ...]" = ()


def _wanted(hook_instance: str | None, service: str | None, cards: Sequence[UUID]) -> Mapping[UUID, str | None]:
    """The uuids to look for, each with its topic where that is known."""
    if cards and hook_instance is None and service is None:
        return dict.fromkeys(cards)
    if cards or hook_instance is None or service is None:
        message = "say --hook-instance and --service, or --card"
        raise click.UsageError(message)
    from cds_service.catalogue import CATALOGUE, TOPICS, find  # noqa: PLC0415 - the other commands start faster without
    from cds_service.protocol.cards import card_uuid  # noqa: PLC0415

    try:
        find(service)
    except NotFoundError:
        message = f"no such service; there are {', '.join(one.id for one in CATALOGUE)}"
        raise click.BadParameter(message, param_hint="--service") from None
    return {card_uuid(hook_instance, service, topic): topic for topic in TOPICS}


def _look(settings: Settings, uuids: Sequence[UUID], site: Mapping[str, str | None]) -> Found:
    from cds_service.store.reading import cards  # noqa: PLC0415 - what reads takes a second to load
    from cds_service.store.reading.scope import Scope  # noqa: PLC0415

    with what_is_kept(settings) as database:
        if database is None:
            return Found()
        kept, told = cards.find(database, uuids, Scope(**site))
        return Found(tuple(kept), tuple(told))


def _said(found: Found, wanted: Mapping[UUID, str | None], settings: Settings) -> Iterator[str]:
    """A block for each card, and for reports that are on none of them."""
    from cds_service.report.words import words  # noqa: PLC0415 - reads all texts
    from cds_service.site.reading import in_force  # noqa: PLC0415

    said = words("en", in_force(settings).house)
    held = {(card.uuid, card.issuer, card.tenant) for card in found.cards}
    for card in found.cards:
        of_it = [told for told in found.told if _key(told) == (card.uuid, card.issuer, card.tenant)]
        yield "\n".join(_card(card, of_it, said, settings))
    for uuid, topic in wanted.items():
        strays = [told for told in found.told if told.card == uuid and _key(told) not in held]
        if strays:
            heading = f"{topic or 'A card'}: reported on, and not in the store\n  card      {uuid}"
            yield "\n".join([heading, *(_report(told, said, settings) for told in strays)])
    missing = [topic for uuid, topic in wanted.items() if topic and uuid not in {card.uuid for card in found.cards}]
    if missing:
        yield f"No card of {', '.join(missing)}."


def _key(told: "Told") -> tuple[UUID, str, str]:
    return told.card, told.issuer, told.tenant


def _card(card: "KeptCard", told: "Sequence[Told]", words: "Words", settings: Settings) -> Iterator[str]:
    shown = "WITHHELD (silent mode)" if card.silent else "shown"
    yield (
        f"{card.topic}, {card.indicator}: {shown} {_moment(card.issued_at, words, settings)},"
        f" in {words.value('language', card.language)}"
    )
    yield f"  card      {card.uuid}"
    yield f"  client    {words.value('issuer', card.issuer)}, {words.value('tenant', card.tenant)}"
    yield f"  call      {card.service} ({card.hook})"
    yield f"  rules     {', '.join(_versions(card.rules))}"
    yield f"  site file {card.site or 'none'}"
    yield f"  offered   {'; '.join(map(words.suggestion, card.offers)) or 'no suggestion, or not recorded'}"
    if not told:
        yield "  became    no report came"
    yield from (_report(one, words, settings) for one in told)


def _report(told: "Told", words: "Words", settings: Settings) -> str:
    """One report: what was done, and when it was received where that is much later."""
    hl7 = words.non_adherence(told.reason or "")
    meant = f" ({told.reason}{f', HL7 {hl7.code}' if hl7 else ''})"
    parts = [
        told.outcome,
        "; ".join(map(words.suggestion, told.taken)),
        f"{words.reason(told.reason)}{meant}" if told.reason else "",
        f'"{told.comment}"' if told.comment else "",
    ]
    received = _moment(told.received_at, words, settings)
    return f"  became    {_moment(told.at, words, settings)}: {', '.join(filter(None, parts))} (received {received})"


def _versions(rules: str) -> Iterator[str]:
    """Each rule with its version, and the one there is today where that is another."""
    from cds_service.catalogue import CATALOGUE  # noqa: PLC0415 - as above

    today = {rule.name: rule.version for service in CATALOGUE for rule in service.rules}
    for rule in rules.split(", "):
        name, _, version = rule.rpartition(" ")
        now = today.get(name)
        yield rule if now == version else f"{rule} (now {now or 'no such rule'})"


def _moment(at: datetime, words: "Words", settings: Settings) -> str:
    local = at.astimezone(settings.timezone)
    return f"{words.day(local)} {local:%H:%M:%S} ({settings.timezone})"
