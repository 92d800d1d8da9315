"""What this recommendation says: the keys of its texts, in en.toml and id.toml beside this module."""

from dataclasses import dataclass

from cds_service.decision.phrases import Text, text, texts
from cds_service.guidelines.leg_cramps.electrolytes.limits import State
from cds_service.patient.labs.calcium import CalciumForm


@dataclass(frozen=True, slots=True)
class Suggest:
    """What one kind of order is called."""

    label: Text
    description: Text
    order: Text


def _suggest(kind: str) -> Suggest:
    return Suggest(*(text(f"electrolytes.suggest.{kind}.{part}") for part in ("label", "description", "order")))


ABNORMAL = (State.LOW, State.HIGH, State.UNCLEAR)
_NAMES = (
    "sodium",
    "potassium",
    "calcium_adjusted",
    "calcium_total",
    "calcium_ionized",
    "magnesium",
    "magnesium_ionized",
    "phosphate",
)

NAMED = {state: texts(f"analyte.{state}", _NAMES) for state in (State.LOW, State.HIGH)}
STARTING = {state: texts(f"analyte.{state}_start", _NAMES) for state in (State.LOW, State.HIGH)}
"""A low or high analyte, inside a sentence and at its start."""

TITLE = text("electrolytes.title")
TITLE_ORDER = text("electrolytes.title_order")

HEADING_FLAGGED = text("electrolytes.heading.flagged")
HEADING_FOUND = text("electrolytes.heading.found")
HEADING_CONSIDER = text("electrolytes.heading.consider")
HEADING_SUPPLEMENT = text("electrolytes.heading.supplement")

SUMMARY_DISCORDANT = text("electrolytes.summary.discordant")
SUMMARY_DISCORDANT_AND_MORE = text("electrolytes.summary.discordant_and_more")
SUMMARY_SUPPLEMENT_IN_EXERCISE = text("electrolytes.summary.supplement_in_exercise")
SUMMARY_WORST = text("electrolytes.summary.worst")
SUMMARY_MORE = text("electrolytes.summary.more")
SUMMARY_END = text("electrolytes.summary.end")
SUMMARY_MORE_OTHERS = text("electrolytes.summary.more_others")
SUMMARY_SUPPLEMENT_MAGNESIUM = text("electrolytes.summary.supplement_magnesium")
SUMMARY_SUPPLEMENT_OTHER = text("electrolytes.summary.supplement_other")

SUMMARY_PART_DISCORDANT = text("electrolytes.summary.part.discordant")
SUMMARY_PART = texts("electrolytes.summary.part", (State.LOW, State.HIGH))
SUMMARY_PART_ALSO = text("electrolytes.summary.part.also")
SUMMARY_PART_MAGNESIUM = text("electrolytes.summary.part.magnesium")
SUMMARY_PART_ECG = text("electrolytes.summary.part.ecg")
SUMMARY_PART_DIURETICS = text("electrolytes.summary.part.diuretics")

SHORT = texts("electrolytes.short", ABNORMAL)
SHORT_VALUE = text("electrolytes.short.value")

LINE = texts("electrolytes.line", ABNORMAL)
LINE_NOTED = text("electrolytes.line.noted")
LINE_NOTED_INSIDE = text("electrolytes.line.noted_inside")
LINE_ON_DATE = text("electrolytes.line.on_date")
LINE_NORMAL = text("electrolytes.line.normal")
LINE_VALUES = text("electrolytes.line.values")
LINE_PREGNANCY = text("electrolytes.line.pregnancy")

NOTE = texts(
    "electrolytes.note", ("unconfirmed", "flag-critical", "discordant", "flagged", "flag-ignored", "flag-normal")
)
NOTE_OWN_RANGE = text("electrolytes.note.own-range")
NOTE_DAYS_OLD = text("electrolytes.note.days_old")
NOTE_SAME_TIME = text("electrolytes.note.same_time")

