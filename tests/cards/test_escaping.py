"""Words from the client cannot format, link, reorder or break a card, in any renderer we know of."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from cds_service.cards.escaping import MAX_LABEL, MAX_LENGTH, from_spreadsheet, harmless, label, plain, spreadsheet_safe

AUTOLINKING = MarkdownIt("gfm-like")  # GitHub-flavoured: bare addresses become links
RAW_HTML = MarkdownIt("commonmark", {"html": True})  # renders HTML as it comes

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "&lt;b&gt;",
    "[click](http://evil.example)",
    "![x](http://evil.example/x.png)",
    "http://evil.example",
    "https://evil.example/path?q=1",
    "www.evil.example",
    "WWW.EVIL.EXAMPLE",
    "ftp://evil.example",
    "mailto:a@evil.example",
    "a@evil.example",
    "evil.com",
    "xmpp:a@evil.example",
    "//evil.example",
    "`code` *em* **strong** _em_ ~~gone~~",
    "# heading",
    "- item",
    "+ item",
    "1. item",
    "1) item",
    "> quote",
    "| a | b |\n|---|---|\n| c | d |",
    "line one\n\n---\n\nline two",
    "a\u202eb\u2066c",
    "null\x00byte\x1b[31m",
    "[ref]: http://evil.example",
    "\\[x\\](http://evil.example)",
    "<http://evil.example>",
    "Setext\n===",
    "\u200bzero\ufeffwidth",
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("renderer", [AUTOLINKING, RAW_HTML], ids=["autolinks", "raw-html"])
@pytest.mark.parametrize("place", ["{}", "- {}", "- Drug: {} (2026)"], ids=["alone", "first-in-bullet", "mid-line"])
def test_hostile_text_is_only_text(text: str, renderer: MarkdownIt, place: str) -> None:
    html = renderer.render(place.format(harmless(text)))
    tags = set(re.findall(r"<\s*/?\s*([a-zA-Z0-9]+)", html))
    assert tags <= {"p", "ul", "li"}, html
    assert html.count("<li>") == place.count("- {") + place.count("- Drug")


@given(st.text(max_size=200))
def test_anything_at_all_is_only_text(text: str) -> None:
    shown = harmless(text)
    html = AUTOLINKING.render("- x: " + shown)
    assert set(re.findall(r"<\s*/?\s*([a-zA-Z0-9]+)", html)) <= {"ul", "li"}
    assert "\n" not in shown
    assert not any(unicodedata.category(ch) in {"Cc", "Cs", "Zl", "Zp"} for ch in shown)


@given(st.text(alphabet="abc .:/@wW<>[]()#-1", max_size=120))
def test_words_made_of_the_dangerous_signs_are_only_text(text: str) -> None:
    html = AUTOLINKING.render(harmless(text))
    assert set(re.findall(r"<\s*/?\s*([a-zA-Z0-9]+)", html)) <= {"p"}


@pytest.mark.parametrize(("length", "cut"), [(MAX_LENGTH - 1, False), (MAX_LENGTH, False), (MAX_LENGTH + 1, True)])
def test_is_cut_beyond_eighty_characters(length: int, cut: bool) -> None:
    shown = harmless("a" * length)
    assert shown.endswith("…") is cut
    assert len(shown) == min(length, MAX_LENGTH)


@pytest.mark.parametrize("sign", ["\x00", "\u202e", "\ud800", "\ue000", "\u0378", "\u2028", "\u2029"])
def test_what_cannot_be_seen_is_left_out(sign: str) -> None:
    assert harmless(f"a{sign}b") == "ab"


def test_signs_of_html_become_look_alikes_and_an_address_is_broken_without_a_trace() -> None:
    assert harmless('<b> & "c"') == "‹b› ＆ ″c″"
    assert harmless("a@b") == "a@\N{WORD JOINER}b"


def test_eighty_characters_are_shown_and_fifty_of_a_label() -> None:
    assert (len(harmless("a" * 200)), len(label("a" * 200))) == (80, 50)


def test_no_space_stands_before_a_cut() -> None:
    assert harmless(f"{'a' * (MAX_LENGTH - 2)} bcd") == f"{'a' * (MAX_LENGTH - 2)}…"


@pytest.mark.parametrize("space", [" ", "\t", "\r\n", "\n\n", "\u202e \n"])
def test_white_space_of_any_kind_is_one_space(space: str) -> None:
    assert harmless(f"a{space}b") == "a b"


def test_ordinary_words_stay_as_they_are() -> None:
    assert harmless("Quinine sulfate 324 MG Oral Capsule") == "Quinine sulfate 324 MG Oral Capsule"


def test_a_label_has_no_markdown_to_escape_but_opens_no_tag_and_links_nothing() -> None:
    assert label("quinine [Qualaquin] 324 mg_(oral)") == "quinine [Qualaquin] 324 mg_(oral)"
    assert not set('<>&"') & set(label('<b>"a"</b>&lt;'))
    assert "evil.example" not in label("see evil.example")
    assert "\u202e" not in label("a\u202eb")


@pytest.mark.parametrize("length", [MAX_LABEL, MAX_LABEL + 1])
def test_a_label_is_cut_shorter(length: int) -> None:
    shown = label("a" * length)
    assert shown.endswith("…") is (length > MAX_LABEL)
    assert len(shown) == MAX_LABEL


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Malaria berat (tropika) - artesunat habis", "Malaria berat (tropika) - artesunat habis"),
        ("*Malaria* [berat](x) `a` _b_ #c !d |e ~f \\g {h}", "Malaria berat(x) a b c d e f g h"),
        ("a\n\nb\u202ec", "a bc"),
    ],
)
def test_a_plain_text_is_the_same_read_as_markdown_or_not(text: str, shown: str) -> None:
    assert plain(text) == shown


@given(st.text())
def test_a_plain_text_formats_and_links_nothing(text: str) -> None:
    made = plain(text, 60)
    assert len(made.replace("\N{WORD JOINER}", "")) <= 60
    assert not set("<>&[]*_`#!|~{}\\") & set(made)


@pytest.mark.parametrize(
    ("text", "cell"),
    [("=1+1", "'=1+1"), ("+62", "'+62"), ("-1", "'-1"), ("@sum", "'@sum"), ("\tx", "'\tx"), ("\rx", "'\rx"),
     ("a=1", "a=1"), ("'quoted'", "'quoted'"), ("", "")],
)  # fmt: skip
def test_a_cell_is_no_formula_and_is_the_text_again(text: str, cell: str) -> None:
    assert spreadsheet_safe(text) == cell
    assert from_spreadsheet(cell) == text
