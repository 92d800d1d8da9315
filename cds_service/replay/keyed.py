"""Whose a resource is, told from its own line: what joins an export's files by patient, in either engine.

A line of NDJSON, or a whole document, becomes rows of five roles (``Role``), which ``joining`` brings together. One
patient's resources may name the patient by id, by an absolute address, by urn:uuid or by identifier.
"""

import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import lru_cache
from typing import Any

import msgspec
import orjson

from cds_service.chart import queries
from cds_service.chart.gather.gather import ORDER_TYPES
from cds_service.chart.gather.subjects import reference_key
from cds_service.replay.references import MEDICATION, PATIENT, medications_of, patient_named

BUNDLE = "Bundle"
ENCOUNTER = "Encounter"
REPORT = "DiagnosticReport"
READ = frozenset(
    (*(kind for query in queries.ALL for kind in query.resource_types), *ORDER_TYPES, REPORT, MEDICATION, ENCOUNTER)
)
"""The types a chart is made of. Lines of others (claims, procedures …) are counted and left."""

MEDICINES = frozenset(("MedicationRequest", "MedicationOrder", "MedicationStatement"))
_OTHER_NAMES = ("urn:", "?", f"{ENCOUNTER}/")
_URN_REFERENCE = re.compile(rb'"(urn:(?:uuid|oid):[^"]{1,80})"')


class Role(StrEnum):
    """What a row is for."""

    OWN = "own"  # key: the patient's id; line: a resource of the patient's
    NAMED = "named"  # the same, key: another name of the patient's; name: the reference as it is written
    ALIAS = "alias"  # key: another name; name: the patient's id
    SHARED = "shared"  # key: "Medication/7"; line: that Medication
    REFERS = "refers"  # key: the patient's id or another name, or a Medication's; name: "Medication/7" it refers to
    COUNTED = "counted"  # kind: the type of a line that no chart is made of; "" of one that could not be read


CARRYING = (Role.OWN, Role.NAMED, Role.SHARED, Role.COUNTED)
"""Of these roles every resource has exactly one row."""


class Row(msgspec.Struct, frozen=True, gc=False):
    """One row of an export. See ``Role`` for what its members mean."""

    role: Role
    key: str
    name: str
    kind: str
    line: bytes


BROKEN = Row(Role.COUNTED, "", "", "", b"")
"""A line, or a part of one, that could not be read."""


_NOBODY_S = (Role.COUNTED, "", "")


class BrokenLineError(ValueError):
    """A line that is no FHIR resource: not JSON, not an object, or without a type."""


class Reference(msgspec.Struct, gc=False):
    """As far as it is looked at."""

    reference: str | None = None


class _Header(msgspec.Struct, gc=False):
    resourceType: str  # noqa: N815 - FHIR's names
    id: str | None = None
    subject: Reference | None = None
    patient: Reference | None = None
    encounter: Reference | None = None


class _Entry(msgspec.Struct):
    resource: msgspec.Raw = msgspec.Raw(b"null")
    fullUrl: str | None = None  # noqa: N815


class _Bundle(msgspec.Struct):
    entry: list[_Entry] | None = None


_header = msgspec.json.Decoder(_Header)
_bundle = msgspec.json.Decoder(_Bundle)
_members = msgspec.json.Decoder(dict[str, msgspec.Raw] | list[msgspec.Raw])
NO_HEADER = (msgspec.DecodeError, RecursionError, UnicodeDecodeError)
_DEEPEST = 4  # objects in objects: a prefetch is one deep


def written(line: bytes) -> Iterable[Row]:
    """The rows of a line of an export: none of a blank one. Raises as ``keyed``."""
    return () if not line or line.isspace() else keyed(line.removeprefix(BOM_UTF8))


def keyed(line: bytes, depth: int = 0) -> Iterable[Row]:
    """The rows of one resource, of a Bundle, or of a list or an object of these, such as a prefetch.

    Raises BrokenLineError where it is none of these; what only in part is none is counted and the rest kept.
    """
    try:
        header = _head(line)
    except BrokenLineError:
        return _of_members(line, depth)
    return _of_bundle(line) if header.resourceType == BUNDLE else _of_resource(header, line)


def _of_members(line: bytes, depth: int) -> Iterator[Row]:
    try:
        members = _members.decode(line)
    except NO_HEADER:
        raise BrokenLineError from None
    listed = [bytes(one) for one in (members.values() if isinstance(members, dict) else members)]
    inside = [one for one in listed if one[:1] in (b"{", b"[")]
    if depth > _DEEPEST or not inside:
        raise BrokenLineError
    for one in inside:
        try:
            yield from keyed(one, depth + 1)
        except BrokenLineError:
            yield BROKEN


def patient_of(line: bytes) -> str | None:
    """The id of the patient a resource is about, as far as it says so itself."""
    header = _head(line)
    role, key, _ = _told(header.id or "", "") if header.resourceType == PATIENT else _whose(header)
    return key if role is Role.OWN and key else None


def kind_of(line: bytes) -> str:
    """The resource's type. Raises BrokenLineError."""
    return _head(line).resourceType


