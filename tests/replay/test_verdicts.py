"""What two reviewers made of a sample: shares with their intervals, agreement, disputes; a wrong word is named."""

from pathlib import Path

import pytest

from cds_service.errors import CallError
from cds_service.replay.results.verdicts import Judged, cohens_kappa, read, results, strata, wilson

HEAD = "item,kind,stratum,topic,reviewer_1,reviewer_2\n"


@pytest.mark.parametrize(
    ("good", "judged", "low", "high"),
    [  # Newcombe 1998, Statistics in Medicine 17:857, table I
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (29, 29, 0.8830, 1.0),
    ],
)
def test_wilson_s_interval(good: int, judged: int, low: float, high: float) -> None:
    assert wilson(good, judged) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("counts", "kappa"),
    [
        ({("a", "a"): 20, ("a", "b"): 5, ("b", "a"): 10, ("b", "b"): 15}, 0.4),
        ({("a", "a"): 45, ("a", "b"): 15, ("b", "a"): 25, ("b", "b"): 15}, 0.1304),
        ({("a", "a"): 3, ("b", "b"): 4, ("c", "c"): 5}, 1.0),
        ({("a", "b"): 1, ("b", "a"): 1}, -1.0),
        ({("a", "a"): 9}, None),
        ({}, None),
    ],
)
def test_cohen_s_kappa(counts: dict[tuple[str, str], int], kappa: float | None) -> None:
    pairs = [pair for pair, number in counts.items() for _ in range(number)]
    assert cohens_kappa(pairs) == (None if kappa is None else pytest.approx(kappa, abs=5e-5))


def test_groups_are_cards_topics_and_silences(tmp_path: Path) -> None:
    file = tmp_path / "review.csv"
    file.write_text(
        HEAD
        + '1,card,"A, info",A,right,right\n2,card,"A, info",A,Right , wrong\n3,card,"B, info",B,needless,needless\n'
        + '4,card,"B, info",B,right,\n5,silent,silent,,rightly  silent,missed\n6,silent,silent,,,\n'
    )
    judged = read(file)
    assert [one.item for one in judged if one.disputed] == ["2", "5"]
    found = {one.name: one for one in results(judged)}
    assert list(found) == ["all cards", "A", "B", "silent calls"]
    cards = found["all cards"]
    assert [(one.good, one.judged) for one in cards.reviewers] == [(3, 4), (1, 3)]
    assert (cards.agreed.good, cards.agreed.judged, cards.items) == (1, 2, 4)
    assert found["B"].kappa is None
    assert [(one.good, one.judged) for one in found["silent calls"].reviewers] == [(1, 1), (0, 1)]
    assert found["silent calls"].agreed.value is None
    assert found["silent calls"].agreed.interval is None


SIZED = "item,kind,stratum,calls_in_stratum,topic,summary,reviewer_1,reviewer_2\n"


def test_a_share_over_strata_is_weighted_by_their_calls(tmp_path: Path) -> None:
    file = tmp_path / "review.csv"
    file.write_text(
        SIZED
        + '1,card,"A, info",900,A,s,right,right\n2,card,"A, info",900,A,s,wrong,right\n'
        + '3,card,"A, warning",100,A,s,right,wrong\n4,card,"B, info",50,B,s,right,\n5,silent,silent,9,,s,missed,\n'
    )
    judged = read(file)
    found = {one.name: one for one in results(judged)}
    assert [one.weighted for one in found["A"].reviewers] == [pytest.approx(0.55), pytest.approx(0.9)]
    assert found["A"].agreed.weighted == 1
    assert (found["A"].disputed.good, found["A"].disputed.judged) == (2, 3)
    assert found["A"].disputed.weighted == pytest.approx(0.55)
    assert found["all cards"].reviewers[0].weighted == pytest.approx((900 * 0.5 + 150) / 1050)
    assert found["all cards"].reviewers[1].weighted == pytest.approx(0.9)  # B was not judged
    assert {found[name].reviewers[0].weighted for name in ("B", "silent calls")} == {None}
    rows = strata(judged)
    assert [one.name for one in rows] == ["A, info", "A, warning", "B, info"]
    assert [(one.reviewers[0].good, one.reviewers[0].judged) for one in rows] == [(1, 2), (1, 1), (1, 1)]
    assert rows[0].reviewers[0].interval == wilson(1, 2)
    assert rows[0].reviewers[0].weighted is None


