"""What this recommendation says: the keys of its texts, in en.toml and id.toml beside this module."""

from cds_service.decision.phrases import text, texts
from cds_service.guidelines.leg_cramps.concepts import (
    CIRRHOSIS,
    COMPARTMENT_SYNDROME,
    CRITICAL_LIMB_ISCHAEMIA,
    DIALYSIS,
    DVT,
    LIMB_SWELLING,
    PREGNANCY,
    RHABDOMYOLYSIS,
)
from cds_service.guidelines.leg_cramps.problems import FAMILIES

TITLE = text("stretching_first.title")

SUMMARY_CRAMP = text("stretching_first.summary.cramp")
SUMMARY_ALS = texts("stretching_first.summary", FAMILIES)
SUMMARY_EXERCISE = text("stretching_first.summary.exercise")
SUMMARY_LOW_SODIUM = text("stretching_first.summary.low_sodium")
SUMMARY_ALS_GENTLE = {family: text(f"stretching_first.summary.{family}_gentle") for family in FAMILIES}
SUMMARY_THROMBOSIS = texts("stretching_first.summary", (DVT, LIMB_SWELLING))
SUMMARY_AT_RISK = text("stretching_first.summary.at_risk")
SUMMARY_ALS_AT_RISK = {family: text(f"stretching_first.summary.{family}_at_risk") for family in FAMILIES}

HOLD = texts(
    "stretching_first.hold", (DVT, LIMB_SWELLING, COMPARTMENT_SYNDROME, RHABDOMYOLYSIS, CRITICAL_LIMB_ISCHAEMIA)
)

NOW_STRETCH = text("stretching_first.now.stretch")
NOW_ASSISTED = text("stretching_first.now.assisted")
NOW_GENTLE = text("stretching_first.now.gentle")
NOW_GENTLE_ASSISTED = text("stretching_first.now.gentle_assisted")
NOW_MASSAGE = text("stretching_first.now.massage")
NOW_MASSAGE_HEAT = text("stretching_first.now.massage_heat")

EXERCISE_ALONE = text("stretching_first.exercise.alone")
EXERCISE_FLUIDS = text("stretching_first.exercise.fluids")
EXERCISE_NO_HEAT = text("stretching_first.exercise.no_heat")
EXERCISE_HEAT_STROKE = text("stretching_first.exercise.heat_stroke")
EXERCISE_LOW_SODIUM = text("stretching_first.exercise.low_sodium")
EXERCISE_LOW_SODIUM_NO_SALT = text("stretching_first.exercise.low_sodium_no_salt")

PREVENTION_BEDTIME = text("stretching_first.prevention.bedtime")
PREVENTION_ASSISTED = text("stretching_first.prevention.assisted")
PREVENTION_CALF_RAISES = text("stretching_first.prevention.calf_raises")
PREVENTION_STRENGTHENING_ALS = text("stretching_first.prevention.strengthening_als")
PREVENTION_SPLINT = text("stretching_first.prevention.splint")
PREVENTION_REVIEW = text("stretching_first.prevention.review")

_CONDITIONS = (PREGNANCY, DIALYSIS, CIRRHOSIS)
PATIENT = {one: text(f"stretching_first.patient.{one}") for one in _CONDITIONS}
PATIENT_CONTRIBUTORS = text("stretching_first.patient.contributors")
PATIENT_THESE_DRUGS = text("stretching_first.patient.these_drugs")
PATIENT_HYPOTHYROIDISM = text("stretching_first.patient.hypothyroidism")

ASK_EXAMINE = text("stretching_first.ask.examine")
ASK_DVT = text("stretching_first.ask.dvt")
ASK_NUMB = text("stretching_first.ask.numb")
ASK_NO_HEAT = text("stretching_first.ask.no_heat")

DRUGS_NOT_FIRST = text("stretching_first.drugs.not_first")
DRUGS_ADJUNCT = text("stretching_first.drugs.adjunct")
DRUGS_QUININE = text("stretching_first.drugs.quinine")
DRUGS_ELECTROLYTES = text("stretching_first.drugs.electrolytes")
DRUGS_VITAMINS = text("stretching_first.drugs.vitamins")
DRUGS_VITAMINS_BLEEDING = text("stretching_first.drugs.vitamins_bleeding")
DRUGS_VITAMINS_OPPOSED = text("stretching_first.drugs.vitamins_opposed")

LABS_NORMAL = text("stretching_first.labs.normal")
LABS_NORMAL_NOTE = text("stretching_first.labs.normal_note")
LABS_PREGNANCY = text("stretching_first.labs.pregnancy")
LABS_SEE_CARD = text("stretching_first.labs.see_card")
LABS_SUPPLEMENT = text("stretching_first.labs.supplement")

CITED = {one: text(f"stretching_first.cited.{one}") for one in _CONDITIONS}
CITED_STRETCHING = text("stretching_first.cited.stretching")
CITED_ACUTE = text("stretching_first.cited.acute")
CITED_MEASURES = text("stretching_first.cited.measures")
CITED_ALOMEDIKA = text("stretching_first.cited.alomedika")
CITED_ELECTROLYTES = text("stretching_first.cited.electrolytes")
CITED_VITAMINS = text("stretching_first.cited.vitamins")
CITED_VITAMIN_E = text("stretching_first.cited.vitamin_e")
CITED_CONTRIBUTORS = text("stretching_first.cited.contributors")
CITED_QUININE = text("stretching_first.cited.quinine")

LINK_SOURCE = text("stretching_first.link.source")
LINK_COCHRANE = text("stretching_first.link.cochrane")

REASON_NO_CRAMPS = text("stretching_first.reason.no_cramps")
REASON_UNDER_18 = text("stretching_first.reason.under_18")

OUTCOMES = (
    SUMMARY_CRAMP,
    *SUMMARY_ALS.values(),
    SUMMARY_EXERCISE,
    SUMMARY_LOW_SODIUM,
    *SUMMARY_ALS_GENTLE.values(),
    *SUMMARY_THROMBOSIS.values(),
    SUMMARY_AT_RISK,
    *SUMMARY_ALS_AT_RISK.values(),
    REASON_NO_CRAMPS,
    REASON_UNDER_18,
)
