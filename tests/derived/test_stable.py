"""What EHRs and platforms build on is not taken away without a word to those who upgrade."""

import stable

WRITTEN = {"metrics": ["cds_a_total{x}", "cds_b_total{y}"], "commands": ["call", "call --url"]}


def test_all_that_was_promised_is_there() -> None:
    gone = stable.gone(stable.written(), stable.current())
    assert gone == [], 'name each in backticks in a section "Upgrading" of CHANGELOG.md, then: make goldens'


def test_every_kind_is_watched() -> None:
    now = stable.current()
    assert all(now.values())
    assert "leg-cramps-patient-view" in now["services"]
    assert "cds_requests_total{endpoint,service,status}" in now["metrics"]
    assert {"<endpoint>.topics", "fhir_fetch.query"} <= set(now["log fields"])
    assert {"call FILE", "report --since", "migrate"} <= set(now["commands"])
    assert now["exit statuses"] == [
        "database out of reach: 1",
        "done: 0",
        "unknown option: 2",
        "unreadable file: 2",
        "wrong setting: 2",
    ]


def test_what_is_new_is_taken_and_what_is_gone_is_not_forgotten() -> None:
    now = {"metrics": ["cds_b_total{y,z}", "cds_a_total{x}"], "commands": ["call"], "rules": ["new"]}
    assert stable.gone(WRITTEN, now) == ["cds_b_total{y}", "call --url"]
    assert stable.renewed(WRITTEN, now, frozenset()) == {
        "metrics": ["cds_a_total{x}", "cds_b_total{y,z}", "cds_b_total{y}"],
        "commands": ["call", "call --url"],
        "rules": ["new"],
    }


def test_what_the_changelog_tells_those_who_upgrade_may_go() -> None:
    changelog = (
        "### Service\n- `call --url`\n### Upgrading\n- `cds_b_total{y}` is now `cds_b_total{y,z}`.\n\n## 0.1\n- `call`"
    )
    assert stable.named(changelog) == {"cds_b_total{y}", "cds_b_total{y,z}"}
    now = {"metrics": ["cds_a_total{x}", "cds_b_total{y,z}"], "commands": ["call"]}
    assert stable.renewed(WRITTEN, now, stable.named(changelog)) == {
        "metrics": ["cds_a_total{x}", "cds_b_total{y,z}"],
        "commands": ["call", "call --url"],
    }
