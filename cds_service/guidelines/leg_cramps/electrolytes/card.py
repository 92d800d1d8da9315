"""The card of an electrolyte imbalance: what to do now, the cause, the correction, and why."""

from collections.abc import Iterable, Iterator

from cds_service.decision import lab_words, overrides
from cds_service.decision.phrases import Joined, Listed, Phrase, Value, say, sentences
from cds_service.decision.recommendation import Advise, Because, Bullet, Cited
from cds_service.decision.recorded import drug_names, first_few, medication_facts
from cds_service.decision.unknown import age_unknown, medicines_missing, results_missing
from cds_service.guidelines.leg_cramps import citations
from cds_service.guidelines.leg_cramps.concepts import CRAMP_CAUSING_DIURETIC
from cds_service.guidelines.leg_cramps.electrolytes import words
from cds_service.guidelines.leg_cramps.electrolytes.criteria import FOUND_DAYS, HARMONISED_INTERVALS
from cds_service.guidelines.leg_cramps.electrolytes.findings import Electrolyte, Finding, unused
from cds_service.guidelines.leg_cramps.electrolytes.imbalance import RAISES_POTASSIUM, Imbalance, names
from cds_service.guidelines.leg_cramps.electrolytes.limits import State
from cds_service.guidelines.leg_cramps.electrolytes.lines import ANALYTES, finding_fact, name, not_used
from cds_service.guidelines.leg_cramps.electrolytes.offers import MAGNESIUM_DEPENDENT, MAGNESIUMS, suggestions
from cds_service.guidelines.leg_cramps.electrolytes.summary import summary
from cds_service.guidelines.leg_cramps.electrolytes.supplement_advice import (
    CITED_ALOMEDIKA,
    CITED_GARRISON,
    LINKS,
    kinds,
    most_words,
    problem_facts,
    supplement_facts,
    supplement_lines,
)
from cds_service.guidelines.leg_cramps.electrolytes.supplements import CONCEPTS
from cds_service.guidelines.leg_cramps.problems import only_exercise_cramps, pregnant
from cds_service.guidelines.leg_cramps.quinine.concepts import QUININE
from cds_service.guidelines.leg_cramps.stretching.plan import case_of
from cds_service.patient.labs.calcium import CalciumForm
from cds_service.patient.received import Receipt

CITED_LUO = Cited(say(words.CITED_LUO), (citations.LUO_2020,))
CITED_FDA = Cited(say(words.CITED_FDA), (citations.FDA_BOXED_WARNING,))
CITED_LIMITS = Cited(say(words.CITED_LIMITS), (HARMONISED_INTERVALS,))

_MOST_NAMED, _MOST_IN_BULLET = 3, 2
_KIDNEY_FIRST = frozenset({Electrolyte.POTASSIUM, *MAGNESIUMS})


def card(found: Imbalance) -> Advise:
    """One card for all that is abnormal, worst first, with the supplements that are not needed or do harm."""
    facts = found.facts
    sourced = not only_exercise_cramps(facts) and bool(found.abnormal) and not found.quinine
    return Advise(
        indicator=max(one.indicator for one in found.found),
        summary=summary(found),
        shorter=summary(found, short=True),
        act=tuple(_act(found, sourced=sourced)),
        why=tuple(_why(found)),
        unknown=tuple(_unknown(found)),
        evidence=_evidence(found, sourced=sourced),
        suggestions=suggestions(facts, found.found),
        override_reasons=(
            overrides.MONITORED,
            overrides.SPECIALIST,
            overrides.DATA_WRONG,
            overrides.LATER,
            overrides.COMFORT,
        ),
        links=LINKS if sourced or found.unneeded else (),
        most_words=most_words(len(found.found) + len(kinds(found.unneeded)) + len(found.against)),
    )


def _act(found: Imbalance, *, sourced: bool) -> Iterator[Bullet]:
    if found.in_exercise:
        yield say(words.ACT_EXERCISE)
    yield _now(found)
    causes, correction = tuple(_causes(found)), tuple(_correction(found)) if found.low else ()
    if causes == (say(words.ACT_CAUSE_BARE),):
        causes, correction = (), (*causes, *correction)
    yield from (sentences(*lines) for lines in (causes, correction) if lines)
    supplements = (*supplement_lines(found.unneeded), *(_source(found) if sourced else ()))
    if supplements:
        yield sentences(*supplements)


def _now(found: Imbalance) -> Phrase:
    """The tests to consider; before them, not to give what is high already."""
    items = Listed(tuple(_items(found)))
    if not found.against:
        return say(words.ACT_CONSIDER, items=items)
    old = all(one.is_old for one in found.against)
    said = words.ACT_BEFORE_GIVING if old else words.ACT_NOT_GIVING
    return say(said, drugs=_given(found), items=items)


def _given(found: Imbalance) -> Joined:
    """The supplements by name; several as what they supply."""
    drugs = drug_names(found.given, *CONCEPTS)
    if len(drugs.parts) <= _MOST_IN_BULLET:
        return drugs
    return Joined(tuple(lab_words.named(one.supplement.electrolyte) for one in found.against))


