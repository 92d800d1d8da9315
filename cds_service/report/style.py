"""What every report's page looks like, and what it may load: nothing."""

import base64
import hashlib
from functools import cache
from pathlib import Path


@cache
def style() -> str:
    """The style of every report's page, which ``policy`` knows by its hash."""
    return (Path(__file__).parent / "templates" / "report.css").read_text(encoding="utf-8")


def policy() -> str:
    """The page's Content-Security-Policy: nothing is loaded or run; its own style is known by its hash."""
    digest = base64.b64encode(hashlib.sha256(style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'self'"
