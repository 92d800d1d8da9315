"""One call, in one direction: gather, read, decide, compose."""

from dataclasses import dataclass
from datetime import date

from cds_service.cards import CardContext, compose
from cds_service.chart.gather import gather
from cds_service.chart.model import Fetch
from cds_service.chart.reader import read
from cds_service.guidance.recommendation import Decided
from cds_service.patient.facts import Facts
from cds_service.protocol.cards import Card
from cds_service.protocol.request import HookRequest
from cds_service.services import Service
from cds_service.settings import Settings
from cds_service.wording import wording


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call came to: the cards, and everything ``explain`` shows beside them."""

    cards: tuple[Card, ...]
    decisions: tuple[Decided, ...]
    facts: Facts
    language: str


def answer(
    request: HookRequest, service: Service, *, fetch: Fetch | None, today: date, language: str, settings: Settings
) -> Answer:
    """Answer one call of a service. ``fetch`` is None where the EHR's FHIR server may not be asked.

    Raises MissingDataError when data the service cannot work without is not to be had.
    """
    chart = gather(request, service.queries, fetch)
    facts = read(chart, today, settings.timezone)
    decisions = tuple(
        Decided(rule, rule.decide(facts)) for rule in service.rules if rule.topic not in settings.disabled_topics
    )
    context = CardContext(service.id, request.hook_instance, request.context.patient_id, settings.public_base_url)
    return Answer(compose(decisions, context, wording(language)), decisions, facts, language)
