"""One connection to one server, that cannot be led astray.

It goes to an address that was looked at before it was connected to (a name is resolved once), with no
redirect, no proxy, no cookie; an answer is cut at a number of bytes and its time at a deadline. It may be one that was
kept, to the address that was looked at then.
Nothing here raises for what a server does.
"""

import http.client
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from cds_service.trust.kept import Connected, Kept
from cds_service.trust.urls import Url

MayCall = Callable[[str], Url | None]
"""The URL read, or None when it may not be called."""
MayReach = Callable[[str, str], bool]
"""(host, address) -> whether this host may be reached at this address."""

_CHUNK = 64 * 1024
_FEWEST_SECONDS = 0.001  # a socket's timeout must not be 0: that would mean "do not block"


class Failure(StrEnum):
    """Why no whole answer came."""

    NOT_ALLOWED = "not-allowed"
    DNS = "dns"
    ADDRESS = "address"
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"
    TOO_LARGE = "too-large"
    ENCODING = "encoding"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of one GET. ``status`` is 0 when no whole answer came, and ``failure`` then says why."""

    status: int
    body: bytes = b""
    failure: Failure | None = None


class Line:
    """A connection to one server, opened when first used and kept for the next page.

    One thread calls ``get``; another may ``cut`` it at the deadline, which ends a ``get`` under way.
    """

    def __init__(self, may_call: MayCall, may_reach: MayReach, kept: Kept | None = None, key: Hashable = None) -> None:
        """``kept``: where connections of this ``key`` wait between lines; None to close each with its line."""
        self._may_call = may_call
        self._may_reach = may_reach
        self._kept = kept
        self._key = key
        self._connected: Connected | None = None
        self._lock = threading.Lock()
        self._over = False

    def get(self, url: str, *, headers: Mapping[str, str], deadline: float, max_bytes: int) -> Reply:
        """GET the URL if it may be called. ``deadline`` as of time.monotonic(). Never raises."""
        target = self._may_call(url)
        if target is None:
            return Reply(0, failure=Failure.NOT_ALLOWED)
        try:
            return self._exchange(target, headers, deadline, max_bytes)
        except _NoReplyError as error:
            failure = error.failure
        except TimeoutError:
            failure = Failure.TIMEOUT
        except ssl.SSLError:
            failure = Failure.TLS
        except (OSError, http.client.HTTPException, ValueError, zlib.error):
            failure = Failure.BROKEN
        self._hang_up()
        return Reply(0, failure=Failure.TIMEOUT if self._over else failure)

    def cut(self) -> None:
        """End whatever goes over this line, now and from now on. Safe from another thread, and twice."""
        with self._lock:
            self._over = True
            if self._connected is not None:
                with suppress(OSError):
                    self._connected.handle.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Let the connection go: to wait for another line where it still can be used. Only by the thread that calls ``get``."""
        with self._lock:
            connected, self._connected = self._connected, None
            usable = not self._over and connected is not None and connected.connection.sock is not None
            self._over = True
        if connected is None:
            return
        if usable and self._kept is not None:
            self._kept.put(self._key, connected)
        else:
            connected.close()

    def _hang_up(self) -> None:
        with self._lock:
            connected, self._connected = self._connected, None
        if connected is not None:
            connected.close()

    def _exchange(self, url: Url, headers: Mapping[str, str], deadline: float, max_bytes: int) -> Reply:
        sent = {"Host": url.authority, "User-Agent": "cds-service", **headers}
        used = self._reusable()
        try:
            response = self._request(used or self._connect(url, deadline), url, sent, deadline)
        except (http.client.RemoteDisconnected, ConnectionError, ssl.SSLEOFError, ssl.SSLZeroReturnError):
            if used is None:
                raise
            self._hang_up()  # the server closed a connection it had kept: once more on a new one
            response = self._request(self._connect(url, deadline), url, sent, deadline)
        body = _body(response, max_bytes)
        return Reply(response.status, body)

    def _reusable(self) -> Connected | None:
        """The connection of the page before, or one that was kept."""
        if self._connected is not None and self._connected.connection.sock is not None:
            return self._connected
        self._hang_up()
        found = self._kept.take(self._key) if self._kept is not None else None
        return None if found is None else self._hold(found)

    @staticmethod
    def _request(
        connected: Connected, url: Url, headers: Mapping[str, str], deadline: float
    ) -> http.client.HTTPResponse:
        connection = connected.connection
        connection.sock.settimeout(_left(deadline))
        connection.request("GET", url.target, headers=dict(headers))
        return connection.getresponse()

    def _connect(self, url: Url, deadline: float) -> Connected:
        connection = http.client.HTTPConnection(url.host, url.port)
        connection.auto_open = 0  # it shall never connect by itself
        sock = self._dial(url, deadline)
        connection.sock = sock
        handle = sock.dup()  # so that ``cut`` works whatever TLS makes of the first
        handle.settimeout(0)
        held = self._hold(Connected(connection, handle))
        sock.settimeout(_left(deadline))
        if url.scheme == "https":
            connection.sock = _tls().wrap_socket(sock, server_hostname=url.host)
        return held

    def _hold(self, connected: Connected) -> Connected:
        with self._lock:
            if not self._over:
                self._connected = connected
                return connected
        connected.close()
        raise _NoReplyError(Failure.TIMEOUT)

    def _dial(self, url: Url, deadline: float) -> socket.socket:
        """Connect to one of the host's addresses, each looked at first; the name is not resolved again."""
        addresses = list(_addresses(url))
        admitted = [address for address in addresses if self._may_reach(url.host, address[1][0])]
        if not admitted:
            raise _NoReplyError(Failure.ADDRESS)
        for number, (family, address) in enumerate(admitted):
            seconds = _left(deadline) / (len(admitted) - number)
            sock = socket.socket(family, socket.SOCK_STREAM)
            try:
                sock.settimeout(seconds)
                sock.connect(address)
            except OSError:
                sock.close()
            else:
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                return sock
        raise _NoReplyError(Failure.CONNECT)


class _NoReplyError(Exception):
    """No answer came."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.value)
        self.failure = failure


def _addresses(url: Url) -> Iterator[tuple[socket.AddressFamily, tuple[str, int]]]:
    try:
        found = socket.getaddrinfo(url.host, url.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise _NoReplyError(Failure.DNS) from None
    for family, _type, _protocol, _name, address in found:
        yield family, address  # type: ignore[misc]  # an IPv6 address has two members more, and connect takes them


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return max(left, _FEWEST_SECONDS)


def _body(response: http.client.HTTPResponse, max_bytes: int) -> bytes:
    """The body, inflated if need be. Raises _NoReplyError when it is over the cap or ends too early."""
    encoding = response.headers.get("Content-Encoding", "identity").lower()
    if encoding not in ("identity", "gzip"):
        raise _NoReplyError(Failure.ENCODING)
    inflate = zlib.decompressobj(wbits=31) if encoding == "gzip" else None
    body = bytearray()
    while chunk := response.read(_CHUNK):
        body += inflate.decompress(chunk, max_bytes + 1 - len(body)) if inflate else chunk
        if len(body) > max_bytes:
            raise _NoReplyError(Failure.TOO_LARGE)
    if response.length or (inflate and not inflate.eof):
        raise _NoReplyError(Failure.BROKEN)
    return bytes(body)


@cache
def _tls() -> ssl.SSLContext:
    """The host's certificate authorities (SSL_CERT_FILE, SSL_CERT_DIR), names checked, TLS 1.2 or newer."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
