"""A recommendation and what it can decide: ``Advise``, ``NotAdvised`` or ``CannotTell``, on every path."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import IntEnum, StrEnum

from cds_service.decision.overrides import OverrideReason
from cds_service.decision.phrases import Listed, Phrase, Text, say, text, texts
from cds_service.decision.suggestion_kinds import SuggestionKind
from cds_service.patient.facts import Facts
from cds_service.patient.terminology.vocabulary import AnalyteConcept, DrugConcept


class Indicator(IntEnum):
    """How urgent a card is; the highest of a topic's sections is the card's."""

    INFO = 1
    WARNING = 2
    CRITICAL = 3

    @property
    def code(self) -> str:
        """The CDS Hooks code: info, warning, critical."""
        return self.name.lower()


INDICATOR = {indicator: text(f"common.indicator.{indicator.code}") for indicator in Indicator}
"""The language's word for each."""


class Certainty(StrEnum):
    """How sure the evidence is, in GRADE's words, or that it is an expert's opinion, a guideline or a drug's label."""

    HIGH = "high"
    MODERATE = "moderate"
    LOW_TO_MODERATE = "low-to-moderate"
    LOW = "low"
    VERY_LOW = "very-low"
    EXPERT = "expert"
    GUIDELINE = "guideline"
    LABEL = "label"


CERTAINTY = texts("certainty", Certainty)
"""The language's word for each."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One source, as cited on the card.

    ``citation``: short ("Hawke, Cochrane 2021"), ``year``; ``identifier``: "doi:…", "PMID:…" or a name;
    ``url``: the source's own page, or None; ``finding``: what it found, hedged as its
    certainty asks; ``serves``: the source statements S1…S12 it weighs.
    """

    citation: str
    year: int
    identifier: str
    certainty: Certainty
    finding: Text
    serves: tuple[str, ...]
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Because:
    """One fact a decision rests on: what is shown, and the source reference of the record."""

    phrase: Phrase
    source: str | None = None


Bullet = Phrase | Listed
"""One thing to do; ``sentences`` makes one of several."""


@dataclass(frozen=True, slots=True)
class Cited:
    """One citation as it stands on the card, its certainty in a bracket ("rest Smith 2021 (low, conflicting)")."""

    said: Phrase
    sources: tuple[Evidence, ...]

    def __hash__(self) -> int:
        """Of what it says alone, which tells it from any other."""
        return hash(self.said)


@dataclass(frozen=True, slots=True)
class Limit:
    """A number that a rule compares with, a window of days too, as its page prints it.

    ``meaning``: what it bounds; ``unit``: as written on a card; ``source``: who says so, None where we chose it.
    """

    meaning: Text | Phrase
    value: Decimal
    unit: Text | str
    source: Evidence | None = None

    @property
    def said(self) -> Phrase:
        """What it bounds, to be said in a language."""
        return self.meaning if isinstance(self.meaning, Phrase) else Phrase(self.meaning.key)


@dataclass(frozen=True, slots=True)
class ProposedOrder:
    """A ServiceRequest to create: draft, intent proposal. ``codings``: (system, code, display) of the order.

    ``text``: what the order is called. ``category``: (system, code, display).
    """

    text: Phrase
    codings: tuple[tuple[str, str, str], ...]
    category: tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class StopMedication:
    """Return the whole resource as received, with status ``stopped`` (never a patch). ``reference``: "Type/id"."""

    reference: str


@dataclass(frozen=True, slots=True)
class DeleteDraft:
    """Delete one draft order. ``reference``: "Type/id"."""

    reference: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something the clinician may accept with one click: exactly one action, never preselected."""

    label: Phrase
    description: Phrase
    action: ProposedOrder | StopMedication | DeleteDraft
    kind: SuggestionKind

    def __hash__(self) -> int:
        """Of its label alone, which tells it from most others."""
        return hash(self.label)


@dataclass(frozen=True, slots=True)
class GuidelineLink:
    """A link to a guideline or trial: our own list only."""

    label: Phrase
    url: str


def link(label: Text, source: Evidence) -> GuidelineLink:
    """The link to a source's own page. Raises ValueError, when the module is imported, where it has none."""
    if source.url is None:
        message = f"{source.citation} has no page to link to"
        raise ValueError(message)
    return GuidelineLink(say(label), source.url)


@dataclass(frozen=True, slots=True)
class PatientLeaflet:
    """A leaflet a card links to. ``name``: its file's, and its page's; ``title``: what the link says."""

    name: str
    title: Text


_LEAFLETS: dict[str, PatientLeaflet] = {}


def leaflet(name: str) -> PatientLeaflet:
    """The leaflet of that name, noted for the check at start; its text is ``leaflet.<name>``."""
    return _LEAFLETS.setdefault(name, PatientLeaflet(name, text(f"leaflet.{name}")))