def _items(found: Imbalance) -> Iterator[Phrase]:
    if found.wants_ecg:
        yield say(words.ITEM_ECG)
    if found.magnesium_beyond_treatment:
        yield say(words.ITEM_REFLEXES)
    if found.lacks_magnesium:
        yield say(words.ITEM_MAGNESIUM)
    if len(found.found) > _MOST_IN_BULLET:
        yield say(words.ITEM_REPEAT_ALL)
    else:
        yield say(words.ITEM_REPEAT, analytes=_named(found.found))
    if found.high_potassium:
        yield say(words.ITEM_HAEMOLYSIS)
    if any(one.direction is State.UNCLEAR for one in found.found):
        yield say(words.ITEM_VERIFY)
    if any(one.calcium is not None and one.calcium.form is CalciumForm.UNADJUSTED for one in found.found):
        yield say(words.ITEM_ALBUMIN)


def _causes(found: Imbalance) -> Iterator[Phrase]:
    causes = [
        *((say(words.CAUSE_DIURETIC),) if found.diuretics else ()),
        *((say(words.CAUSE_GUT),) if Electrolyte.POTASSIUM in names(found.low) else ()),
    ]
    if causes:
        yield say(words.ACT_CAUSE, causes=Listed(tuple(causes), ", "))
    elif found.low:
        yield say(words.ACT_CAUSE_BARE)
    if found.raising:
        yield say(words.ACT_RAISING, drugs=drug_names(found.raising, RAISES_POTASSIUM))
    if found.high:
        yield say(words.ACT_HIGH)


def _correction(found: Imbalance) -> Iterator[Phrase]:
    kidney_first = names(found.low) & _KIDNEY_FIRST
    yield say(words.ACT_CORRECT if kidney_first else words.ACT_CORRECT_PLAIN, analytes=_named(found.low))
    dependent = [one for one in found.low if one.analyte in MAGNESIUM_DEPENDENT]
    if dependent and names(found.low) & MAGNESIUMS:
        yield say(words.ACT_MAGNESIUM_LOW, analytes=_named(dependent))
    elif found.lacks_magnesium:
        yield say(words.ACT_MAGNESIUM_UNKNOWN, analytes=_named(dependent))
    if _magnesium_in_pregnancy(found):
        yield say(words.ACT_PREGNANCY)


def _magnesium_in_pregnancy(found: Imbalance) -> bool:
    return bool(names(found.low) & MAGNESIUMS) and bool(pregnant(found.facts))


def _source(found: Imbalance) -> tuple[Phrase, ...]:
    """S10; stretching where a deficit may be taken for the cause, and where it does no harm."""
    if not found.low:
        return (say(words.ACT_SOURCE_HIGH),)
    source = say(words.ACT_SOURCE)
    return (source,) if case_of(found.facts).hands_off else (source, say(words.ACT_STRETCH))


def _named(found: Iterable[Finding]) -> Joined:
    """The analytes by name, three at most."""
    named: list[Value] = [lab_words.named(name(one)) for one in found]
    more = len(named) - _MOST_NAMED
    return Joined(tuple(named if more <= 0 else [*named[:_MOST_NAMED], say(words.PART_MORE_OTHERS, more=more)]))


def _why(found: Imbalance) -> Iterator[Because]:
    facts = found.facts
    yield from (finding_fact(one) for one in found.found)
    yield from first_few(medication_facts(found.given, facts.today, *CONCEPTS))
    yield from first_few(medication_facts(found.raising, facts.today, RAISES_POTASSIUM))
    yield from first_few(medication_facts(found.quinine, facts.today, *QUININE))
    yield from problem_facts(facts, (*found.given, *(one.medication for one in found.unneeded)))
    yield from first_few(medication_facts(found.diuretics, facts.today, CRAMP_CAUSING_DIURETIC))
    yield from supplement_facts(facts, found.unneeded)


def _unknown(found: Imbalance) -> Iterator[Phrase]:
    """Newer results that could not be used; the magnesium; what was not received of results and of drugs that matter."""
    facts = found.facts
    yield from not_used(facts)
    complete = facts.receipt("observations") is not Receipt.PARTIAL
    if found.lacks_magnesium and complete and not any(unused(facts, *one.analytes) for one in MAGNESIUMS):
        yield say(words.UNKNOWN_MAGNESIUM, days=FOUND_DAYS.value)
    yield from results_missing(facts, *ANALYTES)
    yield from medicines_missing(facts, CRAMP_CAUSING_DIURETIC, *((RAISES_POTASSIUM,) if found.high_potassium else ()))
    yield from age_unknown(facts)


def _evidence(found: Imbalance, *, sourced: bool) -> tuple[Cited, ...]:
    """Of S10, of magnesium in pregnancy; of the limits where nothing else is said."""
    cited = [CITED_GARRISON] if sourced or found.unneeded else []
    if _magnesium_in_pregnancy(found):
        cited.append(CITED_LUO)
    if sourced or found.unneeded:
        cited.append(CITED_ALOMEDIKA)
    if found.quinine:
        cited.append(CITED_FDA)
    return tuple(cited or [CITED_LIMITS])
