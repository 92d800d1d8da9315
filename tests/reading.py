"""A card as a reader counts it: words, without the marks of Markdown and the addresses of links."""

import re

from cds_service.catalogue import wording
from cds_service.decision.phrases import Text

_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_MARKS = re.compile(r"[*_#>`\\\N{WORD JOINER}]")


def words(markdown: str) -> int:
    """How many words a reader sees. A sign that stands alone (a bullet, a dash) is none."""
    seen = _MARKS.sub("", _LINK.sub(r"\1", markdown))
    return sum(any(map(str.isalnum, word)) for word in seen.split())


def folded(detail: str, language: str) -> list[str]:
    """The lines of other cards that were folded into this one."""
    opening = "- " + wording(language).text(Text("common.also")).partition(" ")[0] + " ("
    return [line for line in detail.splitlines() if line.startswith(opening)]


def own(detail: str, language: str) -> str:
    """The detail without what was folded into it."""
    lines = folded(detail, language)
    return "\n".join(line for line in detail.splitlines() if line not in lines)


def bullets(detail: str, language: str) -> list[str]:
    """What to do, one line each."""
    return [line.removeprefix("- ") for line in own(detail, language).splitlines() if line.startswith("- ")]


def part(detail: str, heading: str) -> str:
    """One headed part ("Why"), without its heading; empty when the card has none."""
    return next(
        (b.removeprefix(f"**{heading}:** ") for b in detail.split("\n\n") if b.startswith(f"**{heading}:**")), ""
    )
