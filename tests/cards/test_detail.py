"""A card's body within its words: facts and what is not known give way, the last first, and are counted."""

import pytest

from cds_service.cards.detail import Body, count
from cds_service.catalogue import wording
from cds_service.decision.phrases import Phrase, Text, say
from cds_service.decision.recommendation import Advise, Because, Indicator

FACTS = tuple(Because(say(Text("recorded.resolved"), what=f"f{n} two")) for n in range(4))  # of three words each
LINES = tuple(say(Text("recorded.resolved"), what=f"u{n} two") for n in range(3))
STANDING = 7
BASIS = 1


def said(most_words: int | None, facts: tuple[Because, ...] = FACTS) -> tuple[str, str]:
    advice = Advise(Indicator.INFO, say(Text("card.standing")), why=facts, unknown=LINES)
    body = Body([advice], "https://x.example/a/b/c", wording("en"), most_words).rendered()
    if most_words is not None:
        assert count(body) <= max(most_words, 23)
    why, unknown, _, _ = body.split("\n\n")
    return why, unknown


@pytest.mark.parametrize(
    ("most_words", "facts", "more", "lines", "more_lines"),
    [
        (None, 4, None, 3, None),
        (32, 4, None, 3, None),
        (31, 2, 2, 3, None),
        (29, 2, 2, 3, None),
        (28, 2, 2, 1, 2),
        (26, 2, 2, 1, 2),
        (25, 1, 3, 1, 2),
        (1, 1, 3, 1, 2),
    ],
)
def test_facts_give_way_first_but_two(
    most_words: int | None, facts: int, more: int | None, lines: int, more_lines: int | None
) -> None:
    why, unknown = said(most_words)
    assert why.count("resolved") == facts
    assert unknown.count("resolved") == lines
    assert (f"and {more} more" in why) is (more is not None)
    assert (f"and {more_lines} more" in unknown) is (more_lines is not None)


@pytest.mark.parametrize("most_words", range(20, 33))
def test_a_body_fits_in_as_many_words_as_it_has(most_words: int) -> None:
    why, unknown = said(most_words)
    assert said(count(why) + count(unknown) + BASIS + STANDING) == (why, unknown)


def fitting(most_words: int, facts: int, lines: int) -> tuple[int, int]:
    """How many facts and lines, of seven words each, a body of so many words beside what always stands says."""

    def seven(name: str) -> Phrase:
        return say(Text("recorded.resolved"), what=f"{name} two three four five six")

    advice = Advise(
        Indicator.INFO,
        say(Text("card.standing")),
        why=tuple(Because(seven(f"f{n}")) for n in range(facts)),
        unknown=tuple(seven(f"u{n}") for n in range(lines)),
    )
    body = Body([advice], "https://x.example/a", wording("en"), BASIS + STANDING + most_words).rendered()
    return sum(f"f{n} two" in body for n in range(facts)), sum(f"u{n} two" in body for n in range(lines))


@pytest.mark.parametrize(
    ("most_words", "said"),
    [
        (52, (4, 3)),
        (51, (3, 3)),
        (48, (3, 3)),
        (47, (2, 3)),
        (41, (2, 3)),
        (40, (2, 2)),
        (37, (2, 2)),
        (36, (2, 1)),
        (30, (2, 1)),
        (29, (1, 1)),
        (1, (1, 1)),
    ],
)
def test_they_give_way_one_at_a_time(most_words: int, said: tuple[int, int]) -> None:
    assert fitting(most_words, 4, 3) == said


@pytest.mark.parametrize(("most_words", "facts", "lines"), [(29, 4, 0), (23, 0, 3)])
def test_a_part_without_items_takes_no_words(most_words: int, facts: int, lines: int) -> None:
    assert fitting(most_words, facts, lines) == (facts, lines)
    assert fitting(most_words - 1, facts, lines) != (facts, lines)


@pytest.mark.parametrize(
    ("facts", "lines", "said"), [(2, 0, (1, 0)), (1, 0, (1, 0)), (0, 2, (0, 1)), (2, 1, (1, 1)), (0, 0, (0, 0))]
)
def test_the_first_of_each_always_stands(facts: int, lines: int, said: tuple[int, int]) -> None:
    assert fitting(1, facts, lines) == said


def test_a_line_that_holds_a_number_is_counted_as_one() -> None:
    unread = tuple(say(Text("unknown.unread_count"), n=n) for n in (5, 6, 7))
    advice = Advise(Indicator.INFO, say(Text("card.standing")), why=(), unknown=unread)
    assert "5 unnamed entries not usable; and 2 more." in Body([advice], "x", wording("en"), 1).rendered()


def test_what_was_counted_before_is_counted_again() -> None:
    why, _ = said(25, (*FACTS, Because(say(Text("recorded.more"), n=9))))
    assert why.endswith("and 12 more.")


@pytest.mark.parametrize(
    ("markdown", "words"),
    [("- **One** two", 2), ("[Basis](https://x.example/a b)", 1), ("a – b", 2), ("2–3×/week", 1), ("", 0)],
)
def test_words_are_counted_as_read(markdown: str, words: int) -> None:
    assert count(markdown) == words
