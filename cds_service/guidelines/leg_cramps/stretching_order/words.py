"""What this recommendation says: the keys of its texts, in en.toml and id.toml beside this module."""

from cds_service.decision.phrases import text, texts
from cds_service.guidelines.leg_cramps.als_cramps.concepts import GABAPENTINOIDS
from cds_service.patient.terminology.vocabulary import drug

VITAMIN_E, VITAMIN_B = VITAMINS = (drug("vitamin_e"), drug("vitamin_b_complex"))

TITLE = text("stretching_order.title")

SUMMARY_GABAPENTINOID = text("stretching_order.summary.gabapentinoid")
SUMMARY_BREATHING = text("stretching_order.summary.breathing")
SUMMARY_BREATHING_SHORT = text("stretching_order.summary.breathing_short")
SUMMARY_VITAMIN = texts("stretching_order.summary", VITAMINS)
SUMMARY_VITAMINS = text("stretching_order.summary.vitamins")
SUMMARY_AT_RISK = text("stretching_order.summary.at_risk")

NAME = texts("stretching_order.name", GABAPENTINOIDS)
NAME_BOTH = text("stretching_order.name.both")

ACT_BREATHING = text("stretching_order.act.breathing")
ACT_BLEEDING = text("stretching_order.act.bleeding")
ACT_STRETCH = text("stretching_order.act.stretch")
ACT_AT_RISK = text("stretching_order.act.at_risk")
ACT_GABAPENTINOID = texts("stretching_order.act", GABAPENTINOIDS)
ACT_GABAPENTINOIDS = text("stretching_order.act.both")
ACT_VITAMIN = texts("stretching_order.act", VITAMINS)

WHY_REASON = text("stretching_order.why.reason")

CITED_STRETCHING = text("stretching_order.cited.stretching")
CITED_FDA = text("stretching_order.cited.fda")
CITED_ADJUNCT = text("stretching_order.cited.adjunct")
CITED_VITAMIN_E = text("stretching_order.cited.vitamin_e")
CITED_VITAMIN_B = text("stretching_order.cited.vitamin_b_complex")

REASON_NO_DRAFT = text("stretching_order.reason.no_draft")
REASON_UNDER_18 = text("stretching_order.reason.under_18")
REASON_NOT_FOR_CRAMPS = text("stretching_order.reason.not_for_cramps")
REASON_ALS = text("stretching_order.reason.als")

OUTCOMES = (
    SUMMARY_GABAPENTINOID,
    SUMMARY_BREATHING,
    SUMMARY_BREATHING_SHORT,
    *SUMMARY_VITAMIN.values(),
    SUMMARY_VITAMINS,
    SUMMARY_AT_RISK,
    REASON_NO_DRAFT,
    REASON_UNDER_18,
    REASON_NOT_FOR_CRAMPS,
    REASON_ALS,
)
