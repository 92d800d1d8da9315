"""What this recommendation says: the keys of its texts, in en.toml and id.toml beside this module."""

from cds_service.decision.phrases import text, texts
from cds_service.guidelines.leg_cramps.concepts import (
    COMPARTMENT_SYNDROME,
    CRITICAL_LIMB_ISCHAEMIA,
    DVT,
    LIMB_SWELLING,
    RHABDOMYOLYSIS,
)
from cds_service.guidelines.leg_cramps.problems import FAMILIES

TITLE = text("stretching_first.title")

SUMMARY_CRAMP = text("stretching_first.summary.cramp")
SUMMARY_ALS = texts("stretching_first.summary", FAMILIES)
SUMMARY_EXERCISE = text("stretching_first.summary.exercise")
SUMMARY_ALS_GENTLE = {family: text(f"stretching_first.summary.{family}_gentle") for family in FAMILIES}
SUMMARY_THROMBOSIS = texts("stretching_first.summary", (DVT, LIMB_SWELLING))
SUMMARY_AT_RISK = text("stretching_first.summary.at_risk")

HEADING_NOW = text("stretching_first.heading.now")
HEADING_PREVENTION = text("stretching_first.heading.prevention")
HEADING_DRUGS = text("stretching_first.heading.drugs")
HEADING_CONTRIBUTORS = text("stretching_first.heading.contributors")
HEADING_ALSO = text("stretching_first.heading.also")

HOLD = texts(
    "stretching_first.hold", (DVT, LIMB_SWELLING, COMPARTMENT_SYNDROME, RHABDOMYOLYSIS, CRITICAL_LIMB_ISCHAEMIA)
)

NOW_STRETCH = text("stretching_first.now.stretch")
NOW_STRETCH_ALONE = text("stretching_first.now.stretch_alone")
NOW_STRETCH_ASSISTED = text("stretching_first.now.stretch_assisted")
NOW_STRETCH_ASSISTED_GENTLE = text("stretching_first.now.stretch_assisted_gentle")
NOW_EXERCISE_AT_RISK = text("stretching_first.now.exercise_at_risk")
NOW_EXERCISE = text("stretching_first.now.exercise")
NOW_HEAT_ILLNESS = text("stretching_first.now.heat_illness")
NOW_MASSAGE = text("stretching_first.now.massage")
NOW_HEAT = text("stretching_first.now.heat")
NOW_HEAT_BUT_EXERCISE = text("stretching_first.now.heat_but_exercise")
NOW_NO_HEAT = text("stretching_first.now.no_heat")
NOW_NO_HEAT_IN_EXERCISE = text("stretching_first.now.no_heat_in_exercise")

PREVENTION_BEDTIME = text("stretching_first.prevention.bedtime")
PREVENTION_BEDTIME_ASSISTED = text("stretching_first.prevention.bedtime_assisted")
PREVENTION_SEATED = text("stretching_first.prevention.seated")
PREVENTION_SEATED_OLDER = text("stretching_first.prevention.seated_older")
PREVENTION_SPLINT = text("stretching_first.prevention.splint")
PREVENTION_NO_SPLINT = text("stretching_first.prevention.no_splint")
PREVENTION_CALF_RAISES = text("stretching_first.prevention.calf_raises")
PREVENTION_STRENGTHENING_ALS = text("stretching_first.prevention.strengthening_als")

DRUGS_NOT_FIRST = text("stretching_first.drugs.not_first")
DRUGS_NOT_FIRST_ALS = text("stretching_first.drugs.not_first_als")
DRUGS_ELECTROLYTES = text("stretching_first.drugs.electrolytes")
DRUGS_VITAMINS = text("stretching_first.drugs.vitamins")
DRUGS_BLEEDING = text("stretching_first.drugs.bleeding")
DRUGS_BLEEDING_UNKNOWN = text("stretching_first.drugs.bleeding_unknown")

ALSO_PREGNANCY = text("stretching_first.also.pregnancy")
ALSO_RESTLESS_LEGS = text("stretching_first.also.restless_legs")

LINK_SOURCE = text("stretching_first.link.source")
LINK_COCHRANE = text("stretching_first.link.cochrane")

REASON_NO_CRAMPS = text("stretching_first.reason.no_cramps")
REASON_UNDER_18 = text("stretching_first.reason.under_18")

CONTRIBUTORS_LABA = text("contributors.laba")
CONTRIBUTORS_POTASSIUM_SPARING = text("contributors.potassium_sparing")
CONTRIBUTORS_THIAZIDE = text("contributors.thiazide")
CONTRIBUTORS_LOOP = text("contributors.loop")
CONTRIBUTORS_DIURETIC = text("contributors.diuretic")
CONTRIBUTORS_STATIN = text("contributors.statin")
CONTRIBUTORS_OTHER = text("contributors.other")
CONTRIBUTORS_REVIEW = text("contributors.review")
