"""Who is at special risk from quinine used for anything but malaria: the safety matrix.

Critical hazards come first, then warning lines, which never escalate a card by themselves. Values
are taken as received against these limits: no laboratory flag, no range of the laboratory's own.
Sources: US quinine label (boxed warning, contraindications, interactions), UK label, AHA/ACCF/HRS 2009 (QTc).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from cds_service.guidance.phrases import Phrase, Received, say
from cds_service.guidance.recommendation import Because
from cds_service.patient.calcium import calcium
from cds_service.patient.facts import Facts, Ingredient, LabResult, Match, Medication, Problem, Route, Sex
from cds_service.patient.labs import certainly_at_least, certainly_below, newest, usable
from cds_service.patient.medications import active_medications, may_be_outdated
from cds_service.patient.problems import active, lasting, pregnant

RESULT_DAYS = 30
QTC_DAYS = 365

POTASSIUM_CRITICAL, POTASSIUM_LOW = Decimal("3.0"), Decimal("3.5")  # mmol/L, below
MAGNESIUM_CRITICAL, MAGNESIUM_LOW = Decimal("0.5"), Decimal("0.7")  # mmol/L, below
CALCIUM_CRITICAL, CALCIUM_LOW = Decimal("1.9"), Decimal("2.2")  # mmol/L, albumin-adjusted, below
IONISED_CRITICAL = Decimal("0.90")  # mmol/L, below
PLATELETS_CRITICAL, PLATELETS_LOW = Decimal(100), Decimal(150)  # 10*9/L, below
EGFR_LOW = Decimal(30)  # mL/min/1.73m2, below
QTC_LONG = {Sex.MALE: Decimal(450)}  # ms, at or above
QTC_LONG_OTHERS = Decimal(460)
OLDER_AGE = 65

HYPERSENSITIVITY = ("quinine_allergy", "quinine", "hydroquinine", "quinidine", "mefloquine")
HAEMATOLOGICAL = ("immune_thrombocytopenia", "drug_induced_haemolysis", "ttp_tma", "hus", "blackwater_fever")
OTHER_CONTRAINDICATIONS = ("myasthenia_gravis", "optic_neuritis", "long_qt")
WARNING_PROBLEMS = ("thrombocytopenia_other", "tinnitus", "atrial_fibrillation", "av_block", "cirrhosis")


class Monitor(StrEnum):
    """A test a hazard calls for."""

    ECG = "ecg"
    BLOOD_COUNT = "cbc"
    POTASSIUM = "potassium"
    MAGNESIUM = "magnesium"


@dataclass(frozen=True, slots=True)
class Hazard:
    """One reason to think twice. ``name``: its few words in a summary; ``because``: the whole, with its source.

    ``label``: it is a contraindication on the label (▲), which speaks even against quinine for malaria.
    """

    name: Phrase
    because: Because
    label: bool = False
    monitors: tuple[Monitor, ...] = ()


@dataclass(frozen=True, slots=True)
class Safety:
    """What was found, worst first, and what was looked for and not found."""

    critical: tuple[Hazard, ...]
    warnings: tuple[Hazard, ...]
    not_found: tuple[Phrase, ...]

    @property
    def label(self) -> tuple[Hazard, ...]:
        """The label contraindications among the critical hazards."""
        return tuple(hazard for hazard in self.critical if hazard.label)


def assess(facts: Facts, others: Iterable[Medication] = ()) -> Safety:
    """The matrix for one patient. ``others``: further drafts to look for interacting drugs in."""
    medications = (*active_medications(facts), *others)
    critical = (
        *_hypersensitivity(facts),
        *_contraindications(facts),
        *_long_qtc(facts),
        *_low(facts, critical=True),
        *_interacting(facts, medications, critical=True),
    )
    warnings = (
        *_low(facts, critical=False),
        *_warning_problems(facts),
        *_interacting(facts, medications, critical=False),
        *_kidney_and_age(facts),
    )
    return Safety(critical, warnings, _not_found(facts))


def _hypersensitivity(facts: Facts) -> Iterator[Hazard]:
    for allergy in facts.allergies:
        concept = next((c for c in HYPERSENSITIVITY if c in allergy.concepts), None)
        if concept is not None:
            what = say(f"avoid_quinine.hypersensitivity.{concept}")
            yield _label_hazard(what, _named(what, allergy.concepts[concept], allergy.text), allergy.source)
    for problem in lasting(facts, "quinine_allergy"):
        what = say("avoid_quinine.hypersensitivity.quinine_allergy")
        yield _label_hazard(what, _named(what, problem.concepts["quinine_allergy"], problem.text), problem.source)


def _contraindications(facts: Facts) -> Iterator[Hazard]:
    for concept in HAEMATOLOGICAL:
        for problem in lasting(facts, concept)[:1]:
            yield _label_hazard(say(f"concept.{concept}"), _problem(problem, concept), problem.source, Monitor.BLOOD_COUNT)
    for concept in OTHER_CONTRAINDICATIONS:
        for problem in lasting(facts, concept)[:1]:
            monitors = (Monitor.ECG,) if concept == "long_qt" else ()
            yield _label_hazard(say(f"concept.{concept}"), _problem(problem, concept), problem.source, *monitors)


def _long_qtc(facts: Facts) -> Iterator[Hazard]:
    result = longest_recent_qtc(facts)
    limit = QTC_LONG.get(facts.person.sex, QTC_LONG_OTHERS)
    if result is not None and certainly_at_least(result, limit):
        yield Hazard(_value_name("qtc", result), _dated("qtc", result), label=True, monitors=(Monitor.ECG,))


def longest_recent_qtc(facts: Facts) -> LabResult | None:
    """The newest usable QTc of the last 12 months; the longest of those on the same date."""
    recent = _recent(usable(facts, "qtc"), facts, QTC_DAYS)
    if not recent:
        return None
    day = max(result.moment.last_day for result in recent if result.moment is not None)
    same_day = [r for r in recent if r.moment is not None and r.moment.last_day == day]
    return max(same_day, key=lambda result: result.value or Decimal(0))


def _low(facts: Facts, *, critical: bool) -> Iterator[Hazard]:
    """Low potassium, magnesium, calcium, platelets: below the critical limit, or between it and the upper one."""
    for key, result, limit, upper, monitors in _measured(facts):
        is_critical = certainly_below(result, limit)
        is_low = upper is not None and certainly_below(result, upper) and not is_critical
        if is_critical if critical else is_low:
            yield Hazard(_value_name(key, result), _dated(key, result), monitors=monitors)


def _measured(facts: Facts) -> Iterator[tuple[str, LabResult, Decimal, Decimal | None, tuple[Monitor, ...]]]:
    """Each value there is, with its critical limit, its upper limit (None: no warning line) and what to monitor."""
    potassium = _newest(facts, "potassium")
    if potassium is not None:
        monitors = (Monitor.ECG, Monitor.POTASSIUM, Monitor.MAGNESIUM)
        yield "potassium", potassium, POTASSIUM_CRITICAL, POTASSIUM_LOW, monitors
    magnesium = _newest(facts, "magnesium")
    if magnesium is not None:
        yield "magnesium", magnesium, MAGNESIUM_CRITICAL, MAGNESIUM_LOW, (Monitor.ECG, Monitor.MAGNESIUM)
    yield from _measured_calcium(facts)
    platelets = _newest(facts, "platelets")
    if platelets is not None:
        yield "platelets", platelets, PLATELETS_CRITICAL, PLATELETS_LOW, (Monitor.BLOOD_COUNT,)


def _interacting(facts: Facts, medications: Iterable[Medication], *, critical: bool) -> Iterator[Hazard]:
    potassium = _newest(facts, "potassium")
    low_potassium = potassium is not None and certainly_below(potassium, POTASSIUM_LOW)
    seen: set[str] = set()
    for medication in medications:
        outdated = may_be_outdated(medication, facts.today)
        for ingredient in medication.ingredients:
            hazard = _interaction(medication, ingredient, low_potassium=low_potassium)
            if hazard is None or ingredient.name in seen:
                continue
            escalates, key, monitors = hazard
            if (escalates and not outdated) is critical:
                seen.add(ingredient.name)
                yield Hazard(_drug(ingredient), _drug_line(key, ingredient, medication, facts), monitors=monitors)


def _interaction(
    medication: Medication, ingredient: Ingredient, *, low_potassium: bool
) -> tuple[bool, str, tuple[Monitor, ...]] | None:
    """Whether the drug makes the card critical, the text that says why, and what to monitor; None: no interaction."""
    concept = ingredient.concept
    if concept in ("qt_interacting", "quinidine") and medication.route is not Route.LOCAL:
        return True, "qt", (Monitor.ECG,)
    if concept == "neuromuscular_blocker":
        return True, "neuromuscular_blocker", ()
    if concept == "digoxin":
        monitors = (Monitor.ECG, Monitor.POTASSIUM)
        return (True, "digoxin_low_potassium", monitors) if low_potassium else (False, "digoxin", monitors)
    if concept in ("warfarin", "insulin", "sulfonylurea"):
        return False, concept, ()
    if concept == "cyp3a4_modifiers" and medication.route is not Route.LOCAL:
        return False, f"direction.{_DIRECTION.get(ingredient.name, 'raises')}", ()
    return None


_DIRECTION = {  # the quinine label's section 7, by the direction of the effect; the rest raise quinine levels
    "rifampicin": "rifampicin",
    "rifampin": "rifampicin",
    "ritonavir": "ritonavir",
    "ketoconazole": "azole",
    "fluconazole": "azole",
    "itraconazole": "azole",
    "voriconazole": "azole",
    "phenytoin": "inducer",
    "phenobarbital": "inducer",
    "carbamazepine": "inducer",
    "theophylline": "theophylline",
    "desipramine": "cyp2d6",
    "dextromethorphan": "cyp2d6",
    "metoprolol": "cyp2d6",
}


def _warning_problems(facts: Facts) -> Iterator[Hazard]:
    for problem in lasting(facts, "g6pd_deficiency")[:1]:
        because = Because(_problem(problem, "g6pd_deficiency", "avoid_quinine.warning.g6pd_deficiency"), problem.source)
        yield Hazard(say("concept.g6pd_deficiency"), because, monitors=(Monitor.BLOOD_COUNT,))
    for concept in WARNING_PROBLEMS:
        for problem in active(facts, concept)[:1]:
            because = Because(_problem(problem, concept, f"avoid_quinine.warning.{concept}"), problem.source)
            yield Hazard(say(f"concept.{concept}"), because, monitors=_PROBLEM_MONITORS.get(concept, ()))
    for problem in pregnant(facts)[:1]:
        because = Because(_problem(problem, "pregnancy", "avoid_quinine.warning.pregnancy"), problem.source)
        yield Hazard(say("concept.pregnancy"), because)


_PROBLEM_MONITORS = {
    "thrombocytopenia_other": (Monitor.BLOOD_COUNT,),
    "atrial_fibrillation": (Monitor.ECG,),
    "av_block": (Monitor.ECG,),
}


def _kidney_and_age(facts: Facts) -> Iterator[Hazard]:
    egfr = _newest(facts, "egfr")
    if egfr is not None and certainly_below(egfr, EGFR_LOW):
        yield Hazard(_value_name("egfr", egfr), _dated("egfr", egfr))
    bounds = facts.person.age_bounds(facts.today)
    if bounds is not None and bounds[0] >= OLDER_AGE:
        line = say("avoid_quinine.warning.older", age=bounds[0])
        yield Hazard(line, Because(line, facts.person.source))


def _not_found(facts: Facts) -> tuple[Phrase, ...]:
    """What was looked for among complete results and is not there."""
    if not facts.receipt("observations").complete:
        return ()
    lines = [say("avoid_quinine.not_found.qtc")] if longest_recent_qtc(facts) is None else []
    absent = [analyte for analyte in ("potassium", "magnesium", "platelets") if _newest(facts, analyte) is None]
    if absent:
        names = Joined(tuple(say(f"analyte.{analyte}") for analyte in absent))
        lines.append(say("avoid_quinine.not_found.results", analytes=names, days=RESULT_DAYS))
    return tuple(lines)


def _newest(facts: Facts, analyte: str) -> LabResult | None:
    result = newest(facts, analyte)
    return result if result is not None and _is_recent(result, facts, RESULT_DAYS) else None


def _recent(results: Iterable[LabResult], facts: Facts, days: int) -> list[LabResult]:
    return [result for result in results if _is_recent(result, facts, days)]


def _is_recent(result: LabResult, facts: Facts, days: int) -> bool:
    return result.moment is not None and result.moment.days_before(facts.today) <= days


def _measured_calcium(
    facts: Facts,
) -> Iterator[tuple[str, LabResult, Decimal, Decimal | None, tuple[Monitor, ...]]]:
    chosen = calcium(facts)  # an unadjusted total does not count here
    if chosen is None or not _is_recent(chosen.result, facts, RESULT_DAYS):
        return
    if chosen.kind.ionised:
        yield "calcium_ionized", chosen.result, IONISED_CRITICAL, None, (Monitor.ECG,)
    elif chosen.kind.adjusted:
        yield "calcium_adjusted", chosen.result, CALCIUM_CRITICAL, CALCIUM_LOW, (Monitor.ECG,)


def _label_hazard(name: Phrase, line: Phrase, source: str, *monitors: Monitor) -> Hazard:
    return Hazard(name, Because(line, source), label=True, monitors=monitors)


def _named(what: Phrase, match: Match, text: str | None) -> Phrase:
    if match is Match.NAME and text:
        return say("avoid_quinine.named.by_name", what=what, text=Received(text))
    return say("avoid_quinine.named.by_code", what=what)


def _problem(problem: Problem, concept: str, key: str | None = None) -> Phrase:
    return _named(say(key or f"concept.{concept}"), problem.concepts[concept], problem.text)


def _value_name(key: str, result: LabResult) -> Phrase:
    return say(f"avoid_quinine.value.{key}", value=in_account(result))


def _dated(key: str, result: LabResult) -> Because:
    name = _value_name(key, result)
    if result.moment is None:
        return Because(say("avoid_quinine.value_line.undated", name=name), result.source)
    if is_converted(result):
        received = Received(result.received)
        line = say("avoid_quinine.value_line.converted", name=name, date=result.moment, received=received)
        return Because(line, result.source)
    return Because(say("avoid_quinine.value_line.plain", name=name, date=result.moment), result.source)


def _drug(ingredient: Ingredient) -> Phrase:
    return say(f"drug.{ingredient.name.replace(' ', '_').replace('-', '_')}")


def _drug_line(key: str, ingredient: Ingredient, medication: Medication, facts: Facts) -> Because:
    text = Received(medication.text or ingredient.name)
    line = say(f"avoid_quinine.drug.{key}", drug=_drug(ingredient), text=text)
    if may_be_outdated(medication, facts.today):
        line = say("avoid_quinine.drug.outdated", line=line)
    return Because(line, medication.source)
