"""What holds for one call, from the three places where it is written down.

What belongs to one client (language, time zone, silence) stands in the issuers file; what belongs to the house (codes,
switches, reasons, links) in the site file; what belongs to the process in environment variables. The client's goes before
the process's; the house's adds to both.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from zoneinfo import ZoneInfo

from cds_service.settings import Settings
from cds_service.site.site import Site
from cds_service.trust.jwt import Caller
from cds_service.web.page.preferred import preferred


@dataclass(frozen=True, slots=True)
class Terms:
    """``language``: of the cards; ``settings``: the process's, in the client's time zone; ``silent``: topics not shown."""

    language: str
    settings: Settings
    silent: frozenset[str]
    site: Site


def terms(settings: Settings, site: Site, caller: Caller, accept_language: str | None) -> Terms:
    """The terms of a call. ``accept_language``: the header; what it asks for goes before the client's own language."""
    return Terms(
        language=preferred(accept_language, caller.language or settings.default_language),
        settings=settings if caller.timezone is None else _in_zone(settings, caller.timezone),
        silent=caller.silent | settings.silent,
        site=site,
    )


@lru_cache(maxsize=64)  # clients have few zones
def _in_zone(settings: Settings, zone: ZoneInfo) -> Settings:
    return replace(settings, timezone=zone)
