"""Paths as clients write them: doubled slashes and a trailing slash are taken for the plain path, without a redirect.

A browser never follows a redirect of a preflight, and the CDS Hooks sandbox posts to
``/cds-services//id`` when the discovery address ends in a slash.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

_SLASHES = re.compile("/{2,}")
Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


def plain_paths(application: Application) -> Application:
    """The WSGI application, seeing only plain paths."""

    def plain(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if "//" in path or (path.endswith("/") and path != "/"):
            environ["PATH_INFO"] = _SLASHES.sub("/", path).rstrip("/") or "/"
        return application(environ, start_response)

    return plain
