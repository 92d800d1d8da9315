"""What the log says at the start."""

import pytest

from cds_service.logs import warn_at_start
from cds_service.settings import Settings


@pytest.mark.parametrize(("issuers", "callers"), [(None, "callers='not checked'"), ("issuers.toml", "callers=checked")])
def test_development_says_whether_callers_are_checked(
    issuers: str | None, callers: str, capsys: pytest.CaptureFixture[str]
) -> None:
    warn_at_start(Settings(issuers=issuers), ())
    assert callers in "".join(capsys.readouterr())
