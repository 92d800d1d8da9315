"""Three places say what holds for a call; which goes before which."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from cds_service.settings import Settings
from cds_service.site.site import NO_SITE, Site
from cds_service.trust.jwt import Caller
from cds_service.web.terms import terms

MAKASSAR = ZoneInfo("Asia/Makassar")


@pytest.mark.parametrize(
    ("asked", "client", "process", "language"),
    [(None, None, "id", "id"), (None, "en", "id", "en"), ("id", "en", "en", "id"), ("fr", "id", "en", "id")],
)
def test_the_call_s_language_goes_before_the_client_s_and_that_before_the_process_s(
    asked: str | None, client: str | None, process: str, language: str
) -> None:
    assert terms(Settings(default_language=process), NO_SITE, Caller(language=client), asked).language == language


def test_the_client_s_time_zone_goes_before_the_process_s() -> None:
    settings = Settings(timezone=ZoneInfo("Asia/Jakarta"))
    assert terms(settings, NO_SITE, Caller(), None).settings is settings
    held = terms(settings, NO_SITE, Caller(timezone=MAKASSAR), None).settings
    assert held.timezone is MAKASSAR
    late = datetime(2026, 3, 1, 16, 30, tzinfo=UTC)  # 23:30 in Jakarta, half past midnight in Makassar
    assert [late.astimezone(one.timezone).day for one in (settings, held)] == [1, 2]


def test_silence_adds_up_and_the_house_s_file_is_the_same_for_all() -> None:
    site = Site("digest")
    held = terms(Settings(silent=frozenset({"A"})), site, Caller(silent=frozenset({"B"})), None)
    assert held.silent == {"A", "B"}
    assert held.site is site
