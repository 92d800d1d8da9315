"""Settings: every variable, its default, its limits, and what is said of a wrong value."""

from dataclasses import fields
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cds_service.errors import ConfigurationError
from cds_service.settings import Settings, load_settings, settings_table, unknown_variables


def test_an_empty_environment_is_development_with_the_defaults() -> None:
    assert load_settings() == Settings()


def test_production_has_stricter_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CDS_ENV", "production")
    settings = load_settings()
    assert settings.production
    assert (settings.cors_origins, settings.rate_limit, settings.log_format) == ((), "600/minute", "json")
    monkeypatch.setenv("CDS_RATE_LIMIT", "none")
    monkeypatch.setenv("CDS_LOG_FORMAT", "console")
    monkeypatch.setenv("CDS_CORS_ORIGINS", "https://ehr.example.org")
    settings = load_settings()
    assert (settings.cors_origins, settings.rate_limit, settings.log_format) == (
        ("https://ehr.example.org",),
        None,
        "console",
    )


@pytest.mark.parametrize(
    ("variable", "text", "value"),
    [
        ("CDS_ENV", "Production", "production"),
        ("CDS_ENV", " development ", "development"),
        ("CDS_ENV", "", "development"),
        ("CDS_PUBLIC_BASE_URL", "https://cds.example.org/leg/", "https://cds.example.org/leg"),
        ("CDS_DATABASE_URL", "postgresql+psycopg://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("CDS_DEFAULT_LANGUAGE", "ID", "id"),
        ("CDS_TIMEZONE", "Europe/London", ZoneInfo("Europe/London")),
        ("CDS_DISABLED_TOPICS", "RedFlags, als_cramps_order,", frozenset({"RedFlags", "als_cramps_order"})),
        ("CDS_SILENT", "true", frozenset({"*"})),
        ("CDS_SILENT", "no", frozenset()),
        ("CDS_SILENT", "RedFlags,AlsCramps", frozenset({"RedFlags", "AlsCramps"})),
        (
            "CDS_CORS_ORIGINS",
            "https://a.example, http://127.0.0.1:8080",
            ("https://a.example", "http://127.0.0.1:8080"),
        ),
        ("CDS_CORS_ORIGINS", "none", ()),
        ("CDS_MAX_BODY_BYTES", "1000", 1000),
        ("CDS_MAX_BODY_BYTES", "100000000", 100_000_000),
        ("CDS_RATE_LIMIT", "600/minute", "600/minute"),
        ("CDS_RATE_LIMIT", "10 per 5 minutes", "10 per 5 minutes"),
        ("CDS_RATE_LIMIT_STORAGE", "redis://h:6379", "redis://h:6379"),
        ("CDS_PROXY_HOPS", "2", 2),
        ("CDS_SINGLE_HOST", "TRUE", True),
        ("CDS_STORE_COMMENTS", "yes", True),
        ("CDS_STORE_COMMENTS", "0", False),
        ("CDS_FETCH_DEADLINE_SECONDS", "0.1", 0.1),
        ("CDS_FETCH_MAX_PAGES", "1", 1),
        ("CDS_LOG_FORMAT", "json", "json"),
        ("CDS_ALLOW_PRIVATE_FHIR", "true", True),
    ],
)
def test_values(monkeypatch: pytest.MonkeyPatch, variable: str, text: str, value: Any) -> None:
    monkeypatch.setenv(variable, text)
    assert getattr(load_settings(), variable.removeprefix("CDS_").lower()) == value


@pytest.mark.parametrize(
    ("variable", "text", "allowed"),
    [
        ("CDS_ENV", "prod", "development, production"),
        ("CDS_PUBLIC_BASE_URL", "cds.example.org", "absolute http or https"),
        ("CDS_PUBLIC_BASE_URL", "ftp://cds.example.org", "absolute http or https"),
        ("CDS_PUBLIC_BASE_URL", "https://u:p@cds.example.org", "without user"),
        ("CDS_PUBLIC_BASE_URL", "https://cds.example.org/?a=1", "query"),
        ("CDS_PUBLIC_BASE_URL", "https://[::1", "absolute http or https"),
        ("CDS_DATABASE_URL", "mysql://hunter2@h/d", "sqlite or postgresql"),
        ("CDS_DATABASE_URL", "cds.db", "sqlite or postgresql"),
        ("CDS_DEFAULT_LANGUAGE", "fr", "en, id"),
        ("CDS_TIMEZONE", "Jakarta", "Asia/Jakarta"),
        ("CDS_TIMEZONE", "../etc/passwd", "Asia/Jakarta"),
        ("CDS_TIMEZONE", "/etc/passwd", "Asia/Jakarta"),
        ("CDS_TIMEZONE", "Asia", "Asia/Jakarta"),
        ("CDS_CORS_ORIGINS", "ehr.example.org", "https://ehr.example.org"),
        ("CDS_CORS_ORIGINS", "https://ehr.example.org/app", "https://ehr.example.org"),
        ("CDS_MAX_BODY_BYTES", "999", "from 1000"),
        ("CDS_MAX_BODY_BYTES", "100000001", "to 1e+08"),
        ("CDS_MAX_BODY_BYTES", "5MB", "whole number"),
        ("CDS_RATE_LIMIT", "many", "600/minute"),
        ("CDS_RATE_LIMIT_STORAGE", "disk", "memory://"),
        ("CDS_PROXY_HOPS", "-1", "from 0"),
        ("CDS_PROXY_HOPS", "10", "to 9"),
        ("CDS_SINGLE_HOST", "maybe", "true, false"),
        ("CDS_FETCH_DEADLINE_SECONDS", "0.09", "from 0.1"),
        ("CDS_FETCH_DEADLINE_SECONDS", "31", "to 30"),
        ("CDS_FETCH_DEADLINE_SECONDS", "nan", "from 0.1"),
        ("CDS_ISSUERS", "/nowhere.toml", "TOML file"),
        ("CDS_LOG_FORMAT", "xml", "console, json"),
    ],
)
def test_a_wrong_value_names_the_variable_and_what_is_allowed(
    monkeypatch: pytest.MonkeyPatch, variable: str, text: str, allowed: str
) -> None:
    monkeypatch.setenv(variable, text)
    with pytest.raises(ConfigurationError) as caught:
        load_settings()
    said = str(caught.value)
    assert said.startswith(f"{variable}: ")
    assert allowed in said
    assert "hunter2" not in said
    assert "\n" not in said


def test_the_issuers_file_must_exist(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "issuers.toml"
    file.touch()
    monkeypatch.setenv("CDS_ISSUERS", str(file))
    assert load_settings().issuers == str(file)


@pytest.mark.parametrize(("text", "meant"), [("on", True), ("ON", True), ("off", False), ("Off", False)])
def test_on_and_off_are_true_and_false(monkeypatch: pytest.MonkeyPatch, text: str, *, meant: bool) -> None:
    monkeypatch.setenv("CDS_STORE_COMMENTS", text)
    assert load_settings().store_comments is meant


def test_a_setting_in_lower_case_is_none_and_named() -> None:
    assert unknown_variables(["cds_env", "Cds_Issuers", "CDS_ENV", "path"]) == (
        ("Cds_Issuers", "CDS_ISSUERS"),
        ("cds_env", "CDS_ENV"),
    )


def test_an_unknown_variable_is_named_with_the_nearest() -> None:
    assert unknown_variables(["CDS_ENV", "CDS_CORS_ORIGIN", "CDS_XYZZY", "PATH"]) == (
        ("CDS_CORS_ORIGIN", "CDS_CORS_ORIGINS"),
        ("CDS_XYZZY", None),
    )


def test_the_table_has_a_row_for_every_setting() -> None:
    rows = settings_table().splitlines()[2:]
    assert len(rows) == len(fields(Settings))
    assert rows[0].startswith("| `CDS_ENV` | `development` |")
    assert any(row.startswith("| `CDS_MAX_BODY_BYTES` | `5000000` |") for row in rows)
