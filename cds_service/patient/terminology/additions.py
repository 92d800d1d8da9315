"""What is added to the value sets and names of this package, before anything is looked up: by a guideline, and by a site.

A guideline brings packages with folders ``valuesets/`` and ``names/``. A site brings single codes and names of its own
with what they mean among what there is; all lookups of codes and names take them from here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

Coding = tuple[str, str]
"""System (canonical where it is one we know) and code, as ``site_code`` writes it."""
Meanings = tuple[str, ...]
"""Of drugs international names, of the other kinds names of problems, analytes or orders; of a result only one."""
KINDS = ("drugs", "problems", "results", "orders")
"""What a code or a name can be of."""


@dataclass(frozen=True, slots=True)
class Additions:
    """Codes and names of one site. Empty: none.

    ``codes``: by kind, what each code means; ``names``: the same of names, folded as that kind's own are. ``units``: of a result's code, its unit where a result
    has none. ``other_drugs``: codes of drugs that are known to be none of ours.
    """

    codes: Mapping[str, Mapping[Coding, Meanings]] = field(default_factory=dict)
    names: Mapping[str, Mapping[str, Meanings]] = field(default_factory=dict)
    units: Mapping[Coding, str] = field(default_factory=dict)
    other_drugs: frozenset[Coding] = frozenset()

    def codes_of(self, kind: str) -> Mapping[Coding, Meanings]:
        """What each code of the kind means."""
        return self.codes.get(kind, {})

    def names_of(self, kind: str) -> Mapping[str, Meanings]:
        """What each folded name of the kind means."""
        return self.names.get(kind, {})


_packages = [__package__]
_added = [Additions()]
_closed: list[bool] = []


def extend(package: str) -> None:
    """Read the value sets and the names of problems and orders of this package too.

    To be called when a guideline is imported, before its rules ask for a concept of theirs. Raises
    RuntimeError when a code was looked up already: what comes later would never be found.
    """
    if _closed:
        message = f"{package} brings value sets too late: codes have been looked up already"
        raise RuntimeError(message)
    if package not in _packages:
        _packages.append(package)


def packages() -> tuple[str, ...]:
    """The packages, in the order they came."""
    return tuple(_packages)


def add(more: Additions) -> None:
    """Know a site's codes and names too, in this process and those forked from it. The same may be added again.

    Raises RuntimeError when a code was looked up already.
    """
    if more == _added[0]:
        return
    if _closed:
        message = "a site's codes come too late: codes have been looked up already"
        raise RuntimeError(message)
    _added[:] = [more]


def additions() -> Additions:
    """What a site adds; from now on nothing can be added."""
    _closed[:] = [True]
    return _added[0]