def _head(line: bytes) -> _Header:
    try:
        return _header.decode(line)
    except msgspec.ValidationError:
        return _odd_head(line)
    except NO_HEADER:
        raise BrokenLineError from None


def _odd_head(line: bytes) -> _Header:
    """The same of a resource whose members have other shapes: a reference as a bare string, a number as an id."""
    resource = _whole(line)
    if not isinstance(resource, dict) or not isinstance(resource.get("resourceType"), str):
        raise BrokenLineError
    own = resource.get("id")
    return _Header(
        resource["resourceType"],
        own if isinstance(own, str) else None,
        *(Reference(_plain(resource.get(name))) for name in ("subject", "patient", "encounter")),
    )


def _plain(value: Any) -> str | None:
    told = value.get("reference") if isinstance(value, dict) else value
    return told if isinstance(told, str) else None


def _of_bundle(line: bytes) -> Iterator[Row]:
    """Every entry's rows. References by the Bundle's own urns become "Type/id" first: they mean nothing outside it."""
    try:
        entries = _bundle.decode(line).entry or []
    except NO_HEADER:
        raise BrokenLineError from None
    urls: dict[bytes, bytes] = {}
    for entry in entries:
        url = entry.fullUrl or ""
        if url.startswith("urn:"):
            with_id = _typed_id(bytes(entry.resource))
            if with_id is not None:
                urls[url.encode()] = with_id.encode()
    for entry in entries:
        raw = bytes(entry.resource)
        if raw == b"null":  # a response, or a request without a resource
            continue
        if urls:
            raw = _URN_REFERENCE.sub(lambda found: b'"%s"' % urls.get(found[1], found[1]), raw)
        try:
            yield from keyed(raw)
        except BrokenLineError:
            yield BROKEN


def _typed_id(raw: bytes) -> str | None:
    try:
        header = _head(raw)
    except BrokenLineError:
        return None
    return f"{header.resourceType}/{header.id}" if header.id else None


def _of_resource(header: _Header, line: bytes) -> list[Row]:
    kind = header.resourceType
    if kind not in READ or (kind == REPORT and b'"contained"' not in line):
        return [Row(Role.COUNTED, "", "", kind, b"")]
    if kind == MEDICATION and header.id:
        return _of_medication(f"{MEDICATION}/{header.id}", _utf8(line))
    if kind == PATIENT and header.id:
        others = [Row(Role.ALIAS, other, header.id, kind, b"") for other in _identifiers(line)]
        return [Row(Role.OWN, header.id, "", kind, _utf8(line)), *others]
    role, key, written = _whose(header)
    if role is Role.COUNTED:
        return [Row(role, "", "", kind, b"")]
    rows = [Row(role, key, written, kind, _utf8(line))]
    if kind == ENCOUNTER and header.id:
        rows.append(Row(Role.ALIAS, f"{ENCOUNTER}/{header.id}", key, kind, b""))
    elif kind in MEDICINES:
        rows += [Row(Role.REFERS, key, other, kind, b"") for other in medications_of(_whole(line))]
    return rows


def _of_medication(key: str, line: bytes) -> list[Row]:
    made_of = medications_of(_whole(line)) if b'"ingredient"' in line else ()
    return [
        Row(Role.SHARED, key, "", MEDICATION, line),
        *(Row(Role.REFERS, key, other, MEDICATION, b"") for other in made_of),
    ]


def _whole(line: bytes) -> Any:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:  # it refuses more than syntax: a number beyond a double, say
        raise BrokenLineError from None


def _utf8(line: bytes) -> bytes:
    """The line; what the decoder passes over it does not look at so closely. Raises BrokenLineError."""
    try:
        if not line.isascii():
            str(line, "utf-8")
    except UnicodeDecodeError:
        raise BrokenLineError from None
    return line


def _whose(header: _Header) -> tuple[Role, str, str]:
    """The role of the row, the patient's id or another name of the patient's, and the reference as it is written."""
    for referred in (header.subject, header.patient):
        if referred is not None and referred.reference:
            return whom(referred.reference)
    encounter = header.encounter.reference if header.encounter is not None else None
    if encounter and not encounter.startswith("#"):
        return _told(reference_key(encounter.strip()), "")
    return _NOBODY_S


@lru_cache(maxsize=65536)  # an export names one patient many times over
def whom(reference: str) -> tuple[Role, str, str]:
    """The role of what refers to the patient so, the patient's id or another name, and the reference as it is written."""
    name = patient_named(reference)
    return _NOBODY_S if name is None else _told(name, reference)


def _told(name: str, written: str) -> tuple[Role, str, str]:
    return Role.NAMED if name.startswith(_OTHER_NAMES) else Role.OWN, name, written


def _identifiers(line: bytes) -> Iterator[str]:
    """A Patient's identifiers as a conditional reference names them: with their system, and without."""
    patient = _whole(line)
    listed = patient.get("identifier")
    for one in listed if isinstance(listed, list) else [listed]:
        value = one.get("value") if isinstance(one, dict) else None
        if isinstance(value, str):
            yield f"?{value}"
            if isinstance(one.get("system"), str):
                yield f"?{one['system']}|{value}"
