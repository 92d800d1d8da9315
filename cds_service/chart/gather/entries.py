"""How many entries a call brings, counted before any of them is looked at."""

from collections.abc import Iterable, Iterator
from typing import Any

from cds_service.errors import BodyTooLargeError
from cds_service.protocol.prefetch import Entries


def insist_on_a_measure(values: Iterable[Any], most: int) -> None:
    """Refuse more entries in all than ``most``: of lists and Bundles, also within others.

    Raises BodyTooLargeError as soon as there are more.
    """
    number = 0
    waiting = list(values)
    while waiting:
        value = waiting.pop()
        entries = value if isinstance(value, list) else value.get("entry") if isinstance(value, dict) else None
        if isinstance(entries, list):
            number += len(entries)
            if number > most:
                message = f"the request holds more than {most} entries"
                raise BodyTooLargeError(message)
            if not (isinstance(entries, Entries) and entries.alike):
                waiting.extend(_holders(entries))
        elif isinstance(value, dict):
            waiting.extend(_members(value))


def _holders(entries: Iterable[Any]) -> Iterator[Any]:
    """Of some entries what may hold further ones: lists, Bundles, and what is no resource. A span is a resource."""
    for entry in entries:
        inner = entry.get("resource", entry) if isinstance(entry, dict) else entry
        if isinstance(inner, list) or (isinstance(inner, dict) and inner.get("resourceType", "Bundle") == "Bundle"):
            yield inner


def _members(value: dict[str, Any]) -> Iterator[Any]:
    """What a wrapper, or an object of Bundles, holds; a resource holds no entries."""
    if value.get("resourceType", "Bundle") == "Bundle":
        yield from (member for member in value.values() if isinstance(member, dict | list))
