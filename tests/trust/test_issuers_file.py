"""A changed issuers file is taken while the service runs, once it is whole and right; a bad one changes nothing."""

import json
import os
from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path

import pytest

from cds_service.settings import Settings
from cds_service.trust.issuers import Issuer, load
from cds_service.trust.issuers_file import IssuersFile
from cds_service.trust.jwt import Verifier
from cds_service.trust.keys import KeyRing
from cds_service.trust.production import check_issuers
from cds_service.web.admission import Admission
from cds_service.web.metrics.metrics import Metrics
from tests.trust.hospital import CLOUD, EPIC, EPIC_KID, NOW, SERVICE, Keys, Used, claims, jwk, sign

_moments = count(1_700_000_000)


def table(iss: str, more: str = "") -> str:
    return f'[[issuer]]\niss = "{iss}"\njku = "{iss}/jwks"\n{more}'


class Watch:
    """A file that is looked at when the test says so, and what came of it."""

    def __init__(self, file: Path, check: Callable[[Mapping[str, Issuer]], None] = lambda _: None) -> None:
        self.taken: list[set[str]] = []
        self.heard: list[str] = []
        self._file = file

        def read() -> Mapping[str, Issuer]:
            found = load(str(file))
            check(found)
            return found

        self.watched = IssuersFile(str(file), read, lambda found: self.taken.append(set(found)), self.heard.append)

    def write(self, text: str) -> None:
        write(self._file, text)

    def look(self, times: int = 2) -> None:
        for _ in range(times):
            self.watched.look()


def write(file: Path, text: str) -> None:
    """Write, at a time of its own: two writes within one tick of a file system's clock are one."""
    file.write_text(text)
    moment = next(_moments)
    os.utime(file, (moment, moment))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "issuers.toml"
    write(path, table("https://a.example"))
    return path


def test_a_file_that_stays_as_it_is_is_not_read_again(file: Path) -> None:
    watch = Watch(file, lambda _: pytest.fail("read again"))
    watch.look(5)
    assert watch.heard == []


def test_a_new_file_is_taken_once(file: Path) -> None:
    watch = Watch(file)
    watch.write(table("https://a.example") + table("https://b.example"))
    watch.look(5)
    assert watch.taken == [{"https://a.example", "https://b.example"}]
    assert watch.heard == ["taken"]


def test_what_is_still_being_written_is_waited_for(file: Path) -> None:
    """Cut at the end of a table it is good TOML, and lacks clients."""
    watch = Watch(file)
    watch.write(table("https://b.example"))
    watch.look(1)
    watch.write(table("https://b.example") + table("https://a.example"))
    watch.look(1)
    assert watch.taken == []
    watch.look(1)
    assert watch.taken == [{"https://a.example", "https://b.example"}]


@pytest.mark.parametrize("bad", ["", "[[issuer]]", "[[issuer", table("https://a.example", "colour = 1"), "\x00"])
def test_a_bad_file_is_refused_once_and_the_old_stays(file: Path, bad: str, capsys: pytest.CaptureFixture[str]) -> None:
    watch = Watch(file)
    watch.write(bad)
    watch.look(5)
    assert (watch.taken, watch.heard) == ([], ["refused"])
    assert "".join(capsys.readouterr()).count("issuers_refused") == 1
    watch.write(table("https://b.example"))
    watch.look()
    assert watch.taken == [{"https://b.example"}]


def test_a_file_that_is_gone_for_a_while_changes_nothing(file: Path) -> None:
    watch = Watch(file)
    text = file.read_text()
    file.unlink()
    watch.look(5)
    assert (watch.taken, watch.heard) == ([], ["refused"])
    watch.write(text)
    watch.look()
    assert watch.heard == ["refused", "taken"]


def test_a_new_key_set_beside_it_is_taken_too(tmp_path: Path, keys: Keys) -> None:
    """Also when it comes after the file that names it."""
    file, key_set = tmp_path / "issuers.toml", tmp_path / "keys.json"
    write(file, table("https://a.example"))
    watch = Watch(file)
    watch.write('[[issuer]]\niss = "https://a.example"\njwks_file = "keys.json"\n')
    watch.look()
    assert watch.heard == ["refused"]
    write(key_set, json.dumps({"keys": [jwk(keys.epic, "1")]}))
    watch.look()
    write(key_set, json.dumps({"keys": [jwk(keys.epic, "2")]}))
    watch.look()
    assert watch.heard == ["refused", "taken", "taken"]


def test_production_takes_nobody_it_would_not_start_with(file: Path) -> None:
    watch = Watch(file, check_issuers)
    watch.write(table("https://sandbox.cds-hooks.org"))
    watch.look()
    watch.write('[[issuer]]\niss = "https://b.example"\njku = "http://b.example/jwks"\n')
    watch.look()
    assert (watch.taken, watch.heard) == ([], ["refused", "refused"])


def test_whom_a_new_file_leaves_out_is_no_longer_admitted(
    issuers: dict[str, Issuer], verifier: Verifier, keys: Keys, reason: Callable[..., str]
) -> None:
    def token() -> str:
        return f"Bearer {sign(keys.epic, claims())}"

    assert reason(token()) == "admitted"
    verifier.trust({CLOUD: issuers[CLOUD]})
    assert reason(token()) == "unknown-issuer"
    verifier.trust(issuers)
    assert reason(token()) == "admitted"


def test_another_jku_has_other_keys(keys: Keys) -> None:
    """Those of the old one are not believed any more."""
    asked: list[str | None] = []

    def fetch(issuer: Issuer) -> bytes:
        asked.append(issuer.jku)
        return json.dumps({"keys": [jwk(keys.epic, EPIC_KID)]}).encode()

    verifier = Verifier({EPIC: Issuer(EPIC, "https://one.example")}, KeyRing(fetch), Used().remember, lambda: NOW)
    for jku in ("https://one.example", "https://two.example"):
        verifier.trust({EPIC: Issuer(EPIC, jku)})
        verifier.check([f"Bearer {sign(keys.epic, claims())}"], [SERVICE])
    assert asked == ["https://one.example", "https://two.example"]


def test_who_a_token_says_it_is_of_counts_among_several_only(
    issuers: dict[str, Issuer], verifier: Verifier, keys: Keys
) -> None:
    epic = f"Bearer {sign(keys.epic, claims())}"
    assert verifier.client(epic) == EPIC
    assert verifier.client(epic[:-4] + "AAAA") == EPIC  # a share of the threads is all it gets
    for other in (
        "",
        "Bearer",
        "Bearer a.b.c",
        "Basic eDp5",
        f"Bearer {sign(keys.epic, claims(iss='x'))}",
        epic + "x" * 9000,
    ):
        assert verifier.client(other) is None
    verifier.trust({EPIC: issuers[EPIC]})
    assert verifier.client(epic) is None


def test_the_admission_watches_the_file_it_was_given(file: Path) -> None:
    settings = Settings(issuers=str(file))
    metrics = Metrics()
    admission = Admission(settings, Used().remember, metrics)
    assert admission._file is not None  # noqa: SLF001
    write(file, table("https://a.example") + table("https://b.example"))
    for _ in range(2):
        admission._file.look()  # noqa: SLF001
    assert admission._verifier is not None  # noqa: SLF001
    assert set(admission._verifier._issuers) == {"https://a.example", "https://b.example"}  # noqa: SLF001
    assert b'cds_issuers_file_total{outcome="taken"} 1.0' in metrics.page()
    assert Admission(Settings(), Used().remember, metrics)._file is None  # noqa: SLF001
