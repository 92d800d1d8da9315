"""Which pages of a browser may read our answers, and which names we are called by.

In development no caller is checked, so a page from anywhere could ask and read: only pages of this machine and the CDS
Hooks sandbox may, unless CDS_CORS_ORIGINS lists others. A page may also have its own name lead to this machine; then
the Host header is that name, and not one of ours.
"""

import re
from http import HTTPStatus
from ipaddress import ip_address
from urllib.parse import urlsplit

import structlog
from flask import Request, Response

from cds_service.settings import SANDBOX, Settings
from cds_service.variables import LOCAL
from cds_service.web.errors import outcome

SETTING = "CDS_CORS_ORIGINS"
_THIS_MACHINE = re.compile(r"https?://(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?\Z")
_SHARED = (None, "hooks", "feedback", "fhir_server")  # None: what is no route at all, so that a page sees its 404

_log = structlog.get_logger(__name__)


class Origins:
    """The pages that may call. ``patterns``: of their origins; None for every origin."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.patterns = None if "*" in settings.cors_origins else tuple(_patterns(settings.cors_origins))
        self._name = urlsplit(settings.public_base_url).hostname

    def shares(self, request: Request) -> bool:
        """Whether a page of another origin may read the answer to this request at all; our own pages are no such answer."""
        return request.blueprint in _SHARED

    def refusal(self, request: Request) -> Response | None:
        """In development, the answer to a page that asks whether it may call, and may not; and a line in the log.

        In production a browser gets no leave, and no more.
        """
        origin = request.environ.get("HTTP_ORIGIN")
        if self._settings.production or origin is None or self._may_call(origin, request):
            return None
        _log.warning("origin_refused", variable=SETTING)
        if request.method != "OPTIONS":
            return None
        return outcome(HTTPStatus.FORBIDDEN, "forbidden", f"pages of this origin may not call; {SETTING} lists who may")

    def misdirected(self, request: Request) -> Response | None:
        """In development, the answer to a request for a name that is none of ours."""
        host = request.environ.get("HTTP_HOST")
        if self._settings.production or not host or self._is_ours(host):
            return None
        message = "the Host header names another machine; CDS_PUBLIC_BASE_URL says what this one is called"
        return outcome(HTTPStatus.MISDIRECTED_REQUEST, "forbidden", message)

    def _may_call(self, origin: str, request: Request) -> bool:
        if self.patterns is None or any(pattern.match(origin) for pattern in self.patterns):
            return True
        return origin.partition("://")[2] == request.environ.get("HTTP_HOST")

    def _is_ours(self, host: str) -> bool:
        """An address, a name without dots (localhost, a container's), or our public name."""
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        return "." not in name.rstrip(".") or name == self._name or _is_address(name)


def _patterns(origins: tuple[str, ...]) -> list[re.Pattern[str]]:
    listed = [re.compile(re.escape(origin) + r"\Z") for origin in origins if origin != LOCAL]
    return [*listed, _THIS_MACHINE, re.compile(re.escape(SANDBOX) + r"\Z")] if LOCAL in origins else listed


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
