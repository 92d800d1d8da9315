"""Requests: what is required, what may have any shape, and HL7's invariants by name."""

import json
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from marshmallow import ValidationError

from cds_service.errors import InvalidRequestError
from cds_service.protocol import calls
from cds_service.protocol.notes import Note
from cds_service.protocol.schemas import load_request

WITHOUT = object()


def request(**changes: Any) -> bytes:
    """A sound request with top-level members replaced; WITHOUT takes one away."""
    document: dict[str, Any] = {
        "hook": "order-select",
        "hookInstance": "D1577C69-dfbe-44ad-ba6d-3e05e953b2ea",
        "context": {"userId": "Practitioner/1", "patientId": "p-1"},
    }
    document |= changes
    return json.dumps({name: value for name, value in document.items() if value is not WITHOUT}).encode()


def context(**changes: Any) -> bytes:
    """A sound request with members of its context replaced."""
    whole = {"userId": "Practitioner/1", "patientId": "p-1"} | changes
    return request(context={name: value for name, value in whole.items() if value is not WITHOUT})


def refused(body: bytes) -> str:
    with pytest.raises(InvalidRequestError) as caught:
        load_request(body)
    return str(caught.value)


def test_a_request_as_the_specification_has_it() -> None:
    authorization = {
        "access_token": "some-opaque-fhir-access-token",
        "token_type": "Bearer",
        "expires_in": 300,
        "scope": "user/Patient.read user/Observation.read",
        "subject": "cds-service4",
    }
    loaded = load_request(
        request(fhirServer="https://ehr.example/fhir/", fhirAuthorization=authorization, prefetch={"a": None}, other=1)
    )
    assert (loaded.hook, loaded.hook_instance) == ("order-select", "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea")
    assert loaded.context.patient_id == "p-1"
    assert loaded.fhir_server == "https://ehr.example/fhir"
    assert loaded.access_token == "some-opaque-fhir-access-token"
    assert loaded.prefetch == {"a": None}
    assert loaded.notes == ()
    assert "opaque" not in repr(loaded)


@pytest.mark.parametrize("name", ["hook", "hookInstance", "context"])
@pytest.mark.parametrize("value", [WITHOUT, None, 1, [], "", True])
def test_what_is_required(name: str, value: Any) -> None:
    assert refused(request(**{name: value})).startswith(f"{name}: ")


@given(st.from_regex(calls.PatientId.json_schema["pattern"], fullmatch=True))
def test_a_patient_id_that_the_document_allows_is_taken(allowed: str) -> None:
    assume(len(allowed) <= calls.PatientId.json_schema["maxLength"])
    assert load_request(context(patientId=allowed)).context.patient_id == allowed


@pytest.mark.parametrize("name", ["userId", "patientId"])
@pytest.mark.parametrize("value", [WITHOUT, None, 1, [], "", " "])
def test_what_the_context_requires(name: str, value: Any) -> None:
    assert refused(context(**{name: value})).startswith(f"context.{name}: ")


@pytest.mark.parametrize(
    "hook_instance",
    [
        "d1577c69-dfbe-14ad-ba6d-3e05e953b2ea",
        "d1577c69-dfbe-74ad-ba6d-3e05e953b2ea",
        "00000000-0000-0000-0000-000000000000",
    ],
)
def test_the_hook_instance_is_a_uuid_of_any_version(hook_instance: str) -> None:
    loaded = load_request(request(hookInstance=hook_instance))
    assert (loaded.hook_instance, loaded.notes) == (hook_instance, ())


@pytest.mark.parametrize(
    "hook_instance",
    [
        "cds-demo",
        "d1577c69-dfbe-44ad-ba6d-3e05e953b2e",
        "{d1577c69-dfbe-44ad-ba6d-3e05e953b2ea}",
        "Kunjungan 7",
        "x" * 255,
    ],
)
def test_any_short_printable_text_is_a_hook_instance_and_noted(hook_instance: str) -> None:
    loaded = load_request(request(hookInstance=hook_instance))
    assert (loaded.hook_instance, loaded.notes) == (hook_instance, (Note.HOOK_INSTANCE_NO_UUID,))


