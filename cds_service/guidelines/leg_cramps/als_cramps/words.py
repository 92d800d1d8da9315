"""What this recommendation says: the keys of its texts, in en.toml and id.toml beside this module."""

from cds_service.decision.phrases import text, texts
from cds_service.guidelines.leg_cramps.als_cramps.concepts import DEPRESSANTS
from cds_service.guidelines.leg_cramps.problems import FAMILIES

TITLE = text("als_cramps.title")

SUMMARY = texts("als_cramps.summary", FAMILIES)
SUMMARY_BREATHING = {family: text(f"als_cramps.summary.breathing_{family}") for family in FAMILIES}

RISK = texts("als_cramps.risk", DEPRESSANTS)
RISK_KIDNEY = text("als_cramps.risk.kidney")

HEADING_SAFETY = text("als_cramps.heading.safety")
HEADING_FIRST = text("als_cramps.heading.first")
HEADING_DRUGS = text("als_cramps.heading.drugs")

SAFETY_DEPRESSANTS = text("als_cramps.safety.depressants")
SAFETY_KIDNEY = text("als_cramps.safety.kidney")
SAFETY_ALONE = text("als_cramps.safety.alone")
SAFETY_PALLIATIVE = text("als_cramps.safety.palliative")
SAFETY_CREATININE = text("als_cramps.safety.creatinine")

FIRST_STRETCH = text("als_cramps.first.stretch")
FIRST_STRETCH_GENTLE = text("als_cramps.first.stretch_gentle")
FIRST_STRENGTHENING = text("als_cramps.first.strengthening")

DRUGS_GABAPENTIN = text("als_cramps.drugs.gabapentin")
DRUGS_MEXILETINE = text("als_cramps.drugs.mexiletine")
DRUGS_NICE = text("als_cramps.drugs.nice")
DRUGS_QUININE = text("als_cramps.drugs.quinine")
DRUGS_QUININE_REMINDER = text("als_cramps.drugs.quinine_reminder")

BECAUSE_EGFR = text("als_cramps.because.egfr")

UNKNOWN_MEDICINES = text("als_cramps.unknown.medicines")
UNKNOWN_EGFR = text("als_cramps.unknown.egfr")
UNKNOWN_EGFR_NOT_KNOWN = text("als_cramps.unknown.egfr_not_known")
UNKNOWN_NEWER_EGFR = text("als_cramps.unknown.newer_egfr")

LINK_NICE = text("als_cramps.link.nice")
LINK_COCHRANE = text("als_cramps.link.cochrane")

REASON_NO_ALS = text("als_cramps.reason.no_als")
REASON_UNDER_18 = text("als_cramps.reason.under_18")
