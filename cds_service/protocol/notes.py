"""What is worth knowing of a call beside its answer: for the trace, the log and the counters.

A call that is refused for one of them has it in the log.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Note(StrEnum):
    """One of a few; never a value of the request."""

    UNBOUND_TOKEN = "cds-r-2"  # noqa: S105 - the id of HL7's rule
    HOOK_INSTANCE_NO_UUID = "hook-instance-no-uuid"
    PREFETCH_ONE_RESOURCE = "prefetch-one-resource"
    OTHER_PATIENT_REFUSED = "other-patient-refused"
    OTHER_PATIENT_LEFT_OUT = "other-patient-left-out"
    OTHER_PATIENT_USED = "other-patient-used"
    NO_CARD_CONDITIONS_INCOMPLETE = "no-card-conditions-incomplete"
    SILENT = "silent"


MEANINGS: Mapping[Note, str] = MappingProxyType(
    {
        Note.UNBOUND_TOKEN: "the token is for one patient and does not name which (HL7's rule cds-r-2)",
        Note.HOOK_INSTANCE_NO_UUID: "hookInstance is not a UUID",
        Note.PREFETCH_ONE_RESOURCE: "the prefetch is one resource (a Bundle, say), not an object of keys",
        Note.OTHER_PATIENT_REFUSED: "the prefetch is another patient's than context.patientId: refused",
        Note.OTHER_PATIENT_LEFT_OUT: "some of what came is another patient's than context.patientId, and was not used",
        Note.OTHER_PATIENT_USED: (
            "the prefetch is another patient's than context.patientId, and was used (CDS_ALLOW_OTHER_PATIENT)"
        ),
        Note.NO_CARD_CONDITIONS_INCOMPLETE: "no card, but only part of the problem list was received: a problem may be in the rest",
        Note.SILENT: "silent mode: a card was kept for the report and not shown",
    }
)
