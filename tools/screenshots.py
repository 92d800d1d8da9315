"""Make the README's pictures anew: python tools/screenshots.py [folder].

Starts the service on a free port of this machine and photographs it with Chromium
(CHROMIUM names the browser when it is not the one on the path: apt-get install chromium).
"""

import os
import shutil
import socket
import sys
import tempfile
import threading
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import structlog
from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from cds_service.app import create_app
from cds_service.settings import Settings

FOLDER = Path(__file__).parents[1] / "docs" / "screenshots"
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
COLOURS = 256


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture. ``open``: selectors clicked before it is taken; ``height`` None: the whole page."""

    name: str
    path: str
    width: int = 1440
    height: int | None = 1000
    clicks: tuple[str, ...] = field(default=())


SHOTS = (
    Shot("demo", "/?lang=en&situation=cramps-quinine-hypokalaemia"),
    Shot("demo-detail", "/?lang=en&situation=cramps-at-night", height=1400, clicks=("article .detail summary",)),
    Shot("demo-order", "/?lang=id&situation=order-quinine-for-cramps", height=900, clicks=("article .override",)),
    Shot("leaflet", "/leaflets/leg-cramps?lang=id", width=900, height=None),
)


class Quiet(WSGIRequestHandler):
    """No line for every request."""

    def log(self, *_: object) -> None:
        """Say nothing."""


def main(folder: Path) -> None:
    """Take every picture."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as store:
        port = _free_port()
        base = f"http://127.0.0.1:{port}"
        app = create_app(Settings(public_base_url=base, database_url=f"sqlite:///{store}/store.db"))
        server = make_server("127.0.0.1", port, app, threaded=True, request_handler=Quiet)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
            for shot in SHOTS:
                (folder / f"{shot.name}.png").write_bytes(_small(_taken(browser, base, shot)))
            browser.close()
        server.shutdown()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _taken(browser: Browser, base: str, shot: Shot) -> bytes:
    viewport: ViewportSize = {"width": shot.width, "height": shot.height or 1000}
    context = browser.new_context(viewport=viewport, reduced_motion="reduce")
    page = context.new_page()
    page.goto(base + shot.path)
    _settled(page)
    for selector in shot.clicks:
        page.locator(selector).first.click()
    picture = page.screenshot(full_page=shot.height is None)
    context.close()
    return picture


def _settled(page: Page) -> None:
    """Wait until the cards have come, where the page has any."""
    if page.locator("#cards").count():
        page.locator("#trace > li").first.wait_for()


def _small(picture: bytes) -> bytes:
    """The same picture with a palette: a third of the weight, and no difference one can see."""
    made = BytesIO()
    Image.open(BytesIO(picture)).convert("RGB").quantize(COLOURS).save(made, "PNG", optimize=True)
    return made.getvalue()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
