"""The first look at a chart of thousands of resources: whether one may matter at all, by bare codes and whole texts alone.

Whatever isn't the plain shape (code.coding, each with system and code) is handed on to the slow way, never dropped.
"""

from collections.abc import Callable
from typing import Any


def may_matter(
    coded: Any, might_matter: Callable[[str], bool], might_name: Callable[[str], bool], known_systems: frozenset[str]
) -> bool:
    """Whether a resource with this ``code`` is to be looked at closely.

    Left out is only what has, for every coding, a code that can't matter, whose words name nothing that does
    (``might_name``, which is true of a blank), and which has words at all, or a code of a system we know.
    """
    told = False
    try:
        words = [coded["text"]] if "text" in coded else []
        for coding in coded["coding"]:
            if might_matter(coding["code"]):
                return True
            if coding["system"] in known_systems and coding["code"].strip():
                told = True
            if "display" in coding:
                words.append(coding["display"])
        return any(map(might_name, words)) or not (told or words)
    except (KeyError, TypeError, AttributeError):
        return True