def test_no_share_is_weighted_where_the_calls_are_not_told(tmp_path: Path) -> None:
    file = tmp_path / "review.csv"
    file.write_text(HEAD + '1,card,"A, info",A,right,right\n2,card,"A, warning",A,right,\n')
    assert results(read(file))[0].reviewers[0].weighted is None


def test_two_copies_give_a_reviewer_each(tmp_path: Path) -> None:
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_text(SIZED + "1,card,x,3,A,s,right,wrong\n2,card,x,3,A,s,wrong,\n")
    second.write_text(SIZED.replace(",", ";") + "2;card;x;3;A;s;;needless\n1;card;x;3;A;s;wrong;right\n")
    assert [one.verdicts for one in read(first, second)] == [("right", "right"), ("wrong", "needless")]
    assert [one.verdicts for one in read(first)] == [("right", "wrong"), ("wrong", None)]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("1,card,x,3,A,s,,\n", "a.csv and .*b.csv: are no copies of one review.csv; item 2 is not the same in both"),
        ("1,card,x,3,A,s,,\n2,card,x,3,A,s,,\n3,card,x,3,A,s,,\n", "item 3 is not the same in both"),
        ("1,card,x,3,A,s,,\n2,card,x,3,A,other,,\n", "item 2 is not the same in both"),
        ("1,card,x,3,A,s,,\n2,silent,x,3,A,s,,\n", "item 2 is not the same in both"),
        ("1,card,x,3,A,s,,\n1,card,x,3,A,s,,\n", "b.csv: item 1 is there twice"),
        ("1,card,x,3,A,s,,good\n", "b.csv, line 2: reviewer_2 must be"),
    ],
)
def test_two_files_that_are_no_copies_are_named(tmp_path: Path, lines: str, said: str) -> None:
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_text(SIZED + "1,card,x,3,A,s,right,\n2,card,x,3,A,s,wrong,\n")
    second.write_text(SIZED + lines)
    with pytest.raises(CallError, match=said):
        read(first, second)


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_a_file_that_is_not_utf_8_is_to_be_saved_as_such(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "review.csv"
    file.write_bytes((HEAD + "1,card,’,A,right,\n").encode(encoding))
    with pytest.raises(CallError, match="is not UTF-8; save it as CSV UTF-8"):
        read(file)


def test_a_spreadsheet_s_semicolons_and_mark_are_read(tmp_path: Path) -> None:
    file = tmp_path / "review.csv"
    file.write_text("\ufeff" + HEAD.replace(",", ";") + '1;card;"A, info";A;right;wrong\n')
    assert read(file) == [Judged("1", "card", "A, info", "A", ("right", "wrong"))]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD + "1,card,x,A,good,\n", "line 2: reviewer_1 must be right, wrong, needless or empty"),
        (HEAD + "1,card,x,A,right,right\n2,silent,x,,,right\n", "line 3: reviewer_2 must be rightly silent, missed or"),
        (HEAD + "1,other,x,A,,\n", "line 2: kind must be card or silent"),
        (SIZED + "1,card,x,many,A,s,,\n", "line 2: calls_in_stratum must be a number"),
        (HEAD + "1\n", "line 2: kind must be card or silent"),
        (HEAD, "is no review.csv"),
        ("a,b\n1,2\n", "is no review.csv"),
        (None, "cannot be read"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str | None, said: str) -> None:
    file = tmp_path / "review.csv"
    if text is not None:
        file.write_text(text)
    with pytest.raises(CallError, match=said):
        read(file)