def declared_leaflets() -> tuple[PatientLeaflet, ...]:
    """Every leaflet that the modules imported so far may link to."""
    return tuple(_LEAFLETS.values())


@dataclass(frozen=True, slots=True)
class Advise:
    """The rule applies. What goes on the card, in its five parts, with what it offers.

    ``act``: what to do, at most five, the most important first; ``why``: the facts, each once; ``unknown``: what
    was not found, received or readable, and could have changed this card; ``evidence``: at most five citations, of
    the lines that stand on the card, the strongest first. No line ends in a full stop but those of ``act``.
    """

    indicator: Indicator
    summary: Phrase
    act: tuple[Bullet, ...] = ()
    why: tuple[Because, ...] = ()
    unknown: tuple[Phrase, ...] = ()
    evidence: tuple[Cited, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    override_reasons: tuple[OverrideReason, ...] = ()
    links: tuple[GuidelineLink, ...] = ()
    leaflet: PatientLeaflet | None = None  # when one belongs to this card
    shorter: Phrase | None = None  # the summary to use where a language makes the other too long
    most_words: int | None = None  # of its card's body, where that depends on what is on it; else the rule's


@dataclass(frozen=True, slots=True)
class NotAdvised:
    """The rule does not apply, and why. Every criterion it rests on was known."""

    reason: Phrase


@dataclass(frozen=True, slots=True)
class CannotTell:
    """What the rule needs was not received or not readable; it gives no card and says what is missing."""

    missing: tuple[Phrase, ...]


Decision = Advise | NotAdvised | CannotTell


def no_card(reason: Phrase, *missing: Phrase) -> NotAdvised | CannotTell:
    """Why a rule is silent: the reason, unless something is ``missing`` that may say otherwise."""
    return CannotTell(missing) if missing else NotAdvised(reason)


@dataclass(frozen=True, slots=True)
class Rule:
    """One recommendation.

    ``name``: its file's name, with ``_order`` for the order hooks; ``version``: goes up with every clinical
    change, and ``changed`` is the day of the last; ``topic``: the static code of its cards' ``source.topic`` (alphanumeric), whose text is
    "topic.<code>"; ``page``: of its own page, which the rules of one family share; ``needs``: keys of the queries
    it reads; ``evidence``: never empty, the first is who speaks on its card; ``decide``: pure, never raises.
    ``history_for``: the drugs that it judges by the results of 12 months; with none of them in the chart the newest
    results are read alone. ``analytes``: whose results it reads; none where it needs no observations.
    ``judges``: the drugs it judges among the draft orders; ``may_speak``: whether it can still
    speak, asked of the drafts and the problems alone, so that nothing more of the chart is asked for where it can't.
    ``never_folded``: its card is shown however many others are worse. ``most_words``:
    of its card's body, of which facts and what is not known give way. ``limits``: every number that ``decide``
    compares with; ``outcomes``: every text it can give as its summary or as the reason for its silence, by its key
    ("….summary…", "….reason…"), and of its own for what it cannot tell; a Phrase has its limits filled in.
    """

    name: str
    version: str
    topic: str
    title: Text
    page: str
    needs: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    decide: Callable[[Facts], Decision]
    changed: date
    history_for: frozenset[DrugConcept] = frozenset()
    analytes: tuple[AnalyteConcept, ...] = ()
    judges: frozenset[DrugConcept] = frozenset()
    may_speak: Callable[[Facts], bool] | None = None
    never_folded: bool = False
    most_words: int | None = None
    limits: tuple[Limit, ...] = ()
    outcomes: tuple[Text | Phrase, ...] = ()

    def __post_init__(self) -> None:
        if not self.evidence:
            message = f"rule {self.name} carries no evidence"
            raise ValueError(message)
        if ("observations" in self.needs) != bool(self.analytes):
            message = f"rule {self.name} must say whose results it reads where it needs observations, and only there"
            raise ValueError(message)
        text(f"topic.{self.topic}")

    @property
    def sentence(self) -> Text:
        """What it recommends, to whom and when, in a sentence or two: the head of its page."""
        return Text(f"sentence.{self.name}")

    @property
    def topic_title(self) -> Text:
        """What its topic is called on a card."""
        return text(f"topic.{self.topic}")


@dataclass(frozen=True, slots=True)
class Decided:
    """A rule with what it decided for one patient."""

    rule: Rule
    decision: Decision

    @property
    def cited(self) -> tuple[Evidence, ...]:
        """Every source on the rule's card, each once; none where it gives no card."""
        if not isinstance(self.decision, Advise):
            return ()
        return tuple(dict.fromkeys(source for one in self.decision.evidence for source in one.sources))