@pytest.mark.parametrize("hook_instance", ["x" * 256, "a\n", "a\u202eb", "\u0000", "a\tb"])
def test_what_is_long_or_cannot_be_printed_is_none(hook_instance: str) -> None:
    said = "hookInstance: must be a UUID, or a text of at most 255 printable characters"
    assert refused(request(hookInstance=hook_instance)) == said


@pytest.mark.parametrize(
    ("patient_id", "bare"),
    [
        ("123", "123"),
        ("Patient/123", "123"),
        ("eq081-VQEgP8drUUqCWzHfw3", "eq081-VQEgP8drUUqCWzHfw3"),
        ("a_b.c-d", "a_b.c-d"),
        ("a~b:c@d+e=", "a~b:c@d+e="),
        ("x" * 128, "x" * 128),
        ("x" * 129, None),
        ("Patient/", None),
        ("Patient/1/2", None),
        ("Group/1", None),
        ("1?x=2", None),
        ("1&x=2", None),
        ("1#2", None),
        ("../1", None),
        ("1%2F2", None),
        ("1 2", None),
        ("1\u0000", None),
        ("1\n", None),
        ("1\x7f", None),
        ("1\u202e2", None),
        ("1,2", None),
        ("1|2", None),
        ("1\\2", None),
        ("é", None),
        (".", None),
        ("..", None),
    ],
)
def test_the_patient_id_without_its_type(patient_id: str, bare: str | None) -> None:
    if bare is None:
        assert refused(context(patientId=patient_id)) == "context.patientId: must be a FHIR id"
    else:
        assert load_request(context(patientId=patient_id)).context.patient_id == bare


@pytest.mark.parametrize(
    ("user_id", "sound"),
    [("Practitioner/1", True), ("PractitionerRole/A2340113-x.y", True), ("1", False), ("Practitioner/", False),
     ("/1", False), ("Practitioner/1/2", False), ("Practitioner/a b", False)],
)  # fmt: skip
def test_ord_1_the_user_id_has_a_type(user_id: str, *, sound: bool) -> None:
    if sound:
        assert load_request(context(userId=user_id))
    else:
        assert refused(context(userId=user_id)) == "context.userId: ord-1: must be in the format {type}/{id}"


def test_cds_r_1_authorization_needs_a_server() -> None:
    authorization = {"access_token": "t"}
    for server in (WITHOUT, None, ""):
        assert "fhirServer: cds-r-1: if fhirAuthorization" in refused(
            request(fhirAuthorization=authorization, fhirServer=server)
        )
    assert load_request(request(fhirAuthorization=authorization, fhirServer="http://x")).fhir_server == "http://x"
    assert load_request(request(fhirServer="http://x")).access_token is None
    assert "cds-r-1" in refused(request(hook=1, fhirAuthorization=authorization))


def test_cds_r_2_is_a_note_not_an_error() -> None:
    authorization = {"access_token": "t", "scope": "launch patient/Observation.read"}
    noted = load_request(request(fhirServer="https://x", fhirAuthorization=authorization))
    assert noted.notes == ("cds-r-2",)
    named = load_request(request(fhirServer="https://x", fhirAuthorization={**authorization, "patient": "1"}))
    assert named.notes == ()


@pytest.mark.parametrize(
    ("server", "sound"),
    [("https://x/fhir", True), ("http://127.0.0.1:8080/fhir", True), ("HTTPS://x", True), ("x/fhir", False),
     ("ftp://x", False), ("https://", False), ("file:///etc/passwd", False), ("http://[::1", False), (1, False), ([1], False)],
)  # fmt: skip
def test_the_server_is_a_web_address(server: Any, *, sound: bool) -> None:
    if sound:
        assert load_request(request(fhirServer=server)).fhir_server == server
    else:
        assert refused(request(fhirServer=server)).startswith("fhirServer: must be")


@pytest.mark.parametrize("ending", ["", "/", "//"])
def test_the_server_is_kept_without_a_slash_at_its_end(ending: str) -> None:
    assert load_request(request(fhirServer=f"https://x/fhir{ending}")).fhir_server == "https://x/fhir"


@pytest.mark.parametrize("token", [WITHOUT, None, "", 1])
def test_an_authorization_needs_a_token(token: Any) -> None:
    authorization = {} if token is WITHOUT else {"access_token": token}
    assert "fhirAuthorization.access_token: " in refused(
        request(fhirServer="https://x", fhirAuthorization=authorization or {"scope": ""})
    )
    assert "fhirAuthorization: must be a JSON object" in refused(request(fhirServer="https://x", fhirAuthorization="t"))


