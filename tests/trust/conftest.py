"""A verifier that trusts the hospital, and says why it refuses."""

import json
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cds_service.trust.issuers import Issuer
from cds_service.trust.jwt import Verifier
from cds_service.trust.keys import KeyRing
from cds_service.trust.refusals import RefusedError
from tests.trust.hospital import BASE, CLOUD, CLOUD_JKU, EPIC, EPIC_JKU, EPIC_KID, NOW, SERVICE, Keys, Used, jwk


@pytest.fixture(scope="session")
def keys() -> Keys:
    return Keys()


@pytest.fixture
def issuers() -> dict[str, Issuer]:
    """An Epic-like hospital, and a cloud vendor whose sites share an iss and differ by tenant."""
    return {
        EPIC: Issuer(EPIC, EPIC_JKU, fhir_prefixes=(EPIC,), language="id", timezone=ZoneInfo("Asia/Makassar")),
        CLOUD: Issuer(
            CLOUD,
            CLOUD_JKU,
            algorithms=frozenset({"ES384", "RS256", "ES256"}),
            tenants=frozenset({"site-a", "site-b"}),
            fhir_prefixes=("https://fhir.cloud.example/r4/{tenant}",),
        ),
    }


@pytest.fixture
def key_sets(keys: Keys) -> dict[str, Any]:
    """What each issuer publishes; a test may change it before the first token."""
    return {
        EPIC: {"keys": [jwk(keys.epic, EPIC_KID), jwk(keys.weak, "weak")]},
        CLOUD: {"keys": [jwk(keys.p384, "p384"), jwk(keys.p256, "p256"), jwk(keys.epic, "rsa", alg="RS256")]},
    }


@pytest.fixture
def verifier(issuers: dict[str, Issuer], key_sets: dict[str, Any]) -> Verifier:
    ring = KeyRing(lambda issuer: json.dumps(key_sets[issuer.iss]).encode())
    return Verifier(issuers, ring, Used().remember, clock=lambda: NOW)


@pytest.fixture
def reason(verifier: Verifier) -> Callable[..., str]:
    """Why the headers are refused; "admitted" when they are not."""

    def refused(*headers: str) -> str:
        try:
            verifier.check(headers, [SERVICE, f"{SERVICE}/feedback", f"{BASE}/cds-services"])
        except RefusedError as error:
            return error.reason.value
        return "admitted"

    return refused
