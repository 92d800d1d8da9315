"""Where the workers' counters are kept, so that one scrape shows them all."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from prometheus_client import multiprocess, values

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
_MEMORY = Path("/dev/shm")  # noqa: S108 - our folder in it is our own; counters must not wait for a disk


def begin() -> None:
    """Count into files from now on: before the application is made, in the process its workers are forked from.

    The folder is fresh and goes when this process ends; one given by PROMETHEUS_MULTIPROC_DIR is emptied and stays.
    """
    given = os.environ.get(VARIABLE)
    if given:
        _empty(Path(given))
    else:
        folder = tempfile.mkdtemp(prefix="cds-service-metrics-", dir=_MEMORY if os.access(_MEMORY, os.W_OK) else None)
        os.environ[VARIABLE] = folder
        atexit.register(_remove, Path(folder), os.getpid())
    values.ValueClass = values.get_value_class()  # type: ignore[no-untyped-call]  # it chose when it was imported, before there was a folder


def worker_ended(pid: int) -> None:
    """Forget what only lives as long as a worker; its counts stay in the sums."""
    if VARIABLE in os.environ:
        multiprocess.mark_process_dead(pid)  # type: ignore[no-untyped-call]


def _empty(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.db"):
        old.unlink()


def _remove(folder: Path, owner: int) -> None:
    if os.getpid() == owner:  # a forked worker must not
        shutil.rmtree(folder, ignore_errors=True)
