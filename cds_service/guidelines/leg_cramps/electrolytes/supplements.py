"""An electrolyte taken or ordered for cramps without a documented deficit.

Source: Garrison, Cochrane 2020 (magnesium is unlikely to help older adults); the primary source's S10
(supplements only correct an imbalance). Where a deficit is likely, documented, or where the supplement
may have another purpose, nothing is said: the exclusions come first and all of them count. Only a high
value comes before them (``against``).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from cds_service.decision.phrases import Phrase, say
from cds_service.guidelines.leg_cramps.concepts import CIRRHOSIS, CRAMP_CAUSING_DIURETIC, CRAMP_EXERCISE_HEAT, DIALYSIS
from cds_service.guidelines.leg_cramps.electrolytes import words
from cds_service.guidelines.leg_cramps.electrolytes.criteria import DEFICIT_DAYS
from cds_service.guidelines.leg_cramps.electrolytes.exercise import low_sodium_in_exercise
from cds_service.guidelines.leg_cramps.electrolytes.findings import Electrolyte, Level, graded, levels
from cds_service.guidelines.leg_cramps.electrolytes.limits import LIMITS, State
from cds_service.guidelines.leg_cramps.problems import is_for_cramps, pregnant, reason_is_cramp
from cds_service.patient.facts import Facts, LabResult, Medication, Route
from cds_service.patient.labs.results import usable
from cds_service.patient.medications import active_medications, may_be_placed
from cds_service.patient.problems import active, lasting
from cds_service.patient.terminology.vocabulary import DrugConcept, ProblemConcept, drug, ingredient, problem

_DIURETICS = (CRAMP_CAUSING_DIURETIC, drug("other_diuretic"))
"""Acetazolamide and mannitol waste electrolytes as the others do; they are never named as contributors to cramps."""


@dataclass(frozen=True, slots=True)
class Supplement:
    """One kind. ``levels``: electrolytes that tell of a deficit, the first that is known counts.

    Their low results in 12 months speak for a deficit, and so does the problem ``deficit``.
    ``only_oral``: salts given by mouth only, which count also when no route is stated.
    """

    electrolyte: Electrolyte
    drugs: DrugConcept
    levels: tuple[Electrolyte, ...]
    deficit: ProblemConcept
    only_oral: frozenset[str]


MAGNESIUM = Supplement(
    Electrolyte.MAGNESIUM,
    drug("magnesium_supplement"),
    (Electrolyte.MAGNESIUM, Electrolyte.MAGNESIUM_IONIZED),
    problem("hypomagnesaemia"),
    frozenset(
        ingredient(f"magnesium {salt}")
        for salt in ("oxide", "citrate", "gluconate", "lactate", "carbonate", "glycinate", "aspartate")
    ),
)
OTHERS = (
    Supplement(
        Electrolyte.POTASSIUM,
        drug("potassium_supplement"),
        (Electrolyte.POTASSIUM,),
        problem("hypokalaemia"),
        frozenset(ingredient(f"potassium {salt}") for salt in ("citrate", "gluconate", "aspartate")),
    ),
    Supplement(
        Electrolyte.CALCIUM,
        drug("calcium_supplement"),
        (Electrolyte.CALCIUM,),
        problem("hypocalcaemia"),
        frozenset(ingredient(f"calcium {salt}") for salt in ("carbonate", "citrate", "lactate")),
    ),
    Supplement(
        Electrolyte.SODIUM,
        drug("sodium_chloride"),
        (Electrolyte.SODIUM,),
        problem("hyponatraemia"),
        frozenset(),
    ),
)
ALL = (MAGNESIUM, *OTHERS)
CONCEPTS = tuple(supplement.drugs for supplement in ALL)

# Salts that are mostly a laxative or an antacid: only their own cramp reason makes them a cramp supplement.
_LAXATIVE_OR_ANTACID = frozenset({ingredient("magnesium sulfate"), ingredient("magnesium carbonate")})
HYDROXIDE = ingredient("magnesium hydroxide")
"""Always a laxative or an antacid, and always given by mouth."""
_LAXATIVE_OR_ANTACID_TEXT = re.compile(
    r"\b(?:antacid\w*|antasid\w*|laxati\w*|laksati\w*|pencahar|purgati\w*|bowel\w*|constipat\w*|konstipasi|obstipa\w*|"
    r"sembelit|(?:susah|sulit) (?:bab|buang air besar)|maag|dyspep\w*|dispepsia|indigestion|heartburn|ulu hati|"
    r"asam lambung|reflux|refluks|gerd|gastritis|alumini?um|simethicone|simetikon)\b",
    re.IGNORECASE,
)


class Verdict(StrEnum):
    """What came of one supplement."""

    UNNEEDED = "unneeded"
    LEVEL_UNKNOWN = "level-unknown"
    EXCLUDED = "excluded"


@dataclass(frozen=True, slots=True)
class Judged:
    """One supplement with its verdict. ``why``: the exclusion, with EXCLUDED; ``level``: what is known of it."""

    supplement: Supplement
    medication: Medication
    verdict: Verdict
    why: Phrase | None = None
    level: Level | None = None


def active_judged(facts: Facts) -> tuple[Judged, ...]:
    """The active supplements of a patient with cramps: oral magnesium; the others only for cramps."""
    judged = (_judge(facts, medication, must_say_cramps=False) for medication in active_medications(facts, *CONCEPTS))
    return tuple(one for group in judged for one in group)


def drafts_judged(facts: Facts) -> tuple[Judged, ...]:
    """The draft orders under judgement whose own reason is cramps."""
    drafts = (draft for draft in facts.drafts if draft.selected and may_be_placed(draft))
    judged = (_judge(facts, draft, must_say_cramps=True) for draft in drafts)
    return tuple(one for group in judged for one in group)


def _judge(facts: Facts, medication: Medication, *, must_say_cramps: bool) -> Iterator[Judged]:
    for supplement in ALL:
        if not medication.holds(supplement.drugs) or high_level(facts, supplement) is not None:
            continue  # ``against`` speaks of what is high
        if not _for_cramps(medication, supplement, must_say_cramps=must_say_cramps):
            continue
        why = next(_exclusions(facts, supplement), None)
        if why is not None:
            yield Judged(supplement, medication, Verdict.EXCLUDED, why)
            continue
        level = _known(facts, supplement)
        verdict = Verdict.UNNEEDED if level is not None else Verdict.LEVEL_UNKNOWN
        yield Judged(supplement, medication, verdict, level=level)


def _for_cramps(medication: Medication, supplement: Supplement, *, must_say_cramps: bool) -> bool:
    """True when it is an oral supplement that is, or may well be, taken for cramps."""
    names = frozenset(i.name for i in medication.ingredients if i.is_a(supplement.drugs))
    if supplement.electrolyte is Electrolyte.SODIUM and _for_exercise_cramps(medication):
        return False  # fluids with sodium are the treatment there
    oral = medication.route is Route.ORAL or (medication.route is Route.UNKNOWN and names <= supplement.only_oral)
    if not oral or HYDROXIDE in names or _has_another_purpose(medication):
        return False
    if is_for_cramps(medication):
        return True
    if must_say_cramps or supplement is not MAGNESIUM:
        return False
    return not names & _LAXATIVE_OR_ANTACID


def _has_another_purpose(medication: Medication) -> bool:
    """A reason that is no cramp, or a word for a laxative or antacid in its name, reasons or dosage."""
    if medication.other_reason or not all(map(reason_is_cramp, medication.reasons)):
        return True
    return any(_LAXATIVE_OR_ANTACID_TEXT.search(words) for words in (medication.text or "", *medication.words))


def _for_exercise_cramps(medication: Medication) -> bool:
    return any(reason.is_a(CRAMP_EXERCISE_HEAT) for reason in medication.reasons)


def _exclusions(facts: Facts, supplement: Supplement) -> Iterator[Phrase]:
    drafts = (draft for draft in facts.drafts if may_be_placed(draft))
    if active_medications(facts, *_DIURETICS) or any(draft.holds(*_DIURETICS) for draft in drafts):
        yield say(words.EXCLUDED_DIURETIC)
    if active(facts, DIALYSIS):
        yield say(words.EXCLUDED_DIALYSIS)
    if active(facts, CIRRHOSIS):
        yield say(words.EXCLUDED_CIRRHOSIS)
    if pregnant(facts):
        yield say(words.EXCLUDED_PREGNANCY)
    if lasting(facts, supplement.deficit):
        yield say(words.EXCLUDED_DEFICIT)
    if any(graded(result).state is State.LOW for result in _last_year(facts, supplement)):
        yield say(words.EXCLUDED_LOW_IN_YEAR)
    if any(level.is_low for level in levels(facts) if level.analyte in supplement.levels):
        yield say(words.EXCLUDED_LOW_IN_YEAR)
    if supplement.electrolyte is Electrolyte.SODIUM and low_sodium_in_exercise(facts) is not None:
        yield say(words.EXCLUDED_LOW_IN_YEAR)


def _last_year(facts: Facts, supplement: Supplement) -> Iterator[LabResult]:
    for analyte in (analyte for electrolyte in supplement.levels for analyte in electrolyte.analytes):
        for result in usable(facts, analyte):
            if result.moment is not None and result.moment.days_at_least(facts.today) <= DEFICIT_DAYS.value:
                yield result


def _known(facts: Facts, supplement: Supplement) -> Level | None:
    """The level that shows there is no deficit, or None when none does."""
    by_name = {level.analyte: level for level in levels(facts)}
    for electrolyte in supplement.levels:
        level = by_name.get(electrolyte)
        if level is not None and _certainly_not_low(level):
            return level
    return None


def high_level(facts: Facts, supplement: Supplement) -> Level | None:
    """The level of what is supplemented, where it is high."""
    high = (one for one in levels(facts) if one.analyte in supplement.levels and one.grade.state is State.HIGH)
    return next(high, None)


def _certainly_not_low(level: Level) -> bool:
    if level.grade.state is State.NORMAL:
        return True
    limit = LIMITS[level.analyte].low.info
    return (
        level.grade.state is State.NOT_JUDGED
        and limit is not None
        and limit.missed(level.value, level.result.comparator)
    )
