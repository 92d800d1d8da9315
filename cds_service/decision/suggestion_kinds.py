"""What suggestions are counted as: which of them was taken is kept by kind, without a word of the patient."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cds_service.decision.phrases import Phrase


@dataclass(frozen=True, slots=True)
class SuggestionKind:
    """One kind. ``code``: static, as the store keeps it; ``text``: what a report calls it."""

    code: str
    text: Phrase

    def __hash__(self) -> int:
        """Of its code alone, which no other has."""
        return hash(self.code)


_KINDS: dict[str, SuggestionKind] = {}


def suggestion_kind(code: str, said: Phrase) -> SuggestionKind:
    """The kind of that code, noted for the reports. Raises ValueError for a code of two meanings, or none."""
    kind = SuggestionKind(code, said)
    if not code.isidentifier() or _KINDS.setdefault(code, kind) != kind:
        message = f"suggestion kind {code!r} is no name, or is there twice"
        raise ValueError(message)
    return kind


def declared_kinds() -> Mapping[str, SuggestionKind]:
    """Every kind that the modules imported so far may suggest, by its code."""
    return MappingProxyType(_KINDS)
