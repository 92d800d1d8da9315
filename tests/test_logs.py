"""Where the log goes: whole lines, and no call fails for want of a reader."""

import io
import json
import sys
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
import structlog

from cds_service.logs import configure


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    before = structlog.get_config()
    yield
    structlog.configure(**before)


class Broken(io.BytesIO):
    def write(self, _: object) -> int:
        raise BrokenPipeError


def test_a_reader_that_is_gone_costs_the_line_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", SimpleNamespace(buffer=Broken(), isatty=lambda: False))
    configure("json")
    structlog.get_logger("any").info("unheard")


def test_without_standard_error_lines_go_to_standard_output(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = io.BytesIO()
    monkeypatch.setattr(sys, "stderr", None)
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(buffer=heard, isatty=lambda: False))
    configure("console")
    structlog.get_logger("any").warning("heard", number=1)
    line = json.loads(heard.getvalue())
    assert (line["event"], line["level"], line["number"]) == ("heard", "warning", 1)
