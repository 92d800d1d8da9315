"""The catalogue: each service's id, hook, words and rules. What it prefetches follows from what its rules need."""

from dataclasses import dataclass
from functools import cached_property

from cds_service.chart import queries
from cds_service.chart.model import Query
from cds_service.decision.recommendation import Rule
from cds_service.errors import NotFoundError
from cds_service.guidelines.leg_cramps.als_cramps import rule as als_cramps
from cds_service.guidelines.leg_cramps.electrolytes import rule as electrolytes
from cds_service.guidelines.leg_cramps.electrolytes import supplements
from cds_service.guidelines.leg_cramps.quinine import rule as avoid_quinine
from cds_service.guidelines.leg_cramps.quinine.concepts import QUININE
from cds_service.guidelines.leg_cramps.red_flags import rule as red_flags
from cds_service.guidelines.leg_cramps.specialist_options import rule as specialist_options
from cds_service.guidelines.leg_cramps.stretching import rule as stretching_first
from cds_service.patient.terminology.vocabulary import DrugConcept

HOOK_VERSIONS = {"patient-view": "1.0", "order-select": "1.0", "order-sign": "1.0"}


@dataclass(frozen=True)
class Service:
    """One CDS service. ``rules`` in the order they are decided and explained.

    ``judges``: the drugs its rules judge among the draft orders; empty where the whole chart is looked at.
    """

    id: str
    hook: str
    title: str
    description: str
    rules: tuple[Rule, ...]
    usage_requirements: str
    judges: frozenset[DrugConcept] = frozenset()

    @cached_property
    def queries(self) -> tuple[Query, ...]:
        """The queries its rules need, in the catalogue's order."""
        needed = {need for rule in self.rules for need in rule.needs}
        return tuple(query for query in queries.ALL if query.key in needed)

    @cached_property
    def history_for(self) -> frozenset[DrugConcept]:
        """The drugs for which any of its rules asks for the results of 12 months."""
        return frozenset(drug for rule in self.rules for drug in rule.history_for)

    @property
    def prefetch(self) -> dict[str, str]:
        """The prefetch templates, by key."""
        return {query.key: query.template for query in self.queries}

    @property
    def hook_version(self) -> str:
        """The version of the hook's definition this service was written for."""
        return HOOK_VERSIONS[self.hook]


_ORDER_RULES = (avoid_quinine.ORDER_RULE, electrolytes.ORDER_RULE)
_JUDGED_DRUGS = frozenset((*QUININE, *supplements.CONCEPTS))
_ORDER_NEEDS = (
    "Reads the draft orders. Prefetch, or fhirServer with authorization, is optional; without a chart the quinine"
    " warning still comes and says what could not be checked."
)

CATALOGUE: tuple[Service, ...] = (
    Service(
        id="leg-cramps-patient-view",
        hook="patient-view",
        title="Leg cramps: conservative care first",
        description=(
            "When leg cramps (or ALS) are on the problem list: stretching and other conservative care first, a warning"
            " about quinine, electrolytes only when abnormal, adjuncts in ALS, specialist options in lumbar stenosis,"
            " red flags. Cards in English and Bahasa Indonesia, each with its evidence."
        ),
        rules=(
            stretching_first.RULE,
            avoid_quinine.RULE,
            electrolytes.RULE,
            als_cramps.RULE,
            specialist_options.RULE,
            red_flags.RULE,
        ),
        usage_requirements="Needs the patient's conditions, prefetched or from fhirServer with authorization.",
    ),
    Service(
        id="leg-cramps-order-select",
        hook="order-select",
        title="Leg cramps: quinine and supplements while ordering",
        description=(
            "When quinine is selected without a malaria or babesiosis indication, or an electrolyte supplement for"
            " cramps without a documented deficit."
        ),
        rules=_ORDER_RULES,
        usage_requirements=_ORDER_NEEDS,
        judges=_JUDGED_DRUGS,
    ),
    Service(
        id="leg-cramps-order-sign",
        hook="order-sign",
        title="Leg cramps: quinine and supplements at signing",
        description=(
            "When a quinine order without a malaria or babesiosis indication, or an electrolyte supplement for cramps"
            " without a documented deficit, is about to be signed."
        ),
        rules=_ORDER_RULES,
        usage_requirements=_ORDER_NEEDS,
        judges=_JUDGED_DRUGS,
    ),
)

_BY_ID = {service.id: service for service in CATALOGUE}


def find(service_id: str) -> Service:
    """The service of this id. Raises NotFoundError."""
    service = _BY_ID.get(service_id)
    if service is None:
        message = "no such CDS service; GET /cds-services lists them"
        raise NotFoundError(message)
    return service
