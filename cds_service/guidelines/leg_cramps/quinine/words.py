"""What these recommendations say: the keys of their texts, in en.toml and id.toml beside this module."""

from typing import Final, Literal

from cds_service.decision.nonadherence import NonAdherence
from cds_service.decision.overrides import override
from cds_service.decision.phrases import text, texts
from cds_service.guidelines.leg_cramps.concepts import PREGNANCY, WARFARIN
from cds_service.guidelines.leg_cramps.quinine import concepts
from cds_service.guidelines.leg_cramps.quinine.concepts import (
    G6PD_DEFICIENCY,
    HAEMATOLOGICAL,
    INSULIN,
    OTHER_CONTRAINDICATIONS,
    SULFONYLUREA,
    WARNING_PROBLEMS,
)

Doing = Literal["stop", "cancel"]  # an active order is stopped, a draft cancelled
DOING: Final[tuple[Doing, ...]] = ("stop", "cancel")

TITLE = text("avoid_quinine.title")
TITLE_ORDER = text("avoid_quinine.title_order")

# Summaries
SUMMARY_NO_INDICATION = text("avoid_quinine.summary.no_indication")
SUMMARY_FOR_CRAMPS = text("avoid_quinine.summary.for_cramps")
SUMMARY_MALARIA_OR_CRAMPS = text("avoid_quinine.summary.malaria_or_cramps")
SUMMARY_ALS = text("avoid_quinine.summary.als")
SUMMARY_CRITICAL = text("avoid_quinine.summary.critical")
SUMMARY_CRITICAL_FOR_CRAMPS = text("avoid_quinine.summary.critical_for_cramps")
SUMMARY_OUTDATED = text("avoid_quinine.summary.outdated")
SUMMARY_MENTIONED = text("avoid_quinine.summary.mentioned")
SUMMARY_MENTIONED_LABEL = text("avoid_quinine.summary.mentioned_label")
SUMMARY_MALARIA = text("avoid_quinine.summary.malaria")
DEGREE_LABEL = text("avoid_quinine.degree.label")
DEGREE_HIGH = text("avoid_quinine.degree.high")
ENDING = texts("avoid_quinine.ending", DOING)
REASONS = text("avoid_quinine.reasons")
REASONS_AND_MORE = text("avoid_quinine.reasons_and_more")

# What to do
ACT_IS_IT_MALARIA = text("avoid_quinine.act.is_it_malaria")
ACT_WHICH = text("avoid_quinine.act.which")
ACT_END = {doing: text(f"avoid_quinine.act.{doing}") for doing in DOING}
ACT_END_AT_RISK = {doing: text(f"avoid_quinine.act.{doing}_at_risk") for doing in DOING}
ACT_STRETCHING = text("avoid_quinine.act.stretching")
ACT_ALS = {doing: text(f"avoid_quinine.act.als_{doing}") for doing in DOING}
ACT_ALS_NO_STRETCHING = {doing: text(f"avoid_quinine.act.als_{doing}_no_stretching") for doing in DOING}
ACT_ALS_CONFLICT = text("avoid_quinine.act.als_conflict")
ACT_CORRECT = text("avoid_quinine.act.correct")
ACT_CHECK = text("avoid_quinine.act.check")
ACT_TOGETHER = text("avoid_quinine.act.together")
ACT_BEFORE_ANY_DOSE = text("avoid_quinine.act.before_any_dose")
ACT_UNITED_KINGDOM = text("avoid_quinine.act.united_kingdom")
ACT_IF_TAKEN = text("avoid_quinine.act.if_taken")
ACT_NOT_MALARIA = text("avoid_quinine.act.not_malaria")
ACT_WATCH = text("avoid_quinine.act.watch")
ACT_ALTERNATIVE = text("avoid_quinine.act.alternative")
ACT_SEVEN_DAYS = text("avoid_quinine.act.seven_days")

# Why
GROUP_LABEL = text("avoid_quinine.group.label")
GROUP_HIGH = text("avoid_quinine.group.high")
GROUP_WARNING = text("avoid_quinine.group.warning")
NO_MALARIA = text("avoid_quinine.why.no_malaria")
FOR_CRAMPS = text("avoid_quinine.why.for_cramps")
MALARIA_OWN_REASON = text("avoid_quinine.malaria.own_reason")
MALARIA_RECORDED = text("avoid_quinine.malaria.recorded")
MALARIA_RECORDED_UNDATED = text("avoid_quinine.malaria.recorded_undated")
MENTIONED_IN_REASON = text("avoid_quinine.malaria.in_reason")
MENTIONED_IN_PROBLEM = text("avoid_quinine.malaria.in_problem")
MENTIONED_BY_COURSE = text("avoid_quinine.malaria.by_course")
COURSE = text("avoid_quinine.malaria.course")

# Hazards
SHORT = texts("avoid_quinine.short", (*HAEMATOLOGICAL, *OTHER_CONTRAINDICATIONS))
PAST = text("avoid_quinine.past")
HYPERSENSITIVITY = texts("avoid_quinine.hypersensitivity", concepts.HYPERSENSITIVITY)
ALLERGY_LIST = text("avoid_quinine.allergy_list")

