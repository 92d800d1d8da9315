"""The prefetch of a call, read as far as somebody looks: its Bundles down to their entries, of each resource a glance.

A chart is thousands of resources, of which the rules read a few. A span tells what the resource is, whose, and what it
is coded as; all else of it is parsed when it is asked for, and is then what it would be if all had been parsed at once.
An entry that is not plain (without a resource, or of a type that is no text) is parsed at once, that entry alone.
"""

from abc import ABCMeta, abstractmethod
from collections.abc import Callable, Iterable, Iterator, KeysView, Mapping
from functools import cached_property
from operator import attrgetter
from typing import Any, ClassVar, TypeVar

import msgspec
import orjson

from cds_service.errors import InvalidRequestError

_ABSENT = msgspec.UNSET
_NOTHING = msgspec.Raw()
_TELLS_TOO_LITTLE = ("", "Bundle", "OperationOutcome")

Read = TypeVar("Read")


class _Texts(dict[bytes, Any]):
    """What glances tell, parsed once for all that say the same to the letter: a chart repeats its codes."""

    def __missing__(self, text: bytes) -> Any:
        made = self[text] = parsed(text) if text else _ABSENT
        return made


class _Meta(type(msgspec.Struct), ABCMeta):  # type: ignore[misc]
    """A Struct that is a Mapping."""


class _Told(msgspec.Struct, Mapping[str, Any], metaclass=_Meta, gc=False, eq=False):
    """A JSON object of which some members are told, and all of it is parsed once another is asked for."""

    told: ClassVar[frozenset[str]] = frozenset()

    def __getitem__(self, name: str) -> Any:
        found = self._said(name) if name in self.told else self.all().get(name, _ABSENT)
        if found is _ABSENT:
            raise KeyError(name)
        return found

    def get(self, name: str, default: Any = None) -> Any:
        """As of any Mapping; what is not there is told without parsing too."""
        found = self._said(name) if name in self.told else self.all().get(name, _ABSENT)
        return default if found is _ABSENT else found

    def _said(self, name: str) -> Any:
        found = getattr(self, name)
        return self.texts[bytes(found)] if type(found) is msgspec.Raw else found

    @property
    @abstractmethod
    def texts(self) -> _Texts:
        """What glances told in this call."""

    @abstractmethod
    def all(self) -> dict[str, Any]:
        """The whole object."""

    def keys(self) -> KeysView[str]:
        """As of any Mapping."""
        return self.all().keys()

    def __contains__(self, name: object) -> bool:
        return self.get(name, _ABSENT) is not _ABSENT  # type: ignore[arg-type]

    def __iter__(self) -> Iterator[str]:
        return iter(self.all())

    def __len__(self) -> int:
        return len(self.all())

    def __eq__(self, other: object) -> bool:
        return self.all() == other

    __hash__ = None  # type: ignore[assignment]


class Span(_Told, gc=False, eq=False):
    """A resource of which a glance was taken.

    ``held`` is set once it is made, whatever JSON says: what was told in this call, the JSON text of its entry, and all
    of the resource once that is parsed.
    """

    held: Any = None
    resourceType: str = ""  # noqa: N815 - FHIR's names
    id: Any = _ABSENT
    effectiveDateTime: Any = _ABSENT  # noqa: N815
    code: msgspec.Raw = _NOTHING
    subject: msgspec.Raw = _NOTHING
    patient: msgspec.Raw = _NOTHING
    encounter: msgspec.Raw = _NOTHING
    context: msgspec.Raw = _NOTHING
    specimen: msgspec.Raw = _NOTHING
    component: msgspec.Raw = _NOTHING
    contained: msgspec.Raw = _NOTHING
    hasMember: msgspec.Raw = _NOTHING  # noqa: N815

    @property
    def texts(self) -> _Texts:
        """What glances told in this call."""
        texts: _Texts = self.held[0]
        return texts

    @property
    def in_entry(self) -> msgspec.Raw:
        """The JSON text of its entry."""
        text: msgspec.Raw = self.held[1]
        return text

    def all(self) -> dict[str, Any]:
        """The whole resource."""
        texts, in_entry, whole = self.held
        if whole is None:
            whole = parsed(in_entry)["resource"]
            self.held = texts, in_entry, whole
        resource: dict[str, Any] = whole
        return resource


class _Entry(_Told, gc=False, eq=False):
    """An entry of a Bundle that holds a resource."""

    resource: Span | None = None
    fullUrl: Any = _ABSENT  # noqa: N815
    search: msgspec.Raw = _NOTHING

    @property
    def texts(self) -> _Texts:
        """What glances told in this call."""
        return self.resource.texts  # type: ignore[union-attr]

    def all(self) -> dict[str, Any]:
        """The whole entry."""
        whole: dict[str, Any] = self.texts[bytes(self.resource.in_entry)]  # type: ignore[union-attr]
        return whole


class Entries(list[Any]):
    """The entries of a Bundle. ``alike``: the resources, where each holds one of the same type and no more; else none."""

    alike: list[Span]


