"""Web addresses, read strictly: what a lenient parser would repair is refused here."""

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

DEFAULT_PORTS = {"https": 443, "http": 80}
MAX_PORT = 65_535

_PLAIN = re.compile(r"[!-~]+")  # visible ASCII, no space, no control character
_PORT = re.compile(r":[0-9]{0,5}$")
_HOST = re.compile(r"[a-z0-9]([a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\]")
_DISGUISED = re.compile(r"\\|%2e|%2f|%5c|%3b|%25(2e|2f|5c|3b)|(^|/)\.{1,2}(;|/|$)", re.IGNORECASE)


class BadUrlError(ValueError):
    """The text is not an absolute http(s) URL we would call. The message says why and holds no part of it."""


@dataclass(frozen=True, slots=True)
class Url:
    """An absolute http(s) URL. ``host`` in lower case, an IPv6 one without brackets; ``path`` starts with /."""

    scheme: str
    host: str
    port: int
    path: str
    query: str = ""

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port: what has to be the same for a token to go there."""
        return self.scheme, self.host, self.port

    @property
    def target(self) -> str:
        """What goes into the request line; servers refuse a bare "|" there, which FHIR searches are full of."""
        return quote(f"{self.path}?{self.query}" if self.query else self.path, safe="%/:?@!$&'()*+,;=~")

    @property
    def authority(self) -> str:
        """The Host header: the port only where it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    def within(self, prefix: "Url") -> bool:
        """True when this URL has the prefix's exact origin and its path lies at or under the prefix's path."""
        if self.origin != prefix.origin:
            return False
        folder = prefix.path.rstrip("/")
        return self.path == folder or self.path.startswith(folder + "/")

    def below(self, prefix: "Url") -> str:
        """What comes after a prefix's path, when this URL is within it."""
        return self.path.removeprefix(prefix.path.rstrip("/"))


def parse(text: str) -> Url:
    """Read an absolute http(s) URL. Raises BadUrlError for anything odd: user info, fragment, dot segments, spaces."""
    problem = _problem(text)
    if problem:
        raise BadUrlError(problem)
    parts = urlsplit(text)
    return Url(
        parts.scheme,
        (parts.hostname or "").lower(),
        parts.port or DEFAULT_PORTS[parts.scheme],
        parts.path or "/",
        parts.query,
    )


def _problem(text: str) -> str | None:
    """Why the text is not a URL we would call, or None."""
    if not _PLAIN.fullmatch(text):
        return "holds a space, a control or a non-ASCII character"
    try:
        parts = urlsplit(text)
    except ValueError:  # an unclosed bracket
        return "is not a URL"
    if parts.scheme not in DEFAULT_PORTS:
        return "is not an absolute http or https URL"
    if "@" in parts.netloc:
        return "holds user information"
    if "#" in text:
        return "holds a fragment"
    host, colon, port = _split_port(parts.netloc.lower())
    if not _HOST.fullmatch(host):
        return "has no proper host"
    if colon and not (port.isdigit() and 0 < int(port) <= MAX_PORT):
        return "has no proper port"
    if _DISGUISED.search(parts.path):
        return "has a path with dot segments or encoded slashes"
    return None


def _split_port(netloc: str) -> tuple[str, str, str]:
    if _PORT.search(netloc) is None:
        return netloc, "", ""
    return netloc.rpartition(":")
