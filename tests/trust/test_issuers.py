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


MISTAKES = {
    "nothing": ("", 1, "there must be an [[issuer]] table"),
    "an empty list": ("issuer = []", 1, "there must be an [[issuer]] table"),
    "no table": ("issuer = [1]", 1, "issuer must be written [[issuer]]"),
    "one table": ("[issuer]\niss='x'", 1, "issuer must be written [[issuer]]"),
    "another table": ("[[issuers]]\niss='x'", 1, '"issuers" is not known here; the nearest is "issuer"'),
    "no TOML": ("\nnot toml", 2, "is not TOML"),
    "no iss": ("\n[[issuer]]", 2, "iss is missing"),
    "no keys": ("[[issuer]]\niss='x'", 1, "jku is missing, and so is jwks_file"),
    "an empty iss": ("[[issuer]]\niss=''\njku='https://a.example'", 2, "iss must be a text"),
    "spaces around iss": ("[[issuer]]\niss=' x'\njku='https://a.example'", 2, "iss has spaces around it"),
    "iss a number": ("[[issuer]]\niss=7\njku='https://a.example'", 2, "iss must be a text"),
    "jku no URL": ("[[issuer]]\niss='x'\njku='a.example/jwks'", 3, "jku is not an absolute"),
    "jku with a user": ("[[issuer]]\niss='x'\njku='https://u:p@a.example/jwks'", 3, "jku holds user"),
    "jku of another scheme": ("[[issuer]]\niss='x'\njku='ftp://a.example/jwks'", 3, "jku"),
    "jku with a fragment": ("[[issuer]]\niss='x'\njku='https://a.example/#k'", 3, "jku holds a fragment"),
    "no algorithm": (MINIMAL + "algorithms=[]", 4, "algorithms must be one or more of"),
    "a symmetric algorithm": (MINIMAL + "algorithms=['HS256']", 4, "algorithms must be one or more of"),
    "none": (MINIMAL + "algorithms=['none']", 4, "algorithms must be one or more of"),
    "algorithms a text": (MINIMAL + "algorithms='RS384'", 4, "algorithms must be"),
    "a tenant with a space": (MINIMAL + "tenants=[\n'a',\n'a b']", 6, "tenants must be letters and digits"),
    "a tenant of dots": (MINIMAL + "tenants=['..']", 4, "tenants must be letters and digits"),
    "a tenant's number": (MINIMAL + "tenants=[1]", 4, "tenants must be a list of texts"),
    "an empty audience": (MINIMAL + "audiences=['']", 4, "audiences must be a list of texts"),
    "an audience with spaces": (MINIMAL + "audiences=[\n'a',\n' b']", 6, "audiences has spaces around"),
    "a relative prefix": (MINIMAL + "fhir_prefixes=['/fhir']", 4, "fhir_prefixes is not an absolute"),
    "a prefix with a query": (MINIMAL + "fhir_prefixes=['https://a.example/r4?x=1']", 4, "fhir_prefixes holds a query"),
    "a prefix that climbs": (MINIMAL + "fhir_prefixes=['https://a.example/../r4']", 4, "fhir_prefixes"),
    "a tenant's prefix": (MINIMAL + "fhir_prefixes=['https://a.example/{tenant}']", 4, "tenants is missing"),
    "a tenant's host": (MINIMAL + "tenants=['t']\nfhir_prefixes=['https://{tenant}.example/']", 5, "fhir_prefixes"),
    "part of a segment": (MINIMAL + "tenants=['t']\nfhir_prefixes=['https://a.example/x{tenant}']", 5, "fhir_prefixes"),
    "a further host": (MINIMAL + "private_hosts=['b.example']", 4, 'private_hosts names "b.example", which is in'),
    "another language": (MINIMAL + "language='fr'", 4, "language must be one of"),
    "no age": (MINIMAL + "max_token_age=0", 4, "max_token_age must be a whole number"),
    "too old": (MINIMAL + "max_token_age=3601", 4, "max_token_age must be a whole number"),
    "an age of true": (MINIMAL + "max_token_age=true", 4, "max_token_age must be a whole number"),
    "an age in words": (MINIMAL + "max_token_age='1h'", 4, "max_token_age must be a whole number"),
    "silent a word": (MINIMAL + "silent='yes'", 4, "silent must be true, false or a list"),
    "silent of nothing": (MINIMAL + "silent=[]", 4, "silent must be true, false or a list"),
    "silent of a blank": (MINIMAL + "silent=['']", 4, "silent must be"),
    "no such topic": (
        MINIMAL + "silent=['RedFlags', 'RedFlag']",
        4,
        'silent names no topic: "RedFlag"; the nearest is "RedFlags"',
    ),
    "no such zone": (MINIMAL + "timezone='Asia/Makasar'", 4, "timezone must be an IANA time zone name"),
    "a zone's number": (MINIMAL + "timezone=8", 4, "timezone must be a text"),
    "silent tenants alone": (
        MINIMAL + "silent=true\nsilent_tenants=['t']",
        5,
        "silent_tenants must be some of tenants",
    ),
    "silent tenants of a live client": (MINIMAL + "tenants=['t']\nsilent_tenants=['t']", 5, "silent_tenants must be"),
    "an unknown key": (MINIMAL + "jwk='x'", 4, '"jwk" is not known here'),
    "no key set there": (MINIMAL + "jwks_file='missing.json'", 4, "jwks_file cannot be read"),
    "no key set in it": (MINIMAL + "jwks_file='issuers.toml'", 4, "jwks_file is not a JWK Set"),
    "one iss twice": (MINIMAL + MINIMAL, 5, "iss is there twice"),
}
"""By kind of mistake: a file with it, the line it stands on, and what is said."""


@pytest.mark.parametrize("kind", MISTAKES)
def test_a_mistake_is_one_line_that_names_its_place(kind: str, file: Path) -> None:
    text, line, said = MISTAKES[kind]
    file.write_text(text)
    with pytest.raises(ConfigurationError) as caught:
        load(str(file), ["RedFlags", "AvoidQuinine"])
    assert any(one.startswith(f"issuers.toml, line {line}: {said}") for one in str(caught.value).splitlines()), caught


def test_all_mistakes_are_said_at_once_in_the_order_of_the_file(file: Path) -> None:
    file.write_text(f"{MINIMAL}language = 'fr'\n\n[[issuer]]\nissuer = 'x'\njku = 'https://b.example'\nsilent = 7\n")
    with pytest.raises(ConfigurationError) as caught:
        load(str(file))
    lines = [one.partition(": ")[0] for one in str(caught.value).splitlines()]
    assert lines == [f"issuers.toml, line {n}" for n in (4, 6, 7, 9)]


def test_a_file_that_is_no_text(file: Path) -> None:
    file.write_bytes(b"\xff")
    with pytest.raises(ConfigurationError, match=r"^issuers.toml is not UTF-8$"):
        load(str(file))


def test_a_static_set_without_a_public_signing_key(file: Path, keys: Keys) -> None:
    file.with_name("keys.json").write_text(json.dumps({"keys": [jwk(keys.epic, "k", d="AQAB")]}))
    file.write_text(MINIMAL + "jwks_file='keys.json'")
    with pytest.raises(ConfigurationError, match="line 4: jwks_file holds no public signing key"):
        load(str(file))


def test_a_file_that_is_not_there(file: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        load(str(file))
