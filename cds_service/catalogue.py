"""The catalogue: what the guidelines bring, found by id. The one module that knows which guidelines there are.

What a service prefetches follows from what its rules need; the texts and the leaflets come from the
guidelines' folders. What two guidelines may not both have (a service, a rule, a topic, a leaflet, a text)
is refused when this module is imported.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cache, cached_property
from types import MappingProxyType

from cds_service import guidelines
from cds_service.cards.wording import Wording, read_texts
from cds_service.chart import queries
from cds_service.chart.model import Query
from cds_service.decision.checks import leaflet_problems, text_problems
from cds_service.decision.guideline import Guideline, ServiceSpec
from cds_service.decision.overrides import OverrideReason, declared_overrides
from cds_service.decision.phrases import declared
from cds_service.decision.recommendation import Rule, declared_leaflets
from cds_service.decision.recorded import problem_texts
from cds_service.errors import ConfigurationError, NotFoundError
from cds_service.patient.terminology.vocabulary import DrugConcept
from cds_service.settings import LANGUAGES

HOOK_VERSIONS = {"patient-view": "1.0", "order-select": "1.0", "order-sign": "1.0"}


@dataclass(frozen=True, kw_only=True)
class Service(ServiceSpec):
    """One CDS service as it is served, with the guideline it belongs to."""

    guideline: Guideline

    @cached_property
    def queries(self) -> tuple[Query, ...]:
        """The queries its rules need, in the catalogue's order."""
        keys = {need for rule in self.rules for need in rule.needs}
        return queries.needed(keys, {one for rule in self.rules for one in rule.analytes})

    @cached_property
    def history_for(self) -> frozenset[DrugConcept]:
        """The drugs for which any of its rules asks for the results of 12 months."""
        return frozenset(drug for rule in self.rules for drug in rule.history_for)

    def switched_off(self, switches: Collection[str]) -> tuple[Rule, ...]:
        """Its rules that are off: by their own name, or by their topic where a chart is opened.

        A topic leaves the rules of orders on: what it is switched off for is advice, never the warning at an order.
        """
        topical = self.hook == "patient-view"
        return tuple(rule for rule in self.rules if rule.name in switches or (topical and rule.topic in switches))

    @property
    def prefetch(self) -> dict[str, str]:
        """The prefetch templates, by key."""
        return {query.key: query.template for query in self.queries}

    @property
    def hook_version(self) -> str:
        """The version of the hook's definition this service was written for."""
        return HOOK_VERSIONS[self.hook]


def _service(spec: ServiceSpec, guideline: Guideline) -> Service:
    return Service(**{one.name: getattr(spec, one.name) for one in fields(ServiceSpec)}, guideline=guideline)


def insist_unique(what: str, names: Iterable[str]) -> None:
    """Raise ConfigurationError when a name comes twice: it would mean two things."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            message = f"two guidelines have the same {what}: {name}"
            raise ConfigurationError(message)
        seen.add(name)


GUIDELINES: tuple[Guideline, ...] = guidelines.GUIDELINES
CATALOGUE: tuple[Service, ...] = tuple(_service(spec, one) for one in GUIDELINES for spec in one.services)
TOPICS: tuple[str, ...] = tuple(topic for one in GUIDELINES for topic in one.topics)
"""Every topic code, in the order of the guidelines and their rules."""
RULES: Mapping[str, Rule] = {rule.name: rule for one in GUIDELINES for rule in one.rules}
"""Every rule, by its name."""
LEAFLETS: Mapping[str, Guideline] = {leaflet.name: one for one in GUIDELINES for leaflet in one.leaflets}
"""The guideline each leaflet belongs to."""

OVERRIDE_REASONS: Mapping[str, OverrideReason] = declared_overrides()
"""Every override reason of the guidelines, by its code."""

_BY_ID = {service.id: service for service in CATALOGUE}
insist_unique("service id", (service.id for service in CATALOGUE))
insist_unique("topic", TOPICS)
insist_unique("rule name", (rule.name for one in GUIDELINES for rule in one.rules))
insist_unique("leaflet", (leaflet.name for one in GUIDELINES for leaflet in one.leaflets))


def find(service_id: str) -> Service:
    """The service of this id. Raises NotFoundError."""
    service = _BY_ID.get(service_id)
    if service is None:
        message = "no such CDS service; GET /cds-services lists them"
        raise NotFoundError(message)
    return service


def check_switches(switches: Iterable[str]) -> None:
    """Raise ConfigurationError when one of the switches is neither a topic nor a rule of the guidelines'."""
    unknown = sorted(set(switches) - {*TOPICS, *RULES})
    if unknown:
        allowed = f"topics {', '.join(TOPICS)}; rules {', '.join(RULES)}"
        message = f"CDS_DISABLED_TOPICS: no topic or rule is called {', '.join(unknown)}; there are {allowed}"
        raise ConfigurationError(message)


def check_topics(topics: Iterable[str], where: str) -> None:
    """Raise ConfigurationError, saying where they stand, when one of the topics is none of the guidelines'."""
    if unknown := sorted(set(topics) - set(TOPICS)):
        message = f"{where}: no topic is called {', '.join(unknown)}; there are {', '.join(TOPICS)}"
        raise ConfigurationError(message)


def switched_off(
    switches: Collection[str], on_hook: Mapping[str, Collection[str]] = MappingProxyType({})
) -> dict[str, tuple[str, ...]]:
    """The names of the rules that are off, by hook; no entry for a hook with all of its rules on.

    ``switches``: those of every hook; ``on_hook``: those of one hook alone.
    """
    off: dict[str, dict[str, None]] = {}
    for service in CATALOGUE:
        for rule in service.switched_off({*switches, *on_hook.get(service.hook, ())}):
            off.setdefault(service.hook, {})[rule.name] = None
    return {hook: tuple(names) for hook, names in off.items()}


@cache
def wording(language: str) -> Wording:
    """The words of one of the settings' ``LANGUAGES``, shared and the guidelines', read once per process."""
    return read_texts(language, [guideline.folder for guideline in GUIDELINES])


def about(language: str) -> str:
    """What the guidelines are about, their titles by comma, for the heading of a page."""
    words = wording(language)
    return ", ".join(words.text(guideline.title) for guideline in GUIDELINES)


def check_texts() -> None:
    """Raise ConfigurationError, naming each, when a text or leaflet is missing in a language or differs between them."""
    words = {language: wording(language) for language in LANGUAGES}
    problems = (
        *text_problems(
            (*problem_texts().values(), *declared(), *(rule.sentence for rule in RULES.values())),
            {language: one.texts for language, one in words.items()},
            {language: one.files for language, one in words.items()},
        ),
        *leaflet_problems(declared_leaflets(), GUIDELINES, LANGUAGES),
    )
    if problems:
        raise ConfigurationError("\n".join(problems))
