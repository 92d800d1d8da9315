"""What the guideline says beside its rules, and the leaflets its cards link to."""

from cds_service.decision.phrases import text, texts
from cds_service.decision.recommendation import leaflet

TITLE = text("leg_cramps.title")
SOURCE_LABEL = text("leg_cramps.source_label")

DEVELOPER = text("leg_cramps.made.developer")
FUNDING = text("leg_cramps.made.funding")

USES = {
    page: texts(f"uses.{page}", attributes)
    for page, attributes in {
        "stretching-first": ("birth_date", "health_status"),
        "avoid-quinine": ("sex", "birth_date", "health_status"),
        "correct-electrolytes": ("sex", "birth_date", "health_status"),
        "als-cramps": ("birth_date",),
        "specialist-options": ("birth_date",),
        "red-flags": ("birth_date",),
    }.items()
}
"""What of a patient beside problems, medicines and results the rules of a page use."""

LIMIT_EGFR = text("leg_cramps.limit.egfr")
LIMIT_EGFR_AGE = text("leg_cramps.limit.egfr_age")
UNIT_DAYS = text("leg_cramps.limit.days")

SITE_NOT_RECORDED = text("recorded.site_not_recorded")

LEAFLET_LEG_CRAMPS = leaflet("leg-cramps")
LEAFLET_DURING_A_CRAMP = leaflet("during-a-cramp")
LEAFLET_CALF_STRETCH = leaflet("calf-stretch")
LEAFLET_HAMSTRING_STRETCH = leaflet("hamstring-stretch")
LEAFLET_CALF_RAISES = leaflet("calf-raises")
LEAFLET_HEAT_AND_MASSAGE = leaflet("heat-and-massage")
LEAFLET_WHEN_TO_CALL_A_DOCTOR = leaflet("when-to-call-a-doctor")
LEAFLET_QUININE = leaflet("quinine")
LEAFLET_PREGNANCY = leaflet("pregnancy")
LEAFLET_ALS = leaflet("als")