@pytest.mark.parametrize("absent", [WITHOUT, None, {}, []])
def test_a_prefetch_may_be_absent(absent: Any) -> None:
    assert load_request(request(prefetch=absent)).prefetch == {}


@pytest.mark.parametrize("prefetch", [[1], "text", 1, True])
def test_a_prefetch_is_an_object(prefetch: Any) -> None:
    assert refused(request(prefetch=prefetch)) == "prefetch: must be a JSON object"


ANY_SHAPE = [None, True, 1, 1.5, "text", [], {}, [1], {"a": [{}]}]


@pytest.mark.parametrize("value", ANY_SHAPE)
def test_what_we_do_not_need_may_have_any_shape(value: Any) -> None:
    loaded = load_request(context(encounterId=value, draftOrders=value, selections=value, other=value))
    assert loaded.context.draft_orders == value
    token = {"access_token": "t", "scope": value, "subject": value, "expires_in": value, "token_type": value}
    loaded = load_request(request(fhirServer="https://x", fhirAuthorization=token, extension=value))
    assert loaded.access_token == "t"


@pytest.mark.parametrize(
    ("selections", "read"),
    [
        (WITHOUT, None),
        (None, None),
        ({}, None),
        ([], ()),
        (["MedicationRequest/1"], ("MedicationRequest/1",)),
        (["MedicationRequest/1", 2, None, "MedicationRequest/3"], ("MedicationRequest/1", "MedicationRequest/3")),
        ("MedicationRequest/1", ("MedicationRequest/1",)),
        ([{"reference": "MedicationRequest/1"}, "MedicationRequest/3"], ("MedicationRequest/1", "MedicationRequest/3")),
        ({"reference": "MedicationRequest/1"}, ("MedicationRequest/1",)),
        ([{"reference": "MedicationRequest/1", "display": "x"}, {"id": "2"}], ("MedicationRequest/1",)),
        ([2, None, {"reference": 3}], None),
        ([None], None),
        (2, None),
    ],
)
def test_selections(selections: Any, read: tuple[str, ...] | None) -> None:
    assert load_request(context(selections=selections)).context.selections == read


def test_many_problems_are_counted() -> None:
    said = refused(json.dumps({"fhirServer": 1, "fhirAuthorization": 1, "prefetch": 1, "context": {}}).encode())
    assert said.endswith("; and 2 more")


def test_the_prefetch_is_handed_on_untouched() -> None:
    prefetch = {"a": {"resourceType": "Bundle", "entry": [{"resource": {"x": None, "": []}}]}}
    assert load_request(request(prefetch=prefetch)).prefetch == prefetch


SOUND = {"hook": "order-select", "hookInstance": "D1577C69-dfbe-44ad-ba6d-3e05e953b2ea"}
MEMBERS: dict[str, list[Any]] = {
    "hook": ["order-select", "", " ", 1, None],
    "hookInstance": ["D1577C69-dfbe-44ad-ba6d-3e05e953b2ea", "x", 7, None],
    "context": [{}, [], None],
    "userId": ["Practitioner/1", "Practitioner", "", 1, None],
    "patientId": ["p-1", "Patient/p-1", "p 1", "", 1, None],
    "prefetch": [{}, {"a": 1}, [], 1],
    "fhirServer": ["https://ehr.example/fhir", "ftp://x", 1],
    "fhirAuthorization": [{"access_token": "x"}, {}, 1],
}


@given(
    st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in MEMBERS.items()}),
    st.booleans(),
)
def test_an_envelope_that_looks_sound_is_what_the_schema_makes_of_it(members: dict[str, Any], whole: bool) -> None:
    ids = {name: members.pop(name) for name in ("userId", "patientId") if name in members}
    document = {**(SOUND if whole else {}), "context": ids, **members}
    found = calls.plain_envelope(document)
    try:
        judged = calls.REQUEST.load(document)
    except ValidationError:
        judged = None
    assert found is None or found == judged


def test_a_sound_envelope_is_not_judged_by_the_schema(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "REQUEST", None)
    assert load_request(context(patientId="Patient/p-1")).context.patient_id == "p-1"
