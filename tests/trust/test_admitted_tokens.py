"""What real clients send is admitted, as far as the limits go and no further."""

import json
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cds_service.errors import UnavailableError
from cds_service.trust.issuers import Issuer
from cds_service.trust.jwt import Verifier
from cds_service.trust.key_set import KeySet
from cds_service.trust.keys import KeyRing
from cds_service.trust.refusals import RefusedError
from tests.trust.hospital import BASE, CLOUD, EPIC, EPIC_JKU, NOW, SERVICE, Keys, Used, claims, jwk, sign

SANDBOX = "https://sandbox.cds-hooks.org"


def test_epics_token(keys: Keys, verifier: Verifier) -> None:
    """RS384, a JWK without alg, a base64 kid, 900 seconds, its own jku."""
    caller = verifier.check([f"Bearer {sign(keys.epic, claims(sub='x'), jku=EPIC_JKU)}"], [SERVICE])
    assert (caller.issuer, caller.tenant, caller.language) == (EPIC, None, "id")
    assert caller.timezone == ZoneInfo("Asia/Makassar")
    assert [prefix.path for prefix in caller.fhir_prefixes or ()] == ["/interconnect/api/FHIR/R4"]


def test_the_tenant_fills_the_fhir_prefix(keys: Keys, verifier: Verifier) -> None:
    token = sign(keys.p384, claims(iss=CLOUD, tenant="site-b"), "ES384", kid="p384")
    caller = verifier.check([f"Bearer {token}"], [SERVICE])
    assert caller.tenant == "site-b"
    assert [prefix.path for prefix in caller.fhir_prefixes or ()] == ["/r4/site-b"]


def test_the_sandboxes_token(keys: Keys) -> None:
    """ES384 with aud as a list, jku at its well-known place; only ever configured in development."""
    issuer = Issuer(SANDBOX, f"{SANDBOX}/.well-known/jwks.json")
    key_set = {"keys": [jwk(keys.p384, "sandbox", alg="ES384", use="sig")]}
    ring = KeyRing(lambda _: json.dumps(key_set).encode())
    verifier = Verifier({SANDBOX: issuer}, ring, Used().remember, clock=lambda: NOW)
    payload = claims(iss=SANDBOX, aud=["https://elsewhere.example", SERVICE], exp=NOW + 300)
    token = sign(keys.p384, payload, "ES384", kid="sandbox", jku=f"{SANDBOX}/.well-known/jwks.json")
    assert verifier.check([f"Bearer {token}"], [SERVICE]).issuer == SANDBOX


@pytest.mark.parametrize(
    "aud",
    [
        SERVICE,
        SERVICE + "/",
        f"{SERVICE}/feedback",
        f"{BASE}/cds-services",
        f"{BASE}/cds-services/",
        [SERVICE],
        ["https://other.example", SERVICE],
    ],
)
def test_our_own_urls_are_its_audience(aud: Any, keys: Keys, reason: Callable[..., str]) -> None:
    assert reason(f"Bearer {sign(keys.epic, claims(aud=aud))}") == "admitted"


def test_an_extra_audience_of_the_issuer(keys: Keys, key_sets: dict[str, Any]) -> None:
    issuer = Issuer(EPIC, EPIC_JKU, audiences=frozenset({"leg-cramps"}))
    ring = KeyRing(lambda _: json.dumps(key_sets[EPIC]).encode())
    verifier = Verifier({EPIC: issuer}, ring, Used().remember, clock=lambda: NOW)
    assert verifier.check([f"Bearer {sign(keys.epic, claims(aud='leg-cramps'))}"], [SERVICE]).issuer == EPIC


@pytest.mark.parametrize(
    "times",
    [
        {"iat": NOW - 959, "exp": NOW - 59},
        {"iat": NOW + 60, "exp": NOW + 900},
        {"iat": NOW, "exp": NOW + 3600},
        {"iat": NOW - 3600, "exp": NOW},
        {"nbf": NOW + 60},
        {"iat": NOW + 0.5, "exp": NOW + 900.25},
    ],
)
def test_times_just_inside_the_limits(times: dict[str, Any], keys: Keys, reason: Callable[..., str]) -> None:
    assert reason(f"Bearer {sign(keys.epic, claims(**times))}") == "admitted"


@pytest.mark.parametrize("scheme", ["Bearer ", "bearer ", "BEARER ", "Bearer   "])
def test_the_scheme_is_case_insensitive(scheme: str, keys: Keys, reason: Callable[..., str]) -> None:
    assert reason(scheme + sign(keys.epic, claims())) == "admitted"


@pytest.mark.parametrize(
    "header",
    [
        {"typ": None},
        {"typ": "jwt"},
        {"b64": True},
        {"jwk": {"kty": "RSA"}},
        {"x5u": "https://evil.example"},
        {"cty": "x"},
    ],
)
def test_headers_that_change_nothing(header: dict[str, Any], keys: Keys, reason: Callable[..., str]) -> None:
    assert reason(f"Bearer {sign(keys.epic, claims(), **header)}") == "admitted"


@pytest.mark.parametrize(("age", "outcome"), [(300, "admitted"), (301, "lifetime")])
def test_an_issuers_own_limit_on_age(age: int, outcome: str, keys: Keys, key_sets: dict[str, Any]) -> None:
    ring = KeyRing(lambda _: json.dumps(key_sets[EPIC]).encode())
    issuer = Issuer(EPIC, EPIC_JKU, max_token_age=300)
    verifier = Verifier({EPIC: issuer}, ring, Used().remember, clock=lambda: NOW)
    if outcome == "admitted":
        assert verifier.check([f"Bearer {sign(keys.epic, claims(exp=NOW + age))}"], [SERVICE]).issuer == EPIC
        return
    with pytest.raises(RefusedError) as caught:
        verifier.check([f"Bearer {sign(keys.epic, claims(exp=NOW + age))}"], [SERVICE])
    assert caught.value.reason == outcome


def test_static_keys_ask_nobody(keys: Keys) -> None:
    def asked(_: Issuer) -> bytes:
        raise AssertionError

    issuer = Issuer(EPIC, static_keys=KeySet([jwk(keys.epic, "static")]))
    verifier = Verifier({EPIC: issuer}, KeyRing(asked), Used().remember, clock=lambda: NOW)
    assert verifier.check([f"Bearer {sign(keys.epic, claims(), kid='static')}"], [SERVICE]).issuer == EPIC


def test_a_replay_store_that_is_down_lets_nobody_in(keys: Keys, issuers: Any, key_sets: dict[str, Any]) -> None:
    def down(*_: object) -> bool:
        message = "down"
        raise UnavailableError(message)

    ring = KeyRing(lambda issuer: json.dumps(key_sets[issuer.iss]).encode())
    verifier = Verifier(issuers, ring, down, clock=lambda: NOW)
    with pytest.raises(UnavailableError):
        verifier.check([f"Bearer {sign(keys.epic, claims())}"], [SERVICE])
