"""A running service and a browser. Without Chromium these tests are skipped."""

import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from werkzeug.serving import make_server

from cds_service.app import EXTENSION, create_app
from cds_service.settings import Settings
from tests.web.demo.visits import Service, Watched

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    database = tmp_path_factory.mktemp("store") / "store.db"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    app = create_app(Settings(public_base_url=url, database_url=f"sqlite:///{database}", allow_private_fhir=True))
    server = make_server("127.0.0.1", port, app, threaded=True)
    listening = threading.Thread(target=server.serve_forever, daemon=True)
    listening.start()
    yield Service(url, database)
    server.shutdown()
    server.server_close()
    listening.join(5)
    for stop in app.extensions[EXTENSION].worker_stopping:
        stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).is_file():
        pytest.skip("Chromium is not installed (apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


Visit = Callable[..., Watched]


@pytest.fixture
def visit(browser: Browser, service: Service) -> Iterator[Visit]:
    """Open a fresh context; options are Playwright's (viewport, color_scheme, locale …). Fails on any trouble."""
    contexts: list[BrowserContext] = []
    visits: list[Watched] = []

    def opened(**options: object) -> Watched:
        context = browser.new_context(**options)  # type: ignore[arg-type]
        contexts.append(context)
        watched = Watched(context.new_page(), service.url)
        watched.page.set_default_timeout(15_000)
        watched.watch()
        visits.append(watched)
        return watched

    yield opened
    for context in contexts:
        context.close()
    assert [trouble for watched in visits for trouble in watched.troubles] == []
