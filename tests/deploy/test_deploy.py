"""What deploy/ promises: hardened, no more let in or out than needed, and only settings that exist."""

import copy
import json
import re
import subprocess
from collections.abc import Iterator
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
from tests.deploy.chart_template import UnsupportedError, render

DEPLOY = Path(__file__).parents[2] / "deploy"
CHART = DEPLOY / "helm"
SETTINGS = {f"CDS_{field.name.upper()}" for field in fields(Settings)}
OF_THE_HOST = {"CDS_HOSTNAME", "CDS_DATABASE_PASSWORD", "CDS_VERSION", "CDS_KEEP"}


def merged(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    """Helm's way: tables are merged, everything else is replaced."""
    found = copy.deepcopy(first)
    for name, value in second.items():
        both = isinstance(value, dict) and isinstance(found.get(name), dict)
        found[name] = merged(found[name], value) if both else value
    return found


@pytest.fixture(scope="module")
def values() -> dict[str, Any]:
    defaults = yaml.safe_load((CHART / "values.yaml").read_text())
    return merged(defaults, yaml.safe_load((CHART / "example-values.yaml").read_text()))


def rendered(values: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The chart's objects, by file name; what renders to nothing is left out."""
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
    root = {
        "Values": values,
        "Release": {"Name": "leg-cramps"},
        "Chart": {"AppVersion": chart["appVersion"], "Name": chart["name"]},
    }
    objects = {file.stem: yaml.safe_load(render(file.read_text(), root)) for file in CHART.glob("templates/*.yaml")}
    return {name: found for name, found in objects.items() if found is not None}


@pytest.fixture(scope="module")
def chart(values: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return rendered(values)


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
    assert services["migrate"]["command"] == ["cds-service", "migrate"]
    assert services["migrate"]["depends_on"]["database"]["condition"] == "service_healthy"
    for name in ("service-1", "service-2"):
        assert services[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


def test_composes_service_takes_further_settings_from_a_file_and_its_own_stand_above_them(
    compose: dict[str, Any],
) -> None:
    assert compose["services"]["service-1"]["env_file"] == [{"path": "service.env", "required": False}]
    assert "CDS_ENV" in compose["services"]["service-1"]["environment"]  # Compose lets `environment` win
    assert "deploy/service.env" in (DEPLOY.parent / ".gitignore").read_text().splitlines()


def test_the_proxy_passes_on_what_clients_need_and_nothing_from_inside() -> None:
    text = (DEPLOY / "Caddyfile").read_text()
    public = re.search(r"@public path (.*)", text)
    assert public is not None
    assert public[1].split() == ["/cds-services", "/cds-services/*", "/leaflets", "/leaflets/*", "/static/*"]
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


def pods(chart: dict[str, dict[str, Any]]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each pod and its one container."""
    for name in ("deployment", "migrate"):
        pod = chart[name]["spec"]["template"]["spec"]
        (container,) = pod["containers"]
        yield pod, container


def test_the_charts_pods_may_do_nothing_they_need_not(chart: dict[str, dict[str, Any]]) -> None:
    for pod, container in pods(chart):
        assert pod["automountServiceAccountToken"] is False
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["runAsUser"] == 10001
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert container["securityContext"]["allowPrivilegeEscalation"] is False
        assert container["securityContext"]["readOnlyRootFilesystem"] is True
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        assert not any("hostPath" in volume for volume in pod["volumes"])


def test_the_charts_user_is_the_images() -> None:
    dockerfile = (DEPLOY.parent / "Dockerfile").read_text()
    assert "USER 10001:10001" in dockerfile


def test_the_charts_probes(chart: dict[str, dict[str, Any]]) -> None:
    _, container = next(pods(chart))
    assert container["livenessProbe"]["httpGet"]["path"] == "/livez"
    assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"
    assert container["startupProbe"]["httpGet"]["path"] == "/livez"
    patience = chart["deployment"]["spec"]["template"]["spec"]["terminationGracePeriodSeconds"]
    assert patience > 60 + 5  # the longest drain, then what is under way
    assert container["lifecycle"]["preStop"]["exec"]["command"][-1] == "import time; time.sleep(5)"


def test_the_charts_secret_is_referred_to_and_never_made(chart: dict[str, dict[str, Any]]) -> None:
    assert "Secret" not in {found["kind"] for found in chart.values()}
    for _, container in pods(chart):
        database = next(one for one in container["env"] if one["name"] == "CDS_DATABASE_URL")
        assert database["valueFrom"]["secretKeyRef"] == {"name": "cds-database", "key": "url"}


def test_the_charts_redis_is_a_secret_and_a_place_let_out_to_and_may_be_absent(values: dict[str, Any]) -> None:
    def found(values: dict[str, Any]) -> tuple[dict[str, Any] | None, str]:
        chart = rendered(values)
        env = next(pods(chart))[1]["env"]
        storage = next((one for one in env if one["name"] == "CDS_RATE_LIMIT_STORAGE"), None)
        return storage, str(chart["networkpolicy"]["spec"]["egress"])

    assert found(values)[0] is None
    place = {"cidr": "10.20.0.6/32", "port": 6379}
    storage, egress = found(
        merged(values, {"redis": {"existingSecret": "cds-redis"}, "networkPolicy": {"redis": [place]}})
    )
    assert storage is not None
    assert storage["valueFrom"]["secretKeyRef"] == {"name": "cds-redis", "key": "url"}
    assert "10.20.0.6/32" in egress


def test_the_charts_further_settings(values: dict[str, Any], schema: Any) -> None:
    usual = next(pods(rendered(values)))[1]["env"]
    more = {"SSL_CERT_FILE": "/etc/ca.pem", "CDS_DISABLED_TOPICS": "AlsCramps,RedFlags", "CDS_STORE_COMMENTS": "true"}
    changed = merged(values, {"env": more})
    assert schema.is_valid(changed)
    assert next(pods(rendered(changed)))[1]["env"] == [
        *usual,
        *({"name": name, "value": more[name]} for name in sorted(more)),
    ]


def test_a_setting_the_chart_makes_itself_is_no_further_setting(values: dict[str, Any], schema: Any) -> None:
    own = {one["name"] for one in next(pods(rendered(merged(values, {"redis": {"existingSecret": "x"}}))))[1]["env"]}
    assert "CDS_ENV" in own
    for name in own:
        assert not schema.is_valid(merged(values, {"env": {name: "x"}})), name


def test_the_charts_network_policy(chart: dict[str, dict[str, Any]]) -> None:
    policy = chart["networkpolicy"]["spec"]
    assert policy["policyTypes"] == ["Ingress", "Egress"]
    assert policy["ingress"] == [
        {
            "from": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "ingress-nginx"}}}],
            "ports": [{"protocol": "TCP", "port": 8080}],
        }
    ]
    names, *others = policy["egress"]
    assert {port["port"] for port in names["ports"]} == {53}
    reached = [(rule["to"][0]["ipBlock"]["cidr"], rule["ports"][0]["port"]) for rule in others]
    assert reached == [("10.20.0.5/32", 5432), ("10.30.0.8/32", 443), ("10.30.0.9/32", 8443)]
    selected = policy["podSelector"]["matchLabels"].items()
    for name in ("deployment", "migrate"):
        assert selected <= chart[name]["spec"]["template"]["metadata"]["labels"].items()


def test_the_chart_scales_between_its_bounds_and_keeps_one_up(chart: dict[str, dict[str, Any]]) -> None:
    scaler = chart["autoscaler"]["spec"]
    assert (scaler["minReplicas"], scaler["maxReplicas"]) == (2, 6)
    assert scaler["scaleTargetRef"]["name"] == chart["deployment"]["metadata"]["name"]
    assert "replicas" not in chart["deployment"]["spec"]
    assert chart["disruption-budget"]["spec"]["minAvailable"] == 1
    labels = chart["deployment"]["spec"]["template"]["metadata"]["labels"]
    for selector in (
        chart["deployment"]["spec"]["selector"]["matchLabels"],
        chart["disruption-budget"]["spec"]["selector"]["matchLabels"],
        chart["service"]["spec"]["selector"],
    ):
        assert selector.items() <= labels.items()
        assert not selector.items() <= chart["migrate"]["spec"]["template"]["metadata"]["labels"].items()


def test_the_chart_without_autoscaler_and_ingress(values: dict[str, Any]) -> None:
    plain = merged(values, {"autoscaling": {"enabled": False}, "ingress": {"enabled": False}, "replicas": 3})
    found = rendered(plain)
    assert found["deployment"]["spec"]["replicas"] == 3
    assert {"autoscaler", "ingress"} & found.keys() == set()


def test_the_charts_migration_runs_before_the_service(chart: dict[str, dict[str, Any]]) -> None:
    job = chart["migrate"]
    assert job["metadata"]["annotations"]["helm.sh/hook"] == "pre-install,pre-upgrade"
    assert job["spec"]["template"]["spec"]["containers"][0]["command"] == ["cds-service", "migrate"]


def test_the_charts_ingress_is_tls_and_shows_nothing_from_inside(chart: dict[str, dict[str, Any]]) -> None:
    ingress = chart["ingress"]["spec"]
    assert ingress["tls"] == [{"hosts": ["cds.hospital.example"], "secretName": "cds-tls"}]
    assert [path["path"] for path in ingress["rules"][0]["http"]["paths"]] == ["/cds-services", "/leaflets", "/static"]


def test_the_charts_issuers_arrive_as_they_were_written(chart: dict[str, dict[str, Any]], tmp_path: Path) -> None:
    file = tmp_path / "issuers.toml"
    file.write_text(chart["issuers"]["data"]["issuers.toml"])
    assert set(load(str(file))) == {"https://ehr.hospital.example/api/FHIR/R4"}
    mounted = next(pods(chart))[1]["volumeMounts"][0]["mountPath"]
    named = {one["name"]: one.get("value") for one in next(pods(chart))[1]["env"]}
    assert named["CDS_ISSUERS"] == f"{mounted}/issuers.toml"
    assert named["CDS_ENV"] == "production"


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


def test_the_renderer_refuses_what_it_does_not_know() -> None:
    for template in (
        "{{ include `x` . }}",
        "{{ .Values.a | upper }}",
        "{{- if .Values.a }}",
        "{{- end }}",
        "{{ .Values.t }}",
        "{{ $name }}",
        "{{- range $name, $value := .Values.a }}{{- end }}",
    ):
        with pytest.raises(UnsupportedError):
            render(template, {"Values": {"a": "b", "t": {}}})


def test_no_secret_is_committed() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "deploy"], cwd=DEPLOY.parent, capture_output=True, text=True, check=False
    )
    assert not [
        name for name in listed.stdout.split() if name.endswith((".key", ".crt", ".pem", ".env", "/issuers.toml"))
    ]


def test_old_records_go_by_schedule(chart: dict[str, dict[str, Any]], compose: dict[str, Any]) -> None:
    """With an age the command understands, and as little allowed as the migration's job."""
    (container,) = chart["prune"]["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"]
    *command, age = container["command"]
    assert command == ["cds-service", "prune", "--older-than"]
    assert oldest_kept(age, date(2026, 3, 31)) == date(2024, 3, 31)
    (migrating,) = chart["migrate"]["spec"]["template"]["spec"]["containers"]
    assert container["securityContext"] == migrating["securityContext"]
    pruning = compose["services"]["prune"]
    assert 'cds-service prune --older-than "$$KEEP"' in pruning["command"][-1]
    assert oldest_kept(pruning["environment"]["KEEP"].partition(":-")[2].rstrip("}"), date(2026, 3, 31)).year == 2024
    assert pruning["networks"] == ["inside"]


@pytest.mark.parametrize("age", ["", "0 days", "12", "forever", "1m", "-1 d"])
def test_an_age_that_is_none_is_not_installed(values: dict[str, Any], age: str) -> None:
    wrong = merged(values, {"prune": {"olderThan": age}})
    schema = json.loads((CHART / "values.schema.json").read_text())
    assert not jsonschema_rs.is_valid(schema, wrong)
    assert jsonschema_rs.is_valid(schema, values)
