"""What a guideline declares of itself: its services with their rules, its source, its leaflets, its folder.

All of it lives in the guideline's own folder; the engine reads it from here and knows no guideline by name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from importlib.resources.abc import Traversable

from cds_service.decision.lab_words import LabWords
from cds_service.decision.phrases import Text
from cds_service.decision.recommendation import PatientLeaflet, Rule
from cds_service.patient.facts import ReferenceRange
from cds_service.patient.terminology.vocabulary import DrugConcept, ProblemConcept


@dataclass(frozen=True, slots=True)
class Source:
    """Who speaks on the guideline's cards (``card.source``). ``url``: the source's own page."""

    label: Text
    url: str


@dataclass(frozen=True, kw_only=True)
class ServiceSpec:
    """One CDS service as its guideline describes it; the words are discovery's, in English.

    ``rules`` in the order they are decided, explained and, within one indicator, shown.
    """

    id: str
    hook: str
    title: str
    description: str
    rules: tuple[Rule, ...]
    usage_requirements: str

    @property
    def judges(self) -> frozenset[DrugConcept]:
        """The drugs its rules judge among the draft orders; none where the whole chart is looked at."""
        return frozenset(drug for rule in self.rules for drug in rule.judges)


@dataclass(frozen=True, kw_only=True)
class Guideline:
    """One guideline.

    ``name``: its folder's. ``package``: the folder as Python imports it; its texts are ``<language>.toml``
    there and in each folder directly below. ``title``: what it is about. ``leaflets``: in the
    order an index shows them, each written in ``leaflets/<language>/<name>.toml``.
    ``examples``: situations that between them make every service speak, called once at start; the demo opens
    with the first. They are among ours, or in ``situations/`` of the folder. ``problems``, ``drugs``: what the
    patients it concerns have; where such a patient gets no card, the silence is worth a look before go-live.
    ``developer``, ``funding``: who made it, and who paid; ``uses``: by a rule's page, what is said there of the use of
    "sex", "birth_date" or another source attribute, where it is used.
    ``lab_words``: how its values are said; ``usual_ranges``: its interval of an analyte, for a result without one.
    """

    name: str
    package: str
    title: Text
    source: Source
    services: tuple[ServiceSpec, ...]
    leaflets: tuple[PatientLeaflet, ...] = ()
    examples: tuple[str, ...] = ()
    problems: tuple[ProblemConcept, ...] = ()
    drugs: tuple[DrugConcept, ...] = ()
    developer: Text | None = None
    funding: Text | None = None
    uses: Mapping[str, Mapping[str, Text]] = field(default_factory=dict)
    lab_words: LabWords = field(default_factory=LabWords)
    usual_ranges: Mapping[str, ReferenceRange] = field(default_factory=dict)

    @property
    def folder(self) -> Traversable:
        """The folder with its texts and what else belongs to it."""
        return resources.files(self.package)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule of its services, each once, in the order of the services."""
        return tuple(dict.fromkeys(rule for service in self.services for rule in service.rules))

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics of its rules, each once, in their order."""
        return tuple(dict.fromkeys(rule.topic for rule in self.rules))
