"""Words from the client, made harmless before they enter Markdown that an EHR may render carelessly.

Some EHRs render raw HTML, and GitHub-flavoured Markdown links bare addresses even when they are
backslash-escaped, so both are broken here. Our own texts never pass through this.
"""

import re
import unicodedata

MAX_LENGTH = 80
MAX_LABEL = 50
_WORD_JOINER = "\N{WORD JOINER}"
_MARKUP = re.compile(r"([\\`*_{}\[\]()#!|~])")
_FORMATTING = re.compile(r"[\\`*_{}\[\]#!|~]")  # brackets alone link nothing
_BLOCK_START = re.compile(
    r"^(?=[-+](?:\s|$)|-[ -]*-|=+\s*$|\d{1,9}[.)](?:\s|$))"
)  # would open a list, a rule, a heading
_ENTITIES = str.maketrans({"<": "‹", ">": "›", "&": "＆", '"': "″"})
_LINKISH = re.compile(r"(?i)(?<=w)(?=ww?\.)|(?<=[:@])(?=\S)|(?<=/)(?=/)|(?<=\S\.)(?=[^\W\d])")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would calculate
_KEPT_AS_TEXT = tuple(f"'{sign}" for sign in _FORMULA)
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def harmless(text: str, most: int = MAX_LENGTH) -> str:
    """``text`` as ``one_line`` and, in Markdown, unable to format or link anything.

    Angle brackets, ampersand and the double quote become look-alikes (no HTML, no entity); Markdown's
    signs are escaped; what an autolinker would take for an address is broken with a zero-width word joiner.
    """
    return _BLOCK_START.sub(_WORD_JOINER, _MARKUP.sub(r"\\\1", _broken(one_line(text, most))))


def plain(text: str, most: int = MAX_LENGTH) -> str:
    """``text`` as ``one_line`` without what Markdown or HTML would make of it, and without a backslash to be seen."""
    return _broken(one_line(_FORMATTING.sub("", text), most))


def label(text: str) -> str:
    """``text`` as ``one_line``, at most 50 characters, without HTML and links; for a label, where no Markdown is read."""
    return _broken(one_line(text, MAX_LABEL))


def spreadsheet_safe(text: str) -> str:
    """``text`` for a cell of CSV, as text also to a spreadsheet: what came from elsewhere is never a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def from_spreadsheet(cell: str) -> str:
    """The text that ``spreadsheet_safe`` made the cell of."""
    return cell[1:] if cell.startswith(_KEPT_AS_TEXT) else cell


def _broken(line: str) -> str:
    return _LINKISH.sub(_WORD_JOINER, line.translate(_ENTITIES))


def one_line(text: str, most: int = MAX_LENGTH) -> str:
    """``text`` on one line, at most ``most`` characters, unable to reorder anything; for where no Markdown is read.

    Control, bidirectional and other invisible characters are removed.
    """
    line = " ".join((text if text.isprintable() else _visible(text)).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def _visible(text: str) -> str:
    return "".join(ch for ch in text if ch in "\t\r\n" or _is_visible(ch))


def _is_visible(character: str) -> bool:
    return unicodedata.category(character) not in _INVISIBLE
