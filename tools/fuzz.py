"""Fuzz the three hooks: the situations' requests, spoiled in what decides nothing, and broken anywhere at random.

    python tools/fuzz.py                      20,000 requests, with a seed that is printed
    python tools/fuzz.py --count 500 --seed 7

Half of the requests get one to three inessential elements spoiled (``tests.spoiling``): none of their cards may be
lost or milder, and nothing that is there may be denied. The other half have one to four members broken anywhere:
they may be answered with anything but a 500. What fails is printed, and the exit status is 1.
"""

import argparse
import json
import logging
import random
import sys
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import structlog
from rich.console import Console

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))  # for ``tests``

from cds_service import situations  # noqa: E402
from cds_service.app import create_app  # noqa: E402
from cds_service.catalogue import CATALOGUE  # noqa: E402
from cds_service.settings import Settings  # noqa: E402
from cds_service.web.parts import Parts  # noqa: E402
from tests.spoiling import Request, Shown, Spoiling, changed, shown, spoilings  # noqa: E402

_COUNT = 20_000
_MOST_SPOILED, _MOST_BROKEN = 3, 4
_SERVER_ERROR = 500
_ODD: tuple[Any, ...] = (
    *(None, True, 0, -1, 10**400, 1e308, "", " ", "x", "\x00", "\u202e", "x" * 5000, "30/11/2026", "2026-13-45"),
    *([], {}, [[]], [None], {"resourceType": "Bundle"}, {"reference": "#"}, {"value": "1,000"}, {"coding": "x"}),
)


def fuzzed(rng: random.Random, count: int) -> Iterator[str]:
    """What went wrong with so many requests, in words."""
    client = create_app(Settings(), Parts()).test_client()
    paths = {service.hook: f"/cds-services/{service.id}" for service in CATALOGUE}
    for number in range(count):
        place = rng.randrange(len(requests()))
        request = requests()[place]
        if number % 2:
            chosen = rng.sample(ways(place), rng.randint(1, _MOST_SPOILED))
            without = shown(changed(request, *(one.removal for one in chosen)))
            fault = shown(changed(request, *(one.change for one in chosen))).fault(_right(place), without)
            what = " and ".join(one.what for one in chosen)
        else:
            what = json.dumps(broken(rng, request))
            status = client.post(paths[request["hook"]], data=what, content_type="application/json").status_code
            fault = f"answered {status}" if status >= _SERVER_ERROR else None
        if fault:
            yield f"request {number}, {request['hook']}: {fault}: {what}"


@cache
def requests() -> tuple[Request, ...]:
    """The requests of all situations, of each hook."""
    return tuple(situations.request(one, hook) for one in situations.load_all() for hook in one.hooks)


@cache
def ways(place: int) -> tuple[Spoiling, ...]:
    """What decides nothing in a request, and ways to spoil it."""
    return tuple(spoilings(requests()[place]))


@cache
def _right(place: int) -> Shown:
    return shown(requests()[place])


def broken(rng: random.Random, request: Request) -> Any:
    """The request with a few members anywhere replaced, left out, or put where another was."""
    made: Any = deepcopy(request)
    for _ in range(rng.randint(1, _MOST_BROKEN)):
        holders = list(_holders(made))
        if not holders:
            break
        holder = rng.choice(holders)
        name = rng.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
        match rng.randrange(3):
            case 0:
                holder[name] = deepcopy(rng.choice(_ODD))
            case 1:
                del holder[name]
            case _:
                holder[name] = deepcopy(rng.choice(holders))
    return made


def _holders(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list) and value:
        yield value
        for member in value.values() if isinstance(value, dict) else value:
            yield from _holders(member)


def main() -> int:
    """Fuzz, and print what went wrong."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--count", type=int, default=_COUNT)
    parser.add_argument("--seed", type=int, default=random.randrange(2**32))
    asked = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    console = Console(highlight=False, soft_wrap=True)
    console.out(f"{asked.count} requests, seed {asked.seed}")
    wrong = 0
    for fault in fuzzed(random.Random(asked.seed), asked.count):
        wrong += 1
        console.out(fault)
    console.out(f"{wrong} went wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
