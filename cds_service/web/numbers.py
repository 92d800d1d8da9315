"""By which numbers a call is found again: its own, and the trace it is part of.

Both are the caller's where it sends them in a form that is safe to write down: plain, short, and not what could be a
person's.
"""

import re

MOST_CHARACTERS = 64

_REQUEST_ID = re.compile(rf"(?=.*[A-Za-z])[A-Za-z0-9][A-Za-z0-9._-]{{0,{MOST_CHARACTERS - 1}}}")
_TRACEPARENT = re.compile(r"(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}(-.*)?")
_FIRST_VERSION = "00"  # which has nothing after its flags


def kept_request_id(header: str | None) -> str | None:
    """The caller's X-Request-ID; None where there is none to keep. Digits alone could be a patient's number."""
    return header if header and _REQUEST_ID.fullmatch(header) else None


def traced(header: str | None) -> tuple[str, str] | None:
    """The trace and the span of a W3C ``traceparent``; None for any other text."""
    found = _TRACEPARENT.fullmatch(header) if header else None
    if found is None or (found[1] == _FIRST_VERSION and found[4] is not None):
        return None
    return found[2], found[3]
