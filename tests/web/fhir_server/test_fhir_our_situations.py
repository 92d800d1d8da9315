"""Every situation we publish can be served."""

import re
from datetime import date

import pytest

from cds_service.situations import Situation, load_all
from cds_service.web.fhir_server.charts import serve

SITUATIONS = tuple(load_all())


def test_there_are_situations() -> None:
    assert len(SITUATIONS) >= 30


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda one: one.name)
def test_it_has_a_patient_and_ids_fhir_allows(situation: Situation) -> None:
    served = serve(situation, date(2027, 1, 1))
    ids = [f"{one['resourceType']}/{one['id']}" for one in served.resources if "id" in one]
    assert f"Patient/{situation.name}" in ids
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[A-Za-z]+/[A-Za-z0-9.-]{1,64}", one) for one in ids)


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda one: one.name)
def test_everything_in_it_is_found_by_its_patient(situation: Situation) -> None:
    served = serve(situation, date(2027, 1, 1))
    for one in served.resources:
        if one["resourceType"] in ("Condition", "Observation", "MedicationRequest", "MedicationStatement"):
            assert (one.get("subject") or one.get("patient"))["reference"].startswith("Patient/")
