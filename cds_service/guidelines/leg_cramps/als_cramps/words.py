"""What this recommendation says: the keys of its texts, in en.toml and id.toml beside this module."""

from cds_service.decision.phrases import text, texts
from cds_service.guidelines.leg_cramps.als_cramps.concepts import DEPRESSANTS
from cds_service.guidelines.leg_cramps.problems import FAMILIES

TITLE = text("als_cramps.title")
TITLE_ORDER = text("als_cramps.title_order")

SUMMARY = texts("als_cramps.summary", FAMILIES)
SUMMARY_BREATHING = {family: text(f"als_cramps.summary.breathing_{family}") for family in FAMILIES}
SUMMARY_BREATHING_SHORT = {family: text(f"als_cramps.summary.breathing_short_{family}") for family in FAMILIES}
SUMMARY_PALLIATIVE = {family: text(f"als_cramps.summary.palliative_{family}") for family in FAMILIES}

RISK = texts("als_cramps.risk", DEPRESSANTS)
RISK_KIDNEY = text("als_cramps.risk.kidney")
GABAPENTINOIDS = text("als_cramps.risk.gabapentinoids")

ACT_BREATHING = text("als_cramps.act.breathing")
ACT_PALLIATIVE = text("als_cramps.act.palliative")
ACT_GABAPENTINOID_ALONE = text("als_cramps.act.gabapentinoid_alone")
ACT_STRETCH = text("als_cramps.act.stretch")
ACT_STRETCH_GENTLE = text("als_cramps.act.stretch_gentle")
ACT_GABAPENTIN = text("als_cramps.act.gabapentin")
ACT_SPECIALIST = text("als_cramps.act.specialist")
ACT_QUININE = text("als_cramps.act.quinine")

CITED_FDA = text("als_cramps.cited.fda")
CITED_MEXILETINE = text("als_cramps.cited.mexiletine")
CITED_BALDINGER = text("als_cramps.cited.baldinger")
CITED_GUIDELINES = text("als_cramps.cited.guidelines")
CITED_ALOMEDIKA = text("als_cramps.cited.alomedika")

UNKNOWN_EGFR = text("als_cramps.unknown.egfr")

LINK_NICE = text("als_cramps.link.nice")
LINK_COCHRANE = text("als_cramps.link.cochrane")

REASON_NO_ALS = text("als_cramps.reason.no_als")
REASON_UNDER_18 = text("als_cramps.reason.under_18")
REASON_NO_DRAFT = text("als_cramps.reason.no_draft")
REASON_NO_RISK = text("als_cramps.reason.no_risk")

OUTCOMES = (
    *SUMMARY.values(),
    *SUMMARY_BREATHING.values(),
    *SUMMARY_BREATHING_SHORT.values(),
    *SUMMARY_PALLIATIVE.values(),
    REASON_NO_ALS,
    REASON_UNDER_18,
)
OUTCOMES_ORDER = (
    *SUMMARY_BREATHING.values(),
    *SUMMARY_BREATHING_SHORT.values(),
    *SUMMARY_PALLIATIVE.values(),
    REASON_NO_DRAFT,
    REASON_NO_ALS,
    REASON_UNDER_18,
)
