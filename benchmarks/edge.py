"""What the HTTP edge costs a call: the envelope, the cards, and a served call beside an application that only parses.

Three applications behind the same gunicorn worker, one connection kept alive, one request after another:
``parse-only`` reads and parses the body and answers a constant; ``edge`` is the service with its
pipeline replaced by that constant; ``service`` is all of it. The edge's cost is ``edge`` less ``parse-only``.
"""

import multiprocessing
import socket
import statistics
import sys
import time
import timeit
from collections.abc import Callable
from http.client import HTTPConnection
from typing import Any

import orjson
import structlog

from cds_service import pipeline, serving, situations
from cds_service.app import create_app
from cds_service.patient.facts import Facts
from cds_service.protocol.schemas import dump_cards, load_request
from cds_service.services import CATALOGUE
from cds_service.settings import Settings
from cds_service.web.parts import Parts

CALLS = 1500
PATH = "/cds-services/leg-cramps-patient-view"
STORY = situations.load("cramps-quinine-hypokalaemia")
BODY = orjson.dumps(situations.request(STORY, "patient-view"))
PRODUCTION = Settings(env="production", cors_origins=(), log_format="json")  # no check of our own answers


def microseconds(work: Callable[[], object], number: int = 2000) -> float:
    """The best of five rounds, per run."""
    return min(timeit.repeat(work, number=number, repeat=5)) / number * 1e6


def parse_only(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """The least an answer can cost."""
    orjson.loads(environ["wsgi.input"].read())
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", "12")])
    return [b'{"cards":[]}']


def served(kind: str, port: int) -> None:
    """Serve one of the three applications; runs in a process of its own."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    app: Any = create_app(PRODUCTION, Parts())
    if kind == "edge":
        pipeline.answer = lambda request, service, **known: pipeline.Answer(  # noqa: ARG005
            (), (), Facts(known["today"]), known["language"]
        )
    if kind == "parse-only":
        app.wsgi_app = parse_only
    serving.serve(app, "127.0.0.1", port)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def latencies(port: int) -> list[float]:
    """Milliseconds of each call, sorted."""
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            break
        except OSError:
            time.sleep(0.1)
    connection = HTTPConnection("127.0.0.1", port)
    taken = []
    for _ in range(CALLS):
        start = time.perf_counter()
        connection.request("POST", PATH, BODY, {"Content-Type": "application/json"})
        connection.getresponse().read()
        taken.append((time.perf_counter() - start) * 1000)
    connection.close()
    return sorted(taken[100:])


def main() -> None:
    """Print the table."""
    service = next(one for one in CATALOGUE if one.hook == "patient-view")
    request = load_request(BODY)
    answer = pipeline.answer(request, service, fetch=None, today=STORY.day, language="en", settings=PRODUCTION)
    print(f"body {len(BODY)} bytes, {len(answer.cards)} cards, {len(dump_cards(answer.cards))} bytes")
    print(f"orjson.loads  {microseconds(lambda: orjson.loads(BODY)):8.1f} us")
    print(f"load_request  {microseconds(lambda: load_request(BODY)):8.1f} us (with orjson.loads)")
    print(f"dump_cards    {microseconds(lambda: dump_cards(answer.cards)):8.1f} us")
    for kind in ("parse-only", "edge", "service"):
        port = free_port()
        server = multiprocessing.get_context("spawn").Process(target=served, args=(kind, port))
        server.start()
        taken = latencies(port)
        server.terminate()
        server.join()
        p95 = taken[int(len(taken) * 0.95)]
        print(f"{kind:12s}  median {statistics.median(taken):6.2f} ms   p95 {p95:6.2f} ms")


if __name__ == "__main__":
    sys.exit(main())
