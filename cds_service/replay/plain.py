"""What most lines of an export plainly are, told of many at once: one resource of one patient, or a type that is only counted."""

from collections.abc import Sequence
from functools import lru_cache

import msgspec

from cds_service.replay.keyed import BUNDLE, ENCOUNTER, MEDICINES, NO_HEADER, READ, REPORT, Reference, Role, whom
from cds_service.replay.references import MEDICATION, PATIENT

_ALONE = READ - {PATIENT, REPORT, MEDICATION, ENCOUNTER, *MEDICINES}
"""Types whose lines are of their patient and tell of nothing that is joined."""


class _Glance(msgspec.Struct, gc=False):
    """What most lines are told by; of the reference its JSON, since an export names one patient many times over."""

    resourceType: str  # noqa: N815
    subject: msgspec.Raw = msgspec.Raw()
    patient: msgspec.Raw = msgspec.Raw()


_glance = msgspec.json.Decoder(_Glance)
_reference = msgspec.json.Decoder(Reference)

Plain = tuple[str, str]
"""The type of a line that is one row of its patient's, and the patient's id; no id where it is only counted."""


def plainly(lines: Sequence[bytes]) -> list[Plain | None]:
    """What each line plainly is, as most are; None of any other, also of a blank one: ``written`` tells what that is."""
    try:
        glances: list[_Glance | None] = list(map(_glance.decode, lines))
    except NO_HEADER:
        glances = list(map(_glanced, lines))
    return list(map(_row_of, glances, lines))


def _glanced(line: bytes) -> _Glance | None:
    try:
        return _glance.decode(line)
    except NO_HEADER:
        return None


def _row_of(glance: _Glance | None, line: bytes) -> Plain | None:
    if glance is None:
        return None
    kind = glance.resourceType
    if kind not in _ALONE:
        return (kind, "") if kind and kind not in READ and kind != BUNDLE else None
    return _whose(kind, bytes(glance.subject) or bytes(glance.patient)) if line.isascii() else None


@lru_cache(maxsize=8192)
def _whose(kind: str, referred: bytes) -> Plain | None:
    try:
        role, key, _ = whom(_reference.decode(referred).reference or "")
    except NO_HEADER:
        return None
    return (kind, key) if role is Role.OWN else None
