"""The issuers file: what is read from it, and every mistake by its name."""

import json
from pathlib import Path

import pytest

from cds_service.errors import ConfigurationError
from cds_service.trust.issuers import MAX_TOKEN_AGE, load
from tests.trust.hospital import EPIC, Keys, jwk

MINIMAL = '[[issuer]]\niss = "https://a.example"\njku = "https://a.example/jwks"\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "issuers.toml"


def test_a_full_table(file: Path, keys: Keys) -> None:
    file.with_name("keys.json").write_text(json.dumps({"keys": [jwk(keys.epic, "k")]}))
    file.write_text(f"""
[[issuer]]
iss = "{EPIC}"
jku = "https://fhir.hospital.example/keys"
jwks_file = "keys.json"
algorithms = ["RS384"]
tenants = ["rs-1", "rs-2"]
audiences = ["leg-cramps"]
fhir_prefixes = ["https://fhir.hospital.example/r4/{{tenant}}", "https://fhir.hospital.example/open/"]
private_hosts = ["fhir.hospital.example"]
language = "id"
max_token_age = 300
silent = ["RedFlags"]
silent_tenants = ["rs-2"]
""")
    issuer = load(str(file))[EPIC]
    assert issuer.jku == "https://fhir.hospital.example/keys"
    assert issuer.static_keys is not None
    assert "k" in issuer.static_keys
    assert issuer.algorithms == {"RS384"}
    assert issuer.tenants == {"rs-1", "rs-2"}
    assert issuer.audiences == {"leg-cramps"}
    assert [prefix.path for prefix in issuer.prefixes_for("rs-1")] == ["/open/", "/r4/rs-1"]
    assert [prefix.path for prefix in issuer.prefixes_for(None)] == ["/open/"]
    assert issuer.private_hosts == {"fhir.hospital.example"}
    assert (issuer.language, issuer.max_token_age) == ("id", 300)
    assert [issuer.silent_for(tenant) for tenant in ("rs-1", "rs-2", None)] == [set(), {"RedFlags"}, set()]


@pytest.mark.parametrize(("said", "silent"), [("true", {"*"}), ("false", set()), ("['A', 'B']", {"A", "B"})])
def test_silence_of_a_client(file: Path, said: str, silent: set[str]) -> None:
    file.write_text(f"{MINIMAL}silent = {said}")
    assert load(str(file))["https://a.example"].silent_for("any") == silent


