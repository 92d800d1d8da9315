"""A population replayed: patients a CPU second, and the memory of all processes together. ``--help`` says how.

An export of synthetic patients with 50 conditions and 50 observations of about 1.1 kB each, 5 in 100 with cramps, is
written to a folder, replayed by the command as it is installed, and deleted.
"""

import argparse
import compileall
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import charts

ONE_IN = 20  # patients with cramps
FILES = 4  # of each type


def export(folder: Path, patients: int, each: int = 50) -> int:
    """Write the export; returns its bytes."""
    size = 0
    for cramps in (False, True):
        document = json.loads(charts.body(each, each, cramps=cramps))
        kinds: dict[str, list[str]] = {}
        for member in document["prefetch"].values():
            for entry in member.get("entry", [{"resource": member}]):
                if "resource" in entry and entry["resource"].get("resourceType") != "Bundle":
                    kinds.setdefault(entry["resource"]["resourceType"], []).append(json.dumps(entry["resource"]))
        own = range(0, patients, ONE_IN) if cramps else [one for one in range(patients) if one % ONE_IN]
        for kind, lines in kinds.items():
            parts = [(folder / f"{kind}.{part}.ndjson").open("a") for part in range(FILES)]
            for place in own:
                file = parts[place % FILES]
                for line in lines:
                    size += file.write(_of(line, place))
            for part in parts:
                part.close()
    return size


def _of(line: str, place: int) -> str:
    told = line.replace('"Patient/1"', f'"Patient/p{place}"')
    if '"resourceType": "Patient"' in told:
        return told.replace('"id": "1"', f'"id": "p{place}"', 1) + "\n"
    return told.replace('"id": "', f'"id": "p{place}-', 1) + "\n"


def measured(command: list[str]) -> tuple[float, float, int]:
    """CPU seconds and wall seconds of the command and all it starts, and the most memory they hold at one time (kB)."""
    began, before = time.monotonic(), _cpu_of_children()
    most = 0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None:
            most = max(most, sum(map(_proportional, _tree(process.pid))))
            time.sleep(0.1)
    if process.returncode:
        sys.exit(f"the command ended with {process.returncode}")
    return _cpu_of_children() - before, time.monotonic() - began, most


def _cpu_of_children() -> float:
    """Of those that have ended, with theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _tree(pid: int) -> list[int]:
    found = [pid]
    for one in found:
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                found += map(int, task.read_text().split())
            except OSError:
                continue
    return found


def _proportional(pid: int) -> int:
    """The process's memory in kB, each shared page counted once among those who share it."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def main() -> None:
    """Print a table, a line for each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("patients", type=int, nargs="*", default=[1_000, 10_000])
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--memory", type=int, default=512, help="DuckDB's limit in MB")
    parser.add_argument("--temp", type=Path, default=Path(tempfile.gettempdir()))
    given = parser.parse_args()
    command = Path(sys.executable).with_name("cds-service")
    compileall.compile_dir(Path(__file__).parent.parent / "cds_service", quiet=1)  # as in the image and the wheel
    print("| Patients | Export | Wall | CPU | Patients a CPU second | Most memory, all processes |")
    print("|---:|---:|---:|---:|---:|---:|")
    for patients in given.patients:
        folder = Path(tempfile.mkdtemp(dir=given.temp))
        try:
            (folder / "export").mkdir()
            size = export(folder / "export", patients)
            options = ["--workers", str(given.workers), "--memory", str(given.memory), "--temp", str(given.temp)]
            run = [str(command), "replay", str(folder / "export"), "--output", str(folder / "out"), *options]
            cpu, wall, memory = measured(run)
            answered = json.loads((folder / "out" / "summary.json").read_text())
            if answered["calls"] != patients or answered["topics"].get("StretchingFirst", {}).get("info") != -(
                -patients // ONE_IN
            ):
                sys.exit("not every patient was answered, or not every cramp got its card")
        finally:
            shutil.rmtree(folder)
        print(
            f"| {patients:,} | {size / 1e9:.2f} GB | {wall:.0f} s | {cpu:.0f} s | {patients / cpu:,.0f}"
            f" | {memory / 1024:,.0f} MB |",
            flush=True,
        )


if __name__ == "__main__":
    main()
