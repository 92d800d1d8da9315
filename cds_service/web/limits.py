"""How often one address, and one authenticated client, may call. Over it: 429 and when to come again.

A counter that cannot be reached (a Redis that is down) limits nobody: advice is worth more than the limit.

``limits`` is used directly: Flask-Limiter, which wraps it, counts in hooks of its own, so that a limit before and one
after authentication take two of it, and some 160 microseconds a call more than the 40 it takes here.
"""

import math
import time
from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING, Any

import structlog
from werkzeug.exceptions import TooManyRequests

from cds_service.errors import ConfigurationError
from cds_service.settings import Settings
from cds_service.web.metrics.metrics import Metrics

if TYPE_CHECKING:
    from limits import RateLimitItem

_PATIENCE: dict[str, Any] = {"socket_connect_timeout": 0.2, "socket_timeout": 0.2}  # seconds, for a Redis that hangs
_IPV6_NETWORK = 64  # bits; one subscriber has a whole network of them

_log = structlog.get_logger(__name__)


class Limits:
    """Counts requests against the limits the settings name; None is no limit, and costs nothing."""

    def __init__(self, settings: Settings, metrics: Metrics) -> None:
        self._address = self._caller = None
        self._metrics = metrics
        if settings.rate_limit is None and settings.rate_limit_caller is None:
            return
        from limits import parse  # noqa: PLC0415 - loaded where there is a limit
        from limits.errors import ConfigurationError as StorageError  # noqa: PLC0415
        from limits.storage import storage_from_string  # noqa: PLC0415
        from limits.strategies import SlidingWindowCounterRateLimiter  # noqa: PLC0415

        self._address, self._caller = (
            None if rate is None else parse(rate) for rate in (settings.rate_limit, settings.rate_limit_caller)
        )
        try:
            storage = storage_from_string(settings.rate_limit_storage, **_PATIENCE)
        except (StorageError, ValueError) as error:
            message = f"CDS_RATE_LIMIT_STORAGE: cannot be used ({error})"
            raise ConfigurationError(message) from None
        if settings.production and settings.rate_limit_storage.startswith("memory:"):
            _log.warning("rate_limits_per_worker", variable="CDS_RATE_LIMIT_STORAGE", counted="each worker for itself")
        self._counter = SlidingWindowCounterRateLimiter(storage)

    def address(self, address: str | None) -> None:
        """Count a request before anything else is known of it. Raises TooManyRequests."""
        if self._address is not None:
            self._count(self._address, "address", _network(address))

    def caller(self, issuer: str | None, tenant: str | None) -> None:
        """Count a request of an authenticated client. Raises TooManyRequests."""
        if self._caller is not None and issuer is not None:
            self._count(self._caller, "caller", issuer, tenant or "")

    def _count(self, rate: "RateLimitItem", per: str, *who: str) -> None:
        try:
            if self._counter.hit(rate, per, *who):
                return
            again = self._counter.get_window_stats(rate, per, *who).reset_time
        except Exception as error:  # noqa: BLE001 - each kind of storage has errors of its own
            _log.warning("rate_limit_not_counted", error=type(error).__name__)
            return
        self._metrics.limited(per)
        raise TooManyRequests(retry_after=max(1, math.ceil(again - time.time())))


def _network(address: str | None) -> str:
    """What one sender is counted by: its IPv4 address, or its IPv6 network."""
    try:
        found = ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address) and found.ipv4_mapped is None:
        return str(ip_network((int(found), _IPV6_NETWORK), strict=False))
    return str(found)
