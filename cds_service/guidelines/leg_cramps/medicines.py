"""Medicines that several rules of this guideline ask for, as they act."""

from cds_service.guidelines.leg_cramps.concepts import ANTICOAGULANTS
from cds_service.patient.facts import Facts, Medication, Route
from cds_service.patient.medications import active_medications
from cds_service.patient.terminology.vocabulary import DrugConcept


def in_blood(facts: Facts, *concepts: DrugConcept) -> tuple[Medication, ...]:
    """The active medicines of the concepts that act in the blood; a gel does not."""
    return tuple(one for one in active_medications(facts, *concepts) if one.route is not Route.LOCAL)


def anticoagulants_in_blood(facts: Facts) -> tuple[Medication, ...]:
    """The active anticoagulants that thin the blood: a heparin gel is none."""
    return in_blood(facts, *ANTICOAGULANTS)
