"""SNOMED CT expressions: "61685007:272741003=7771000" is a focus concept with its refinements."""

import re
from dataclasses import dataclass

_LATERALITY = "272741003"
_FINDING_SITE = "363698007"
_TERM = re.compile(r"\|[^|]*\|")
_EXPRESSION = re.compile(r"(?:===|<<<)?(\d+)(?::(.+))?")
_REFINEMENT = re.compile(r"(\d+)=(\d+)")
_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Expression:
    """One focus concept. ``places``: the finding sites, then the sides, that refine it."""

    focus: str
    places: tuple[str, ...] = ()


def expression(code: str) -> Expression | None:
    """What a code says that is written as an expression; None for one refined otherwise than by site and side."""
    if len(code) > _LONGEST:
        return None
    found = _EXPRESSION.fullmatch("".join(_TERM.sub("", code).split()))
    if found is None:
        return None
    places: dict[str, list[str]] = {_FINDING_SITE: [], _LATERALITY: []}
    for part in filter(None, re.split(r"[,{}]", found[2] or "")):
        refinement = _REFINEMENT.fullmatch(part)
        if refinement is None or refinement[1] not in places:
            return None
        places[refinement[1]].append(refinement[2])
    return Expression(found[1], (*places[_FINDING_SITE], *places[_LATERALITY]))