VALUE_QTC = text("avoid_quinine.value.qtc")
VALUE_POTASSIUM = text("avoid_quinine.value.potassium")
VALUE_MAGNESIUM = text("avoid_quinine.value.magnesium")
VALUE_CALCIUM_IONIZED = text("avoid_quinine.value.calcium_ionized")
VALUE_CALCIUM_ADJUSTED = text("avoid_quinine.value.calcium_adjusted")
VALUE_PLATELETS = text("avoid_quinine.value.platelets")
VALUE_EGFR = text("avoid_quinine.value.egfr")
BARE = text("avoid_quinine.value.bare")
BRIEF_QTC = text("avoid_quinine.brief.qtc")
BRIEF_POTASSIUM = text("avoid_quinine.brief.potassium")
BRIEF_MAGNESIUM = text("avoid_quinine.brief.magnesium")
BRIEF_CALCIUM = text("avoid_quinine.brief.calcium")
BRIEF_PLATELETS = text("avoid_quinine.brief.platelets")
ADJUSTED = text("avoid_quinine.adjusted.by_us")
ADJUSTED_BY_LABORATORY = text("avoid_quinine.adjusted.by_laboratory")

DRUG_QT = text("avoid_quinine.drug.qt")
DRUG_QT_POSSIBLE = text("avoid_quinine.drug.qt_possible")
DRUG_NEUROMUSCULAR_BLOCKER = text("avoid_quinine.drug.neuromuscular_blocker")
DRUG_DIGOXIN_LOW_POTASSIUM = text("avoid_quinine.drug.digoxin_low_potassium")
WITH_LOW_POTASSIUM = text("avoid_quinine.drug.with_low_potassium")
DRUG_DIGOXIN = text("avoid_quinine.drug.digoxin")
DRUG = texts("avoid_quinine.drug", (WARFARIN, INSULIN, SULFONYLUREA))
DRUG_DIRECTION_RIFAMPICIN = text("avoid_quinine.drug.direction.rifampicin")
DRUG_DIRECTION_RITONAVIR = text("avoid_quinine.drug.direction.ritonavir")
DRUG_DIRECTION_AZOLE = text("avoid_quinine.drug.direction.azole")
DRUG_DIRECTION_INDUCER = text("avoid_quinine.drug.direction.inducer")
DRUG_DIRECTION_THEOPHYLLINE = text("avoid_quinine.drug.direction.theophylline")
DRUG_DIRECTION_CYP2D6 = text("avoid_quinine.drug.direction.cyp2d6")
DRUG_DIRECTION_RAISES = text("avoid_quinine.drug.direction.raises")

WARNING = texts("avoid_quinine.warning", (*WARNING_PROBLEMS, G6PD_DEFICIENCY, PREGNANCY))
WARNING_OLDER = text("avoid_quinine.warning.older")

# Not known
NOT_FOUND_UNADJUSTED = text("avoid_quinine.not_found.unadjusted")
NOT_FOUND_QTC = text("avoid_quinine.not_found.qtc")
NOT_FOUND_RESULTS = text("avoid_quinine.not_found.results")
OTHER_DRUGS = text("avoid_quinine.not_found.other_drugs")

# Evidence
CITED_FDA = text("avoid_quinine.cited.fda")
CITED_STOPPING = text("avoid_quinine.cited.stopping")
CITED_BENEFIT = text("avoid_quinine.cited.benefit")
CITED_GUIDELINES = text("avoid_quinine.cited.guidelines")
CITED_NICE = text("avoid_quinine.cited.nice")

# Silence
REASON_NO_DRAFT = text("avoid_quinine.reason.no_draft")
REASON_NO_QUININE_DRAFT = text("avoid_quinine.reason.no_quinine_draft")
REASON_MALARIA = text("avoid_quinine.reason.malaria")
REASON_MALARIA_LONG_COURSE = text("avoid_quinine.reason.malaria_long_course")
REASON_NOTHING = text("avoid_quinine.reason.nothing")

SUGGEST = texts("avoid_quinine.suggest", DOING)
SUGGEST_STOP_DESCRIPTION = text("avoid_quinine.suggest.stop_description")
SUGGEST_CANCEL_DESCRIPTION = text("avoid_quinine.suggest.cancel_description")
SUGGEST_TEXT = text("avoid_quinine.suggest.text")
SUGGEST_DATE = text("avoid_quinine.suggest.date")

LINK_LABEL = text("avoid_quinine.link.label")
LINK_COCHRANE = text("avoid_quinine.link.cochrane")

OVERRIDE_MALARIA = override("malaria", NonAdherence.INDICATION_ORDER_EXISTS)

_SUMMARIES = (
    SUMMARY_NO_INDICATION,
    SUMMARY_FOR_CRAMPS,
    SUMMARY_MALARIA_OR_CRAMPS,
    SUMMARY_ALS,
    SUMMARY_CRITICAL,
    SUMMARY_CRITICAL_FOR_CRAMPS,
    SUMMARY_MENTIONED,
    SUMMARY_MENTIONED_LABEL,
    SUMMARY_MALARIA,
)
OUTCOMES = (*_SUMMARIES, SUMMARY_OUTDATED, REASON_MALARIA, REASON_MALARIA_LONG_COURSE, REASON_NOTHING)
OUTCOMES_ORDER = (
    *_SUMMARIES,
    REASON_MALARIA,
    REASON_MALARIA_LONG_COURSE,
    REASON_NO_DRAFT,
    REASON_NO_QUININE_DRAFT,
)
