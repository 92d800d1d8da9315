"""Every situation we publish can be served."""

import re
from datetime import date

import pytest

from cds_service.web.fhir_server_charts import serve
from cds_service.web.fhir_server_situations import Situation, fixtures_folder, load_situations

SITUATIONS = load_situations(fixtures_folder())


def test_there_are_situations() -> None:
    assert len(SITUATIONS) >= 30


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda one: one.name)
def test_it_has_a_patient_ids_fhir_allows_and_both_languages(situation: Situation) -> None:
    served = serve(situation, date(2027, 1, 1))
    ids = [f"{one['resourceType']}/{one['id']}" for one in served.resources if "id" in one]
    assert f"Patient/{situation.name}" in ids
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[A-Za-z]+/[A-Za-z0-9.-]{1,64}", one) for one in ids)
    assert set(situation.titles) == set(situation.stories) == {"en", "id"}
    assert set(situation.hooks) <= {"patient-view", "order-select", "order-sign"}


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda one: one.name)
def test_everything_in_it_is_found_by_its_patient(situation: Situation) -> None:
    served = serve(situation, date(2027, 1, 1))
    for one in served.resources:
        if one["resourceType"] in ("Condition", "Observation", "MedicationRequest", "MedicationStatement"):
            assert (one.get("subject") or one.get("patient"))["reference"].startswith("Patient/")
