"""What a user can mend is one line that says what, and status 2."""

import socket
from pathlib import Path

import pytest

from cds_service import situations
from tests.commands.cli_runs import Run

REQUEST = str(situations.FOLDER / "no-cramps" / "request.json")
CHART = str(situations.FOLDER / "no-cramps" / "chart.json")


def told(run: Run, *arguments: str) -> str:
    """The one line, after checking the status."""
    ran = run(*arguments)
    assert (ran.status, ran.out) == (2, "")
    lines = [line for line in ran.err.splitlines() if not line.startswith("{") and "development_mode" not in line]
    (line,) = lines
    return line.removeprefix("cds-service: ")


@pytest.mark.parametrize("form", ["table", "csv", "json", "html"])
def test_a_report_that_cannot_be_written(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    monkeypatch.setenv("CDS_DATABASE_URL", f"sqlite:///{tmp_path}/cds.db")
    monkeypatch.chdir(tmp_path)
    assert run("migrate").status == 0
    if form in ("json", "html"):  # the others say "Nothing yet" and write nothing
        assert told(run, "report", "--format", form, "--output", "none/x") == "none/x: no such file or directory"
        Path("file").touch()
        assert told(run, "report", "--format", form, "--output", "file/x") == "file/x: not a directory"
        assert told(run, "report", "--format", form, "--output", "/dev/full") == "no space left on device"


@pytest.mark.parametrize(
    ("given", "line"),
    [
        (("--output", "file/x"), "file: file exists"),
        (("--output", "out", "--temp", "file/x"), "/rows: not a directory"),
        (("--output", "out", "--key", "none/key"), "none/key: is no key of ours"),
        (("--output", "file"), "Directory 'file' is a file"),
    ],
)
def test_a_replay_that_cannot_be_kept(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: tuple[str, ...], line: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").touch()
    ran = run("replay", CHART, *given)
    assert ran.status == 2
    assert line in ran.err.splitlines()[-1]
    assert "Traceback" not in ran.err


def test_a_port_that_is_taken(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert told(run, "serve", "--port", port) == (
            f"port {port} of 127.0.0.1 is taken; choose another: --port 9100, or make run PORT=9100"
        )


@pytest.mark.parametrize(
    ("host", "line"),
    [
        ("nowhere.invalid", "--host nowhere.invalid: there is no such host"),
        ("a" * 70, f"--host {'a' * 70}: there is no such host"),
        ("192.0.2.1", "--host 192.0.2.1: is not an address of this machine (127.0.0.1 for it alone, 0.0.0.0 for all)"),
    ],
)
def test_a_host_that_cannot_be_listened_on(run: Run, host: str, line: str) -> None:
    assert told(run, "serve", "--host", host) == line


@pytest.mark.parametrize(
    "url", ["notaurl", "localhost:8080", "ftp://x", "http://", "http://x:y", "http://a b", "http://[::1"]
)
def test_a_url_that_is_none(run: Run, url: str) -> None:
    line = told(run, "call", REQUEST, "--url", url)
    assert line == f"--url {url}: is no web address; one looks like http://127.0.0.1:8080"


def test_a_service_that_is_not_there(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    assert told(run, "call", REQUEST, "--url", url).endswith("(nobody listens there)")
    assert told(run, "call", REQUEST, "--url", "http://nowhere.invalid").endswith("(there is no such host)")
