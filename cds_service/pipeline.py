"""One call, in one direction: gather, read, decide, compose."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cds_service.cards.compose import CardContext, compose
from cds_service.cards.wording import Wording
from cds_service.catalogue import Service
from cds_service.chart.gather.entries import insist_on_a_measure
from cds_service.chart.gather.gather import gather, gather_drafts
from cds_service.chart.model import Chart, Fetch, Fetched, Query, Still, Want, unhurried
from cds_service.chart.queries import CONDITIONS
from cds_service.chart.read.facts import read, read_drafts
from cds_service.decision.recommendation import Decided, Rule
from cds_service.patient.facts import Facts
from cds_service.patient.received import Receipt
from cds_service.protocol.cards import Card
from cds_service.protocol.notes import Note
from cds_service.protocol.request import HookRequest
from cds_service.settings import Settings
from cds_service.site.site import NO_SITE, Site
from cds_service.variables import EVERY_TOPIC


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call came to: the cards, and everything ``explain`` shows beside them.

    ``notes``: what is worth knowing of the call itself. ``switched_off``: rules of the service that were not asked.
    ``withheld``: the cards that would be shown but for silence. ``site``: the site file it was answered under.
    """

    cards: tuple[Card, ...]
    decisions: tuple[Decided, ...]
    facts: Facts
    language: str
    notes: tuple[Note, ...] = ()
    switched_off: tuple[Rule, ...] = ()
    withheld: tuple[Card, ...] = ()
    site: Site = NO_SITE


def answer(  # noqa: PLR0913 - the call and its seams
    request: HookRequest,
    service: Service,
    *,
    fetch: Fetch | None,
    today: date,
    words: Wording,
    settings: Settings,
    site: Site = NO_SITE,
    still: Still = unhurried,
    silent: Collection[str] = (),
) -> Answer:
    """Answer one call of a service, in the language of ``words``; ``site`` is in force.

    ``fetch`` is None where the EHR's FHIR server may not be asked; ``silent``: the topics whose cards are withheld, or
    EVERY_TOPIC. Raises MissingDataError when data the service cannot
    work without is not to be had, BodyTooLargeError for too many entries, and what ``still`` raises.
    """
    off = rules_off(service, settings, site)
    chart, facts = _read(request, service, fetch, today, settings, off, still)
    decisions = []
    for rule in service.rules:
        if rule not in off:
            still()
            decisions.append(Decided(rule, rule.decide(facts)))
    still()
    context = CardContext(
        service_id=service.id,
        hook_instance=request.hook_instance,
        patient_id=request.context.patient_id,
        base_url=settings.public_base_url,
        source=service.guideline.source,
        received=chart.received,
        house=site.house,
    )
    everything = compose(decisions, context, words)
    withheld = tuple(card for card in everything if _is_silent(card.source.topic.code, silent))
    # Made anew without the silent topics, so that none of them is a line, an order or a reason of a card that is shown.
    audible = [one for one in decisions if not _is_silent(one.rule.topic, silent)]
    cards = compose(audible, context, words) if silent else everything
    notes = (*request.notes, *chart.notes, *_on_silence(everything, facts), *([Note.SILENT] if withheld else []))
    return Answer(cards, tuple(decisions), facts, words.language, notes, off, withheld, site)


def rules_off(service: Service, settings: Settings, site: Site) -> tuple[Rule, ...]:
    """The rules of the service that are not asked: switched off by a setting, or by the site file on its hook."""
    return service.switched_off(settings.disabled_topics | site.rules_off.get(service.hook, frozenset()))


def _is_silent(topic: str, silent: Collection[str]) -> bool:
    return topic in silent or EVERY_TOPIC in silent


def _on_silence(cards: Sequence[Card], facts: Facts) -> tuple[Note, ...]:
    """No card where a problem may lie in what did not come: nothing but this tells it from a chart without any."""
    incomplete = not cards and facts.receipt(CONDITIONS.key) is Receipt.PARTIAL
    return (Note.NO_CARD_CONDITIONS_INCOMPLETE,) if incomplete else ()


def _read(  # noqa: PLR0913, PLR0917 - what the call is answered by
    request: HookRequest,
    service: Service,
    fetch: Fetch | None,
    today: date,
    settings: Settings,
    switched_off: Collection[Rule],
    still: Still,
) -> tuple[Chart, Facts]:
    """The chart, and what the rules may see of it: no more than it takes to know that they are silent.

    Where only drafts are judged, the drafts come first, and are all where none holds such a drug; then the problems
    alone, where every rule that judges one of them can tell from these that it is silent.
    """
    orders = request.context.draft_orders
    insist_on_a_measure([orders], settings.max_entries)
    still()
    fetch = fetch and _asking_once(fetch)
    allowed = settings.allow_other_patient
    off = frozenset(rule.name for rule in switched_off)

    def asked(*queries: Query) -> tuple[Chart, Facts]:
        insist_on_a_measure([orders, *request.prefetch.values()], settings.max_entries)
        chart = gather(request, queries, fetch, hook=service.hook, allow_other_patient=allowed, still=still)
        still()
        return chart, read(chart, today, settings.timezone, service.history_for, still, off)

    if service.judges:
        chart = gather_drafts(request, service.hook, still)
        drafts = read_drafts(chart, today, settings.timezone, still, off)
        if not any(one.why == "reference-unresolved" for one in drafts.unjudged_drafts):
            held = [drug for drug in service.judges if any(draft.holds(drug) for draft in drafts.drafts)]
            judging = [rule for rule in service.rules if rule.name not in off and not rule.judges.isdisjoint(held)]
            if not judging:
                return chart, drafts
            may_speak = [rule.may_speak for rule in judging if rule.may_speak is not None]
            if len(may_speak) == len(judging):
                chart, facts = asked(CONDITIONS)
                if not any(asks(facts) for asks in may_speak):
                    return chart, facts
    return asked(*service.queries)


def _asking_once(fetch: Fetch) -> Fetch:
    """Nothing is fetched twice in one call."""
    came: dict[Want, Fetched] = {}

    def once(wants: Sequence[Want]) -> Mapping[Want, Fetched]:
        new = tuple(want for want in wants if want not in came)
        if new:
            came.update(fetch(new))
        return {want: came[want] for want in wants if want in came}

    return once
