"""Measure the service beside apps that do less, and print ratios; draw the growth.

    python benchmarks/bench.py [--quick]

Every call is another patient's. The servers stand side by side and are asked in turns; a ratio is of answers per second
of processor time within one round, and the median of three rounds is printed, with answers a second by the clock beside
it. Absolute numbers belong to the machine they were taken on. Linux only: processor time is read from /proc.
"""

import argparse
import compileall
import gc
import shutil
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from authority import certificate
from charts import asking, body
from growth import draw_growth, measure_growth
from load import cpu_seconds, free_port, latencies, python, rate, request_bytes, server
from memory import peak_megabytes

HERE = Path(__file__).parent
HEALTHCHAIN = HERE.parent / ".venv-healthchain"
WORKER = ["--workers", "1", "--worker-class", "gthread", "--threads", "4", "--keep-alive", "15"]
PATIENT_VIEW = "/cds-services/leg-cramps-patient-view"
ORDER_SIGN = "/cds-services/leg-cramps-order-sign"
ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Server:
    """One that is up."""

    port: int
    pid: int


@dataclass(frozen=True, slots=True)
class Column:
    """One comparison: the same calls to the service and to another; ``prefix``: before the other's path."""

    name: str
    calls: Sequence[tuple[str, bytes]]
    other: Server
    wanted: str
    prefix: str = ""


@contextmanager
def ours(folder: Path, **environment: str) -> Iterator[Server]:
    """The service as it is served, one worker."""
    port = free_port()
    command = [str(Path(sys.executable).parent / "cds-service"), "serve", "--port", str(port)]
    database = {"WEB_CONCURRENCY": "1", "CDS_DATABASE_URL": f"sqlite:///{folder}/bench.db"}
    with server(command, port, **database, **environment) as pid:
        yield Server(port, pid)


@contextmanager
def plain(app: str) -> Iterator[Server]:
    """An app of this folder, under the same server with the same worker."""
    port = free_port()
    command = python("-m", "gunicorn", *WORKER, "--bind", f"127.0.0.1:{port}", "--chdir", str(HERE), f"{app}:app")
    with server(command, port) as pid:
        yield Server(port, pid)


@contextmanager
def healthchain() -> Iterator[Server]:
    """HealthChain's own server, one worker."""
    port = free_port()
    interpreter = str(HEALTHCHAIN / "bin" / "python")
    command = [interpreter, "-m", "uvicorn", "--app-dir", str(HERE), "--port", str(port), "--log-level", "error"]
    with server([*command, "healthchain_app:app"], port) as pid:
        yield Server(port, pid)


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


def columns(stack: ExitStack) -> Iterator[Column]:
    """Every comparison, its servers up."""
    small = [(PATIENT_VIEW, body(50, 50, patient=one)) for one in range(200)]
    silent = [(PATIENT_VIEW, body(50, 50, cramps=False, patient=one)) for one in range(200)]
    large = [(PATIENT_VIEW, body(1000, 1000, patient=one)) for one in range(10)]
    orders = [(ORDER_SIGN, body(50, 50, hook="order-sign", patient=one)) for one in range(200)]
    parser, by_hand = stack.enter_context(plain("parse_only")), stack.enter_context(plain("handwritten_app"))
    yield Column("parse-only: 50 + 50, with cards", small, parser, ">= 0.50")
    yield Column("parse-only: 50 + 50, no cramps, no card", silent, parser, ">= 0.75")
    yield Column("parse-only: 1000 + 1000, with cards", large, parser, ">= 1.20")
    yield Column("parse-only: order-sign without a judged drug", orders, parser, ">= 1.0")
    yield Column("by hand in Flask: 50 + 50, with cards", small, by_hand, ">= 0.45")
    yield Column("by hand in Flask: 1000 + 1000, with cards", large, by_hand, ">= 1.20")
    if install_healthchain():
        yield Column(
            "HealthChain 0.16.1: 50 + 50, with cards", small, stack.enter_context(healthchain()), ">= 10", "/cds"
        )
    else:
        print("HealthChain could not be installed: no comparison")


