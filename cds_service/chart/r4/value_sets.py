"""Our value sets as FHIR R4B ValueSets, for others to read: each whole, dated and of one release."""

from collections.abc import Iterator
from datetime import date

from fhir.resources.R4B.valueset import ValueSet

from cds_service.patient.terminology.valuesets import written


def value_sets(release: str, day: date) -> Iterator[ValueSet]:
    """Every value set of the release, checked by fhir.resources; ``day``: when it was written out."""
    for resource in written():
        yield ValueSet.model_validate({**resource, "version": release, "date": day.isoformat()})
