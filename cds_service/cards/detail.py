"""A card's body in five parts: what to do, why, what is not known, the evidence, what it is.

A rule may say how many words its card takes at most. Facts and what is not known then give way, the last first, and
are counted ("and 3 more"); nothing is cut in the middle.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from cds_service.cards.wording import Wording
from cds_service.decision.phrases import Listed, Phrase, Text, say, text
from cds_service.decision.recommendation import Advise
from cds_service.decision.recorded import MORE

WHY, UNKNOWN, EVIDENCE, BASIS, STANDING = (
    text(f"card.{one}") for one in ("why", "unknown", "evidence", "basis", "standing")
)
_ADDRESS = re.compile(r"\]\([^)]*\)")
_WORD = re.compile(r"[^\W_]\S*")  # from its first letter or digit
_FACTS_KEPT = 2  # before what is not known gives way too


class _Said(NamedTuple):
    """One item of a part. ``of``: how many it stands for ("and 3 more" for three)."""

    text: str
    of: int


@dataclass(frozen=True, slots=True)
class Body:
    """What a card of these rules says. ``page``: the address of the rule's own page; ``most_words``: None for no limit."""

    advice: Sequence[Advise]
    page: str
    words: Wording
    most_words: int | None = None

    def rendered(self, also: str = "", *, urgent: bool = False) -> str:
        """The body in GitHub-flavoured Markdown, each part left out where it is empty.

        ``also``: the lines of cards folded into this one, which are not counted among its words; they stand before
        the why when they are ``urgent``, else after the evidence.
        """
        acts = bullets(self.words.value(line) for one in self.advice for line in one.act)
        closing = (self._evidence(), self.words.text(STANDING))
        why, unknown = self._fitting(acts, closing)
        parts = (acts, also if urgent else "", why, unknown, closing[0], "" if urgent else also, closing[1])
        return "\n\n".join(filter(None, parts))

    def _fitting(self, acts: str, closing: Sequence[str]) -> tuple[str, str]:
        """Why and what is not known, as much of both as the words allow."""
        why = self._said(fact.phrase for one in self.advice for fact in one.why)
        unknown = self._said(line for one in self.advice for line in one.unknown)
        facts, lines = len(why), len(unknown)
        if self.most_words is not None:
            room = self.most_words - sum(map(count, (acts, *closing)))
            of_why, of_unknown = self._words(WHY, "facts", why), self._words(UNKNOWN, "lines", unknown)
            for facts, lines in _steps(len(why), len(unknown)):
                if of_why[facts] + of_unknown[lines] <= room:
                    break
        return self._part(WHY, "facts", why, facts), self._part(UNKNOWN, "lines", unknown, lines)

    def _said(self, phrases: Iterable[Phrase]) -> list[_Said]:
        return list(dict.fromkeys(_Said(self.words.say(one), _stands_for(one)) for one in phrases))

    def _part(self, part: Text, name: str, said: Sequence[_Said], few: int) -> str:
        lines = [one.text for one in said[:few]]
        more = sum(one.of for one in said[few:])
        if more:
            lines.append(self.words.say(say(MORE, n=more)))
        return self.words.say(Phrase(part.key, {name: Listed(tuple(lines))})) if lines else ""

    def _words(self, part: Text, name: str, said: Sequence[_Said]) -> list[int]:
        """How many words the part has with none of these, with the first, with the first two …, the rest counted."""
        if not said:
            return [0]
        heading, more = (count(self.words.say(one)) for one in (Phrase(part.key, {name: ""}), say(MORE, n=1)))
        first = list(accumulate((count(one.text) for one in said), initial=heading))
        return [*(words + more for words in first[:-1]), first[-1]]

    def _evidence(self) -> str:
        """The citations, and a link to the rule's own page."""
        cited = self._said(one.said for advise in self.advice for one in advise.evidence)
        line = self._part(EVIDENCE, "cited", cited, len(cited))
        return f"{line} [{self.words.text(BASIS)}]({self.page})".strip()


def bullets(lines: Iterable[str]) -> str:
    """The lines as a list, each once."""
    return "\n".join(f"- {line}" for line in dict.fromkeys(lines))


def count(markdown: str) -> int:
    """How many words of it are read: addresses of links and signs that stand alone are none."""
    return len(_WORD.findall(_ADDRESS.sub("", markdown)))


def _stands_for(phrase: Phrase) -> int:
    n = phrase.values.get("n") if phrase.key == MORE.key else None
    return n if isinstance(n, int) else 1


def _steps(facts: int, lines: int) -> Iterator[tuple[int, int]]:
    """How many facts and lines to say, ever fewer: facts to two, then lines to one, then facts to one."""
    yield facts, lines
    for few in range(facts - 1, _FACTS_KEPT - 1, -1):
        yield few, lines
    for few in range(lines - 1, 0, -1):
        yield min(facts, _FACTS_KEPT), few
    yield min(facts, 1), min(lines, 1)
