"""One connection to one server, that cannot be led astray.

It goes to an address that was looked at before it was connected to (a name is resolved once), with no
redirect, no proxy, no cookie; an answer is cut at a number of bytes and its time at a deadline.
Nothing here raises for what a server does.
"""

import http.client
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

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

    def __init__(self, may_call: MayCall, may_reach: MayReach) -> None:
        self._may_call = may_call
        self._may_reach = may_reach
        self._connection: http.client.HTTPConnection | None = None
        self._handle: socket.socket | None = None
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
            if self._handle is not None:
                with suppress(OSError):
                    self._handle.shutdown(socket.SHUT_RDWR)
                self._handle.close()
                self._handle = None

    def close(self) -> None:
        """Let the connection go. Only by the thread that calls ``get``."""
        self.cut()
        self._hang_up()

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _exchange(self, url: Url, headers: Mapping[str, str], deadline: float, max_bytes: int) -> Reply:
        sent = {"Host": url.authority, "User-Agent": "cds-service", **headers}
        reused = self._connection is not None and self._connection.sock is not None
        try:
            response = self._request(url, sent, deadline)
        except (http.client.RemoteDisconnected, ConnectionError):
            if not reused:
                raise
            self._hang_up()  # the server closed a connection it had kept: once more on a new one
            response = self._request(url, sent, deadline)
        body = _body(response, max_bytes)
        return Reply(response.status, body)

    def _request(self, url: Url, headers: Mapping[str, str], deadline: float) -> http.client.HTTPResponse:
        if self._connection is None or self._connection.sock is None:
            self._connection = self._connect(url, deadline)
        self._connection.sock.settimeout(_left(deadline))
        self._connection.request("GET", url.target, headers=dict(headers))
        return self._connection.getresponse()

    def _connect(self, url: Url, deadline: float) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection(url.host, url.port)
        connection.auto_open = 0  # it shall never connect by itself
        sock = self._dial(url, deadline)
        try:
            self._hold(sock)
            sock.settimeout(_left(deadline))
            connection.sock = _tls().wrap_socket(sock, server_hostname=url.host) if url.scheme == "https" else sock
        except BaseException:
            sock.close()
            raise
        return connection

    def _hold(self, sock: socket.socket) -> None:
        """Keep a second handle on the connection, so that ``cut`` works whatever TLS makes of the first."""
        with self._lock:
            if self._over:
                raise _NoReplyError(Failure.TIMEOUT)
            if self._handle is not None:
                self._handle.close()
            self._handle = sock.dup()

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
