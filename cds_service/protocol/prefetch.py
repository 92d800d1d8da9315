"""The prefetch of a call, cut where somebody looks: its Bundles down to their entries, of each resource a ``Span``.

An entry that is not plain (without a resource, or of a type that is no text) is parsed at once, that entry alone.
"""

from collections.abc import ItemsView, Iterator, Mapping, Sequence, ValuesView
from functools import cached_property
from typing import Any, Self

import msgspec

from cds_service.protocol.spans import ABSENT, NOTHING, Span, Texts, Told, in_entry, parsed

_TELLS_TOO_LITTLE = ("", "Bundle", "OperationOutcome")
_NOT_PLAIN = (msgspec.DecodeError, RecursionError)


class _Entry(Told, gc=False, eq=False):
    """An entry of a Bundle that holds a resource."""

    resource: Span | None = None
    fullUrl: Any = ABSENT  # noqa: N815
    search: msgspec.Raw = NOTHING

    @property
    def texts(self) -> Texts:
        """What glances told in this call."""
        return self.resource.texts  # type: ignore[union-attr]

    def all(self) -> dict[str, Any]:
        """The whole entry."""
        whole: dict[str, Any] = self.texts[bytes(self.resource.in_entry)]  # type: ignore[union-attr]
        return whole


class Entries(list[Any]):
    """The entries of a Bundle. ``alike``: the resources, where each holds one of the same type and no more; else none."""

    alike: list[Span]


class Bundle(msgspec.Struct, gc=False):
    """A Bundle as far as anyone reads one, its entries as they came."""

    resourceType: str = ""  # noqa: N815
    entry: list[msgspec.Raw] = []
    total: Any = ABSENT
    link: Any = ABSENT

    @property
    def is_one(self) -> bool:
        """It says so, and has entries."""
        return self.resourceType == "Bundle" and bool(self.entry)

    @classmethod
    def of(cls, resources: Sequence[bytes]) -> Self:
        """A Bundle of these resources, each the JSON text of one."""
        return cls("Bundle", list(map(in_entry, resources)), len(resources))


Member = msgspec.Raw | Bundle | list[bytes]
"""What a prefetch has under one key: any JSON, a Bundle that has entries, or the resources of what would be one."""


_Entry.told = frozenset(_Entry.__struct_fields__)
_decode_entry = msgspec.json.Decoder(_Entry).decode
_decode_span = msgspec.json.Decoder(Span).decode
_split = msgspec.json.Decoder(Bundle).decode


class Prefetch(Mapping[str, Any]):
    """The prefetch by its keys, nothing of it parsed before it is looked into.

    Raises InvalidRequestError when something is looked into that the parser refuses: a number beyond a double, or
    nesting deeper than 1024.
    """

    def __init__(self, members: Mapping[str, Member], whole: msgspec.Raw | None = None) -> None:
        """``whole``: all of it, where it is one resource in place of an object of keys."""
        self._raw = members
        self._whole = whole

    @cached_property
    def _read(self) -> dict[str, Any]:
        texts = Texts()
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

    def values(self) -> ValuesView[Any]:
        """As of any Mapping."""
        return self._read.values()

    def items(self) -> ItemsView[str, Any]:
        """As of any Mapping."""
        return self._read.items()


def _member(held: Member, texts: Texts) -> Any:
    """One member: of a Bundle the entries, each told where it is plain; anything else parsed."""
    if isinstance(held, list):
        return _told_resources(held, texts)
    if isinstance(held, Bundle):
        return _told_bundle(held, texts)
    try:
        bundle = _split(held)
    except _NOT_PLAIN:
        return parsed(held)
    return _told_bundle(bundle, texts) if bundle.is_one else parsed(held)


def _told_bundle(bundle: Bundle, texts: Texts) -> dict[str, Any]:
    around = {name: getattr(bundle, name) for name in ("resourceType", "total", "link")}
    told = {name: value for name, value in around.items() if value is not ABSENT}
    return told | {"entry": _told_entries(bundle.entry, texts)}


def _told_resources(resources: list[bytes], texts: Texts) -> dict[str, Any]:
    """A Bundle of the resources: where each is plain, nothing is put around it."""
    try:
        spans = list(map(_decode_span, resources))
    except _NOT_PLAIN:
        return _told_bundle(Bundle.of(resources), texts)
    kinds = {span.resourceType for span in spans}
    if not kinds.isdisjoint(_TELLS_TOO_LITTLE):
        return _told_bundle(Bundle.of(resources), texts)
    for span, text in zip(spans, resources, strict=True):
        span.held = texts, text, None
    entries = Entries(map(_Entry, spans))
    entries.alike = spans if len(kinds) == 1 else []
    return {"resourceType": "Bundle", "total": len(spans), "entry": entries}


def _told_entries(raws: list[msgspec.Raw], texts: Texts) -> Entries:
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
