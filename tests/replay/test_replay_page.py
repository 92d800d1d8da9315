"""The report of a replay: the numbers a hospital decides on, where they come from, and nothing from elsewhere."""

import re
from pathlib import Path

import pytest

from cds_service.replay.calls import At
from cds_service.replay.results.outputs import Written
from tests.replay import population
from tests.replay.conftest import Export, replayed


def text_of(written: Written) -> str:
    return (written.folder / "report.html").read_text()


def test_the_burden_is_told(written: Written) -> None:
    page, summary = text_of(written), written.summary
    for number in (f"{summary['patients']:,}", f"{summary['calls']:,}", f"{summary['cards_per_100_calls']}"):
        assert f"<strong>{number}</strong>" in page
    for heading in ("The burden, by topic", "Cards in one call", "By sex and age", "What was not known", "Limits"):
        assert f"<h2>{heading}</h2>" in page
        assert page.count(f'<figure tabindex="0" aria-label="{heading}">') == (heading != "Limits")
    ((interrupting,),) = written.ask("SELECT count(*) FROM cards WHERE indicator IN ('critical', 'warning')")
    assert interrupting > 0
    assert (
        f"<strong>{round(100 * interrupting / summary['calls'], 1)}</strong><span>of them critical or warning" in page
    )
    assert "The export holds no MedicationStatement: not received, for every patient." in page
    assert f"{summary['run']['as_of']} ({summary['run']['timezone']})" in " ".join(page.split())
    assert "medicines not received" in page
    assert population.SHARED_TEXT in page
    assert "unit not known" in page
    assert f"{summary['not_called']['died']} had died before" in page
    for rule, version, number in written.ask("SELECT rule, version, count(*) FROM cards GROUP BY ALL"):
        assert re.search(rf"<td>{rule}</td><td>{version}</td><td class=\"n\">{number}</td>", page)


def test_nothing_is_loaded_from_elsewhere(written: Written) -> None:
    page = text_of(written)
    assert "default-src &#39;none&#39;" in page
    assert not re.search(r"(src|href)=[\"'](?!#)", page)
    assert "<script" not in page
    assert "By month</h2>" not in page  # one day has no months


@pytest.mark.parametrize("at", ["encounters", "orders"])
def test_months_are_told_where_there_are_some(export: Export, tmp_path: Path, at: str) -> None:
    written = replayed(export.folder, tmp_path / "out", at=At(at))
    page = text_of(written)
    assert f"a call at each of the {at}" in page
    assert ("By month</h2>" in page) is (at == "orders")
    assert "What the record does not tell of an earlier moment" in page
    assert "MedicationRequest: ended-when" in page


def test_a_run_without_a_call_says_so(tmp_path: Path) -> None:
    (tmp_path / "x").write_text('{"resourceType": "Patient", "id": "1", "active": false}')
    page = text_of(replayed(tmp_path / "x", tmp_path / "out"))
    assert "No call was answered" in page
    assert "1 inactive record" in page
    assert "<figure" not in page


def test_failed_calls_are_an_alarm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("cds_service.pipeline.answer", fails)
    (tmp_path / "x").write_text('{"resourceType": "Patient", "id": "1"}')
    page = text_of(replayed(tmp_path / "x", tmp_path / "out"))
    assert 'role="alert">1 call failed with an error' in page
