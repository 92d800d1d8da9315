"""One call, in one direction: gather, read, decide, compose."""

from dataclasses import dataclass
from datetime import date

from cds_service.cards.compose import CardContext, compose
from cds_service.cards.wording import Wording
from cds_service.catalogue import Service
from cds_service.chart.gather.gather import gather, gather_drafts
from cds_service.chart.model import Chart, Fetch
from cds_service.chart.read.facts import read, read_drafts
from cds_service.decision.recommendation import Decided
from cds_service.patient.facts import Facts
from cds_service.protocol.cards import Card
from cds_service.protocol.request import HookRequest
from cds_service.settings import Settings


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call came to: the cards, and everything ``explain`` shows beside them."""

    cards: tuple[Card, ...]
    decisions: tuple[Decided, ...]
    facts: Facts
    language: str


def answer(
    request: HookRequest, service: Service, *, fetch: Fetch | None, today: date, words: Wording, settings: Settings
) -> Answer:
    """Answer one call of a service, in the language of ``words``.

    ``fetch`` is None where the EHR's FHIR server may not be asked. Raises MissingDataError when data the service cannot work without is not to be had.
    """
    chart, facts = _read(request, service, fetch, today, settings)
    decisions = tuple(
        Decided(rule, rule.decide(facts)) for rule in service.rules if rule.topic not in settings.disabled_topics
    )
    context = CardContext(
        service_id=service.id,
        hook_instance=request.hook_instance,
        patient_id=request.context.patient_id,
        base_url=settings.public_base_url,
        source=service.guideline.source,
        received=chart.received,
    )
    return Answer(compose(decisions, context, words), decisions, facts, words.language)


def _read(
    request: HookRequest, service: Service, fetch: Fetch | None, today: date, settings: Settings
) -> tuple[Chart, Facts]:
    """The chart, and what the rules may see of it; the drafts alone where only drafts are judged and none holds such a drug."""
    if service.judges:
        chart = gather_drafts(request, service.hook)
        drafts = read_drafts(chart, today, settings.timezone)
        judged = any(draft.holds(drug) for draft in drafts.drafts for drug in service.judges)
        if not judged and not any(one.why == "reference-unresolved" for one in drafts.unjudged_drafts):
            return chart, drafts
    chart = gather(request, service.queries, fetch, hook=service.hook)
    return chart, read(chart, today, settings.timezone, service.history_for)
