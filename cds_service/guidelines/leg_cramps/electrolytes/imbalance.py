"""The card of an electrolyte imbalance: what was found, what to consider, why."""

from collections.abc import Iterable, Iterator

from cds_service.decision import lab_words, overrides
from cds_service.decision.phrases import Joined, Phrase, Text, say
from cds_service.decision.recommendation import Advise, Because, Certainty, Evidence, GuidelineLink, Indicator, Section
from cds_service.decision.recorded import medication_fact, medicine
from cds_service.decision.unknown import age_unknown, medicines_missing, results_missing
from cds_service.guidelines.leg_cramps import citations
from cds_service.guidelines.leg_cramps.concepts import CRAMP_CAUSING_DIURETIC, CRAMP_EXERCISE_HEAT
from cds_service.guidelines.leg_cramps.electrolytes import words
from cds_service.guidelines.leg_cramps.electrolytes.findings import Electrolyte, Finding, findings, levels
from cds_service.guidelines.leg_cramps.electrolytes.limits import State
from cds_service.guidelines.leg_cramps.electrolytes.lines import (
    ANALYTES,
    finding_line,
    name,
    not_found,
    not_used,
    shown_value,
)
from cds_service.guidelines.leg_cramps.electrolytes.offers import (
    MAGNESIUM_DEPENDENT,
    MAGNESIUMS,
    magnesium_unknown,
    needs_magnesium,
    suggestions,
)
from cds_service.guidelines.leg_cramps.electrolytes.supplement_advice import (
    only_exercise_cramps,
    problem_facts,
    supplement_facts,
    supplement_section,
)
from cds_service.guidelines.leg_cramps.electrolytes.supplements import MAGNESIUM, Judged
from cds_service.guidelines.leg_cramps.problems import cramp_problems, pregnant
from cds_service.patient.facts import Facts, Ingredient, Medication
from cds_service.patient.labs.calcium import CalciumForm
from cds_service.patient.medications import active_medications

HARMONISED_INTERVALS = Evidence(
    citation="Harmonised reference intervals (Pathology Harmony, Australasia) 2016",
    year=2016,
    identifier="PMC4975217",
    certainty=Certainty.EXPERT,
    finding=words.EVIDENCE_HARMONISED_INTERVALS,
    serves=("S10",),
    url="https://pmc.ncbi.nlm.nih.gov/articles/PMC4975217/",
)

_NOT_REVIEWED_FOR = frozenset(
    {Electrolyte.PHOSPHATE, Electrolyte.MAGNESIUM_IONIZED}
)  # diuretics are not named for these
_ECG_FOR = frozenset({Electrolyte.POTASSIUM, Electrolyte.CALCIUM, Electrolyte.MAGNESIUM, Electrolyte.MAGNESIUM_IONIZED})
_MOST_OTHERS = 2  # named in the summary after the worst


def imbalance(facts: Facts, found: tuple[Finding, ...], unneeded: tuple[Judged, ...]) -> Advise:
    """One card for all that is abnormal, worst first; ``unneeded`` supplements become a section of it."""
    known = levels(facts)
    diuretics = _diuretics(facts)
    lacks_magnesium = needs_magnesium(found) and magnesium_unknown(known)
    sections = [
        Section(_heading(found), tuple(Because(finding_line(f), f.result.source) for f in found)),
        Section(
            words.HEADING_CONSIDER,
            tuple(_considerations(facts, found, diuretics, lacks_magnesium=lacks_magnesium)),
        ),
    ]
    if unneeded:
        sections.append(supplement_section(facts, unneeded))
    return Advise(
        indicator=max(finding.indicator for finding in found),
        summary=_summary(found, lacks_magnesium=lacks_magnesium, diuretic=bool(diuretics)),
        sections=tuple(sections),
        because=(
            *(Because(_short(finding), finding.result.source) for finding in found),
            *problem_facts(facts),
            *(medication_fact(medication, drug, facts.today) for medication, drug in diuretics),
            *supplement_facts(facts, unneeded),
        ),
        unknown=(
            *not_used(facts),
            *not_found(facts, known),
            *results_missing(facts, *ANALYTES),
            *medicines_missing(facts, CRAMP_CAUSING_DIURETIC),
            *age_unknown(facts),
        ),
        evidence=_evidence(facts, magnesium=any(one.supplement is MAGNESIUM for one in unneeded)),
        suggestions=suggestions(facts, found, known),
        override_reasons=(
            overrides.MONITORED,
            overrides.SPECIALIST,
            overrides.DATA_WRONG,
            overrides.LATER,
            overrides.COMFORT,
        ),
        links=(GuidelineLink(say(words.LINK_ALLEN_KIRBY), citations.ALLEN_KIRBY_2012.url or ""),),
    )


def _diuretics(facts: Facts) -> tuple[tuple[Medication, Ingredient], ...]:
    listed = (
        (medication, medication.holds(CRAMP_CAUSING_DIURETIC))
        for medication in active_medications(facts, CRAMP_CAUSING_DIURETIC)
    )
    return tuple((medication, drug) for medication, drug in listed if drug is not None)


