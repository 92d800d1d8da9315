"""The first look at a chart of thousands of resources: which may matter at all, by the bare code alone.

Half a microsecond a resource. Whatever isn't the plain shape (code.coding, each with system and code) is
handed on to the slow way, never dropped.
"""

from collections.abc import Callable, Iterable

from cds_service.chart.model import Resource


def candidates(
    resources: Iterable[Resource], might_matter: Callable[[str], bool], known_systems: frozenset[str]
) -> list[int]:
    """The places of the resources to look at closely.

    Left out is only what has, for every coding, a code that can't matter, and for at least one of them
    a system we know: then no name is asked for either.
    """
    verdicts: dict[str, bool] = {}
    found: list[int] = []
    for place, resource in enumerate(resources):
        known = False
        try:
            for coding in resource["code"]["coding"]:
                code = coding["code"]
                verdict = verdicts.get(code)
                if verdict is None:
                    verdict = verdicts[code] = might_matter(code)
                if verdict:
                    found.append(place)
                    break
                if coding["system"] in known_systems:
                    known = True
            else:
                if not known:
                    found.append(place)
        except (KeyError, TypeError, AttributeError):
            found.append(place)
    return found
