"""The outbound guard: where we may call.

Only an allowed prefix (exact scheme, host and port, path at or under it), only https in production, and
only a public address, unless the host is one that is known to live in our own network.
"""

import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from cds_service.trust.addresses import Network, network_of
from cds_service.trust.kept import Kept
from cds_service.trust.line import Failure, Line, Reply
from cds_service.trust.urls import BadUrlError, Url, parse

_PLAIN = re.compile(r"(/[A-Za-z0-9][A-Za-z0-9._-]*)*/?")


@dataclass(frozen=True, slots=True)
class Guard:
    """Where one caller's call may go. ``prefixes`` None: anywhere (development without issuers only).

    ``private_hosts`` may resolve to loopback and private addresses, and so may every host where
    ``loopback`` or ``private`` are open, which they only are in development. ``client``: whose calls these are;
    ``kept``: where the connections of their lines wait, for other lines of the client under an equal guard.
    """

    prefixes: tuple[Url, ...] | None = ()
    https_only: bool = True
    private_hosts: frozenset[str] = frozenset()
    loopback: bool = False
    private: bool = False
    client: tuple[str | None, ...] = ()
    kept: Kept | None = field(default=None, compare=False, repr=False)

    def allowed(self, text: str) -> Url | None:
        """The URL, when it may be called; None when not."""
        try:
            url = parse(text)
        except BadUrlError:
            return None
        if self.https_only and url.scheme != "https":
            return None
        if self.prefixes is not None and not any(url.within(prefix) for prefix in self.prefixes):
            return None
        return url

    def _is_plainly_below(self, base: Url) -> bool:
        """Whether the base is a prefix itself, or a prefix with plain segments after it."""
        return self.prefixes is None or any(
            base == prefix or (base.within(prefix) and not base.query and _PLAIN.fullmatch(base.below(prefix)))
            for prefix in self.prefixes
        )

    def admits(self, host: str, address: str) -> bool:
        """True when this host may be reached at this address."""
        network = network_of(address)
        if network is Network.PUBLIC:
            return True
        if network is Network.LOOPBACK:
            return self.loopback or self.private or host in self.private_hosts
        return network is Network.PRIVATE and (self.private or host in self.private_hosts)

    def line(self, base: str) -> Line | None:
        """A line to one server, for URLs at or under ``base`` only; None when ``base`` is not allowed.

        Between an allowed prefix and the base lie plain path segments only: what means more than itself to some server
        or proxy would be another place than the prefix's.
        """
        prefix = self.allowed(base)
        if prefix is None or not self._is_plainly_below(prefix):
            return None

        def below(text: str) -> Url | None:
            url = self.allowed(text)
            return url if url is not None and url.within(prefix) else None

        return Line(below, self.admits, self.kept, (self, prefix.origin))


def get_once(guard: Guard, url: str, *, headers: Mapping[str, str], deadline: float, max_bytes: int) -> Reply:
    """One GET that returns at the deadline, even when the name server hangs or the bytes drip."""
    line = guard.line(url)
    if line is None:
        return Reply(0, failure=Failure.NOT_ALLOWED)
    replies: list[Reply] = []

    def work() -> None:
        replies.append(line.get(url, headers=headers, deadline=deadline, max_bytes=max_bytes))
        line.close()

    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    worker.join(max(0, deadline - time.monotonic()))
    line.cut()
    return replies[0] if replies else Reply(0, failure=Failure.TIMEOUT)
