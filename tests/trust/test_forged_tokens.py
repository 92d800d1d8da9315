"""Every token here is forged, stale, misdirected or odd; none may pass, and the log shall say why."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.trust.hospital import BASE, CLOUD, EPIC, EPIC_KID, NOW, Keys, b64, claims, jwk, sign

OTHER = "https://evil.example/keys"


def _hmac_token(secret: bytes, algorithm: str = "HS256", **header: Any) -> str:
    head = {"alg": algorithm, "typ": "JWT", "kid": EPIC_KID} | header
    content = f"{b64(json.dumps(head).encode())}.{b64(json.dumps(claims()).encode())}"
    digest = {"HS256": hashlib.sha256, "HS384": hashlib.sha384}[algorithm]
    return f"{content}.{b64(hmac.new(secret, content.encode(), digest).digest())}"


def _public_pem(keys: Keys) -> bytes:
    return bytes(keys.epic.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))


def _unsigned(algorithm: str, signature: str = "") -> str:
    head = {"alg": algorithm, "typ": "JWT", "kid": EPIC_KID}
    return f"{b64(json.dumps(head).encode())}.{b64(json.dumps(claims()).encode())}.{signature}"


def _other_payload(keys: Keys) -> str:
    head, _, signature = sign(keys.epic, claims()).split(".")
    return f"{head}.{b64(json.dumps(claims(sub='another')).encode())}.{signature}"


def _raw_header(keys: Keys, header: bytes) -> str:
    content = f"{b64(header)}.{b64(json.dumps(claims()).encode())}"
    return f"{content}.{b64(keys.epic.sign(content.encode(), *_rs384()))}"


def _rs384() -> tuple[Any, Any]:
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import padding  # noqa: PLC0415

    return padding.PKCS1v15(), hashes.SHA384()


def _cloud(keys: Keys, algorithm: str = "ES384", kid: str = "p384", key: Any = None, **changes: Any) -> str:
    payload = claims(iss=CLOUD, **({"tenant": "site-a"} | changes))
    return sign(key or keys.p384, payload, algorithm, kid=kid)


FORGED: dict[str, tuple[str, Callable[[Keys], str]]] = {
    # who signed it, and how
    "alg none": ("algorithm", lambda _: _unsigned("none", "AA")),
    "alg None in other case": ("algorithm", lambda _: _unsigned("nOnE", "AA")),
    "alg none without signature": ("malformed", lambda _: _unsigned("none")),
    "alg RS384 without signature": ("malformed", lambda _: _unsigned("RS384")),
    "alg RS384 with a made-up signature": ("signature", lambda _: _unsigned("RS384", "AAAA")),
    "alg missing": ("algorithm", lambda k: sign(k.epic, claims(), alg=None)),
    "alg not a string": ("algorithm", lambda k: sign(k.epic, claims(), alg=["RS384"])),
    "HS256 with the public key as secret": ("algorithm", lambda k: _hmac_token(_public_pem(k))),
    "HS384 with the modulus as secret": ("algorithm", lambda k: _hmac_token(jwk(k.epic, "x")["n"].encode(), "HS384")),
    "RS256 where the issuer signs RS384": ("algorithm", lambda k: sign(k.epic, claims(), "RS256")),
    "RS512, which nobody may use": ("algorithm", lambda k: sign(k.epic, claims(), "RS512")),
    "header says RS384, signed RS256": ("signature", lambda k: sign(k.epic, claims(), signed_with="RS256")),
    "header says RS384, signed PS384": ("signature", lambda k: sign(k.epic, claims(), signed_with="PS384")),
    "signed by another key": ("signature", lambda k: sign(k.attacker, claims())),
    "payload exchanged": ("signature", _other_payload),
    "1024-bit RSA": ("unfit-key", lambda k: sign(k.weak, claims(), kid="weak")),
    "ES384 token, kid of an RSA key": ("unfit-key", lambda k: sign(k.p384, claims(), "ES384")),
    "RS256 token, kid of an EC key": ("unfit-key", lambda k: _cloud(k, "RS256", "p384", k.epic)),
    "ES384 named, P-256 key": ("unfit-key", lambda k: _cloud(k, "ES384", "p256", k.p384)),
    "ES256 named, P-384 key": ("unfit-key", lambda k: _cloud(k, "ES256", "p384", k.p256)),
    "key published for RS256 used for ES384": ("unfit-key", lambda k: _cloud(k, "ES384", "rsa")),
    "one issuer's key for another issuer": ("unknown-key", lambda k: _cloud(k, "RS256", EPIC_KID, k.epic)),
    # which key it asks for
    "kid unknown": ("unknown-key", lambda k: sign(k.epic, claims(), kid="nobody")),
    "kid missing": ("no-kid", lambda k: sign(k.epic, claims(), kid=None)),
    "kid empty": ("no-kid", lambda k: sign(k.epic, claims(), kid="")),
    "kid a number": ("no-kid", lambda k: sign(k.epic, claims(), kid=7)),
    "kid a list": ("no-kid", lambda k: sign(k.epic, claims(), kid=[EPIC_KID])),
    "kid a path": ("unknown-key", lambda k: sign(k.epic, claims(), kid="../../dev/null")),
    "kid with a query in it": ("unknown-key", lambda k: sign(k.epic, claims(), kid="x' OR '1'='1")),
    "jku elsewhere": ("other-jku", lambda k: sign(k.attacker, claims(), jku=OTHER)),
    "jku elsewhere, right key": ("other-jku", lambda k: sign(k.epic, claims(), jku=OTHER)),
    "jku of the issuer with a path added": ("other-jku", lambda k: sign(k.epic, claims(), jku=f"{EPIC}/x")),
    "jku null": (
        "other-jku",
        lambda k: _raw_header(k, b'{"alg":"RS384","kid":"' + EPIC_KID.encode() + b'","jku":null}'),
    ),
    "jku a list": ("other-jku", lambda k: sign(k.epic, claims(), jku=[OTHER])),
    "own key embedded as jwk": ("signature", lambda k: sign(k.attacker, claims(), jwk=jwk(k.attacker, EPIC_KID))),
    "own key embedded, kid unknown": (
        "unknown-key",
        lambda k: sign(k.attacker, claims(), kid="evil", jwk=jwk(k.attacker, "evil")),
    ),
    "x5u elsewhere": ("signature", lambda k: sign(k.attacker, claims(), x5u=OTHER)),
    "x5c embedded": ("signature", lambda k: sign(k.attacker, claims(), x5c=["MIIB"])),
    "x5t and no kid": ("no-kid", lambda k: sign(k.epic, claims(), kid=None, x5t="AAAA")),
    # what the header asks of us
    "crit": ("header", lambda k: sign(k.epic, claims(), crit=["exp"], exp=1)),
    "crit of something unknown": ("header", lambda k: sign(k.epic, claims(), crit=["http://x"])),
    "crit empty": ("header", lambda k: sign(k.epic, claims(), crit=[])),
    "b64 false": ("header", lambda k: sign(k.epic, claims(), b64=False)),
    "b64 false and crit": ("header", lambda k: sign(k.epic, claims(), b64=False, crit=["b64"])),
    "zip": ("header", lambda k: sign(k.epic, claims(), zip="DEF")),
    "enc, as if it were a JWE": ("header", lambda k: sign(k.epic, claims(), enc="A128GCM")),
    "typ of an access token": ("header", lambda k: sign(k.epic, claims(), typ="at+jwt")),
    "typ a number": ("header", lambda k: sign(k.epic, claims(), typ=1)),
    "a name twice in the header": (
        "malformed",
        lambda k: _raw_header(k, b'{"alg":"none","alg":"RS384","kid":"' + EPIC_KID.encode() + b'"}'),
    ),
    "header not an object": ("malformed", lambda k: _raw_header(k, b'["RS384"]')),
    "header not JSON": ("malformed", lambda k: _raw_header(k, b"alg=RS384")),
    "header nested without end": ("malformed", lambda k: _raw_header(k, b"[" * 3000)),
    # when
    "expired 61 s ago": ("expired", lambda k: sign(k.epic, claims(iat=NOW - 961, exp=NOW - 61))),
    "expired 60 s ago": ("expired", lambda k: sign(k.epic, claims(iat=NOW - 960, exp=NOW - 60))),
    "made two hours ago": ("lifetime", lambda k: sign(k.epic, claims(iat=NOW - 7200, exp=NOW + 60))),
    "made in 61 s": ("not-yet-valid", lambda k: sign(k.epic, claims(iat=NOW + 61, exp=NOW + 900))),
    "nbf in 61 s": ("not-yet-valid", lambda k: sign(k.epic, claims(nbf=NOW + 61))),
    "nbf not a number": ("claim", lambda k: sign(k.epic, claims(nbf="now"))),
    "good for 3601 s": ("lifetime", lambda k: sign(k.epic, claims(exp=NOW + 3601))),
    "good for ever": ("lifetime", lambda k: sign(k.epic, claims(exp=10**18))),
    "exp before iat": ("lifetime", lambda k: sign(k.epic, claims(iat=NOW + 10, exp=NOW + 5))),
    "exp beyond any float": ("claim", lambda k: sign(k.epic, claims(exp=10**400))),
    "exp beyond any float, as an exponent": (
        "claim",
        lambda k: sign(k.epic, json.dumps(claims()).replace(str(NOW + 900), "1e400").encode()),
    ),
    "exp a string": ("claim", lambda k: sign(k.epic, claims(exp=str(NOW + 900)))),
    "exp true": ("claim", lambda k: sign(k.epic, claims(exp=True))),
    "iat a string": ("claim", lambda k: sign(k.epic, claims(iat="now"))),
    "exp NaN": ("malformed", lambda k: sign(k.epic, claims(exp=float("nan")))),
    "exp infinite": ("malformed", lambda k: sign(k.epic, claims(exp=float("inf")))),
    # by whom, for whom
    "exp missing": ("missing-claim", lambda k: sign(k.epic, claims(exp=None))),
    "iat missing": ("missing-claim", lambda k: sign(k.epic, claims(iat=None))),
    "iss missing": ("unknown-issuer", lambda k: sign(k.epic, claims(iss=None))),
    "aud missing": ("missing-claim", lambda k: sign(k.epic, claims(aud=None))),
    "jti missing": ("missing-claim", lambda k: sign(k.epic, claims(jti=None))),
    "iss unknown": ("unknown-issuer", lambda k: sign(k.attacker, claims(iss="https://evil.example"))),
    "iss with a slash added": ("unknown-issuer", lambda k: sign(k.epic, claims(iss=EPIC + "/"))),
    "iss in other case": ("unknown-issuer", lambda k: sign(k.epic, claims(iss=EPIC.upper()))),
    "iss a list": ("unknown-issuer", lambda k: sign(k.epic, claims(iss=[EPIC]))),
    "iss twice": (
        "malformed",
        lambda k: sign(k.epic, json.dumps(claims()).replace("{", f'{{"iss": "{CLOUD}", ', 1).encode()),
    ),
    "aud another service of ours": ("audience", lambda k: sign(k.epic, claims(aud=f"{BASE}/cds-services/other"))),
    "aud another host": (
        "audience",
        lambda k: sign(k.epic, claims(aud="https://other.example/base/cds-services/leg-cramps-patient-view")),
    ),
    "aud our host by http": (
        "audience",
        lambda k: sign(k.epic, claims(aud=f"{BASE}/cds-services".replace("https", "http"))),
    ),
    "aud the host alone": ("audience", lambda k: sign(k.epic, claims(aud="https://cds.example.org"))),
    "aud two slashes added": ("audience", lambda k: sign(k.epic, claims(aud=f"{BASE}/cds-services//"))),
    "aud a list without ours": (
        "audience",
        lambda k: sign(k.epic, claims(aud=["https://a.example", "https://b.example"])),
    ),
    "aud an empty list": ("audience", lambda k: sign(k.epic, claims(aud=[]))),
    "aud a number in a list": ("claim", lambda k: sign(k.epic, claims(aud=[f"{BASE}/cds-services", 1]))),
    "aud an object": ("claim", lambda k: sign(k.epic, claims(aud={"url": f"{BASE}/cds-services"}))),
    "aud empty": ("audience", lambda k: sign(k.epic, claims(aud=""))),
    "tenant wrong": ("tenant", lambda k: _cloud(k, tenant="site-z")),
    "tenant missing": ("tenant", lambda k: _cloud(k, tenant=None)),
    "tenant in other case": ("tenant", lambda k: _cloud(k, tenant="Site-A")),
    "tenant a list": ("claim", lambda k: _cloud(k, tenant=["site-a"])),
    "tenant with a line break": ("claim", lambda k: sign(k.epic, claims(tenant="a\nb"))),
    "jti empty": ("claim", lambda k: sign(k.epic, claims(jti=""))),
    "jti blank": ("claim", lambda k: sign(k.epic, claims(jti="  "))),
    "jti a number": ("claim", lambda k: sign(k.epic, claims(jti=7))),
    "jti with a NUL": ("claim", lambda k: sign(k.epic, claims(jti="a\0b"))),
    "jti with half a character": (
        "claim",
        lambda k: sign(k.epic, b'{"jti":"\\ud800",' + json.dumps(claims(jti=None)).encode()[1:]),
    ),
    "jti of 256 characters": ("claim", lambda k: sign(k.epic, claims(jti="j" * 256))),
    "payload not an object": ("malformed", lambda k: sign(k.epic, b"[]")),
    "payload not JSON": ("malformed", lambda k: sign(k.epic, b"iss=x")),
    "payload not UTF-8": ("malformed", lambda k: sign(k.epic, b'{"iss":"\xff"}')),
    "payload nested without end": ("malformed", lambda k: sign(k.epic, b"[" * 4000)),
    # the compact form
    "two parts": ("malformed", lambda k: sign(k.epic, claims()).rpartition(".")[0]),
    "four parts": ("malformed", lambda k: sign(k.epic, claims()) + ".AAAA"),
    "five parts, as a JWE": ("malformed", lambda k: sign(k.epic, claims()) + ".AAAA.AAAA"),
    "dot at the end": ("malformed", lambda k: sign(k.epic, claims()) + "."),
    "dot at the start": ("malformed", lambda k: "." + sign(k.epic, claims())),
    "no header part": ("malformed", lambda k: "." + sign(k.epic, claims()).partition(".")[2]),
    "padding": ("malformed", lambda k: sign(k.epic, claims()) + "=="),
    "base64 of the other alphabet": ("malformed", lambda k: sign(k.epic, claims()) + "+/"),
    "space within": ("malformed", lambda k: sign(k.epic, claims()).replace(".", " .", 1)),
    "line break at the end": ("malformed", lambda k: sign(k.epic, claims()) + "\n"),
    "tab at the end": ("malformed", lambda k: sign(k.epic, claims()) + "\t"),
    "non-ASCII": ("malformed", lambda k: sign(k.epic, claims()) + "é"),
    "two tokens by comma": ("malformed", lambda k: f"{sign(k.epic, claims())}, Bearer {sign(k.epic, claims())}"),
    "a character more than base64 allows": ("malformed", lambda k: "A" + sign(k.epic, claims())),
    "JSON serialisation": ("malformed", lambda k: base64.b64encode(sign(k.epic, claims()).encode()).decode()),
    "oversized": ("too-long", lambda k: sign(k.epic, claims(sub="x" * 8192))),
}


@pytest.mark.parametrize("name", FORGED)
def test_is_refused(name: str, keys: Keys, reason: Callable[..., str]) -> None:
    expected, make = FORGED[name]
    assert reason(f"Bearer {make(keys)}") == expected


def test_there_are_at_least_sixty_of_them() -> None:
    assert len(FORGED) >= 60


def test_headers_that_are_no_single_bearer_token(keys: Keys, reason: Callable[..., str]) -> None:
    token = sign(keys.epic, claims())
    basic = base64.b64encode(b"user:password").decode()
    assert reason() == "no-token"
    assert reason(f"Bearer {token}", f"Bearer {token}") == "malformed"
    assert reason(f"Basic {basic}") == "not-bearer"
    assert reason(token) == "not-bearer"
    assert reason("") == "not-bearer"
    assert reason("Bearer") == "not-bearer"
    assert reason("Bearer ") == "malformed"
    assert reason(f"Bearer\t{token}") == "not-bearer"
    assert reason(f" Bearer {token}") == "not-bearer"
    assert reason(f'Bearer "{token}"') == "malformed"
    assert reason(f"Bearer {token}") == "admitted"  # and the token itself was good


def test_a_header_of_8192_bytes_is_read_and_one_of_8193_is_not(reason: Callable[..., str]) -> None:
    assert reason("Bearer " + "x" * 8185) == "malformed"
    assert reason("Bearer " + "x" * 8186) == "too-long"


def test_a_token_is_good_once(keys: Keys, reason: Callable[..., str]) -> None:
    token = sign(keys.epic, claims())
    assert reason(f"Bearer {token}") == "admitted"
    assert reason(f"Bearer {token}") == "replayed"
    assert reason(f"bearer  {token}") == "replayed"


def test_the_same_jti_in_another_token_of_the_issuer_is_a_replay(keys: Keys, reason: Callable[..., str]) -> None:
    assert reason(f"Bearer {sign(keys.epic, claims(jti='once'))}") == "admitted"
    assert reason(f"Bearer {sign(keys.epic, claims(jti='once', sub='other'))}") == "replayed"


def test_another_issuer_may_use_the_same_jti(keys: Keys, reason: Callable[..., str]) -> None:
    assert reason(f"Bearer {sign(keys.epic, claims(jti='shared'))}") == "admitted"
    assert reason(f"Bearer {_cloud(keys, jti='shared')}") == "admitted"


def test_a_refused_token_is_not_used_up(keys: Keys, reason: Callable[..., str]) -> None:
    assert reason(f"Bearer {sign(keys.epic, claims(jti='kept', aud='https://x.example'))}") == "audience"
    assert reason(f"Bearer {sign(keys.epic, claims(jti='kept'))}") == "admitted"


def test_duplicate_kid_is_refused(keys: Keys, key_sets: dict[str, Any], reason: Callable[..., str]) -> None:
    key_sets[EPIC]["keys"].append(jwk(keys.attacker, EPIC_KID))
    assert reason(f"Bearer {sign(keys.epic, claims())}") == "duplicate-kid"
    assert reason(f"Bearer {sign(keys.attacker, claims())}") == "duplicate-kid"


@pytest.mark.parametrize(
    "spoilt",
    [
        {"use": "enc"},
        {"use": "other"},
        {"key_ops": ["encrypt"]},
        {"key_ops": "verify"},
        {"kty": "oct", "k": "c2VjcmV0"},
        {"d": "AQAB"},
        {"p": "AQAB"},
        {"kty": "OKP"},
        {"kty": None},
    ],
)
def test_keys_not_made_for_checking_signatures_are_not_there(
    spoilt: dict[str, Any], keys: Keys, key_sets: dict[str, Any], reason: Callable[..., str]
) -> None:
    key_sets[EPIC] = {"keys": [jwk(keys.epic, EPIC_KID) | spoilt]}
    assert reason(f"Bearer {sign(keys.epic, claims())}") == "unknown-key"


@pytest.mark.parametrize("spoilt", [{"alg": "RS256"}, {"alg": 7}, {"n": "AQAB"}, {"n": None}, {"e": "!"}, {"e": 3}])
def test_keys_that_do_not_fit_the_token(
    spoilt: dict[str, Any], keys: Keys, key_sets: dict[str, Any], reason: Callable[..., str]
) -> None:
    key_sets[EPIC] = {"keys": [jwk(keys.epic, EPIC_KID) | spoilt]}
    assert reason(f"Bearer {sign(keys.epic, claims())}") == "unfit-key"


def test_an_ec_key_whose_point_is_not_on_the_curve(
    keys: Keys, key_sets: dict[str, Any], reason: Callable[..., str]
) -> None:
    key_sets[CLOUD] = {"keys": [jwk(keys.p384, "p384", x="AQAB")]}
    assert reason(f"Bearer {_cloud(keys)}") == "unfit-key"
