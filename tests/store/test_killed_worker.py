"""The load of benchmarks/feedback_load.py in small: a worker is killed, nothing acknowledged is lost."""

from pathlib import Path

import pytest

from benchmarks.feedback_load import Load, run


def test_nothing_acknowledged_is_lost_or_doubled(database_url: str, tmp_path: Path) -> None:
    outcome = run(Load(database_url, items=1000, batch=20, workers=2, kills=1), tmp_path)
    assert outcome.acknowledged == outcome.kept == 1000
    assert (outcome.lost, outcome.doubled, outcome.kills) == (0, 0, 1)
    assert outcome.calls > 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_graceful_stop_records_every_answered_call(database_url: str, tmp_path: Path) -> None:
    outcome = run(Load(database_url, items=200, batch=20, workers=2, kills=0), tmp_path)
    assert outcome.failed_calls == 0
    assert outcome.calls_recorded == outcome.calls > 0
    assert outcome.cards_recorded >= outcome.calls
