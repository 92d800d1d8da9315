"""Work spread over processes: results and progress come back, a stop reaches every task, nobody outlives the run."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cds_service.replay.workers import StoppedError, tell, workers

ALONE = """
import sys, time
from cds_service.replay.workers import workers

if __name__ == "__main__":
    with workers(2) as pool:
        shown = []
        def show(_):
            if not shown:
                shown.extend(pool._pool._processes)
                print(*shown, flush=True)
        list(pool.each(time.sleep, [(60,), (60,)], show))
"""


def work(amount: int) -> int:
    tell(amount)
    return amount


def work_and_fail(amount: int) -> int:
    tell(amount)
    raise ValueError(amount)


def work_until_stopped(started: str) -> None:
    Path(started).touch()
    for _ in range(600):
        tell(0)
        time.sleep(0.1)


@pytest.mark.parametrize("number", [1, 2])
def test_results_and_progress_come_back(number: int) -> None:
    told: list[int] = []
    with workers(number) as pool:
        assert sorted(pool.each(work, [(1,), (2,), (3,)], told.append)) == [1, 2, 3]
        assert told[-1] == 6
        assert list(pool.each(work, [(4,)], told.append)) == [4]
        assert told[-1] == 4  # counted anew


@pytest.mark.parametrize("number", [1, 2])
def test_a_failing_task_ends_the_run(number: int) -> None:
    with pytest.raises(ValueError, match="7"), workers(number) as pool:
        list(pool.each(work_and_fail, [(7,)], lambda _: None))


def test_a_stop_reaches_a_task_under_way(tmp_path: Path) -> None:
    started = tmp_path / "started"

    def stop(_: int) -> None:
        if started.exists():
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), workers(2) as pool:
        list(pool.each(work_until_stopped, [(str(started),)], stop))


def test_a_stop_is_an_error_within_the_task() -> None:
    with workers(1) as pool:
        pool._shared[1] = 1  # noqa: SLF001 - as the run's end sets it
        with pytest.raises(StoppedError):
            list(pool.each(work, [(1,)], lambda _: None))


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks at processes in /proc")
def test_nobody_outlives_a_killed_run(tmp_path: Path) -> None:
    script = tmp_path / "alone.py"
    script.write_text(ALONE)
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        children = list(map(int, process.stdout.readline().split()))
        process.send_signal(signal.SIGKILL)
    assert len(children) == 2
    for _ in range(300):
        if not any(_lives(pid) for pid in children):
            return
        time.sleep(0.1)
    for pid in children:
        os.kill(pid, signal.SIGKILL)
    pytest.fail("workers went on without their parent")


def _lives(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
