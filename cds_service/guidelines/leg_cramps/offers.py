"""The orders these cards may offer.

Codes: SNOMED CT and LOINC as in the value sets. Referral, not procedure: what is done is for the
specialist to decide.
"""

from cds_service.decision.offers import offer
from cds_service.patient.terminology.systems import LOINC, SNOMED_CT
from cds_service.patient.terminology.vocabulary import order

_EDUCATION = (SNOMED_CT, "409073007", "Education")
_REFERRAL = (SNOMED_CT, "3457005", "Patient referral")
_IMAGING = (SNOMED_CT, "363679005", "Imaging")
_EVALUATION = (SNOMED_CT, "386053000", "Evaluation procedure")

STRETCHING_EDUCATION = offer(
    "stretching_education",
    ((SNOMED_CT, "311401005", "Patient education"),),
    _EDUCATION,
    {order("stretching"), order("patient_education")},
)
PHYSIOTHERAPY = offer(
    "physiotherapy",
    ((SNOMED_CT, "308447003", "Referral to physiotherapist"),),
    _REFERRAL,
    {order("physiotherapy_referral")},
)
NEUROLOGY = offer(
    "neurology",
    ((SNOMED_CT, "308474002", "Referral to neurologist"),),
    _REFERRAL,
    {order("neurology_referral")},
)
NEUROLOGY_FOR_TOXIN = offer(
    "neurology_for_toxin",
    ((SNOMED_CT, "308474002", "Referral to neurologist"),),
    _REFERRAL,
    {order("neurology_referral"), order("botulinum_injection")},
)
VASCULAR = offer(
    "vascular",
    ((SNOMED_CT, "307777008", "Referral to vascular surgeon"),),
    _REFERRAL,
    {order("vascular_referral")},
)
LEG_VEIN_ULTRASOUND = offer(
    "leg_vein_ultrasound",
    ((LOINC, "30881-7", "US.doppler Lower extremity vein"),),
    _IMAGING,
    {order("leg_vein_ultrasound")},
)
ANKLE_BRACHIAL_INDEX = offer(
    "ankle_brachial_index",
    ((SNOMED_CT, "401221002", "Ankle brachial pressure index"),),
    _EVALUATION,
    {order("ankle_brachial_index")},
)
