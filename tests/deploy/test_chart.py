"""What Helm makes of the chart: hardened, no more let in or out than needed, and what it refuses."""

import json
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from cds_service import __version__
from cds_service.store.retention import oldest_kept
from cds_service.trust.issuers import load
from tests.deploy.charts import CHART, ROOT, Objects, example, helm, merged, refused, rendered

pytestmark = pytest.mark.helm


@pytest.fixture
def values() -> dict[str, Any]:
    return example()


@pytest.fixture(scope="module")
def chart() -> Objects:
    return rendered(example())


def env(found: Objects) -> dict[str, Any]:
    """The service's variables, by name."""
    (container,) = found["deployment"]["spec"]["template"]["spec"]["containers"]
    return {one["name"]: one.get("value", one.get("valueFrom")) for one in container["env"]}


def pods(chart: Objects) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each pod and its one container."""
    for name in ("deployment", "migrate"):
        pod = chart[name]["spec"]["template"]["spec"]
        (container,) = pod["containers"]
        yield pod, container


def test_the_charts_pods_may_do_nothing_they_need_not(chart: Objects) -> None:
    for pod, container in pods(chart):
        assert pod["automountServiceAccountToken"] is False
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["runAsUser"] == 10001
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert container["securityContext"]["allowPrivilegeEscalation"] is False
        assert container["securityContext"]["readOnlyRootFilesystem"] is True
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        assert not any("hostPath" in volume for volume in pod["volumes"])


def test_the_charts_probes(chart: Objects) -> None:
    _, container = next(pods(chart))
    assert container["livenessProbe"]["httpGet"]["path"] == "/livez"
    assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"
    assert container["startupProbe"]["httpGet"]["path"] == "/livez"
    patience = chart["deployment"]["spec"]["template"]["spec"]["terminationGracePeriodSeconds"]
    assert patience > 60 + 5  # the longest drain, then what is under way
    assert container["lifecycle"]["preStop"]["exec"]["command"][-1] == "import time; time.sleep(5)"


def test_the_charts_secret_is_referred_to_and_never_made(chart: Objects) -> None:
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


def test_the_charts_further_settings(values: dict[str, Any]) -> None:
    usual = next(pods(rendered(values)))[1]["env"]
    more = {"SSL_CERT_FILE": "/etc/ca.pem", "CDS_DISABLED_TOPICS": "AlsCramps,RedFlags", "CDS_STORE_COMMENTS": "true"}
    changed = merged(values, {"env": more})
    assert next(pods(rendered(changed)))[1]["env"] == [
        *usual,
        *({"name": name, "value": more[name]} for name in sorted(more)),
    ]


def test_a_setting_the_chart_makes_itself_is_no_further_setting(values: dict[str, Any]) -> None:
    own = {one["name"] for one in next(pods(rendered(merged(values, {"redis": {"existingSecret": "x"}}))))[1]["env"]}
    assert "CDS_ENV" in own
    for name in own:
        assert "env" in refused(merged(values, {"env": {name: "x"}})), name


def test_the_charts_network_policy(chart: Objects) -> None:
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


def test_the_chart_scales_between_its_bounds_and_keeps_one_up(chart: Objects) -> None:
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


def test_the_charts_migration_runs_before_the_service(chart: Objects) -> None:
    job = chart["migrate"]
    assert job["metadata"]["annotations"]["helm.sh/hook"] == "pre-install,pre-upgrade"
    assert job["spec"]["template"]["spec"]["containers"][0]["command"] == ["cds-service", "migrate"]


def test_the_charts_ingress_is_tls_and_shows_nothing_from_inside(chart: Objects) -> None:
    ingress = chart["ingress"]["spec"]
    assert ingress["tls"] == [{"hosts": ["cds.hospital.example"], "secretName": "cds-tls"}]
    public = ["/cds-services", "/leaflets", "/recommendations", "/static"]
    assert [path["path"] for path in ingress["rules"][0]["http"]["paths"]] == public


def test_the_charts_issuers_arrive_as_they_were_written(chart: Objects, tmp_path: Path) -> None:
    file = tmp_path / "issuers.toml"
    file.write_text(chart["files"]["data"]["issuers.toml"])
    assert set(load(str(file))) == {"https://ehr.hospital.example/api/FHIR/R4"}
    mounted = next(pods(chart))[1]["volumeMounts"][0]["mountPath"]
    named = {one["name"]: one.get("value") for one in next(pods(chart))[1]["env"]}
    assert named["CDS_ISSUERS"] == f"{mounted}/issuers.toml"
    assert named["CDS_ENV"] == "production"


def test_old_records_go_by_schedule(chart: Objects) -> None:
    """With an age the command understands, and as little allowed as the migration's job."""
    (container,) = chart["prune"]["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"]
    *command, age = container["command"]
    assert command == ["cds-service", "prune", "--older-than"]
    assert oldest_kept(age, date(2026, 3, 31)) == date(2024, 3, 31)
    (migrating,) = chart["migrate"]["spec"]["template"]["spec"]["containers"]
    assert container["securityContext"] == migrating["securityContext"]


