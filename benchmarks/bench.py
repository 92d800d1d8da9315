"""Measure the service beside an app that only parses, and beside HealthChain; print ratios, draw the growth.

    python benchmarks/bench.py [--quick]

Every ratio is taken within one run: the servers stand side by side, are asked in turns, and the median
of the turns' ratios is printed. Absolute numbers belong to the machine they were taken on.
"""

import argparse
import gc
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path

from charts import body
from growth import draw_growth, measure_growth
from load import free_port, latencies, python, request_bytes, server, throughput

HERE = Path(__file__).parent
HEALTHCHAIN = HERE.parent / ".venv-healthchain"
WORKER = ["--workers", "1", "--worker-class", "gthread", "--threads", "4", "--keep-alive", "15"]
PATIENT_VIEW = "/cds-services/leg-cramps-patient-view"
ORDER_SIGN = "/cds-services/leg-cramps-order-sign"


@contextmanager
def ours(database: Path) -> Iterator[int]:
    """The service as it is served, one worker. Yields its port."""
    port = free_port()
    command = [str(Path(sys.executable).parent / "cds-service"), "serve", "--port", str(port)]
    environment = {"WEB_CONCURRENCY": "1", "CDS_DATABASE_URL": f"sqlite:///{database}"}
    with server(command, port, **environment):
        yield port


@contextmanager
def parse_only() -> Iterator[int]:
    """The app that only parses, under the same server with the same worker. Yields its port."""
    port = free_port()
    command = python("-m", "gunicorn", *WORKER, "--bind", f"127.0.0.1:{port}", "--chdir", str(HERE), "parse_only:app")
    with server(command, port):
        yield port


@contextmanager
def healthchain() -> Iterator[int]:
    """HealthChain's own server, one worker. Yields its port."""
    port = free_port()
    interpreter = str(HEALTHCHAIN / "bin" / "python")
    command = [interpreter, "-m", "uvicorn", "--app-dir", str(HERE), "--port", str(port), "--log-level", "error"]
    with server([*command, "healthchain_app:app"], port):
        yield port


def install_healthchain() -> bool:
    """Make HealthChain's environment when it is not there yet; False when it can't be had."""
    if (HEALTHCHAIN / ".installed").is_file():
        return True
    shutil.rmtree(HEALTHCHAIN, ignore_errors=True)
    lock = HERE / "requirements-healthchain.lock"
    made = subprocess.run(python("-m", "venv", str(HEALTHCHAIN)), check=False).returncode == 0
    pip = [str(HEALTHCHAIN / "bin" / "pip"), "install", "--quiet", "--require-hashes", "--no-deps", "-r", str(lock)]
    if not made or subprocess.run(pip, check=False).returncode:
        return False
    (HEALTHCHAIN / ".installed").touch()
    return True


def ratio(
    one: int, other: int, requests: tuple[bytes, bytes], seconds: float, turns: int
) -> tuple[float, float, float]:
    """The median ratio of ``one``'s throughput to ``other``'s over the turns, and each one's median a second."""
    for port, request in zip((one, other), requests, strict=True):
        throughput(port, request, seconds / 2)
    pairs = [(throughput(one, requests[0], seconds), throughput(other, requests[1], seconds)) for _ in range(turns)]
    ratios = [a / b for a, b in pairs]
    return statistics.median(ratios), statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)


def compare(stack: ExitStack, database: Path, seconds: float, turns: int) -> None:
    """Print each comparison as it is measured."""
    service, parser = stack.enter_context(ours(database)), stack.enter_context(parse_only())
    print(f"{'':54s} {'ratio':>7s} {'ours/s':>8s} {'other/s':>8s}   wanted")
    for name, path, made, wanted in (
        ("patient-view, 50 + 50, cramps (cards), to parse-only", PATIENT_VIEW, body(50, 50), ">= 0.60"),
        ("patient-view, 50 + 50, no cramps, to parse-only", PATIENT_VIEW, body(50, 50, cramps=False), ""),
        ("patient-view, 1000 + 1000, cramps, to parse-only", PATIENT_VIEW, body(1000, 1000), ">= 0.85"),
        ("order-sign without quinine, 50 + 50, to parse-only", ORDER_SIGN, body(50, 50, hook="order-sign"), ">= 0.83"),
    ):
        request = request_bytes(path, made)
        found, a, b = ratio(service, parser, (request, request), seconds, turns)
        print(f"{name:54s} {found:7.2f} {a:8.0f} {b:8.0f}   {wanted}")
    if install_healthchain():
        peer = stack.enter_context(healthchain())
        made = body(50, 50)
        requests = (request_bytes(PATIENT_VIEW, made), request_bytes(f"/cds{PATIENT_VIEW}", made))
        found, a, b = ratio(service, peer, requests, seconds, turns)
        print(f"{'patient-view, 50 + 50, cramps, to HealthChain 0.16.1':54s} {found:7.1f} {a:8.0f} {b:8.0f}   >= 10")
    else:
        print("HealthChain could not be installed: no comparison")
    tails(service, parser)


def tails(service: int, parser: int) -> None:
    """The slowest hundredth of calls of one client, prefetch complete, beside the parse-only app."""
    request = request_bytes(PATIENT_VIEW, body(50, 50))
    slow = [sorted(latencies(port, request, 2000))[1980] * 1000 for port in (service, parser)]
    print(f"p99 of one client at 50 + 50: {slow[0]:.2f} ms, parse-only {slow[1]:.2f} ms, ratio {slow[0] / slow[1]:.2f}")


def main() -> None:
    """Run all measurements."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="short turns: a look, not a measurement")
    quick = parser.parse_args().quick
    gc.disable()
    print(f"{date.today().isoformat()}, Python {sys.version.split()[0]}, one worker of four threads, four connections")  # noqa: DTZ011
    database = HERE / "bench.db"
    try:
        with ExitStack() as stack:
            compare(stack, database, *((0.5, 3) if quick else (2.0, 9)))
    finally:
        for leftover in HERE.glob("bench.db*"):
            leftover.unlink()
    rows = measure_growth(quick=quick)
    draw_growth(rows, HERE.parent / "build" / "growth.svg")


if __name__ == "__main__":
    main()
