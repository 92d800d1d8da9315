"""What came of each query, and what of it could not be used: nothing there is not the same as not known."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from cds_service.patient.terminology.vocabulary import Concept

DRAFT_ORDERS = "draftOrders"
"""The query that draft orders are read under; no query of ours, but the hook brings them."""


class Receipt(StrEnum):
    """What became of one query: the difference between "nothing there" and "not known"."""

    RECEIVED = "received"  # resources came, complete
    EMPTY = "empty"  # searched, nothing there
    PARTIAL = "partial"  # some came, more exist that could not be had
    FAILED = "failed"  # the server answered with an error
    UNANSWERED = "unanswered"  # no answer came, or none that can be read
    ABSENT = "absent"  # never received

    @property
    def complete(self) -> bool:
        """True when nothing more can exist: absence of a fact is then known."""
        return self in (Receipt.RECEIVED, Receipt.EMPTY)

    @property
    def nothing(self) -> bool:
        """True when nothing is known of the query: neither what is there nor that there is nothing."""
        return self in (Receipt.FAILED, Receipt.UNANSWERED, Receipt.ABSENT)


@dataclass(frozen=True, slots=True)
class Unread:
    """Something received that could not be used.

    ``query``: the key it belongs to ("observations"); ``concepts``: what it would have been about, as
    far as that is known (an analyte, a value set), else empty: then it may be about anything.
    ``why``: a text key. ``shown``: the client's words for it, if any. ``times``: how many such entries it stands for.
    """

    source: str
    query: str
    why: str
    concepts: frozenset[str] = frozenset()
    shown: str | None = None
    times: int = 1

    def may_be_about(self, concepts: Collection[Concept]) -> bool:
        """True unless it is known to be about something else."""
        return not self.concepts or self.is_about(concepts)

    def is_about(self, concepts: Collection[Concept]) -> bool:
        """True when it is known to be about one of them."""
        return not self.concepts.isdisjoint(concepts)