def test_what_may_be_left_out(file: Path) -> None:
    file.write_text(MINIMAL)
    issuer = load(str(file))["https://a.example"]
    assert issuer.algorithms == {"RS384", "ES384"}
    assert issuer.fhir_prefixes == ()
    assert issuer.max_token_age == MAX_TOKEN_AGE


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "[[issuer]]"),
        ("issuer = []", "[[issuer]]"),
        ("issuer = [1]", "issuer[0]"),
        ("[issuer]\niss='x'", "[[issuer]]"),
        ("[[issuers]]\niss='x'", "[[issuer]]"),
        ("not toml", "not TOML"),
        ("[[issuer]]", "issuer[0].iss is missing"),
        ("[[issuer]]\niss='x'", "issuer[0].jku is missing"),
        ("[[issuer]]\niss=''\njku='https://a.example'", "issuer[0].iss"),
        ("[[issuer]]\niss=' x'\njku='https://a.example'", "issuer[0].iss"),
        ("[[issuer]]\niss=7\njku='https://a.example'", "issuer[0].iss"),
        ("[[issuer]]\niss='x'\njku='a.example/jwks'", "issuer[0].jku is not an absolute"),
        ("[[issuer]]\niss='x'\njku='https://u:p@a.example/jwks'", "issuer[0].jku holds user"),
        ("[[issuer]]\niss='x'\njku='ftp://a.example/jwks'", "issuer[0].jku"),
        ("[[issuer]]\niss='x'\njku='https://a.example/#k'", "issuer[0].jku holds a fragment"),
        (MINIMAL + "algorithms=[]", "issuer[0].algorithms"),
        (MINIMAL + "algorithms=['HS256']", "issuer[0].algorithms"),
        (MINIMAL + "algorithms=['none']", "issuer[0].algorithms"),
        (MINIMAL + "algorithms='RS384'", "issuer[0].algorithms"),
        (MINIMAL + "tenants=['a b']", "issuer[0].tenants"),
        (MINIMAL + "tenants=['..']", "issuer[0].tenants"),
        (MINIMAL + "tenants=[1]", "issuer[0].tenants"),
        (MINIMAL + "audiences=['']", "issuer[0].audiences"),
        (MINIMAL + "fhir_prefixes=['/fhir']", "issuer[0].fhir_prefixes"),
        (MINIMAL + "fhir_prefixes=['https://a.example/r4?x=1']", "issuer[0].fhir_prefixes holds a query"),
        (MINIMAL + "fhir_prefixes=['https://a.example/../r4']", "issuer[0].fhir_prefixes"),
        (MINIMAL + "fhir_prefixes=['https://a.example/{tenant}']", "issuer[0].tenants is missing"),
        (MINIMAL + "tenants=['t']\nfhir_prefixes=['https://{tenant}.example/']", "issuer[0].fhir_prefixes"),
        (MINIMAL + "tenants=['t']\nfhir_prefixes=['https://a.example/x{tenant}']", "issuer[0].fhir_prefixes"),
        (MINIMAL + "private_hosts=['b.example']", "issuer[0].private_hosts"),
        (MINIMAL + "language='fr'", "issuer[0].language"),
        (MINIMAL + "max_token_age=0", "issuer[0].max_token_age"),
        (MINIMAL + "max_token_age=3601", "issuer[0].max_token_age"),
        (MINIMAL + "max_token_age=true", "issuer[0].max_token_age"),
        (MINIMAL + "max_token_age='1h'", "issuer[0].max_token_age"),
        (MINIMAL + "silent='yes'", "issuer[0].silent must be"),
        (MINIMAL + "silent=[]", "issuer[0].silent must be"),
        (MINIMAL + "timezone='Asia/Makasar'", "issuer[0].timezone must be an IANA time zone name"),
        (MINIMAL + "timezone=8", "issuer[0].timezone must be a non-empty text"),
        (MINIMAL + "silent=['']", "issuer[0].silent must be"),
        (MINIMAL + "silent=true\nsilent_tenants=['t']", "issuer[0].silent_tenants must be some of tenants"),
        (MINIMAL + "tenants=['t']\nsilent_tenants=['t']", "issuer[0].silent_tenants must be"),
        (MINIMAL + "jwk='x'", "issuer[0].jwk is not a key"),
        (MINIMAL + "jwks_file='missing.json'", "issuer[0].jwks_file cannot be read"),
        (MINIMAL + "jwks_file='issuers.toml'", "issuer[0].jwks_file is not a JWK Set"),
        (MINIMAL + MINIMAL, "issuer[1].iss is there twice"),
    ],
)
def test_a_mistake_is_named(text: str, named: str, file: Path) -> None:
    file.write_text(text)
    with pytest.raises(ConfigurationError) as caught:
        load(str(file))
    assert str(caught.value).startswith("CDS_ISSUERS: ")
    assert named in str(caught.value)


def test_a_static_set_without_a_public_signing_key(file: Path, keys: Keys) -> None:
    file.with_name("keys.json").write_text(json.dumps({"keys": [jwk(keys.epic, "k", d="AQAB")]}))
    file.write_text(MINIMAL + "jwks_file='keys.json'")
    with pytest.raises(ConfigurationError, match=r"issuer\[0\]\.jwks_file holds no public signing key"):
        load(str(file))


def test_a_file_that_is_not_there(file: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        load(str(file))
