"""The first look at a chart of thousands of resources: which may matter at all, by bare codes and whole texts alone.

About a microsecond a resource. Whatever isn't the plain shape (code.coding, each with system and code) is
handed on to the slow way, never dropped.
"""

from collections.abc import Callable, Iterable
from typing import Any

from cds_service.chart.model import Resource
from cds_service.protocol.spans import members


def candidates(
    resources: Iterable[Resource],
    might_matter: Callable[[str], bool],
    might_name: Callable[[str], bool],
    known_systems: frozenset[str],
) -> list[int]:
    """The places of the resources to look at closely.

    Left out is only what has, for every coding, a code that can't matter, whose words name nothing that does
    (``might_name``, which is true of a blank), and which has words at all, or a code of a system we know.
    """
    codes, texts = _Verdicts(might_matter), _Verdicts(might_name)
    coded = members(resources, "code")
    different = {id(one): one for one in coded}  # what is coded alike in spans is one object: looked at once
    matter = {key for key, one in different.items() if _may_matter(one, codes, texts, known_systems)}
    return [place for place, one in enumerate(coded) if id(one) in matter]


def _may_matter(coded: Any, codes: "_Verdicts", texts: "_Verdicts", known_systems: frozenset[str]) -> bool:
    told = False
    try:
        words = [coded["text"]] if "text" in coded else []
        for coding in coded["coding"]:
            if codes[coding["code"]]:
                return True
            if coding["system"] in known_systems:
                told = True
            if "display" in coding:
                words.append(coding["display"])
        return any(texts[text] for text in words) or not (told or words)
    except (KeyError, TypeError, AttributeError):
        return True


class _Verdicts(dict[str, bool]):
    """What a question says of each text it was asked of, asked once."""

    def __init__(self, question: Callable[[str], bool]) -> None:
        super().__init__()
        self._question = question

    def __missing__(self, text: str) -> bool:
        verdict = self[text] = self._question(text)
        return verdict
