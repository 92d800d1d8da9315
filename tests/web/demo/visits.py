"""The service a browser test visits, and a page that is watched for whatever goes wrong on it."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page, Request


@dataclass(frozen=True)
class Service:
    """A service that listens. ``database``: its SQLite file."""

    url: str
    database: Path


@dataclass
class Watched:
    """A page, and what went wrong or went out on it."""

    page: Page
    base: str
    troubles: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        self.page.goto(f"{self.base}{path}")
        return self.page

    def watch(self) -> None:
        here = urlsplit(self.base).netloc
        self.page.on("console", lambda line: self.troubles.append(f"{line.type}: {line.text}"))
        self.page.on("pageerror", lambda error: self.troubles.append(f"error: {error}"))
        self.page.on("requestfailed", self._failed)
        self.page.on(
            "request",
            lambda request: urlsplit(request.url).netloc != here and self.troubles.append(f"out: {request.url}"),
        )
        self.page.on(
            "response", lambda answer: answer.status >= 400 and self.troubles.append(f"{answer.status}: {answer.url}")
        )

    def _failed(self, request: Request) -> None:
        """A request the page itself gave up, because it was left or asked again, is no failure."""
        if request.failure != "net::ERR_ABORTED":
            self.troubles.append(f"failed: {request.url} {request.failure}")
