"""A site file as a value, and the one place where it is put in force."""

from collections.abc import Callable, Sized
from dataclasses import dataclass, field

from cds_service.patient.terminology import further
from cds_service.patient.terminology.further import KINDS, Additions


@dataclass(frozen=True, slots=True)
class Site:
    """What a site file says. ``digest``: of its text and of the files it names; empty where there is no site file.

    ``file``: its name; ``reviewed``: who reviewed mappings, when and how many; ``remarks``: what is worth knowing of it
    and no mistake.
    """

    digest: str = ""
    file: str = field(default="", repr=False)
    additions: Additions = field(default=Additions(), repr=False)
    reviewed: tuple[str, ...] = field(default=(), repr=False)
    remarks: tuple[str, ...] = field(default=(), repr=False)

    def __bool__(self) -> bool:
        return bool(self.digest)

    @property
    def contents(self) -> tuple[str, ...]:
        """In short, a line each: what it holds."""
        held = {f"{what} of {kind}": len(of(kind)) for what, of in self._held for kind in KINDS}
        return (*(f"{what}: {number}" for what, number in held.items() if number), *self.reviewed)

    @property
    def _held(self) -> tuple[tuple[str, Callable[[str], Sized]], ...]:
        return ("codes", self.additions.codes_of), ("names", self.additions.names_of)


NO_SITE = Site()
"""There is no site file."""

_in_force = [NO_SITE.digest]


def put_in_force(site: Site) -> None:
    """Let this process, and those forked from it, read the site's codes and names. The same site may come again.

    Raises RuntimeError where codes were looked up already, under another site or none.
    """
    if site.digest != _in_force[0]:
        further.add(site.additions)
        _in_force[:] = [site.digest]
