"""A list of a chart of which an entry is read when one of its concepts is asked for."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping
from itertools import chain
from typing import Generic, TypeVar

from cds_service.patient.received import Unread

Fact = TypeVar("Fact")
ANY = ""
"""No concept: an entry may be of any, until it is read."""


class OnDemand(ABC, Generic[Fact]):
    """The facts of one list."""

    def __init__(self) -> None:
        self._read: dict[int, Fact | Unread | None] = {}

    @property
    @abstractmethod
    def places(self) -> Mapping[str, list[int]]:
        """Where each concept is in the list; under ANY those entries that only reading tells, or not even that."""

    @abstractmethod
    def _one(self, place: int) -> Fact | Unread | None:
        """The entry read; None where it is none of ours."""

    def of(self, concepts: Collection[str]) -> list[Fact | Unread]:
        """What is of any of the concepts, and those entries that could not be read."""
        places = self.places
        return self._at(chain.from_iterable([places[one] for one in (*concepts, ANY) if one in places]))

    def all(self) -> list[Fact | Unread]:
        """The whole list, as far as the rules know what is in it."""
        return self._at(chain.from_iterable(self.places.values()))

    def _at(self, places: Iterable[int]) -> list[Fact | Unread]:
        places = sorted(set(places))
        for place in places:
            if place not in self._read:
                self._read[place] = self._one(place)
        return [made for place in places if (made := self._read[place]) is not None]
