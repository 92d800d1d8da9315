"""A site file as a value, and the one place where it is put in force."""

from collections.abc import Callable, Iterator, Mapping, Sized
from dataclasses import dataclass, field
from datetime import date

from cds_service.cards.house import NO_HOUSE, House
from cds_service.patient.terminology import additions
from cds_service.patient.terminology.additions import KINDS, Additions


@dataclass(frozen=True, slots=True)
class Review:
    """Who looked through mappings, and when."""

    by: str
    on: date

    def __str__(self) -> str:
        return f"{self.by}, {self.on.isoformat()}"


@dataclass(frozen=True, slots=True)
class Site:
    """What a site file says. ``digest``: of its text and of the files it names; empty where there is no site file.

    ``file``: its name; ``rules_off``: by hook, the names of the rules not asked on it; ``house``: what it changes of cards; ``reviewed``: how
    many mappings each review is of; ``remarks``: what is worth knowing of it and no mistake.
    """

    digest: str = ""
    file: str = field(default="", repr=False)
    additions: Additions = field(default=Additions(), repr=False)
    rules_off: Mapping[str, frozenset[str]] = field(default_factory=dict, repr=False, hash=False)
    house: House = field(default=NO_HOUSE, repr=False)
    reviewed: Mapping[Review, int] = field(default_factory=dict, repr=False, hash=False)
    remarks: tuple[str, ...] = field(default=(), repr=False)

    def __bool__(self) -> bool:
        return bool(self.digest)

    @property
    def contents(self) -> tuple[str, ...]:
        """In short, a line each: what it holds."""
        return (*self._mapped(), *self._chosen(), *self._reviewed())

    def _mapped(self) -> Iterator[str]:
        given: Mapping[str, Callable[[str], Sized]] = {
            "codes": self.additions.codes_of,
            "names": self.additions.names_of,
        }
        for what, of in given.items():
            yield from (f"{what} of {kind}: {len(of(kind))}" for kind in KINDS if of(kind))
        if self.additions.other_drugs:
            yield f"codes of drugs that are none of ours: {len(self.additions.other_drugs)}"

    def _chosen(self) -> Iterator[str]:
        yield from (f"off on {hook}: {', '.join(sorted(rules))}" for hook, rules in self.rules_off.items())
        yield from (f"override reason added: {one.code}" for one in self.house.reasons)
        yield from (f"override reason left out: {one}" for one in sorted(self.house.left_out))
        yield from (f"suggestion not offered: {one}" for one in sorted(self.house.not_offered))
        yield from (f"link added: {one.url}" for one in self.house.links)

    def _reviewed(self) -> Iterator[str]:
        yield from (f"reviewed by {review}: {number}" for review, number in self.reviewed.items())


NO_SITE = Site()
"""There is no site file."""

_in_force = [NO_SITE.digest]


def put_in_force(site: Site) -> None:
    """Let this process, and those forked from it, read the site's codes and names. The same site may come again.

    Raises RuntimeError where codes were looked up already, under another site or none.
    """
    if site.digest != _in_force[0]:
        additions.add(site.additions)
        _in_force[:] = [site.digest]
