"""By rule, a patient for each outcome that its page tells of and no situation shows; for some rules for every outcome."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from cds_service.patient.facts import Facts, Match, Medication, Reason
from tests.builders.electrolytes import CRAMPS, FUROSEMIDE, MAGNESIUM_OXIDE, chart, supplement
from tests.builders.facts import born, draft, instant, lab, medicine, patient, problem, reason

CHILD = born(2015)
CRAMP, ALS, MND, DVT = (problem(one) for one in ("cramp_leg", "als", "motor_neuron_disease", "dvt"))
MALARIA, LABEL, PALLIATIVE = (problem(one) for one in ("malaria", "long_qt", "palliative_hospice"))
EXERCISE = problem("cramp_exercise_heat")
FOR_CRAMPS = (reason("cramp_leg"),)
MORPHINE, GABAPENTIN = medicine("morphine", "opioid"), medicine("gabapentin")

# Quinine: the same for an active order and for a draft, and what only one of them can come to
_SPOKEN_OF = (Reason({"malaria_mentioned": Match.NAME}, "the order itself", ("dd malaria",)),)
_QUININE: Mapping[str, Callable[[Callable[..., Medication]], Facts]] = {
    "summary.no_indication": lambda quinine: patient(quinine()),
    "summary.for_cramps": lambda quinine: patient(quinine(reasons=FOR_CRAMPS)),
    "summary.malaria_or_cramps": lambda quinine: patient(quinine(reasons=FOR_CRAMPS), MALARIA),
    "summary.als": lambda quinine: patient(quinine(), ALS),
    "summary.critical": lambda quinine: patient(quinine(), LABEL),
    "summary.critical_for_cramps": lambda quinine: patient(quinine(reasons=FOR_CRAMPS), LABEL),
    "summary.mentioned": lambda quinine: patient(quinine(reasons=_SPOKEN_OF)),
    "summary.mentioned_label": lambda quinine: patient(quinine(reasons=_SPOKEN_OF), LABEL),
    "summary.malaria": lambda quinine: patient(quinine(), MALARIA, LABEL),
    "reason.malaria": lambda quinine: patient(quinine(), MALARIA),
    "reason.malaria_long_course": lambda quinine: patient(quinine(ago=31), MALARIA),
}
_TAKEN, _DRAFTED = (partial(one, "quinine") for one in (medicine, draft))

# Electrolytes
_CITRATE = supplement("potassium_supplement", "potassium citrate", "cramp_leg")
_CITRATE_UNASKED = replace(_CITRATE, reasons=())
_MAGNESIUM_FOR_CRAMPS = supplement("magnesium_supplement", "magnesium oxide", "cramp_leg")
_NORMAL = (lab("magnesium", "0.80 mmol/L"), lab("potassium", "4.0 mmol/L"))
_LOW, _HIGH, _OLD = lab("sodium", "130 mmol/L"), lab("potassium", "6.2 mmol/L"), lab("potassium", "6.2 mmol/L", 60)
_FLAGGED = (lab("sodium", "140 mmol/L", flags=["LL"]), lab("potassium", "4.0 mmol/L", flags=["HH"]))
_PREGNANT = problem("pregnancy", recorded=instant(30))


def _ordered(*results: object, of: Medication = _CITRATE, **more: object) -> Facts:
    return chart(*results, drafts=(replace(of, draft=True, selected=True, status="draft"),), **more)


def _for_cramps(name: str, *concepts: str) -> Medication:
    return draft(name, *concepts, reasons=FOR_CRAMPS)


CHARTS: Mapping[str, Mapping[str, Facts]] = {
    "stretching_first": {
        "summary.cramp": patient(CRAMP),
        "summary.als": patient(ALS),
        "summary.mnd": patient(MND),
        "summary.exercise": patient(EXERCISE),
        "summary.low_sodium": patient(EXERCISE, lab("sodium", "130 mmol/L")),
        "summary.als_gentle": patient(ALS, DVT),
        "summary.mnd_gentle": patient(MND, DVT),
        "summary.dvt": patient(CRAMP, DVT),
        "summary.limb_swelling": patient(CRAMP, problem("limb_swelling_one_sided")),
        "summary.at_risk": patient(CRAMP, problem("rhabdomyolysis")),
        "summary.als_at_risk": patient(ALS, problem("rhabdomyolysis")),
        "summary.mnd_at_risk": patient(MND, problem("rhabdomyolysis")),
        "reason.no_cramps": patient(),
        "reason.under_18": patient(CRAMP, person=CHILD),
    },
    "stretching_first_order": {
        "summary.gabapentinoid": patient(_for_cramps("gabapentin")),
        "summary.breathing": patient(_for_cramps("gabapentin"), MORPHINE),
        "summary.breathing_short": patient(_for_cramps("gabapentin"), MORPHINE),
        "summary.at_risk": patient(_for_cramps("gabapentin"), problem("rhabdomyolysis")),
        "summary.vitamin_e": patient(_for_cramps("vitamin e", "vitamin_e")),
        "summary.vitamin_b_complex": patient(_for_cramps("vitamin b complex", "vitamin_b_complex")),
        "summary.vitamins": patient(
            _for_cramps("vitamin e", "vitamin_e"), _for_cramps("vitamin b complex", "vitamin_b_complex")
        ),
        "reason.no_draft": patient(),
        "reason.under_18": patient(_for_cramps("gabapentin"), person=CHILD),
        "reason.not_for_cramps": patient(draft("gabapentin")),
        "reason.als": patient(_for_cramps("gabapentin"), ALS),
    },
    "avoid_quinine": {
        **{key: made(_TAKEN) for key, made in _QUININE.items()},
        "summary.outdated": patient(_TAKEN(ago=400), LABEL),
        "reason.nothing": patient(),
    },
    "avoid_quinine_order": {
        **{key: made(_DRAFTED) for key, made in _QUININE.items()},
        "reason.no_draft": patient(),
        "reason.no_quinine_draft": patient(drafts_sent=1),
    },
    "quinine_reminder": {"reason.malaria": patient(CRAMP, MALARIA)},
    "electrolytes": {
        "summary.low": chart(_LOW),
        "summary.high": chart(_HIGH),
        "summary.several": chart(_LOW, _HIGH),
        "summary.not_giving": chart(_HIGH, medications=(_CITRATE,)),
        "summary.repeat_first": chart(_OLD, medications=(_CITRATE,)),
        "summary.discordant": chart(_FLAGGED[0]),
        "summary.discordant_and_more": chart(*_FLAGGED),
        "summary.supplement_magnesium": chart(*_NORMAL, medications=(MAGNESIUM_OXIDE,)),
        "summary.supplement_other": chart(*_NORMAL, medications=(_CITRATE,)),
        "summary.supplement_in_exercise": chart(*_NORMAL, medications=(_CITRATE,), problems=(EXERCISE,)),
        "reason.under_18": chart(_LOW, person=CHILD),
        "reason.no_cramps": chart(_LOW, problems=()),
        "reason.supplement_excluded": chart(*_NORMAL, medications=(MAGNESIUM_OXIDE, FUROSEMIDE)),
        "reason.only_mild": chart(lab("sodium", "146 mmol/L")),
        "reason.not_found": chart(),
        "reason.nothing_abnormal": chart(*_NORMAL),
        "reason.not_judged": chart(lab("potassium", ">2.4 mmol/L")),
        "reason.nothing_abnormal_but_not_judged": chart(
            lab("sodium", "133 mmol/L"), *_NORMAL, problems=(CRAMPS, _PREGNANT)
        ),
        "line.level_unknown": chart(medications=(MAGNESIUM_OXIDE,)),
    },
    "electrolytes_order": {
        "summary.not_giving": _ordered(_HIGH),
        "summary.repeat_first": _ordered(_OLD),
        "summary.supplement_magnesium": _ordered(*_NORMAL, of=_MAGNESIUM_FOR_CRAMPS),
        "summary.supplement_other": _ordered(*_NORMAL),
        "summary.supplement_in_exercise": _ordered(*_NORMAL, problems=(EXERCISE,)),
        "reason.no_draft_supplement": chart(_HIGH),
        "reason.not_for_cramps": _ordered(_HIGH, of=_CITRATE_UNASKED, problems=()),
        "reason.nothing_high": _ordered(*_NORMAL, of=_CITRATE_UNASKED),
        "reason.supplement_excluded": _ordered(*_NORMAL, medications=(FUROSEMIDE,)),
        "reason.minor": _ordered(*_NORMAL, person=CHILD),
        "line.level_unknown": _ordered(of=_MAGNESIUM_FOR_CRAMPS),
    },
    "als_cramps": {
        "summary.breathing_als": patient(ALS, GABAPENTIN, MORPHINE),
        "summary.breathing_mnd": patient(MND, GABAPENTIN, MORPHINE),
        "summary.breathing_short_mnd": patient(MND, GABAPENTIN, MORPHINE),
        "summary.palliative_mnd": patient(MND, PALLIATIVE, GABAPENTIN, MORPHINE),
    },
    "als_cramps_order": {
        "summary.breathing_mnd": patient(MND, draft("gabapentin"), MORPHINE),
        "summary.breathing_short_mnd": patient(MND, draft("gabapentin"), MORPHINE),
        "summary.palliative_mnd": patient(MND, PALLIATIVE, draft("gabapentin"), MORPHINE),
        "summary.palliative_als": patient(ALS, PALLIATIVE, draft("gabapentin"), MORPHINE),
        "reason.under_18": patient(MND, draft("gabapentin"), person=CHILD),
        "reason.no_risk": patient(MND, draft("gabapentin")),
    },
    "red_flags": {"reason.dvt_treated": patient(CRAMP, DVT, medicine("apixaban", "anticoagulant"))},
}
"""By the rule's name and a text's key, less its first part: a patient whom the rule answers with that text."""
