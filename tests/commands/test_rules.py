"""``cds-service rules``: the short list, and the rules' pages in three forms."""

import json

from cds_service.catalogue import RULES
from cds_service.web.recommendations.document import names
from tests.commands.cli_runs import Run


def test_rules_in_full_are_text_a_document_that_stands_alone_or_json(run: Run) -> None:
    text = run("rules", "--full", "--language", "en").out
    assert all(f"\n  {rule.name} {rule.version}" in text for rule in RULES.values())
    html = run("rules", "--full", "--format", "html", "--language", "id").out
    assert html.count("<article>") == len(names())
    assert "<style>" in html
    assert "<link" not in html
    pages = json.loads(run("rules", "--full", "--format", "json").out)
    assert [one["name"] for one in pages] == list(names())
    displays = [
        code["display"] for one in pages for c in one["concepts"] for codes in c["lists"] for code in codes["codes"]
    ]
    assert all(isinstance(one, str | None) for one in displays)
    assert next(one for one in displays if one) in html


def test_a_format_is_of_the_full_rules_alone(run: Run) -> None:
    ran = run("rules", "--format", "json")
    assert (ran.status, ran.out) == (2, "")
    assert "--full" in ran.err


def test_the_short_list_says_what_is_switched_off(run: Run) -> None:
    rule = next(iter(RULES.values()))
    assert "SWITCHED OFF" not in run("rules").out
    assert "patient-view (SWITCHED OFF)" in run("rules", CDS_DISABLED_TOPICS=rule.topic).out
