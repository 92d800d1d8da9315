"""What every request is answered, one line each, so that two commits can be compared to the letter.

    python tools/answers.py > before.txt                    situations of all hooks, and 20,000 broken and spoiled ones
    python tools/answers.py --count 500 --seed 7 FOLDER...  also every JSON file of the folders that is a request
    diff before.txt after.txt

A line is what the request was, the status and a digest of the body. Two runs with one seed ask the same.
"""

import argparse
import json
import logging
import random
import sys
from collections.abc import Iterator
from hashlib import blake2b
from http import HTTPStatus
from pathlib import Path
from typing import Any

import structlog
from rich.console import Console

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

from fuzz import broken, requests, ways  # noqa: E402

from cds_service.app import create_app  # noqa: E402
from cds_service.catalogue import CATALOGUE  # noqa: E402
from cds_service.protocol.request import TODAY_EXTENSION  # noqa: E402
from cds_service.settings import Settings  # noqa: E402
from cds_service.web.parts import Parts  # noqa: E402
from tests.spoiling import changed  # noqa: E402

_MOST_SPOILED = 3
_DAY = "2026-11-30"  # of a request that names none


def asked(count: int, rng: random.Random, folders: list[Path]) -> Iterator[tuple[str, Any]]:
    """A name and a request's body as JSON has it: the situations', those of the folders, and so many made worse."""
    for place, request in enumerate(requests()):
        yield f"situation {place}", request
    for path in sorted(path for folder in folders for path in folder.rglob("*.json")):
        document = json.loads(path.read_text())
        if isinstance(document, dict) and "hook" in document:
            document.setdefault("extension", {}).setdefault(TODAY_EXTENSION, _DAY)
            yield str(path), document
    for number in range(count):
        place = rng.randrange(len(requests()))
        request = requests()[place]
        if number % 2:
            chosen = rng.sample(ways(place), rng.randint(1, _MOST_SPOILED))
            yield f"spoiled {number}", changed(request, *(one.change for one in chosen))
        else:
            yield f"broken {number}", broken(rng, request)


def main() -> None:
    """Ask, and print a line for each answer."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--bodies", action="store_true", help="print what was asked and answered too")
    parser.add_argument("folder", type=Path, nargs="*")
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    console = Console(highlight=False, soft_wrap=True, markup=False)
    client = create_app(Settings(), Parts()).test_client()
    paths = {service.hook: f"/cds-services/{service.id}" for service in CATALOGUE}
    for name, request in asked(given.count, random.Random(given.seed), given.folder):
        hook = request.get("hook") if isinstance(request, dict) else None
        path = paths.get(hook, "") if isinstance(hook, str) else ""
        answer = client.post(path or paths["patient-view"], json=request)
        body = answer.data if answer.status_code == HTTPStatus.OK else b""  # an error names its request's number
        console.out(name, answer.status_code, blake2b(body, digest_size=8).hexdigest())
        if given.bodies:
            console.out(json.dumps(request), answer.get_data(as_text=True), sep="\n")


if __name__ == "__main__":
    main()
