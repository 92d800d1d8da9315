"""A hospital of the tests' own: its keys and its tokens, right or as wrong as we like. Time stands still at NOW."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import get_default_algorithms

NOW = 1_760_000_000
EPIC = "https://fhir.hospital.example/interconnect/api/FHIR/R4"
EPIC_JKU = "https://fhir.hospital.example/interconnect/api/epic/2019/Security/Open/PublicKeys/530012/CDS"
EPIC_KID = "Xv3u0PpK+1o/9QyXg6uJ2w=="
CLOUD = "https://cds-hooks.cloud.example"
CLOUD_JKU = "https://cds-hooks.cloud.example/jwk_set.json"
BASE = "https://cds.example.org/base"
SERVICE = f"{BASE}/cds-services/leg-cramps-patient-view"
ALGORITHMS = get_default_algorithms()


@dataclass(frozen=True)
class Keys:
    """The keys of the two hospitals, made once; making RSA keys takes a moment."""

    epic: Any = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))
    weak: Any = field(default_factory=lambda: rsa.generate_private_key(65537, 1024))  # noqa: S505 - on purpose
    attacker: Any = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))
    p384: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP384R1()))
    p256: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))


def b64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def jwk(private: Any, kid: str, **more: Any) -> dict[str, Any]:
    """The public JWK, without ``alg`` as Epic publishes it, unless given."""
    algorithm = ALGORITHMS["RS384" if isinstance(private, rsa.RSAPrivateKey) else "ES384"]
    found = algorithm.to_jwk(private.public_key(), as_dict=True)
    found.pop("key_ops", None)
    return {**found, "kid": kid, **more}


def claims(**changes: Any) -> dict[str, Any]:
    """Epic's claims, good at NOW for SERVICE. A change to None takes the claim out."""
    good = {"iss": EPIC, "aud": SERVICE, "iat": NOW, "exp": NOW + 900, "jti": str(uuid4())} | changes
    return {name: value for name, value in good.items() if value is not None}


def sign(
    private: Any,
    payload: Mapping[str, Any] | bytes,
    algorithm: str = "RS384",
    *,
    signed_with: str | None = None,
    **header: Any,
) -> str:
    """A compact token, made by hand so that it may be as wrong as we like. ``kid=None`` takes the kid out."""
    head = {"alg": algorithm, "typ": "JWT", "kid": EPIC_KID} | header
    head = {name: value for name, value in head.items() if value is not None}
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    content = f"{b64(json.dumps(head).encode())}.{b64(body)}"
    signature = ALGORITHMS[signed_with or algorithm].sign(content.encode(), private)
    return f"{content}.{b64(signature)}"


class Used:
    """Remembers the tokens that were used, for ever."""

    def __init__(self) -> None:
        self.tokens: set[tuple[str, str]] = set()

    def remember(self, issuer: str, jti: str, _until: object) -> bool:
        new = (issuer, jti) not in self.tokens
        self.tokens.add((issuer, jti))
        return new
