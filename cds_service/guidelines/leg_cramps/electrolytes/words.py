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

_SIGNS = {"<": "below", "<=": "at_most", ">=": "at_least", ">": "above"}

NAMED = {state: texts(f"analyte.{state}", _NAMES) for state in (State.LOW, State.HIGH)}
STARTING = {state: texts(f"analyte.{state}_start", _NAMES) for state in (State.LOW, State.HIGH)}
"""A low or high analyte, inside a sentence and at its start."""

TITLE = text("electrolytes.title")
TITLE_ORDER = text("electrolytes.title_order")

SUMMARY = texts("electrolytes.summary", (State.LOW, State.HIGH))
SUMMARY_SEVERAL = text("electrolytes.summary.several")
SUMMARY_NOT_GIVING = text("electrolytes.summary.not_giving")
SUMMARY_REPEAT_FIRST = text("electrolytes.summary.repeat_first")
SUMMARY_DISCORDANT = text("electrolytes.summary.discordant")
SUMMARY_DISCORDANT_AND_MORE = text("electrolytes.summary.discordant_and_more")
SUMMARY_SUPPLEMENT_MAGNESIUM = text("electrolytes.summary.supplement_magnesium")
SUMMARY_SUPPLEMENT_OTHER = text("electrolytes.summary.supplement_other")
SUMMARY_SUPPLEMENT_IN_EXERCISE = text("electrolytes.summary.supplement_in_exercise")

PART_CONTRIBUTES = text("electrolytes.part.contributes")
PART_QUININE = text("electrolytes.part.quinine")
PART_ASSESS = text("electrolytes.part.assess")
PART_WATER = text("electrolytes.part.water")
PART_MAGNESIUM = text("electrolytes.part.magnesium")
PART_ECG = text("electrolytes.part.ecg")
PART_REFLEXES = text("electrolytes.part.reflexes")
PART_DIURETICS = text("electrolytes.part.diuretics")
PART_CAUSE = text("electrolytes.part.cause")
PART_NOT_GIVING = text("electrolytes.part.not_giving")
PART_DISCORDANT = text("electrolytes.part.discordant")
PART_MORE_OTHERS = text("electrolytes.part.more_others")

ACT_EXERCISE = text("electrolytes.act.exercise")
ACT_CONSIDER = text("electrolytes.act.consider")
ACT_NOT_GIVING = text("electrolytes.act.not_giving")
ACT_BEFORE_GIVING = text("electrolytes.act.before_giving")
ACT_CAUSE = text("electrolytes.act.cause")
ACT_CAUSE_BARE = text("electrolytes.act.cause_bare")
ACT_RAISING = text("electrolytes.act.raising")
ACT_HIGH = text("electrolytes.act.high")
ACT_CORRECT = text("electrolytes.act.correct")
ACT_CORRECT_PLAIN = text("electrolytes.act.correct_plain")
ACT_MAGNESIUM_LOW = text("electrolytes.act.magnesium_low")
ACT_MAGNESIUM_UNKNOWN = text("electrolytes.act.magnesium_unknown")
ACT_PREGNANCY = text("electrolytes.act.pregnancy")
ACT_SOURCE = text("electrolytes.act.source")
ACT_SOURCE_HIGH = text("electrolytes.act.source_high")
ACT_STRETCH = text("electrolytes.act.stretch")
ACT_REVIEW = text("electrolytes.act.review")
ACT_TRIALS = text("electrolytes.act.trials")
ACT_ON_TREATMENT = text("electrolytes.act.on_treatment")
ACT_UNNEEDED_MAGNESIUM = text("electrolytes.act.unneeded_magnesium")
ACT_UNNEEDED = text("electrolytes.act.unneeded")

ITEM_ECG = text("electrolytes.item.ecg")
ITEM_REFLEXES = text("electrolytes.item.reflexes")
ITEM_MAGNESIUM = text("electrolytes.item.magnesium")
ITEM_REPEAT = text("electrolytes.item.repeat")
ITEM_REPEAT_ALL = text("electrolytes.item.repeat_all")
ITEM_HAEMOLYSIS = text("electrolytes.item.haemolysis")
ITEM_VERIFY = text("electrolytes.item.verify")
ITEM_ALBUMIN = text("electrolytes.item.albumin")

CAUSE_DIURETIC = text("electrolytes.cause.diuretic")
CAUSE_GUT = text("electrolytes.cause.gut")

LABORATORY = text("electrolytes.fact.laboratory")
NOT_LOW = text("electrolytes.fact.not_low")
REASON_OF_ORDER = text("electrolytes.fact.reason")
BOUND = {sign: text(f"electrolytes.bound.{name}") for sign, name in _SIGNS.items()}
CROSSED = texts("electrolytes.crossed", ("low", "high", "own_low", "own_high", "warning", "critical"))

LINE_LEVEL_UNKNOWN = text("electrolytes.line.level_unknown")

