"""What a rule's page says, in one language: read from the rules themselves, from their code and their situations."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from cds_service import __version__, situations
from cds_service.cards.detail import count
from cds_service.cards.wording import Wording
from cds_service.catalogue import CATALOGUE, GUIDELINES, wording
from cds_service.decision.guideline import Guideline
from cds_service.decision.lab_words import STARTING
from cds_service.decision.named import named
from cds_service.decision.phrases import Phrase, Text
from cds_service.decision.recommendation import CERTAINTY, INDICATOR, Evidence, Indicator, Limit, Rule
from cds_service.decision.recorded import drug_class, drug_texts, problem_texts
from cds_service.decision.unknown import may_be_said
from cds_service.patient.terminology.mentions import WORDS as MENTIONED
from cds_service.patient.terminology.vocabulary import AnalyteConcept, Concept, DrugConcept, ProblemConcept
from cds_service.web.recommendations.codes import CodeList, code_lists, copyright_lines
from cds_service.web.recommendations.shown import Shown, shown
from cds_service.web.recommendations.words import ATTRIBUTES, WINDOWS, Words, words

_LEAST_WORDS = 3  # of a line by itself; less is a piece of one
_ELSEWHERE = frozenset({"cited", "link", "limit", "unit"})
"""The second part of the keys of texts that the page says under its evidence and its limits."""
_ASKED = (ProblemConcept, DrugConcept, AnalyteConcept)
_KINDS = {"summary": "card", "reason": "silence"}  # by the second part of a text's key


@dataclass(frozen=True, slots=True)
class Example:
    """What a situation shows. ``said``: its words there, None where they are the text's own; ``indicator``: of a card."""

    said: str | None
    indicator: str | None
    situation: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """One thing the rules can say. ``kind``: card, silence, or unknown where they cannot tell; ``rules``: whose it is.

    ``examples``: of each indicator the first situation that shows it.
    """

    key: str
    kind: str
    text: str
    rules: tuple[str, ...]
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class RuleShown:
    """One rule of the page. ``off``: the hooks on which it is switched off here."""

    name: str
    title: str
    sentence: str
    topic: str
    version: str
    changed: date
    hooks: tuple[str, ...]
    off: tuple[str, ...]
    judges: tuple[str, ...]
    most_words: int | None


@dataclass(frozen=True, slots=True)
class LimitShown:
    """One limit or window. ``source``: the citation, None where it is the project's own choice."""

    meaning: str
    value: str
    source: str | None


