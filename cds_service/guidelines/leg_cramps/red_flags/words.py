"""What this recommendation says: the keys of its texts, in en.toml and id.toml beside this module."""

from itertools import combinations

from cds_service.decision.phrases import text, texts
from cds_service.guidelines.leg_cramps.concepts import (
    CAUDA_EQUINA,
    CHRONIC_PAD,
    COMPARTMENT_SYNDROME,
    COMPLAINT_DAYS,
    CRITICAL_LIMB_ISCHAEMIA,
    DVT,
    LIMB_SWELLING,
    RESTLESS_LEGS,
    RHABDOMYOLYSIS,
)
from cds_service.patient.terminology.vocabulary import problem

WEAKNESS = problem("muscle_weakness", days_of_visit=COMPLAINT_DAYS)
WASTING = problem("muscle_wasting", days_of_visit=COMPLAINT_DAYS)
FASCICULATION = problem("fasciculation", days_of_visit=COMPLAINT_DAYS)
SIGNS = (WEAKNESS, WASTING, FASCICULATION)
"""Two of them without ALS are a red flag."""

FLAGS = (
    DVT,
    LIMB_SWELLING,
    CRITICAL_LIMB_ISCHAEMIA,
    COMPARTMENT_SYNDROME,
    RHABDOMYOLYSIS,
    CAUDA_EQUINA,
    CHRONIC_PAD,
    RESTLESS_LEGS,
)
"""Those that are one problem each; weakness is told with what stands beside it."""

TITLE = text("red_flags.title")
SUMMARY = text("red_flags.summary")
NAMED = text("red_flags.named")
NAMED_AND_MORE = text("red_flags.named_and_more")

FINDING = texts("red_flags.finding", FLAGS)
FINDING_SIGNS = dict(
    zip(
        combinations(SIGNS, 2),
        (
            text(f"red_flags.finding.{one}")
            for one in ("weakness_wasting", "weakness_fasciculation", "wasting_fasciculation")
        ),
        strict=True,
    )
)
FINDING_WEAKNESS = text("red_flags.finding.weakness")

ADVICE = texts("red_flags.advice", FLAGS)
ADVICE_DVT_ON_HOLD = text("red_flags.advice.dvt_on_hold")
ADVICE_DVT_OUTDATED = text("red_flags.advice.dvt_outdated")
ADVICE_DVT_STATUS_UNKNOWN = text("red_flags.advice.dvt_status_unknown")
ADVICE_DVT_MEDICINES_UNKNOWN = text("red_flags.advice.dvt_medicines_unknown")
ADVICE_SIGNS = text("red_flags.advice.signs")
ADVICE_WEAKNESS = text("red_flags.advice.weakness")

ALSO = text("red_flags.also")
CITED_ALLEN_KIRBY = text("red_flags.cited.allen_kirby")

REASON_NO_CRAMPS = text("red_flags.reason.no_cramps")
REASON_UNDER_18 = text("red_flags.reason.under_18")
REASON_NONE = text("red_flags.reason.none")
REASON_DVT_TREATED = text("red_flags.reason.dvt_treated")

OUTCOMES = (SUMMARY, REASON_NO_CRAMPS, REASON_UNDER_18, REASON_NONE, REASON_DVT_TREATED)
