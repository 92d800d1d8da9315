"""How the time of one answer grows with the chart: ten to five thousand resources, in process."""

import statistics
import time
from datetime import datetime
from pathlib import Path

import matplotlib as mpl
import orjson
from charts import body

from cds_service.catalogue import find, wording
from cds_service.pipeline import answer
from cds_service.protocol.schemas import dump_cards, load_request
from cds_service.settings import Settings

SIZES = (10, 30, 100, 300, 1000, 3000, 5000)


def measure_growth(*, quick: bool) -> list[tuple[int, float, float]]:
    """(resources, milliseconds of processor time to parse alone, and of the whole answer), as a table."""
    settings, service = Settings(), find("leg-cramps-patient-view")
    today = datetime.now(settings.timezone).date()
    rows = []
    print(f"\n{'resources':>9s} {'parse ms':>9s} {'answer ms':>10s} {'ratio':>6s} {'µs each':>8s}")
    for size in SIZES:
        parses, answers = [], []
        for patient in range(5 if quick else 31):
            made = body(size // 2, size - size // 2, patient=patient)
            started = time.thread_time()
            orjson.loads(made)
            parsed = time.thread_time()
            request = load_request(made)
            dump_cards(answer(request, service, fetch=None, today=today, words=wording("en"), settings=settings).cards)
            answers.append(time.thread_time() - parsed)
            parses.append(parsed - started)
        parse, whole = statistics.median(parses) * 1000, statistics.median(answers) * 1000
        rows.append((size, parse, whole))
        print(f"{size:9d} {parse:9.3f} {whole:10.3f} {whole / parse:6.2f} {whole / size * 1000:8.2f}")
    return rows


def draw_growth(rows: list[tuple[int, float, float]], path: Path) -> None:
    """Two lines, labelled where they end."""
    mpl.use("Agg")
    from matplotlib import pyplot as plt  # noqa: PLC0415 - after the backend is chosen

    sizes = [row[0] for row in rows]
    figure, axes = plt.subplots(figsize=(7, 4), layout="constrained")
    for place, (name, colour) in enumerate((("parsing the body alone", "#999999"), ("the whole answer", "#0072b2")), 1):
        values = [row[place] for row in rows]
        axes.loglog(sizes, values, marker="o", color=colour)
        axes.annotate(
            f"{name}\n{values[-1]:.1f} ms", (sizes[-1], values[-1]), (8, -4), textcoords="offset points", color=colour
        )
    axes.set(xlabel="resources in the chart", ylabel="milliseconds", xlim=(8, 30000))
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_title("One patient-view call, in process", loc="left")
    path.parent.mkdir(exist_ok=True)
    figure.savefig(path)
    print(f"drawn: {path}")
