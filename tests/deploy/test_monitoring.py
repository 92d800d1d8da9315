"""The alerts fire on what they are for and on nothing else; alerts and dashboard name metrics that exist."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from cds_service.web.metrics.metrics import Metrics

ROOT = Path(__file__).parents[2]
ALERTS = ROOT / "deploy" / "helm" / "files" / "alerts.yaml"
DASHBOARD = json.loads((ROOT / "deploy" / "helm" / "files" / "dashboard.json").read_text())
RULES = [rule for group in yaml.safe_load(ALERTS.read_text())["groups"] for rule in group["rules"]]
DAY = 24 * 60  # minutes
WEEK = 7 * DAY
LONG = 120
CALLS = 'cds_requests_total{endpoint="hooks.call",service="view",status="%s"}'
FETCHES = 'cds_fhir_fetches_total{query="conditions",receipt="%s"}'
NOTES = 'cds_noted_calls_total{note="%s"}'
UNKNOWN = 'cds_unknown_data_total{query="conditions",receipt="absent"}'
CARDS = 'cds_cards_total{topic="Topic",indicator="warning"}'
LOST = 'cds_store_failures_total{cause="away"}'

GOOD: Mapping[str, str] = {
    'up{app_kubernetes_io_name="cds-service",pod="1"}': "1x{n}",
    CALLS % "200": "0+600x{n}",
    CALLS % "412": "0+6x{n}",
    CALLS % "400": "0+6x{n}",
    'cds_requests_total{endpoint="hooks.discovery",service="",status="200"}': "0+6x{n}",
    'cds_stage_seconds_bucket{stage="call",le="0.02"}': "0+599x{n}",
    'cds_stage_seconds_bucket{stage="call",le="0.5"}': "0+600x{n}",
    'cds_stage_seconds_bucket{stage="call",le="1.0"}': "0+600x{n}",
    'cds_stage_seconds_bucket{stage="call",le="+Inf"}': "0+600x{n}",
    FETCHES % "received": "0+100x{n}",
    FETCHES % "failed": "0+2x{n}",
    NOTES % "unbound-token": "0+60x{n}",
    NOTES % "no-card-conditions-incomplete": "0x{n}",
    UNKNOWN: "0+1x{n}",
    'cds_unjudged_drafts_total{reason="free-text"}': "0+1x{n}",
    'cds_refused_callers_total{reason="expired"}': "0+1x{n}",
    'cds_issuers_file_total{outcome="taken"}': "0x{n}",
    LOST: "0x{n}",
    CARDS: "0+1x{n}",
}
"""A day like any other, a value a minute."""


@dataclass(frozen=True)
class Bad:
    """What is other than on a good day, and when to look. None: the series is not there."""

    series: Mapping[str, str | None]
    at: int = 60  # minutes
    silent: bool = False


BAD: Mapping[str, Bad] = {
    "CdsServiceDown": Bad({'up{app_kubernetes_io_name="cds-service",pod="1"}': "0x{n}"}),
    "CdsServiceErrors": Bad({CALLS % "503": "0+12x{n}"}),
    "CdsServiceSlow": Bad(
        {
            'cds_stage_seconds_bucket{stage="call",le="0.02"}': "0+580x{n}",
            'cds_stage_seconds_bucket{stage="call",le="0.5"}': "0+590x{n}",
        }
    ),
    "CdsConditionsMissing": Bad({CALLS % "412": "0+60x{n}"}),
    "CdsRequestsRejected": Bad({CALLS % "400": "0+60x{n}"}),
    "CdsCallersRefused": Bad({'cds_refused_callers_total{reason="unknown-key"}': "0+1x{n}"}),
    "CdsIssuersFileRefused": Bad({'cds_issuers_file_total{outcome="refused"}': "_x50 1x{n}"}),
    "CdsCallsNotRecorded": Bad({LOST: "0x50 3x{n}"}),
    "CdsFetchesFail": Bad({FETCHES % "failed": "0+50x{n}"}),
    "CdsDataUnknown": Bad({UNKNOWN: f"0+10x{DAY // 10} {DAY}+30x{{n}}"}, at=DAY + 120),
    "CdsDraftsUnjudged": Bad({'cds_unjudged_drafts_total{reason="code-unknown"}': "0+1x{n}"}, at=90),
    "CdsSilenceMayHide": Bad({NOTES % "no-card-conditions-incomplete": "0+1x{n}"}, at=90),
    "CdsCallsTooCostly": Bad({'cds_overtime_total{service="view"}': "_x50 1x{n}"}),
    "CdsRateLimited": Bad({'cds_rate_limited_total{per="address"}': "0+5x{n}"}),
    "CdsCardsChanged": Bad({CARDS: f"0+10x{WEEK // 10} {WEEK}x{{n}}"}, at=WEEK + 8 * 60),
}

OTHER_WAYS: Mapping[str, tuple[str, Bad]] = {
    "a first loss of a new pod": ("CdsCallsNotRecorded", Bad({LOST: "_x50 1x{n}"})),
    "data that were never unknown before": (
        "CdsDataUnknown",
        Bad({UNKNOWN: f"_x{DAY // 10} 0+20x{{n}}"}, at=DAY + 120),
    ),
    "no cards at all since the upgrade": ("CdsCardsChanged", Bad({CARDS: f"0+10x{WEEK // 10}"}, at=WEEK + 8 * 60)),
    "twice the cards": ("CdsCardsChanged", Bad({CARDS: f"0+10x{WEEK // 10} {WEEK}+30x{{n}}"}, at=WEEK + 8 * 60)),
    "another patient's prefetch": ("CdsSilenceMayHide", Bad({NOTES % "other-patient-refused": "0+1x{n}"}, at=90)),
    "no copy is found": (
        "CdsServiceDown",
        Bad({'up{app_kubernetes_io_name="cds-service",pod="1"}': None}),
    ),
}


@pytest.fixture(scope="module")
def promtool() -> str:
    found = shutil.which("promtool")
    if found is None:
        pytest.skip("no promtool here: it comes with Prometheus (Debian's package prometheus)")
    return found


def complaint(promtool: str, folder: Path, bad: Bad, alert: str | None) -> str:
    """What promtool says when of all alerts exactly this one is expected to fire then; nothing when it does.

    Long stories are told in steps of ten minutes, too few for the alerts that look back five: only the one is looked at.
    """
    long = bad.at > LONG
    step = 10 if long else 1
    series = {**GOOD, **bad.series}
    asked = f'alertstate="firing",alertname="{alert}"' if long else 'alertstate="firing"'
    expected = [{"labels": f'{{alertname="{alert}"}}', "value": 1}] if alert and not bad.silent else []
    document = {
        "rule_files": [str(ALERTS)],
        "evaluation_interval": f"{step}m",
        "tests": [
            {
                "interval": f"{step}m",
                "input_series": [
                    {"series": name, "values": values.format(n=bad.at // step)}
                    for name, values in series.items()
                    if values
                ],
                "promql_expr_test": [
                    {
                        "expr": f"group by (alertname) (ALERTS{{{asked}}})",
                        "eval_time": f"{bad.at}m",
                        "exp_samples": expected,
                    }
                ],
            }
        ],
    }
    file = folder / "test.yaml"
    file.write_text(yaml.safe_dump(document))
    ran = subprocess.run([promtool, "test", "rules", str(file)], capture_output=True, text=True, check=False)
    return "" if ran.returncode == 0 else ran.stdout + ran.stderr


@pytest.mark.promtool
def test_promtool_finds_nothing_wrong_with_the_alerts(promtool: str) -> None:
    ran = subprocess.run([promtool, "check", "rules", str(ALERTS)], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert f"{len(RULES)} rules found" in ran.stdout


def test_every_alert_has_its_bad_day() -> None:
    assert [rule["alert"] for rule in RULES] == list(BAD)


@pytest.mark.promtool
@pytest.mark.parametrize("at", [10, 60, LONG])
def test_on_a_good_day_no_alert_fires(promtool: str, tmp_path: Path, at: int) -> None:
    assert complaint(promtool, tmp_path, Bad({}, at=at), None) == ""


@pytest.mark.promtool
@pytest.mark.parametrize("alert", [name for name, bad in BAD.items() if bad.at > LONG])
def test_weeks_of_good_days_are_silent_too(promtool: str, tmp_path: Path, alert: str) -> None:
    assert complaint(promtool, tmp_path, Bad({}, at=BAD[alert].at, silent=True), alert) == ""


@pytest.mark.promtool
@pytest.mark.parametrize("alert", BAD)
def test_each_alert_fires_on_its_bad_day_and_no_other_does(promtool: str, tmp_path: Path, alert: str) -> None:
    assert complaint(promtool, tmp_path, BAD[alert], alert) == ""


@pytest.mark.promtool
@pytest.mark.parametrize("way", OTHER_WAYS)
def test_the_other_ways_there_are_to_it(promtool: str, tmp_path: Path, way: str) -> None:
    alert, bad = OTHER_WAYS[way]
    assert complaint(promtool, tmp_path, bad, alert) == ""


def test_every_alert_says_what_is_and_what_to_do() -> None:
    for rule in RULES:
        assert rule["labels"]["severity"] in ("warning", "critical")
        assert {"summary", "action"} == set(rule["annotations"])


def expressions() -> Iterator[str]:
    yield from (rule["expr"] for rule in RULES)
    yield from (target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"])


def test_alerts_and_dashboard_name_metrics_and_labels_that_exist() -> None:
    labels: dict[str, set[str]] = {}
    for collector in Metrics()._registry._collector_to_names:  # noqa: SLF001 - without samples it shows no labels
        (family,) = collector.collect()
        names = {"counter": ["_total"], "histogram": ["_bucket", "_count", "_sum"]}.get(family.type, [""])
        more = {"le"} if family.type == "histogram" else set()
        labels |= {family.name + name: {*collector._labelnames, *more} for name in names}  # type: ignore[attr-defined]  # noqa: SLF001
    seen = set()
    for expression in expressions():
        for name, matched in re.findall(r"\b(cds_\w+)(?:\{([^}]*)\})?", expression):
            seen.add(name)
            assert name in labels, expression
            assert set(re.findall(r"(\w+)\s*[=!]~?", matched)) <= labels[name], expression
        for grouped in re.findall(r"by \(([^)]*)\)", expression):
            named = {one.strip() for one in grouped.split(",")}
            assert named <= set().union(*labels.values()), expression
    assert {name.removesuffix("_bucket") for name in labels} - {name.removesuffix("_bucket") for name in seen} <= {
        "cds_stage_seconds_count",
        "cds_stage_seconds_sum",
    }


@pytest.mark.promtool
def test_every_query_of_the_dashboard_is_promql(promtool: str, tmp_path: Path) -> None:
    queries = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]
    rules = [
        {"record": f"panel:{number}", "expr": query.replace("$__rate_interval", "5m")}
        for number, query in enumerate(queries)
    ]
    file = tmp_path / "queries.yaml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": rules}]}))
    ran = subprocess.run([promtool, "check", "rules", str(file)], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_dashboards_lines_are_the_alerts() -> None:
    """A panel that says which alert is above its line has that alert's threshold."""
    thresholds = {
        rule["alert"]: float(re.findall(r"> ([0-9.]+)\s*$", rule["expr"])[-1])
        for rule in RULES
        if re.search(r"> [0-9.]+\s*$", rule["expr"])
    }
    said = 0
    for panel in DASHBOARD["panels"]:
        for alert in re.findall(r"\bCds\w+", panel["description"]):
            steps: list[Any] = panel["fieldConfig"]["defaults"]["thresholds"]["steps"]
            assert steps[-1]["value"] == thresholds[alert], alert
            said += 1
    assert said >= 5
