"""The issuers file while the service runs: a new one is taken without a restart, once it is whole and right."""

import threading
from collections.abc import Callable, Mapping
from pathlib import Path

import structlog

from cds_service.errors import ConfigurationError
from cds_service.trust.issuers import Issuer, files

LOOK_SECONDS = 5.0

_log = structlog.get_logger(__name__)

_Version = tuple[int, int, int] | None
"""Time of the last change, size and inode; None where there is no file."""

Read = Callable[[], Mapping[str, Issuer]]
"""Reads the file. Raises ConfigurationError for one with a mistake, or with issuers that must not be trusted here."""


class IssuersFile:
    """Looks at the file and its key sets, and hands on what is new. A bad one changes nothing.

    Two looks in a row must find the same: what is still being written may end where a client's table does.
    ``taken`` gets the new issuers; ``heard`` whether one was taken or refused, for the counters.
    """

    def __init__(
        self,
        path: str,
        read: Read,
        taken: Callable[[Mapping[str, Issuer]], None],
        heard: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._path = path
        self._read = read
        self._taken = taken
        self._heard = heard
        self._known = self._seen = self._state()

    def watch(self) -> None:
        """Look every few seconds from now on, in a thread of its own."""
        threading.Thread(target=self._run, name="issuers", daemon=True).start()

    def _run(self) -> None:
        pause = threading.Event()
        while not pause.wait(LOOK_SECONDS):
            self.look()

    def look(self) -> None:
        """Take the file if it is another one than the last that was looked into, and no longer changes."""
        before, self._seen = self._seen, self._state()
        if self._seen == self._known or self._seen != before:
            return
        self._known = self._seen
        try:
            issuers = self._read()
        except ConfigurationError as error:
            _log.error("issuers_refused", reason="; ".join(str(error).splitlines()))
            self._heard("refused")
            return
        self._taken(issuers)
        silent = sum(bool(issuer.silent) for issuer in issuers.values())
        _log.info("issuers_taken", clients=len(issuers), silent=silent)
        self._heard("taken")

    def _state(self) -> tuple[tuple[Path, _Version], ...]:
        """What tells one version of the files from another."""
        return tuple((path, _version(path)) for path in files(self._path))


def _version(path: Path) -> _Version:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