@dataclass(frozen=True, slots=True)
class ConceptShown:
    """One concept. ``holds``: of a class of drugs, their names; ``counts``: how long a record of it counts."""

    kind: str
    name: str
    holds: tuple[str, ...]
    counts: tuple[str, ...]
    lists: tuple[CodeList, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """One source, with what it found."""

    citation: str
    finding: str
    certainty: str
    identifier: str
    url: str | None
    serves: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """The page of the rules of one family.

    ``lines``: what else their cards may say; ``not_known``: what they may say of what they could not know;
    ``attributes``: the source attributes, each with what there is to say.
    """

    name: str
    language: str
    title: str
    about: str
    release: str
    rules: tuple[RuleShown, ...]
    outcomes: tuple[Outcome, ...]
    lines: tuple[str, ...]
    not_known: tuple[str, ...]
    needs: tuple[str, ...]
    limits: tuple[LimitShown, ...]
    concepts: tuple[ConceptShown, ...]
    sources: tuple[Source, ...]
    attributes: tuple[tuple[str, str], ...]
    copyright: tuple[str, ...]


def names() -> tuple[str, ...]:
    """Every page's name, in the order of the guidelines and their rules."""
    return tuple(dict.fromkeys(rule.page for guideline in GUIDELINES for rule in guideline.rules))


def pairs(off: Mapping[str, Collection[str]]) -> frozenset[tuple[str, str]]:
    """What is switched off, by hook, as pairs."""
    return frozenset((hook, rule) for hook, rules in off.items() for rule in rules)


@cache
def page(name: str, language: str, off: frozenset[tuple[str, str]] = frozenset()) -> Page | None:
    """The page of that name; None when no rule has it. ``off``: hook and name of each rule that is switched off here."""
    found = [(guideline, rule) for guideline in GUIDELINES for rule in guideline.rules if rule.page == name]
    if not found:
        return None
    guideline, _ = found[0]
    rules = [rule for _, rule in found]
    said = _Said(wording(language), words(language))
    concepts = _concepts(rules)
    return Page(
        name=name,
        language=language,
        title=said.text(rules[0].title),
        about=said.text(guideline.title),
        release=__version__,
        rules=tuple(said.rule(rule, off) for rule in rules),
        outcomes=tuple(said.can_say(rules)),
        lines=tuple(dict.fromkeys(said.lines(rules))),
        not_known=tuple(dict.fromkeys(said.open(one) for rule in rules for one in not_known(rule))),
        needs=tuple(dict.fromkeys(said.of("need", need) for rule in rules for need in rule.needs)),
        limits=tuple(dict.fromkeys(said.limit(limit) for rule in rules for limit in limits(rule))),
        concepts=tuple(said.concept(concept) for concept in concepts),
        sources=tuple(said.source(one) for one in dict.fromkeys(one for rule in rules for one in rule.evidence)),
        attributes=tuple(said.attributes(name, guideline, rules)),
        copyright=copyright_lines(concepts),
    )


def outcomes(rule: Rule) -> Mapping[str, Phrase]:
    """Every text of its own the rule can give as its summary, its reason, or for what it cannot tell, by key."""
    own = rule.outcomes or [one for one in named(rule.decide).texts if _part(one.key) in _KINDS]
    return {one.key: one if isinstance(one, Phrase) else Phrase(one.key) for one in own}


def limits(rule: Rule) -> tuple[Limit, ...]:
    """Every number it compares with: what it declares, and what the code it shares with others names."""
    return (*rule.limits, *named(rule.decide).limits)


def not_known(rule: Rule) -> tuple[Text, ...]:
    """What it may say, as every rule, of what it could not know."""
    return may_be_said(rule.needs, drafts=bool(rule.judges))


def _concepts(rules: Iterable[Rule]) -> tuple[Concept, ...]:
    """The problems, drugs and results their code asks for, in that order."""
    asked = dict.fromkeys(concept for rule in rules for concept in named(rule.decide).concepts)
    return tuple(concept for kind in _ASKED for concept in asked if isinstance(concept, kind))


def _part(key: str) -> str:
    """The second part of a text's key."""
    return f"{key}.".split(".")[1]


class _Rest(dict[str, str]):
    """What fills a place that differs from patient to patient."""

    def __missing__(self, _: str) -> str:
        return "…"


@dataclass(frozen=True, slots=True)
class _Said:
    """Says what a page holds, in one language."""

    words: Wording
    own: Words

    def text(self, said: Text) -> str:
        return self.words.text(said)

    def open(self, said: Text, filled: Mapping[str, str] | None = None) -> str:
        """The text with "…" where nothing is filled in."""
        return self.words.text(said).format_map(_Rest(filled or {}))

    def of(self, kind: str, name: str) -> str:
        return self.own.get(kind, name)

    def rule(self, rule: Rule, off: Collection[tuple[str, str]]) -> RuleShown:
        hooks = tuple(dict.fromkeys(service.hook for service in CATALOGUE if rule in service.rules))
        return RuleShown(
            name=rule.name,
            title=self.text(rule.title),
            sentence=self.text(rule.sentence),
            topic=rule.topic,
            version=rule.version,
            changed=rule.changed,
            hooks=hooks,
            off=tuple(hook for hook in hooks if (hook, rule.name) in off),
            judges=tuple(dict.fromkeys(name for one in rule.judges for name in self.holds(one))),
            most_words=rule.most_words,
        )

    def lines(self, rules: Sequence[Rule]) -> Iterator[str]:
        """Every further text of the rules' own that their code names, as the words of their cards."""
        told = {key for rule in rules for key in (*outcomes(rule), rule.title.key)}
        for rule in rules:
            own = rule.title.key.partition(".")[0]
            for one in named(rule.decide).texts:
                ours = one.key.startswith(f"{own}.") and one.key not in told and _part(one.key) not in _ELSEWHERE
                if ours and count(line := self.open(one)) >= _LEAST_WORDS:
                    yield line

    def can_say(self, rules: Sequence[Rule]) -> Iterator[Outcome]:
        """What any of the rules can say, each once."""
        phrases = {key: phrase for rule in rules for key, phrase in outcomes(rule).items()}
        for key, phrase in phrases.items():
            whose = tuple(rule.name for rule in rules if key in outcomes(rule))
            filled = {name: self.words.value(value) for name, value in phrase.values.items()}
            text = self.open(Text(key), filled)
            there = (one for rule in whose for one in shown().get((rule, key), ()))
            yield Outcome(key, _KINDS.get(_part(key), "unknown"), text, whose, tuple(self.examples(text, there)))

    def examples(self, text: str, there: Iterable[Shown]) -> Iterator[Example]:
        """The first situation of each indicator."""
        first: dict[Indicator | None, Shown] = {}
        for one in there:
            first.setdefault(one.indicator, one)
        for one in first.values():
            said = self.words.say(one.phrase)
            title = situations.load(one.situation).title[self.words.language]
            indicator = self.text(INDICATOR[one.indicator]) if one.indicator else None
            yield Example(None if said == text else said, indicator, title)

    def limit(self, limit: Limit) -> LimitShown:
        unit = limit.unit if isinstance(limit.unit, str) else self.text(limit.unit)
        value = f"{self.words.number(limit.value)} {unit}".strip()
        return LimitShown(self.words.say(limit.said), value, limit.source.citation if limit.source else None)

    def concept(self, concept: Concept) -> ConceptShown:
        kind = next(kind.__name__.removesuffix("Concept").lower() for kind in _ASKED if isinstance(concept, kind))
        kind = "mention" if concept in MENTIONED else kind
        holds = self.holds(concept) if isinstance(concept, DrugConcept) else MENTIONED.get(concept, ())
        counts = tuple(
            self.of("window", field).format(days=days) for field in WINDOWS if (days := getattr(concept, field, None))
        )
        return ConceptShown(
            self.of("kind", kind), self.name(concept), () if len(holds) == 1 else holds, counts, code_lists(concept)
        )

    def name(self, concept: Concept) -> str:
        if isinstance(concept, ProblemConcept):
            return self.text(problem_texts()[concept])
        if isinstance(concept, AnalyteConcept):
            return self.text(STARTING[concept])
        return self.text(drug_class(concept)) if isinstance(concept, DrugConcept) else concept

    def holds(self, concept: DrugConcept) -> tuple[str, ...]:
        """The names of the drugs of a concept, each once."""
        return tuple(dict.fromkeys(map(self.text, drug_texts(concept))))

    def source(self, one: Evidence) -> Source:
        certainty = self.text(CERTAINTY[one.certainty])
        return Source(one.citation, self.text(one.finding), certainty, one.identifier, one.url, one.serves)

    def attributes(self, page: str, guideline: Guideline, rules: Iterable[Rule]) -> Iterator[tuple[str, str]]:
        """The source attributes: what the guideline or the page says of each, else that it is not used or not stated."""
        versions = "; ".join(
            self.of("attribute", "dated").format(name=rule.name, version=rule.version, day=self.words.day(rule.changed))
            for rule in rules
        )
        stated = {
            "citation": self.of("attribute", "see_evidence"),
            "developer": guideline.developer and self.text(guideline.developer),
            "funding": guideline.funding and self.text(guideline.funding),
            "dates": self.of("attribute", "released").format(release=__version__, rules=versions),
            "language": self.of("attribute", "language_of_card"),
        }
        uses = guideline.uses.get(page, {})
        for attribute, otherwise in ATTRIBUTES.items():
            said = self.text(uses[attribute]) if attribute in uses else stated.get(attribute)
            yield self.of("source_attribute", attribute), said or self.of("attribute", otherwise)
