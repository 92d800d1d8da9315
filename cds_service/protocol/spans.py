"""Resources that are read as far as somebody looks.

A chart is thousands of resources, of which the rules read a few. A span tells what the resource is, whose, and what it
is coded as; all else of it is parsed when it is asked for, and is then what it would be if all had been parsed at once.
"""

from abc import ABCMeta, abstractmethod
from collections.abc import Callable, Iterable, Iterator, KeysView, Mapping
from operator import attrgetter
from typing import Any, ClassVar, TypeVar

import msgspec
import orjson

from cds_service.errors import InvalidRequestError

ABSENT = msgspec.UNSET
NOTHING = msgspec.Raw()

Read = TypeVar("Read")


class Texts(dict[bytes, Any]):
    """What glances tell, parsed once for all that say the same to the letter: a chart repeats its codes."""

    def __missing__(self, text: bytes) -> Any:
        made = self[text] = parsed(text) if text else ABSENT
        return made


class _Meta(type(msgspec.Struct), ABCMeta):  # type: ignore[misc]
    """A Struct that is a Mapping."""


class Told(msgspec.Struct, Mapping[str, Any], metaclass=_Meta, gc=False, eq=False):
    """A JSON object of which some members are told, and all of it is parsed once another is asked for."""

    told: ClassVar[frozenset[str]] = frozenset()

    def __getitem__(self, name: str) -> Any:
        found = self._said(name) if name in self.told else self.all().get(name, ABSENT)
        if found is ABSENT:
            raise KeyError(name)
        return found

    def get(self, name: str, default: Any = None) -> Any:
        """As of any Mapping; what is not there is told without parsing too."""
        found = self._said(name) if name in self.told else self.all().get(name, ABSENT)
        return default if found is ABSENT else found

    def _said(self, name: str) -> Any:
        found = getattr(self, name)
        return self.texts[bytes(found)] if type(found) is msgspec.Raw else found

    @property
    @abstractmethod
    def texts(self) -> Texts:
        """What glances told in this call."""

    @abstractmethod
    def all(self) -> dict[str, Any]:
        """The whole object."""

    def keys(self) -> KeysView[str]:
        """As of any Mapping."""
        return self.all().keys()

    def __contains__(self, name: object) -> bool:
        return self.get(name, ABSENT) is not ABSENT  # type: ignore[arg-type]

    def __iter__(self) -> Iterator[str]:
        return iter(self.all())

    def __len__(self) -> int:
        return len(self.all())

    def __eq__(self, other: object) -> bool:
        return self.all() == other

    __hash__ = None  # type: ignore[assignment]


class Span(Told, gc=False, eq=False):
    """A resource of which a glance was taken.

    ``held`` is set once it is made, whatever JSON says: what was told in this call, the JSON text it came as (of its
    entry, or bytes: of the resource alone), and all of the resource once that is parsed.
    """

    held: Any = None
    resourceType: str = ""  # noqa: N815 - FHIR's names
    id: Any = ABSENT
    effectiveDateTime: Any = ABSENT  # noqa: N815
    code: msgspec.Raw = NOTHING
    subject: msgspec.Raw = NOTHING
    patient: msgspec.Raw = NOTHING
    encounter: msgspec.Raw = NOTHING
    context: msgspec.Raw = NOTHING
    specimen: msgspec.Raw = NOTHING
    component: msgspec.Raw = NOTHING
    contained: msgspec.Raw = NOTHING
    hasMember: msgspec.Raw = NOTHING  # noqa: N815

    @property
    def texts(self) -> Texts:
        """What glances told in this call."""
        texts: Texts = self.held[0]
        return texts

    @property
    def in_entry(self) -> msgspec.Raw:
        """The JSON text of its entry; of one that came alone, as it would be."""
        text: msgspec.Raw | bytes = self.held[1]
        return in_entry(text) if isinstance(text, bytes) else text

    def all(self) -> dict[str, Any]:
        """The whole resource."""
        texts, text, whole = self.held
        if whole is None:
            whole = parsed(self.in_entry)["resource"]
            self.held = texts, text, whole
        resource: dict[str, Any] = whole
        return resource


def in_entry(resource: bytes) -> msgspec.Raw:
    """The JSON text of an entry that holds the resource and no more."""
    return msgspec.Raw(b'{"resource":%b}' % resource)


def in_full(resource: Mapping[str, Any]) -> dict[str, Any]:
    """All of a resource, as a dictionary of its own."""
    return dict(resource.all() if isinstance(resource, Told) else resource)


def members(resources: Iterable[Mapping[str, Any]], name: str) -> list[Any]:
    """One member of each resource, None where it has none: what a look at all of a chart goes over."""
    listed = list(resources)
    if name not in Span.told or set(map(type, listed)) != {Span}:
        return [resource.get(name) for resource in listed]
    texts: Texts = listed[0].texts  # type: ignore[attr-defined]
    said = map(attrgetter(name), listed)
    if name in _AT_ONCE:
        return [None if one is ABSENT else one for one in said]
    return [None if one is NOTHING else texts[bytes(one)] for one in said]


def different(resources: Iterable[Mapping[str, Any]], name: str) -> list[Any]:
    """One member of the resources, of those that say the same to the letter once."""
    listed = list(resources)
    if name in _AT_ONCE or name not in Span.told or set(map(type, listed)) != {Span}:
        return members(listed, name)
    texts: Texts = listed[0].texts  # type: ignore[attr-defined]
    return [texts[text] if text else None for text in dict.fromkeys(map(bytes, map(attrgetter(name), listed)))]


def each_once(resources: Iterable[Mapping[str, Any]], name: str, read: Callable[[str | None], Read]) -> list[Read]:
    """What is read of one member that spans tell as text, by its JSON text; of those alike to the letter once.

    The text is "null" where there is no such member, and None where it can't be written as JSON.
    """
    texts = written(resources, name)
    known = {text: read(text if text is None else str(text, "utf-8")) for text in dict.fromkeys(texts)}
    return [known[text] for text in texts]


def written(resources: Iterable[Mapping[str, Any]], name: str) -> list[bytes | None]:
    """One member of each resource, as JSON: null where there is none, None where it can't be written."""
    listed = list(resources)
    if name in Span.told - _AT_ONCE and set(map(type, listed)) == {Span}:
        return [bytes(said) or b"null" for said in map(attrgetter(name), listed)]
    return [_written(resource, name) for resource in listed]


def _written(resource: Mapping[str, Any], name: str) -> bytes | None:
    said = getattr(resource, name) if type(resource) is Span and name in Span.told else resource.get(name)
    if type(said) is msgspec.Raw:
        return bytes(said) or b"null"
    try:
        return orjson.dumps(said)
    except TypeError:
        return None


Span.told = frozenset(Span.__struct_fields__) - {"held"}
_AT_ONCE = frozenset(("resourceType", "id", "effectiveDateTime"))
"""What of a Span is no JSON text any more."""


def parsed(raw: msgspec.Raw | bytes) -> Any:
    """What the JSON says. Raises InvalidRequestError for what the parser refuses."""
    try:
        return orjson.loads(memoryview(raw))
    except orjson.JSONDecodeError:
        message = "prefetch: must not hold a number beyond a double or nesting deeper than 1024"
        raise InvalidRequestError(message) from None
