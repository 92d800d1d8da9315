"""What every report shares, a replay's too: how it writes numbers and days, what it looks like, and what its page may load."""

import base64
import hashlib
from datetime import date
from functools import cache
from pathlib import Path

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

from cds_service.cards.wording import LOCALES

NONE = "–"


class Numbers:
    """Writes the numbers and days of one language ("en" or "id")."""

    def __init__(self, language: str) -> None:
        self._locale = LOCALES[language]

    def number(self, value: int) -> str:
        """Such as "1,204"; in Indonesian "1.204"."""
        return format_decimal(value, locale=self._locale)

    def percent(self, part: int, whole: int) -> str:
        """Such as "34%"; or "–" for nothing."""
        return format_percent(part / whole, locale=self._locale) if part else NONE

    def share(self, part: int, whole: int) -> str:
        """Such as "12 (34%)"; or "–" for nothing, and a bare number where nobody counted the whole."""
        if not part:
            return NONE
        return f"{self.number(part)} ({self.percent(part, whole)})" if whole else self.number(part)

    def rate(self, per_100: float | None) -> str:
        """Cards per 100 calls, to one decimal; "–" where no call was counted."""
        return NONE if per_100 is None else format_decimal(per_100, format="#,##0.0", locale=self._locale)

    def short(self, per_100: float) -> str:
        """The same in two figures, for the edge of a figure."""
        return format_decimal(per_100, format="#,##0" if per_100 >= 10 else "0.#", locale=self._locale)  # noqa: PLR2004 - two figures

    def day(self, day: date) -> str:
        """A day that no one reads the other way round: 2 Mar 2026."""
        return format_date(day, format="d MMM y", locale=self._locale)


@cache
def style() -> str:
    """The style of every report's page, which ``policy`` knows by its hash."""
    return (Path(__file__).parent / "templates" / "report.css").read_text(encoding="utf-8")


def policy() -> str:
    """The page's Content-Security-Policy: nothing is loaded or run; its own style is known by its hash."""
    digest = base64.b64encode(hashlib.sha256(style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'self'"
