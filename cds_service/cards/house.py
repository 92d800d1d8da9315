"""What a house changes of the cards: reasons and links of its own, and what is not to be offered. Never what is advised."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class HouseReason:
    """An override reason of the house's. ``display``: by language; ``category``: HL7's code for such a reason.

    ``topics``: on whose cards it stands; on all of them where there is none.
    """

    code: str
    display: Mapping[str, str] = field(hash=False)
    category: str
    topics: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class HouseLink:
    """A link of the house's, to its own guideline, say. ``label``: by language; ``topics``: as of a reason."""

    url: str
    label: Mapping[str, str] = field(hash=False)
    topics: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class House:
    """What is added, and what is left out: ``left_out`` by the code of our reason, ``not_offered`` by the suggestion's kind."""

    reasons: tuple[HouseReason, ...] = ()
    links: tuple[HouseLink, ...] = ()
    left_out: frozenset[str] = frozenset()
    not_offered: frozenset[str] = frozenset()

    def reasons_on(self, topics: Collection[str]) -> tuple[HouseReason, ...]:
        """The house's reasons on a card about these topics."""
        return tuple(one for one in self.reasons if not one.topics or not one.topics.isdisjoint(topics))

    def links_on(self, topics: Collection[str]) -> tuple[HouseLink, ...]:
        """The house's links on a card about these topics."""
        return tuple(one for one in self.links if not one.topics or not one.topics.isdisjoint(topics))


NO_HOUSE = House()
"""Cards as the guidelines have them."""