NOTE = texts(
    "electrolytes.note",
    ("unconfirmed", "flag-critical", "discordant", "flagged", "flag-ignored", "flag-normal", "on-sulfate"),
)
NOTE_DAYS_OLD = text("electrolytes.note.days_old")
NOTE_SAME_TIME = text("electrolytes.note.same_time")
NOTE_EGFR = text("electrolytes.note.egfr")

CALCIUM_ADJUSTED = text("electrolytes.calcium.adjusted")
CALCIUM = texts("electrolytes.calcium", (CalciumForm.LAB_ADJUSTED, CalciumForm.UNADJUSTED))

UNKNOWN_MAGNESIUM = text("electrolytes.unknown.magnesium")

CITED_GARRISON = text("electrolytes.cited.garrison")
CITED_LUO = text("electrolytes.cited.luo")
CITED_ALOMEDIKA = text("electrolytes.cited.alomedika")
CITED_LIMITS = text("electrolytes.cited.limits")
CITED_FDA = text("electrolytes.cited.fda")

EXCLUDED_DIURETIC = text("electrolytes.excluded.diuretic")
EXCLUDED_DIALYSIS = text("electrolytes.excluded.dialysis")
EXCLUDED_CIRRHOSIS = text("electrolytes.excluded.cirrhosis")
EXCLUDED_PREGNANCY = text("electrolytes.excluded.pregnancy")
EXCLUDED_DEFICIT = text("electrolytes.excluded.deficit")
EXCLUDED_LOW_IN_YEAR = text("electrolytes.excluded.low_in_year")

REASON_NOTHING_ABNORMAL_BUT_NOT_JUDGED = text("electrolytes.reason.nothing_abnormal_but_not_judged")
REASON_NOT_JUDGED = text("electrolytes.reason.not_judged")
REASON_UNDER_18 = text("electrolytes.reason.under_18")
REASON_MINOR = text("electrolytes.reason.minor")
REASON_NO_CRAMPS = text("electrolytes.reason.no_cramps")
REASON_NO_DRAFT_SUPPLEMENT = text("electrolytes.reason.no_draft_supplement")
REASON_NOT_FOR_CRAMPS = text("electrolytes.reason.not_for_cramps")
REASON_NOTHING_HIGH = text("electrolytes.reason.nothing_high")
REASON_SUPPLEMENT_EXCLUDED = text("electrolytes.reason.supplement_excluded")
REASON_ONLY_MILD = text("electrolytes.reason.only_mild")
REASON_NOT_FOUND = text("electrolytes.reason.not_found")
REASON_NOTHING_ABNORMAL = text("electrolytes.reason.nothing_abnormal")

LIMIT_TABLE = texts("electrolytes.limit.table", (State.LOW, State.HIGH))
LIMIT_SIGN = {sign: text(f"electrolytes.limit.sign.{name}") for sign, name in _SIGNS.items()}
LIMIT_DAYS = texts("electrolytes.limit.days", ("critical", "warning", "found", "deficit", "exercise", "sulfate"))
LIMIT_SULFATE = text("electrolytes.limit.sulfate")
LIMIT_EXERCISE_SODIUM = text("electrolytes.limit.exercise_sodium")
UNIT_DAYS = text("electrolytes.limit.unit_days")

REPEAT = _suggest("repeat")
ADD = _suggest("add")

LINK_GARRISON = text("electrolytes.link.garrison")

EVIDENCE_HARMONISED_INTERVALS = text("electrolytes.evidence.harmonised_intervals")

_SUPPLEMENT_ALONE = (SUMMARY_SUPPLEMENT_MAGNESIUM, SUMMARY_SUPPLEMENT_OTHER, SUMMARY_SUPPLEMENT_IN_EXERCISE)
_AGAINST = (SUMMARY_NOT_GIVING, SUMMARY_REPEAT_FIRST)
OUTCOMES = (
    *SUMMARY.values(),
    SUMMARY_SEVERAL,
    *_AGAINST,
    SUMMARY_DISCORDANT,
    SUMMARY_DISCORDANT_AND_MORE,
    *_SUPPLEMENT_ALONE,
    REASON_UNDER_18,
    REASON_NO_CRAMPS,
    REASON_SUPPLEMENT_EXCLUDED,
    REASON_ONLY_MILD,
    REASON_NOT_FOUND,
    REASON_NOTHING_ABNORMAL,
    REASON_NOTHING_ABNORMAL_BUT_NOT_JUDGED,
    REASON_NOT_JUDGED,
    LINE_LEVEL_UNKNOWN,
)
OUTCOMES_ORDER = (
    *_AGAINST,
    *_SUPPLEMENT_ALONE,
    REASON_NO_DRAFT_SUPPLEMENT,
    REASON_NOT_FOR_CRAMPS,
    REASON_NOTHING_HIGH,
    REASON_SUPPLEMENT_EXCLUDED,
    REASON_MINOR,
    LINE_LEVEL_UNKNOWN,
)
