"""What deploy/ promises: hardened, no more let in or out than needed, only settings that exist, nothing overruled in silence."""

import json
import re
import subprocess
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from cds_service.settings import Settings
from cds_service.store.retention import oldest_kept
from cds_service.trust.issuers import load
from tests.deploy.charts import CHART, example, merged

DEPLOY = Path(__file__).parents[2] / "deploy"
SETTINGS = {f"CDS_{field.name.upper()}" for field in fields(Settings)}
OF_THE_HOST = {"CDS_HOSTNAME", "CDS_DATABASE_PASSWORD", "CDS_VERSION", "CDS_KEEP"}


@pytest.fixture(scope="module")
def values() -> dict[str, Any]:
    return merged(yaml.safe_load((CHART / "values.yaml").read_text()), example())


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("name", ["service-1", "service-2", "migrate", "prune"])
def test_composes_containers_may_do_nothing_they_need_not(compose: dict[str, Any], name: str) -> None:
    container = compose["services"][name]
    assert container["read_only"] is True
    assert container["cap_drop"] == ["ALL"]
    assert container["security_opt"] == ["no-new-privileges:true"]
    assert "ports" not in container
    assert "privileged" not in container


def test_compose_runs_production_twice_behind_one_proxy(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert services["service-1"] == services["service-2"]
    environment = services["service-1"]["environment"]
    assert environment["CDS_ENV"] == "production"
    assert environment["CDS_PUBLIC_BASE_URL"].startswith("https://${CDS_HOSTNAME:?")
    assert environment["CDS_DATABASE_URL"].startswith("postgresql+psycopg://")
    assert environment["CDS_PROXY_HOPS"] == "1"
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]
    assert services["proxy"]["ports"] == ["443:443"]
    assert "/readyz" in str(services["service-1"]["healthcheck"]["test"])
    assert int(services["service-1"]["stop_grace_period"].removesuffix("s")) > 30  # gunicorn's own patience


