"""What a call lacks, fetched from the EHR's FHIR server: side by side, within one deadline, and nowhere else.

Each want comes to a receipt whatever the server does. At the deadline what has come is taken as it is
and the connections are cut; a page that is missing makes a query PARTIAL, a first page that is missing
makes it FAILED, or UNANSWERED where the server said nothing that can be read. The bearer token goes to the server the call named, below its base, and to no other.
"""

import re
import threading
import time
from codecs import BOM_UTF8
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Protocol
from urllib.parse import urljoin

import orjson
import structlog

from cds_service.chart.gather.bundles import opened
from cds_service.chart.model import Fetch, Fetched, Resource, Want
from cds_service.logs import places
from cds_service.patient.received import Receipt
from cds_service.protocol.request import HookRequest
from cds_service.settings import Settings

SIDE_BY_SIDE = 8  # connections of one call
THREADS = 128  # of all calls of this process, those that hang included
THREAD_NAME = "fhir-fetch"
WHOLE_CALL = 4  # a call may read this many times the most bytes of one answer
PAGE = 500  # entries asked for a page: servers give 10 or 20 unless asked, and count requests against a quota

_ACCEPT = "application/fhir+json, application/json;q=0.9, application/json+fhir;q=0.8"
_TOKEN = re.compile(r"[!-~]+")
_ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_CODE_PARAMETER = re.compile(r"(?<=[?&])code=[^&]*&?")
_TOO_LARGE = "too-large"  # the failure of an answer beyond the most bytes
_WITHOUT_CODES = (HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_URI_TOO_LONG)
_MISSING = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
_NOTHING = Fetched((), Receipt.UNANSWERED)

_log = structlog.get_logger(__name__)
_slots = threading.BoundedSemaphore(THREADS)


class ServerReply(Protocol):
    """What came of one GET: ``status`` is 0 when no whole answer came, and ``failure`` a code that says why."""

    @property
    def status(self) -> int:
        """The HTTP status."""

    @property
    def body(self) -> bytes:
        """The whole body."""

    @property
    def failure(self) -> str | None:
        """Why there is none."""


class ServerLine(Protocol):
    """A connection to one FHIR server, for URLs below its base. See ``trust.outbound``."""

    def get(self, url: str, *, headers: Mapping[str, str], deadline: float, max_bytes: int) -> ServerReply:
        """GET; never raises. ``deadline`` as of time.monotonic()."""

    def cut(self) -> None:
        """End whatever goes over it, from another thread."""

    def close(self) -> None:
        """Let the connection go."""


class Guard(Protocol):
    """Knows where this caller's call may go. See ``trust.outbound``."""

    def line(self, base: str) -> ServerLine | None:
        """A line to the server, or None when it may not be called."""


@dataclass(slots=True)
class _Budget:
    """The bytes one call may still read, whichever thread reads them."""

    left: int
    lock: threading.Lock = field(default_factory=threading.Lock)

    def spend(self, count: int) -> None:
        with self.lock:
            self.left -= count


@dataclass(frozen=True, slots=True)
class _Server:
    """The FHIR server of one call. ``deadline`` as of time.monotonic()."""

    base: str
    headers: Mapping[str, str] = field(repr=False)
    deadline: float
    max_bytes: int
    max_pages: int
    budget: _Budget

    def get(self, line: ServerLine, url: str) -> ServerReply:
        left = max(0, min(self.max_bytes, self.budget.left))
        reply = line.get(url, headers=self.headers, deadline=self.deadline, max_bytes=left)
        self.budget.spend(len(reply.body))
        return reply

    def absolute(self, url: str) -> str:
        return url if _ABSOLUTE.match(url) else f"{self.base}/{url}"


def fetcher(request: HookRequest, *, settings: Settings, guard: Guard) -> Fetch | None:
    """The fetch of one call; its deadline runs from now. None when the call names no FHIR server.

    A server the guard does not allow, or a token that cannot be a token, makes every want UNANSWERED.
    """
    if not request.fhir_server:
        return None
    base, token = request.fhir_server, request.access_token
    deadline = time.monotonic() + settings.fetch_deadline_seconds
    if "?" in base or (token is not None and not _TOKEN.fullmatch(token)) or guard.line(base) is None:
        _log.warning("fhir_server_not_allowed")
        return _fetch_nothing
    headers = {"Accept": _ACCEPT} if token is None else {"Accept": _ACCEPT, "Authorization": f"Bearer {token}"}
    most = settings.fetch_max_bytes
    server = _Server(base, headers, deadline, most, settings.fetch_max_pages, _Budget(WHOLE_CALL * most))

    def fetch(wants: Sequence[Want]) -> Mapping[Want, Fetched]:
        return _side_by_side(server, guard, tuple(dict.fromkeys(wants)))

    return fetch


def _fetch_nothing(wants: Sequence[Want]) -> Mapping[Want, Fetched]:
    return dict.fromkeys(wants, _NOTHING)