def _considerations(
    facts: Facts,
    found: tuple[Finding, ...],
    diuretics: Iterable[tuple[Medication, Ingredient]],
    *,
    lacks_magnesium: bool,
) -> Iterator[Phrase]:
    lows = {finding.analyte for finding in findings(facts) if finding.direction is State.LOW}
    yield from _for_low(facts, found)
    if lows & MAGNESIUM_DEPENDENT and lows & MAGNESIUMS:
        yield say(words.CONSIDER_MAGNESIUM_FIRST)
    if lacks_magnesium:
        yield say(words.CONSIDER_MAGNESIUM_UNKNOWN)
    if any(_needs_ecg(finding) for finding in found):
        yield say(words.CONSIDER_ECG)
    highs = {finding.analyte for finding in found if finding.direction is State.HIGH}
    if highs:
        yield say(words.CONSIDER_HIGH)
    if Electrolyte.POTASSIUM in highs:
        yield say(words.CONSIDER_HAEMOLYSIS)
    if any(f.calcium is not None and f.calcium.form is CalciumForm.UNADJUSTED for f in found):
        yield say(words.CONSIDER_UNADJUSTED)
    if any(finding.direction is State.UNCLEAR for finding in found):
        yield say(words.CONSIDER_DISCORDANT)
    if _abnormal(found):
        yield from _context(facts, found, diuretics)


def _for_low(facts: Facts, found: tuple[Finding, ...]) -> Iterator[Phrase]:
    if any(finding.direction is State.LOW for finding in found):
        yield say(words.CONSIDER_LOW)
    if _may_be_exercise_hyponatraemia(facts, found):
        yield say(words.CONSIDER_EXERCISE_HYPONATRAEMIA)


def _context(
    facts: Facts, found: tuple[Finding, ...], diuretics: Iterable[tuple[Medication, Ingredient]]
) -> Iterator[Phrase]:
    """What of this patient bears on a low or a high value."""
    if _diuretic_matters(found):
        drugs = tuple(dict.fromkeys(medicine(medication, drug, facts.today) for medication, drug in diuretics))
        if drugs:
            yield say(words.CONSIDER_DIURETICS, drugs=Joined(drugs))
    if pregnant(facts):
        yield say(words.CONSIDER_PREGNANCY)
    if not only_exercise_cramps(facts):
        yield say(words.CONSIDER_SOURCE)


def _needs_ecg(finding: Finding) -> bool:
    return finding.analyte in _ECG_FOR and finding.indicator >= Indicator.WARNING


def _diuretic_matters(found: Iterable[Finding]) -> bool:
    return any(finding.analyte not in _NOT_REVIEWED_FOR for finding in _abnormal(found))


def _abnormal(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those that are low or high: not those that are only flagged."""
    return tuple(finding for finding in found if finding.direction is not State.UNCLEAR)


def _heading(found: tuple[Finding, ...]) -> Text:
    return words.HEADING_FOUND if _abnormal(found) else words.HEADING_FLAGGED


def _may_be_exercise_hyponatraemia(facts: Facts, found: Iterable[Finding]) -> bool:
    in_exercise = any(problem.is_a(CRAMP_EXERCISE_HEAT) for problem in cramp_problems(facts))
    return in_exercise and any(f.analyte is Electrolyte.SODIUM and f.direction is State.LOW for f in found)


def _short(finding: Finding) -> Phrase:
    return say(
        words.SHORT[finding.direction],
        analyte=lab_words.starting(name(finding)),
        value=shown_value(finding),
        date=finding.result.moment or "",
    )


def _summary(found: tuple[Finding, ...], *, lacks_magnesium: bool, diuretic: bool) -> Phrase:
    worst, others = found[0], found[1:]
    if worst.direction is State.UNCLEAR:
        return _discordant(worst, len(others))
    parts = [_others(others) if others else say(words.SUMMARY_PART[worst.direction])]
    if worst.analyte is Electrolyte.POTASSIUM and worst.direction is State.LOW and lacks_magnesium:
        parts.append(say(words.SUMMARY_PART_MAGNESIUM))
    if any(_needs_ecg(finding) for finding in found):
        parts.append(say(words.SUMMARY_PART_ECG))
    if diuretic and _diuretic_matters(found) and not others:
        parts.append(say(words.SUMMARY_PART_DIURETICS))
    line = say(
        words.SUMMARY_WORST,
        what=say(words.STARTING[worst.direction][name(worst)]),
        value=shown_value(worst),
        date=worst.result.moment or "",
        part=parts[0],
    )
    for part in parts[1:]:
        line = say(words.SUMMARY_MORE, line=line, part=part)
    return say(words.SUMMARY_END, line=line)


def _discordant(finding: Finding, more: int) -> Phrase:
    """Flagged critical but within limits: neither low nor high."""
    said = words.SUMMARY_DISCORDANT_AND_MORE if more else words.SUMMARY_DISCORDANT
    return say(
        said,
        what=lab_words.starting(name(finding)),
        value=shown_value(finding),
        date=finding.result.moment or "",
        more=more,
    )


def _named(finding: Finding) -> Phrase:
    if finding.direction is State.UNCLEAR:
        return say(words.SUMMARY_PART_DISCORDANT, analyte=lab_words.named(name(finding)))
    return say(words.NAMED[finding.direction][name(finding)])


def _others(others: tuple[Finding, ...]) -> Phrase:
    named = [_named(other) for other in others[:_MOST_OTHERS]]
    if len(others) > _MOST_OTHERS:
        named.append(say(words.SUMMARY_MORE_OTHERS, more=len(others) - _MOST_OTHERS))
    return say(words.SUMMARY_PART_ALSO, others=Joined(tuple(named)))


def _evidence(facts: Facts, *, magnesium: bool) -> tuple[Evidence, ...]:
    cited = [citations.ALOMEDIKA_2025, HARMONISED_INTERVALS, citations.ALLEN_KIRBY_2012]
    if magnesium:
        cited.append(citations.GARRISON_2020)
    if pregnant(facts):
        cited.append(citations.LUO_2020)
    return tuple(cited)