def test_key_sets_and_the_site_file_lie_beside_the_issuers(values: dict[str, Any]) -> None:
    """In one folder, where issuers.toml and site.toml look for what they name."""
    assert "CDS_SITE" not in env(rendered(values))
    files = {"keySets": {"rs-keys.json": '{"keys": []}'}, "site": "# ours\n", "siteFiles": {"kfa.json": "{ }"}}
    found = rendered({**values, **files})
    assert {"rs-keys.json": '{"keys": []}', "site.toml": "# ours\n", "kfa.json": "{ }"}.items() <= found["files"][
        "data"
    ].items()
    assert env(found)["CDS_SITE"] == "/etc/cds-service/site.toml"
    assert env(found)["CDS_ISSUERS"] == "/etc/cds-service/issuers.toml"
    (volume,) = [one for one in found["deployment"]["spec"]["template"]["spec"]["volumes"] if one["name"] == "files"]
    assert volume["configMap"]["name"] == found["files"]["metadata"]["name"]


@pytest.mark.parametrize(
    "changed", [{"issuers": "[[issuer]]\n# other"}, {"keySets": {"a.json": "{ }"}}, {"site": "# x"}]
)
def test_pods_start_anew_when_a_file_changes(values: dict[str, Any], chart: Objects, changed: dict[str, Any]) -> None:
    def sum_of(found: Objects) -> Any:
        return found["deployment"]["spec"]["template"]["metadata"]["annotations"]["checksum/files"]

    assert sum_of(rendered(values)) == sum_of(chart)
    assert sum_of(rendered({**values, **changed})) != sum_of(chart)


def test_a_registry_that_asks_who_you_are(values: dict[str, Any], chart: Objects) -> None:
    found = rendered({**values, "imagePullSecrets": ["regcred"]})
    for objects, there in ((chart, None), (found, [{"name": "regcred"}])):
        for pod in (
            objects["deployment"]["spec"]["template"]["spec"],
            objects["migrate"]["spec"]["template"]["spec"],
            objects["prune"]["spec"]["jobTemplate"]["spec"]["template"]["spec"],
        ):
            assert pod.get("imagePullSecrets") == there


def test_the_ingress_takes_annotations_and_a_body_size(values: dict[str, Any], chart: Objects) -> None:
    annotations = chart["ingress"]["metadata"]["annotations"]
    assert annotations["nginx.ingress.kubernetes.io/proxy-body-size"] == "5m"
    more = {
        "bodySize": "8m",
        "annotations": {"cert-manager.io/cluster-issuer": "x", "nginx.ingress.kubernetes.io/ssl-redirect": "false"},
    }
    found = rendered(merged(values, {"ingress": more}))["ingress"]["metadata"]["annotations"]
    assert found == {**annotations, **more["annotations"], "nginx.ingress.kubernetes.io/proxy-body-size": "8m"}


