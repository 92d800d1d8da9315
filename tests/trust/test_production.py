"""Production refuses to start half safe, and says which settings are wrong."""

from pathlib import Path

import pytest

from cds_service.errors import ConfigurationError
from cds_service.settings import Settings, load_settings
from cds_service.trust.production import check

ISSUER = '[[issuer]]\niss = "https://a.example"\njku = "https://a.example/jwks"\n'
DATABASE = "postgresql+psycopg://cds:kX2-long-and-random@db/cds"


@pytest.fixture
def safe(tmp_path: Path) -> dict[str, object]:
    """The settings of a production that may start; a test spoils one."""
    issuers = tmp_path / "issuers.toml"
    issuers.write_text(ISSUER)
    return {
        "env": "production",
        "public_base_url": "https://cds.example.org",
        "database_url": DATABASE,
        "issuers": str(issuers),
        "cors_origins": (),
    }


def refusal(**settings: object) -> str:
    try:
        check(Settings(**settings))  # type: ignore[arg-type]
    except ConfigurationError as error:
        return str(error)
    return ""


def test_safe_settings_start(safe: dict[str, object]) -> None:
    assert refusal(**safe) == ""
    assert refusal(**safe | {"cors_origins": ("https://ehr.example.org",)}) == ""
    assert refusal(**safe | {"database_url": "sqlite:////var/lib/cds/cds.db", "single_host": True}) == ""


@pytest.mark.parametrize(
    ("spoilt", "named"),
    [
        ({"issuers": None}, "CDS_ISSUERS is missing"),
        ({"public_base_url": "http://cds.example.org"}, "CDS_PUBLIC_BASE_URL must be https"),
        ({"public_base_url": "https://u:p@cds.example.org"}, "CDS_PUBLIC_BASE_URL"),
        ({"public_base_url": "cds.example.org"}, "CDS_PUBLIC_BASE_URL"),
        ({"database_url": "sqlite:///cds.db"}, "CDS_SINGLE_HOST"),
        ({"database_url": "sqlite://", "single_host": True}, "in memory"),
        ({"database_url": "sqlite:///:memory:", "single_host": True}, "in memory"),
        ({"database_url": "postgresql+psycopg://cds:change-me@db/cds"}, "default password"),
        ({"database_url": "postgresql://postgres:postgres@db/cds"}, "default password"),
        ({"database_url": "postgresql://cds:change%2Dme@db/cds"}, "default password"),
        ({"cors_origins": ("*",)}, "CDS_CORS_ORIGINS"),
        ({"cors_origins": ("https://ehr.example.org", "*")}, "CDS_CORS_ORIGINS"),
        ({"allow_private_fhir": True}, "CDS_ALLOW_PRIVATE_FHIR"),
        ({"allow_other_patient": True}, "CDS_ALLOW_OTHER_PATIENT"),
        ({"silent": frozenset({"*"})}, "CDS_SILENT"),
    ],
)
def test_one_unsafe_setting_is_refused_by_name(spoilt: dict[str, object], named: str, safe: dict[str, object]) -> None:
    assert named in refusal(**safe | spoilt)
    assert refusal(**safe | spoilt | {"env": "development"}) == ""


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('iss="https://sandbox.cds-hooks.org"\njku="https://mirror.example/jwks"', "sandbox"),
        ('iss="https://sandbox.cds-hooks.org/"\njku="https://mirror.example/jwks"', "sandbox"),
        ('iss="https://a.example"\njku="https://sandbox.cds-hooks.org/.well-known/jwks.json"', "sandbox"),
        ('iss="https://a.example"\njku="http://a.example/jwks"', "must be https"),
        ('iss="a"\njku="https://a.example/j"\nfhir_prefixes=["http://a.example/r4"]', "must be https"),
    ],
)
def test_issuers_that_must_not_be_trusted(text: str, named: str, safe: dict[str, object], tmp_path: Path) -> None:
    unsafe = tmp_path / "unsafe.toml"
    unsafe.write_text(f"[[issuer]]\n{text}")
    assert named in refusal(**safe | {"issuers": str(unsafe)})


def test_every_reason_is_given_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CDS_ENV", "production")
    monkeypatch.setenv("CDS_ALLOW_PRIVATE_FHIR", "true")
    monkeypatch.setenv("CDS_CORS_ORIGINS", "*")
    monkeypatch.setenv("CDS_PUBLIC_BASE_URL", "http://x.example")
    with pytest.raises(ConfigurationError) as caught:
        check(load_settings())
    for name in ("CDS_ISSUERS", "CDS_CORS_ORIGINS", "CDS_PUBLIC_BASE_URL", "CDS_ALLOW_PRIVATE_FHIR"):
        assert name in str(caught.value)


def test_the_password_is_not_told(safe: dict[str, object]) -> None:
    assert "postgres:" not in refusal(**safe | {"database_url": "postgresql://postgres:postgres@db/cds"})
