"""Leg muscle cramps: stretching first, no quinine, electrolytes only against an imbalance."""

from cds_service.decision.guideline import Guideline, ServiceSpec, Source
from cds_service.guidelines.leg_cramps import words
from cds_service.guidelines.leg_cramps.als_cramps import order as als_order
from cds_service.guidelines.leg_cramps.als_cramps import rule as als_cramps
from cds_service.guidelines.leg_cramps.citations import SOURCE_URL
from cds_service.guidelines.leg_cramps.concepts import ALS, CRAMPS
from cds_service.guidelines.leg_cramps.electrolytes import rule as electrolytes
from cds_service.guidelines.leg_cramps.electrolytes.limits import LAB, usual_ranges
from cds_service.guidelines.leg_cramps.quinine import rule as avoid_quinine
from cds_service.guidelines.leg_cramps.quinine.concepts import QUININE
from cds_service.guidelines.leg_cramps.quinine_reminder import rule as quinine_reminder
from cds_service.guidelines.leg_cramps.red_flags import rule as red_flags
from cds_service.guidelines.leg_cramps.specialist_options import rule as specialist_options
from cds_service.guidelines.leg_cramps.stretching import rule as stretching_first
from cds_service.guidelines.leg_cramps.stretching_order import rule as stretching_order

RULES = (
    stretching_first.RULE,
    avoid_quinine.RULE,
    quinine_reminder.RULE,
    electrolytes.RULE,
    als_cramps.RULE,
    specialist_options.RULE,
    red_flags.RULE,
)
"""In the order they are decided, explained and shown within one indicator."""

ORDER_RULES = (stretching_order.ORDER_RULE, avoid_quinine.ORDER_RULE, electrolytes.ORDER_RULE, als_order.ORDER_RULE)

_ORDER_NEEDS = (
    "Reads the draft orders. Prefetch, or fhirServer with authorization, is optional; without a chart the quinine"
    " warning still comes and says what could not be checked."
)

GUIDELINE = Guideline(
    name="leg_cramps",
    package=__name__,
    title=words.TITLE,
    source=Source(words.SOURCE_LABEL, SOURCE_URL),
    services=(
        ServiceSpec(
            id="leg-cramps-patient-view",
            hook="patient-view",
            title="Leg cramps: conservative care first",
            description=(
                "When leg cramps (or ALS) are on the problem list: stretching and other conservative care first, a"
                " warning about quinine, electrolytes only when abnormal, adjuncts in ALS, specialist options in"
                " lumbar stenosis, red flags. Cards in English and Bahasa Indonesia, each with its evidence."
            ),
            rules=RULES,
            usage_requirements="Needs the patient's conditions, prefetched or from fhirServer with authorization.",
        ),
        ServiceSpec(
            id="leg-cramps-order-select",
            hook="order-select",
            title="Leg cramps: quinine and supplements while ordering",
            description=(
                "When quinine is selected without a malaria or babesiosis indication, or an electrolyte supplement"
                " against a high value or for cramps without a documented deficit, or a gabapentinoid or a vitamin for"
                " cramps; in ALS, a gabapentinoid with an opioid or a benzodiazepine."
            ),
            rules=ORDER_RULES,
            usage_requirements=_ORDER_NEEDS,
        ),
        ServiceSpec(
            id="leg-cramps-order-sign",
            hook="order-sign",
            title="Leg cramps: quinine and supplements at signing",
            description=(
                "When a quinine order without a malaria or babesiosis indication, or an electrolyte supplement against"
                " a high value or for cramps without a documented deficit, or a gabapentinoid or a vitamin for cramps,"
                " is about to be signed; in ALS, a gabapentinoid with an opioid or a benzodiazepine."
            ),
            rules=ORDER_RULES,
            usage_requirements=_ORDER_NEEDS,
        ),
    ),
    problems=(*CRAMPS, *ALS),
    drugs=QUININE,
    leaflets=(
        words.LEAFLET_LEG_CRAMPS,  # the one sheet that has everything
        words.LEAFLET_DURING_A_CRAMP,
        words.LEAFLET_CALF_STRETCH,
        words.LEAFLET_HAMSTRING_STRETCH,
        words.LEAFLET_CALF_RAISES,
        words.LEAFLET_HEAT_AND_MASSAGE,
        words.LEAFLET_WHEN_TO_CALL_A_DOCTOR,
        words.LEAFLET_QUININE,
        words.LEAFLET_PREGNANCY,
        words.LEAFLET_ALS,
    ),
    examples=("cramps-quinine-hypokalaemia", "order-quinine-with-amiodarone"),
    developer=words.DEVELOPER,
    funding=words.FUNDING,
    uses=words.USES,
    lab_words=LAB,
    usual_ranges=usual_ranges(),
)
