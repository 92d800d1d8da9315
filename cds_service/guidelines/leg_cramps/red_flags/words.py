"""What this recommendation says: the keys of its texts, in en.toml and id.toml beside this module."""

from cds_service.decision.phrases import text, texts
from cds_service.guidelines.leg_cramps.concepts import (
    CHRONIC_PAD,
    COMPARTMENT_SYNDROME,
    CRITICAL_LIMB_ISCHAEMIA,
    DVT,
    LIMB_SWELLING,
    RESTLESS_LEGS,
    RHABDOMYOLYSIS,
)

FLAGS = (
    DVT,
    LIMB_SWELLING,
    CRITICAL_LIMB_ISCHAEMIA,
    COMPARTMENT_SYNDROME,
    RHABDOMYOLYSIS,
    CHRONIC_PAD,
    RESTLESS_LEGS,
)
"""Those that are one problem each; weakness is told with what stands beside it."""

TITLE = text("red_flags.title")
SUMMARY = text("red_flags.summary")
NAMED = text("red_flags.named")
NAMED_AND_MORE = text("red_flags.named_and_more")

HEADING_FIRST = text("red_flags.heading.first")
HEADING_MIMICS = text("red_flags.heading.mimics")

FINDING = texts("red_flags.finding", FLAGS)
FINDING_WEAKNESS_WASTING = text("red_flags.finding.weakness_wasting")
FINDING_WEAKNESS_FASCICULATION = text("red_flags.finding.weakness_fasciculation")
FINDING_WEAKNESS = text("red_flags.finding.weakness")

ADVICE = texts("red_flags.advice", FLAGS)
ADVICE_DVT_ON_HOLD = text("red_flags.advice.dvt_on_hold")
ADVICE_DVT_OUTDATED = text("red_flags.advice.dvt_outdated")
ADVICE_DVT_STATUS_UNKNOWN = text("red_flags.advice.dvt_status_unknown")
ADVICE_DVT_MEDICINES_UNKNOWN = text("red_flags.advice.dvt_medicines_unknown")
ADVICE_WEAKNESS_WITH_SIGNS = text("red_flags.advice.weakness_with_signs")
ADVICE_WEAKNESS = text("red_flags.advice.weakness")

BECAUSE_NO_ANTICOAGULANT = text("red_flags.because.no_anticoagulant")
BECAUSE_ANTICOAGULANT_UNKNOWN = text("red_flags.because.anticoagulant_unknown")

REASON_NO_CRAMPS = text("red_flags.reason.no_cramps")
REASON_UNDER_18 = text("red_flags.reason.under_18")
REASON_NONE = text("red_flags.reason.none")
REASON_DVT_TREATED = text("red_flags.reason.dvt_treated")