def test_composes_database_is_reached_by_the_service_alone_and_has_no_default_password(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert compose["networks"]["inside"] == {"internal": True}
    assert services["database"]["networks"] == ["inside"]
    assert "inside" not in services["proxy"]["networks"]
    text = (DEPLOY / "compose.yaml").read_text()
    assert set(re.findall(r"\$\{CDS_DATABASE_PASSWORD(.*?)\}", text)) == {":?set CDS_DATABASE_PASSWORD in .env"}


def test_composes_migration_comes_before_the_service(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert services["migrate"]["command"][-1].rstrip().endswith("exec cds-service migrate")
    assert services["migrate"]["depends_on"]["database"]["condition"] == "service_healthy"
    for name in ("service-1", "service-2"):
        assert services[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


def test_the_proxy_passes_on_what_clients_need_and_nothing_from_inside() -> None:
    text = (DEPLOY / "Caddyfile").read_text()
    public = re.search(r"@public path (.*)", text)
    assert public is not None
    pages = ("/cds-services", "/leaflets", "/recommendations")
    assert public[1].split() == [*(f"{page}{rest}" for page in pages for rest in ("", "/*")), "/static/*"]
    assert "service-1:8080 service-2:8080" in text
    assert "header_up -X-Forwarded-Prefix" in text
    assert "request_buffers 5MB" in text
    assert "tls /certs/tls.crt /certs/tls.key" in text
    assert not re.search(r"^\s*log\b", text, re.MULTILINE)


@pytest.mark.parametrize(
    "file", sorted(file for file in DEPLOY.rglob("*") if file.is_file()), ids=lambda file: file.name
)
def test_every_setting_named_exists(file: Path) -> None:
    named = set(re.findall(r"CDS_[A-Z_]+[A-Z]", file.read_text()))
    assert named <= SETTINGS | OF_THE_HOST


def test_the_example_of_issuers_is_read_without_a_mistake() -> None:
    assert len(load(str(DEPLOY / "issuers.example.toml"))) == 2


def test_the_charts_user_is_the_images() -> None:
    dockerfile = (DEPLOY.parent / "Dockerfile").read_text()
    assert "USER 10001:10001" in dockerfile
    assert "COPY --from=build --chown=10001:10001 /data /data" in dockerfile  # not every builder keeps the owner


@pytest.fixture(scope="module")
def schema() -> Any:
    return jsonschema_rs.validator_for(yaml.safe_load((CHART / "values.schema.json").read_text()))


def test_the_example_values_are_valid_and_the_bare_defaults_are_not(schema: Any, values: dict[str, Any]) -> None:
    assert list(schema.iter_errors(values)) == []
    assert not schema.is_valid(yaml.safe_load((CHART / "values.yaml").read_text()))


@pytest.mark.parametrize(
    "spoilt",
    [
        {"publicBaseUrl": "http://cds.hospital.example"},
        {"publicBaseUrl": "https://cds.hospital.example/"},
        {"image": {"tag": "latest"}},
        {"image": {"tag": ""}},
        {"database": {"existingSecret": ""}},
        {"issuers": ""},
        {"issuers": "nobody"},
        {"replicas": 1},
        {"settings": {"defaultLanguage": "fr"}},
        {"ingress": {"tlsSecret": ""}},
        {"networkPolicy": {"database": {"cidr": "0.0.0.0/0", "port": 5432}}},
        {"networkPolicy": {"ehr": [{"cidr": "0.0.0.0/0", "port": 443}]}},
        {"networkPolicy": {"redis": [{"cidr": "0.0.0.0/0", "port": 6379}]}},
        {"redis": {"url": "redis://:password@host"}},
        {"env": {"PATH": "/bin"}},
        {"env": {"CDS_STORE_COMMENTS": True}},
        {"networkPolicy": {"ingressNamespaces": []}},
        {"networkPolicy": {"ingressNamespaces": [{}]}},
        {"unknown": True},
    ],
)
def test_values_the_chart_does_not_take(schema: Any, values: dict[str, Any], spoilt: dict[str, Any]) -> None:
    assert not schema.is_valid(merged(values, spoilt))


def test_no_secret_is_committed() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "deploy"], cwd=DEPLOY.parent, capture_output=True, text=True, check=False
    )
    assert not [
        name for name in listed.stdout.split() if name.endswith((".key", ".crt", ".pem", ".env", "/issuers.toml"))
    ]


@pytest.mark.parametrize("age", ["", "0 days", "12", "forever", "1m", "-1 d"])
def test_an_age_that_is_none_is_not_installed(values: dict[str, Any], age: str) -> None:
    wrong = merged(values, {"prune": {"olderThan": age}})
    schema = json.loads((CHART / "values.schema.json").read_text())
    assert not jsonschema_rs.is_valid(schema, wrong)
    assert jsonschema_rs.is_valid(schema, values)


def test_composes_old_records_go_every_day(compose: dict[str, Any]) -> None:
    pruning = compose["services"]["prune"]
    assert 'cds-service prune --older-than "$$KEEP"' in pruning["command"][-1]
    assert oldest_kept(pruning["environment"]["KEEP"].partition(":-")[2].rstrip("}"), date(2026, 3, 31)).year == 2024
    assert pruning["networks"] == ["inside"]


def test_composes_service_takes_its_files_from_one_folder(compose: dict[str, Any]) -> None:
    service = compose["services"]["service-1"]
    assert service["volumes"] == ["./config:/etc/cds-service:ro"]
    assert service["environment"]["CDS_ISSUERS"] == "/etc/cds-service/issuers.toml"
    assert service["environment"]["CDS_SITE"] == "${CDS_SITE:-}"
    ignored = (DEPLOY.parent / ".gitignore").read_text().splitlines()
    assert {"deploy/service.env", "deploy/config/", "deploy/.env"} <= set(ignored)


def first_of_all(compose: dict[str, Any], tmp_path: Path, **of_service_env: str) -> "subprocess.CompletedProcess[str]":
    """Run what Compose runs before the service, with the variables it would have; the migration itself is a stand-in."""
    migrate = compose["services"]["migrate"]
    assert migrate["env_file"] == compose["services"]["service-1"]["env_file"]
    (tmp_path / "cds-service").write_text('#!/bin/sh\necho "migrating $CDS_DATABASE_URL"\n')
    (tmp_path / "cds-service").chmod(0o755)
    program, flag, script = migrate["command"]
    return subprocess.run(
        [program, flag, script.replace("$$", "$")],  # Compose's way to write a dollar
        env={"PATH": f"{tmp_path}:/usr/bin:/bin", "DATABASE": "postgresql://ours", **of_service_env},
        capture_output=True,
        text=True,
        check=False,
    )


def test_service_env_is_never_overruled_in_silence(compose: dict[str, Any], tmp_path: Path) -> None:
    """Compose lets `environment` win over `env_file` without a word: so what both set stops the start."""
    ran = first_of_all(compose, tmp_path, CDS_STORE_COMMENTS="true", SSL_CERT_FILE="/etc/ca.pem")
    assert (ran.returncode, ran.stdout) == (0, "migrating postgresql://ours\n")
    own = compose["services"]["service-1"]["environment"]
    assert "CDS_TIMEZONE" in own
    for name in own:
        ran = first_of_all(compose, tmp_path, **{name: "x"})
        assert (ran.returncode, ran.stdout) == (2, "")
        assert ran.stderr.startswith(f"service.env: {name} is set by compose.yaml; take it out")