def test_names_and_database_are_reached_by_labels_or_by_address(values: dict[str, Any]) -> None:
    inside = {
        "namespace": {"kubernetes.io/metadata.name": "databases"},
        "pods": {"cnpg.io/cluster": "cds"},
        "port": 5432,
    }
    values["networkPolicy"]["database"] = inside
    values["networkPolicy"]["dns"] = {"cidr": "169.254.20.10/32"}
    names, database, *_ = rendered(values)["networkpolicy"]["spec"]["egress"]
    assert names["to"] == [{"ipBlock": {"cidr": "169.254.20.10/32"}}]
    assert database["to"] == [
        {"namespaceSelector": {"matchLabels": inside["namespace"]}, "podSelector": {"matchLabels": inside["pods"]}}
    ]
    assert database["ports"] == [{"protocol": "TCP", "port": 5432}]


def test_monitoring_is_there_when_asked_for(values: dict[str, Any], chart: Objects) -> None:
    kinds = {"ServiceMonitor", "PrometheusRule"}
    assert not kinds & chart.keys()
    on = {"enabled": True, "labels": {"release": "prometheus"}}
    found = rendered({**values, "monitoring": {"serviceMonitor": on, "alerts": on, "dashboard": {"enabled": True}}})
    for kind in kinds:
        assert found[kind]["metadata"]["labels"]["release"] == "prometheus"
    assert found["PrometheusRule"]["spec"] == yaml.safe_load((CHART / "files" / "alerts.yaml").read_text())
    dashboard = found["ConfigMap"]
    assert json.loads(dashboard["data"]["cds-service.json"])["title"] == "CDS Hooks service"
    assert dashboard["metadata"]["labels"]["grafana_dashboard"] == "1"
    monitor = found["ServiceMonitor"]["spec"]
    assert monitor["selector"]["matchLabels"].items() <= found["service"]["metadata"]["labels"].items()
    assert monitor["endpoints"][0]["port"] == found["service"]["spec"]["ports"][0]["name"]
    assert monitor["targetLabels"] == ["app.kubernetes.io/name"]  # what the alert that no copy answers looks for
    scraped = found["deployment"]["spec"]["template"]["metadata"]["annotations"]
    assert "prometheus.io/scrape" not in scraped  # or each copy would be counted twice
    assert "prometheus.io/scrape" in chart["deployment"]["spec"]["template"]["metadata"]["annotations"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"replicas": 7}, "replicas (7) is above autoscaling.maxReplicas (6)"),
        ({"ingress": {"host": "other.example"}}, "ingress.host (other.example) is not the host of publicBaseUrl"),
        ({"publicBaseUrl": "https://cds.hospital.example/base"}, "publicBaseUrl has the path /base"),
        ({"siteFiles": {"kfa.json": "{ }"}}, "there is none: set site"),
        ({"keySets": {"../x": "{ }"}}, "keySets"),
        ({"replicas": 1}, "replicas"),
        ({"unknown": True}, "unknown"),
    ],
)
def test_what_does_not_fit_together_is_not_installed(
    values: dict[str, Any], changed: dict[str, Any], said: str
) -> None:
    assert said in refused(merged(values, changed))


def test_what_fits_is_taken(values: dict[str, Any]) -> None:
    for changed in (
        {"replicas": 6},
        {"replicas": 9, "autoscaling": {"enabled": False}},
        {"publicBaseUrl": "https://cds.hospital.example:8443"},
        {"publicBaseUrl": "https://cds.hospital.example/base", "ingress": {"enabled": False}},
    ):
        assert refused(merged(values, changed)) == ""


def test_helm_finds_nothing_to_complain_of() -> None:
    ran = subprocess.run(
        [helm(), "lint", "--strict", str(CHART), "--values", str(CHART / "example-values.yaml")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout


def test_one_version_everywhere() -> None:
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
    assert chart["version"] == chart["appVersion"] == __version__
    assert f"ARG VERSION={__version__}\n" in (ROOT / "Dockerfile").read_text()
    assert example()["image"]["tag"] == __version__