def compare(service: Server, found: Sequence[Column], seconds: float) -> None:
    """Ask in turns, and print each column's medians."""
    ratios: list[list[tuple[float, float, float, float]]] = [[] for _ in found]
    for turn in range(ROUNDS + 1):  # the first warms up
        for column, taken in zip(found, ratios, strict=True):
            mine = [request_bytes(path, made) for path, made in column.calls]
            theirs = [request_bytes(column.prefix + path, made) for path, made in column.calls]
            long = seconds if turn else seconds / 4
            a = rate(service.port, service.pid, mine, long)
            b = rate(column.other.port, column.other.pid, theirs, long)
            if turn:
                taken.append((a.by_cpu / b.by_cpu, a.by_clock / b.by_clock, a.by_cpu, b.by_cpu))
    print(f"{'ratio to':48s} {'by CPU':>7s} {'by clock':>9s} {'ours/CPU s':>11s} {'other/CPU s':>12s}   wanted")
    for column, taken in zip(found, ratios, strict=True):
        by_cpu, by_clock, a_rate, b_rate = map(statistics.median, zip(*taken, strict=True))
        print(f"{column.name:48s} {by_cpu:7.2f} {by_clock:9.2f} {a_rate:11.0f} {b_rate:12.0f}   {column.wanted}")


def tails(service: Server, parser: Server, count: int) -> None:
    """The slowest hundredth of calls of one client, prefetch complete, beside the parse-only app."""
    requests = [request_bytes(PATIENT_VIEW, body(50, 50, patient=one)) for one in range(100)]
    slow = [sorted(latencies(one.port, requests, count))[count * 99 // 100] * 1000 for one in (service, parser)]
    print(
        f"\np99 of one client at 50 + 50: {slow[0]:.2f} ms, parse-only {slow[1]:.2f} ms, ratio {slow[0] / slow[1]:.2f}"
    )


def fetching(count: int) -> None:
    """A call that brings nothing, in two rounds from a server that takes 20 ms an answer; one client, warm."""
    with TemporaryDirectory() as folder, ExitStack() as stack:
        files = certificate(Path(folder))
        service = stack.enter_context(ours(Path(folder), SSL_CERT_FILE=str(files[0])))
        for scheme, parts in (("http", ()), ("https", files)):
            port = free_port()
            stack.enter_context(server(python(str(HERE / "slow_fhir.py"), str(port), *map(str, parts)), port))
            requests = [request_bytes(PATIENT_VIEW, asking(f"{scheme}://127.0.0.1:{port}", 1))]
            latencies(service.port, requests, 5)
            taken = statistics.median(latencies(service.port, requests, count)) * 1000
            print(f"fetch in two rounds at 20 ms, {scheme}: {taken:.1f} ms   <= 50")


def start(turns: int) -> None:
    """The processor time from the command to the first answer, of code that is compiled, as in the image and the wheel.

    The first start makes the store, and does not count.
    """
    compileall.compile_dir(HERE.parent / "cds_service", quiet=1)
    taken = []
    with TemporaryDirectory() as folder:
        for _ in range(turns + 1):
            with ours(Path(folder)) as one:
                while True:
                    try:
                        urllib.request.urlopen(f"http://127.0.0.1:{one.port}/readyz").close()
                        break
                    except OSError:
                        time.sleep(0.05)
                taken.append(cpu_seconds(one.pid))
    taken = taken[1:]
    print(f"start, to the first answer: {statistics.median(taken):.2f} CPU seconds")


def main() -> None:
    """Run all measurements."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="short turns: a look, not a measurement")
    quick = parser.parse_args().quick
    gc.disable()
    print(f"{date.today().isoformat()}, Python {sys.version.split()[0]}, one worker of four threads, four connections")  # noqa: DTZ011
    with TemporaryDirectory() as folder, ExitStack() as stack:
        service = stack.enter_context(ours(Path(folder)))
        found = list(columns(stack))
        compare(service, found, 0.5 if quick else 2.0)
        tails(service, found[0].other, 200 if quick else 2000)
    fetching(10 if quick else 50)
    print(f"peak memory of a call at 1000 + 1000, beside its body: {peak_megabytes(1000, 1000):.1f} MB   <= 2")
    start(1 if quick else 3)
    rows = measure_growth(quick=quick)
    draw_growth(rows, HERE.parent / "build" / "growth.svg")


if __name__ == "__main__":
    main()