CALCIUM_ADJUSTED = text("electrolytes.calcium.adjusted")
CALCIUM = texts("electrolytes.calcium", (CalciumForm.LAB_ADJUSTED, CalciumForm.UNADJUSTED))

CONSIDER_DISCORDANT = text("electrolytes.consider.discordant")
CONSIDER_EXERCISE_HYPONATRAEMIA = text("electrolytes.consider.exercise_hyponatraemia")
CONSIDER_LOW = text("electrolytes.consider.low")
CONSIDER_MAGNESIUM_FIRST = text("electrolytes.consider.magnesium_first")
CONSIDER_MAGNESIUM_UNKNOWN = text("electrolytes.consider.magnesium_unknown")
CONSIDER_ECG = text("electrolytes.consider.ecg")
CONSIDER_HIGH = text("electrolytes.consider.high")
CONSIDER_HAEMOLYSIS = text("electrolytes.consider.haemolysis")
CONSIDER_UNADJUSTED = text("electrolytes.consider.unadjusted")
CONSIDER_DIURETICS = text("electrolytes.consider.diuretics")
CONSIDER_PREGNANCY = text("electrolytes.consider.pregnancy")
CONSIDER_SOURCE = text("electrolytes.consider.source")

SUPPLEMENT_IN_EXERCISE = text("electrolytes.supplement.in_exercise")
SUPPLEMENT_OPTIONS_MINOR = text("electrolytes.supplement.options_minor")
SUPPLEMENT_MAGNESIUM = text("electrolytes.supplement.magnesium")
SUPPLEMENT_OTHER = text("electrolytes.supplement.other")
SUPPLEMENT_NOT_LOW = text("electrolytes.supplement.not_low")
SUPPLEMENT_ON_TREATMENT = text("electrolytes.supplement.on_treatment")
SUPPLEMENT_OPTIONS = text("electrolytes.supplement.options")
SUPPLEMENT_LEVEL_UNKNOWN = text("electrolytes.supplement.level_unknown")

NOT_FOUND_COMPLETE = text("electrolytes.not_found.complete")
NOT_FOUND_PARTIAL = text("electrolytes.not_found.partial")

EXCLUDED_DIURETIC = text("electrolytes.excluded.diuretic")
EXCLUDED_DIALYSIS = text("electrolytes.excluded.dialysis")
EXCLUDED_CIRRHOSIS = text("electrolytes.excluded.cirrhosis")
EXCLUDED_PREGNANCY = text("electrolytes.excluded.pregnancy")
EXCLUDED_DEFICIT = text("electrolytes.excluded.deficit")
EXCLUDED_LOW_IN_YEAR = text("electrolytes.excluded.low_in_year")

REASON_NOTHING_ABNORMAL_BUT_NOT_JUDGED = text("electrolytes.reason.nothing_abnormal_but_not_judged")
REASON_NOT_JUDGED = text("electrolytes.reason.not_judged")
REASON_UNDER_18 = text("electrolytes.reason.under_18")
REASON_NO_CRAMPS = text("electrolytes.reason.no_cramps")
REASON_NO_DRAFT_SUPPLEMENT = text("electrolytes.reason.no_draft_supplement")
REASON_SUPPLEMENT_EXCLUDED = text("electrolytes.reason.supplement_excluded")
REASON_ONLY_MILD = text("electrolytes.reason.only_mild")
REASON_NOT_FOUND = text("electrolytes.reason.not_found")
REASON_NOTHING_ABNORMAL = text("electrolytes.reason.nothing_abnormal")

REPEAT = _suggest("repeat")

ADD = _suggest("add")

LINK_ALLEN_KIRBY = text("electrolytes.link.allen_kirby")
LINK_GARRISON = text("electrolytes.link.garrison")

EVIDENCE_HARMONISED_INTERVALS = text("electrolytes.evidence.harmonised_intervals")