def in_full(resource: Mapping[str, Any]) -> dict[str, Any]:
    """All of a resource, as a dictionary of its own."""
    return dict(resource.all() if isinstance(resource, _Told) else resource)


def members(resources: Iterable[Mapping[str, Any]], name: str) -> list[Any]:
    """One member of each resource, None where it has none: what a look at all of a chart goes over."""
    listed = list(resources)
    if name not in Span.told or set(map(type, listed)) != {Span}:
        return [resource.get(name) for resource in listed]
    texts: _Texts = listed[0].texts  # type: ignore[attr-defined]
    said = map(attrgetter(name), listed)
    if name in _AT_ONCE:
        return [None if one is _ABSENT else one for one in said]
    return [None if one is _NOTHING else texts[bytes(one)] for one in said]


def different(resources: Iterable[Mapping[str, Any]], name: str) -> list[Any]:
    """One member of the resources, of those that say the same to the letter once."""
    listed = list(resources)
    if name in _AT_ONCE or name not in Span.told or set(map(type, listed)) != {Span}:
        return members(listed, name)
    texts: _Texts = listed[0].texts  # type: ignore[attr-defined]
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


class Bundle(msgspec.Struct, gc=False):
    """A Bundle as far as anyone reads one, its entries as they came."""

    resourceType: str = ""  # noqa: N815
    entry: list[msgspec.Raw] = []
    total: Any = _ABSENT
    link: Any = _ABSENT

    @property
    def is_one(self) -> bool:
        """It says so, and has entries."""
        return self.resourceType == "Bundle" and bool(self.entry)


Span.told = frozenset(Span.__struct_fields__) - {"held"}
_Entry.told = frozenset(_Entry.__struct_fields__)
_AT_ONCE = frozenset(("resourceType", "id", "effectiveDateTime"))
"""What of a Span is no JSON text any more."""
_decode_entry = msgspec.json.Decoder(_Entry).decode
_split = msgspec.json.Decoder(Bundle).decode
_NOT_PLAIN = (msgspec.DecodeError, RecursionError)


class Prefetch(Mapping[str, Any]):
    """The prefetch by its keys, nothing of it parsed before it is looked into.

    Raises InvalidRequestError when something is looked into that the parser refuses: a number beyond a double, or
    nesting deeper than 1024.
    """

    def __init__(self, members: Mapping[str, msgspec.Raw | Bundle], whole: msgspec.Raw | None = None) -> None:
        """``members``: a Bundle has entries; ``whole``: all of it, where it is one resource in place of an object of keys."""
        self._raw = members
        self._whole = whole

    @cached_property
    def _read(self) -> dict[str, Any]:
        texts = _Texts()
        if self._whole is not None:
            resource: dict[str, Any] = _member(self._whole, texts)
            return resource
        return {key: _member(raw, texts) for key, raw in self._raw.items()}

    def __getitem__(self, name: str) -> Any:
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._read)

    def __len__(self) -> int:
        return len(self._read)


def _member(held: msgspec.Raw | Bundle, texts: _Texts) -> Any:
    """One member: of a Bundle the entries, each told where it is plain; anything else parsed."""
    if isinstance(held, Bundle):
        return _told_bundle(held, texts)
    try:
        bundle = _split(held)
    except _NOT_PLAIN:
        return parsed(held)
    return _told_bundle(bundle, texts) if bundle.is_one else parsed(held)


def _told_bundle(bundle: Bundle, texts: _Texts) -> dict[str, Any]:
    around = {name: getattr(bundle, name) for name in ("resourceType", "total", "link")}
    told = {name: value for name, value in around.items() if value is not _ABSENT}
    return told | {"entry": _told_entries(bundle.entry, texts)}


def _told_entries(raws: list[msgspec.Raw], texts: _Texts) -> Entries:
    """The entries, of which those that tell too little are parsed."""
    try:
        entries: list[_Entry | None] = list(map(_decode_entry, raws))
    except _NOT_PLAIN:
        entries = list(map(_decoded, raws))
    made = Entries()
    spans = []
    for raw, entry in zip(raws, entries, strict=True):
        span = None if entry is None else entry.resource
        if span is None or span.resourceType in _TELLS_TOO_LITTLE:
            made.append(parsed(raw))
        else:
            span.held = texts, raw, None
            made.append(entry)
            spans.append(span)
    one_type = len(spans) == len(made) and len({span.resourceType for span in spans}) == 1
    made.alike = spans if one_type else []
    return made


def _decoded(raw: msgspec.Raw) -> _Entry | None:
    try:
        return _decode_entry(raw)
    except _NOT_PLAIN:
        return None


def parsed(raw: msgspec.Raw | bytes) -> Any:
    """What the JSON says. Raises InvalidRequestError for what the parser refuses."""
    try:
        return orjson.loads(memoryview(raw))
    except orjson.JSONDecodeError:
        message = "prefetch: must not hold a number beyond a double or nesting deeper than 1024"
        raise InvalidRequestError(message) from None
