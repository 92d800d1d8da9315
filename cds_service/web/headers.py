"""The headers every answer carries; a page that sets its own keeps them."""

from flask import Response

ANSWER_POLICY = "default-src 'none'; frame-ancestors 'none'"
"""For what is no page: a browser that is led to it shows text and runs nothing."""
ONE_YEAR = 31_536_000

_ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Content-Security-Policy", ANSWER_POLICY),
    ("Cache-Control", "no-store"),
)
_BEHIND_TLS = ("Strict-Transport-Security", f"max-age={ONE_YEAR}")


def complete(response: Response, request_id: str, *, tls: bool) -> None:
    """Add the headers the answer lacks, and let caches tell answers apart by the page's origin."""
    headers = response.headers
    own = {name.lower() for name, _ in headers}
    for name, value in _ALWAYS:
        if name.lower() not in own:
            headers.add(name, value)
    if tls and _BEHIND_TLS[0].lower() not in own:
        headers.add(*_BEHIND_TLS)
    headers.add("X-Request-ID", request_id)
    varying = headers.getlist("Vary") if "vary" in own else []
    headers["Vary"] = ", ".join(varying if "Origin" in varying else [*varying, "Origin"])
