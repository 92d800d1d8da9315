"""What the log says at the start."""

import pytest

from cds_service.logs import warn_at_start
from cds_service.settings import Settings


@pytest.mark.parametrize("allowed", [True, False])
def test_that_another_patients_prefetch_is_used_is_named(capsys: pytest.CaptureFixture[str], *, allowed: bool) -> None:
    warn_at_start(Settings(allow_other_patient=allowed), ())
    assert ("CDS_ALLOW_OTHER_PATIENT" in "".join(capsys.readouterr())) is allowed


@pytest.mark.parametrize("silent", [frozenset({"*"}), frozenset()])
def test_that_nothing_is_shown_is_named(capsys: pytest.CaptureFixture[str], silent: frozenset[str]) -> None:
    warn_at_start(Settings(silent=silent), ())
    assert ("silent_mode" in "".join(capsys.readouterr())) is bool(silent)


@pytest.mark.parametrize(("issuers", "callers"), [(None, "callers='not checked'"), ("issuers.toml", "callers=checked")])
def test_development_says_whether_callers_are_checked(
    issuers: str | None, callers: str, capsys: pytest.CaptureFixture[str]
) -> None:
    warn_at_start(Settings(issuers=issuers), ())
    assert callers in "".join(capsys.readouterr())


@pytest.mark.parametrize("digest", ["0123456789ab", ""])
def test_the_site_file_in_force_is_named(capsys: pytest.CaptureFixture[str], digest: str) -> None:
    warn_at_start(Settings(), (), site=digest)
    assert ("site_file" in "".join(capsys.readouterr())) is bool(digest)


def test_what_is_switched_off_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    warn_at_start(Settings(), (), {"order-sign": ("some_rule", "another_rule")})
    said = "".join(capsys.readouterr())
    assert "switched_off" in said
    assert "hook=order-sign" in said
    assert "some_rule, another_rule" in said
