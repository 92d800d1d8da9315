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
        assert page.count(f'role="region" aria-label="{heading}"') == (heading != "Limits")
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


def drawn(page: str, heading: str) -> list[tuple[str, float, dict[str, float], list[str]]]:
    """Of each row of a drawn table: its name, the whole width, the width of each kind, and what is written beside it."""
    region = page[page.index(f'aria-label="{heading}"') :]
    rows = re.findall(
        r"<tr><td>(.*?)</td><td><svg viewBox=\"0 0 (\S+) 1\".*?>(.*?)</svg></td>(.*?)</tr>",
        region[: region.index("</table>")],
        re.DOTALL,
    )
    found = []
    for name, whole, bar, cells in rows:
        parts = re.findall(r'<rect class="(\w+)" x="(\S+)" width="(\S+)" height="1"/>', bar)
        at = 0.0
        for _, begin, width in parts:
            assert float(begin) == pytest.approx(at)  # one after another, none above another
            at += float(width)
        found.append(
            (name, float(whole), {kind: float(width) for kind, _, width in parts}, re.findall(r">([^<>]+)</td>", cells))
        )
    return found


def test_the_bars_are_as_long_as_the_numbers_beside_them(written: Written) -> None:
    page = text_of(written)
    topics = drawn(page, "The burden, by topic")
    assert len(topics) == len(written.summary["topics"])
    for _, whole, parts, (critical, warning, info, per_100) in topics:
        assert parts == {
            kind: float(number)
            for kind, number in (("critical", critical), ("warning", warning), ("info", info))
            if number != "0"
        }
        assert whole == max(sum(one[2].values()) for one in topics)
        assert float(per_100) == pytest.approx(100 * sum(parts.values()) / written.summary["calls"], abs=0.06)
    for heading in ("Cards in one call", "What was not known"):
        rows = drawn(page, heading)
        assert len(rows) > 1
        assert {whole for _, whole, _, _ in rows} == {max(parts["calls"] for _, _, parts, _ in rows)}
        for _, _, parts, (share, calls) in rows:
            assert parts == {"calls": float(calls)}
            assert float(share.rstrip("%")) == pytest.approx(100 * float(calls) / written.summary["calls"], abs=0.06)
    people = drawn(page, "By sex and age")
    groups = written.ask("SELECT count(*) FROM calls WHERE outcome = 'answered' GROUP BY age, sex")
    assert min(calls for (calls,) in groups) < 10  # which tells nothing
    assert sorted(int(calls) for *_, (_, calls) in people) == sorted(calls for (calls,) in groups if calls >= 10)
    for _, whole, parts, (share, _) in people:
        assert 100 * parts.get("calls", 0) == pytest.approx(float(share.rstrip("%")), abs=0.06)
        assert whole == max(one[2].get("calls", 0) for one in people)


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
    if at == "orders":
        months = written.ask(
            "SELECT count(*), sum(cards) FROM calls WHERE outcome = 'answered' GROUP BY date_trunc('month', date)"
        )
        assert sorted((int(calls), rate) for _, _, _, (rate, calls) in drawn(page, "By month")) == sorted(
            (calls, f"{100 * cards / calls:.1f}") for calls, cards in months
        )
    assert "What the record does not tell of an earlier moment" in page
    assert "MedicationRequest: ended-when" in page


def test_a_run_without_a_call_says_so(tmp_path: Path) -> None:
    (tmp_path / "x").write_text('{"resourceType": "Patient", "id": "1", "active": false}')
    page = text_of(replayed(tmp_path / "x", tmp_path / "out"))
    assert "No call was answered" in page
    assert "1 inactive record" in page
    assert "<svg" not in page


def test_failed_calls_are_an_alarm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("cds_service.pipeline.answer", fails)
    (tmp_path / "x").write_text('{"resourceType": "Patient", "id": "1"}')
    page = text_of(replayed(tmp_path / "x", tmp_path / "out"))
    assert 'role="alert">1 call failed with an error' in page