def _side_by_side(server: _Server, guard: Guard, wants: tuple[Want, ...]) -> Mapping[Want, Fetched]:
    """Every want, by as many threads as it takes, until the deadline. What hangs then is cut and left behind."""
    come = {want: _Coming() for want in wants}
    queue = iter(wants)
    lock = threading.Lock()

    def following() -> Want | None:
        with lock:
            return next(queue, None)

    def work(line: ServerLine) -> None:
        try:
            while (want := following()) is not None:
                _read_pages(server, line, want, come[want])
        except Exception as error:  # noqa: BLE001 - whatever a server can send, the call is answered
            _log.error("fhir_fetch", error=type(error).__name__, where=places(error))
        finally:
            line.close()
            _slots.release()

    lines, threads = [], []
    for _ in range(min(len(wants), SIDE_BY_SIDE)):
        line = guard.line(server.base)
        if line is None or not _slots.acquire(blocking=False):
            break
        lines.append(line)
        threads.append(threading.Thread(target=work, args=(line,), name=THREAD_NAME, daemon=True))
        threads[-1].start()
    for thread in threads:
        thread.join(max(0.0, server.deadline - time.monotonic()))
    for line in lines:
        line.cut()
    return {want: coming.fetched() for want, coming in come.items()}


@dataclass(slots=True)
class _Coming:
    """What a want has come to so far. One thread fills it; another may take it as it is, at any moment."""

    resources: list[Resource] = field(default_factory=list)
    receipt: Receipt = Receipt.UNANSWERED
    missing: bool = False

    def add(self, resources: Sequence[Resource], *, whole: bool) -> None:
        """One page more; ``whole``: it was the last, and nothing is known to be missing."""
        self.receipt = Receipt.PARTIAL
        self.resources += resources
        if whole:
            self.receipt = Receipt.RECEIVED if self.resources else Receipt.EMPTY

    def fetched(self) -> Fetched:
        return Fetched(tuple(self.resources), self.receipt, missing=self.missing)


def _read_pages(server: _Server, line: ServerLine, want: Want, coming: _Coming) -> None:
    """One page after the other, into ``coming``, until there are no more."""
    begun_elsewhere = server.absolute(want.url) == want.url  # a client's own first page counts towards the total
    url, reply = (want.url, server.get(line, want.url)) if begun_elsewhere else _begun(server, line, want.url)
    seen = {url}
    whole, total = True, 0
    while True:
        page = _read(reply)
        if isinstance(page, Receipt):
            _log.warning("fhir_fetch", query=want.key, page=len(seen), status=reply.status, failure=reply.failure)
            if len(seen) == 1:
                coming.receipt, coming.missing = page, reply.status in _MISSING
            return
        whole, total = whole and page.whole, max(total, page.total)
        following = _joined(url, page.next_link) if page.next_link else None
        short = page.short if len(seen) == 1 else total > len(coming.resources) + len(page.resources)
        coming.add(page.resources, whole=whole and following is None and (begun_elsewhere or not short))
        if following is None or following in seen or len(seen) >= server.max_pages:
            return
        url = following
        seen.add(url)
        reply = server.get(line, url)


def _begun(server: _Server, line: ServerLine, relative: str) -> tuple[str, ServerReply]:
    """The first page of a search, or the one resource; and where it came from.

    A search asks for large pages. Where the server does not take that (400), or one page is too large, it is asked
    again without; and where it does not take the codes, without those.
    """
    plain = server.absolute(relative)
    if "?" not in relative:
        return plain, server.get(line, plain)
    url = f"{plain}&_count={PAGE}"
    reply = server.get(line, url)
    if reply.status == HTTPStatus.BAD_REQUEST or reply.failure == _TOO_LARGE:
        url = plain
        reply = server.get(line, url)
    if reply.status in _WITHOUT_CODES and _CODE_PARAMETER.search(url):
        url = _CODE_PARAMETER.sub("", url).rstrip("&?")
        reply = server.get(line, url)
    return url, reply


def _joined(url: str, link: str) -> str:
    try:
        return urljoin(url, link)
    except ValueError:
        return link  # no URL at all; the line will not take it, and the query stays PARTIAL


@dataclass(frozen=True, slots=True)
class _Page:
    """One page of a search, or one resource. ``whole``: the server did not say that some are missing."""

    resources: tuple[Resource, ...]
    next_link: str | None
    total: int
    short: bool
    whole: bool


def _read(reply: ServerReply) -> _Page | Receipt:
    """The page, or what the query comes to without one: FAILED by an error, UNANSWERED by what is no FHIR."""
    if reply.status != HTTPStatus.OK:
        return Receipt.FAILED if reply.status >= HTTPStatus.BAD_REQUEST else Receipt.UNANSWERED
    try:
        value: Any = orjson.loads(reply.body.removeprefix(BOM_UTF8))
    except orjson.JSONDecodeError:
        return Receipt.UNANSWERED
    if not isinstance(value, dict) or not isinstance(value.get("resourceType"), str):
        return Receipt.UNANSWERED
    parcels = tuple(opened(value, "fetched"))
    if all(parcel.failed for parcel in parcels):
        return Receipt.UNANSWERED if any(parcel.unread for parcel in parcels) else Receipt.FAILED
    found = tuple(resource for parcel in parcels for kind in parcel.by_type.values() for resource in kind)
    total = value.get("total")
    return _Page(
        found,
        next((parcel.next_link for parcel in parcels if parcel.next_link), None),
        total if isinstance(total, int) else 0,
        any(parcel.short for parcel in parcels),
        not any(parcel.failed or parcel.beside or parcel.unread for parcel in parcels),
    )
