"""``trace``: what one call was shown, by which version, and what became of it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from click.testing import CliRunner, Result

from cds_service.catalogue import TOPICS
from cds_service.commands.trace import trace
from cds_service.protocol.cards import card_uuid, suggestion_uuid
from cds_service.protocol.feedback import FeedbackItem, Outcome
from cds_service.settings import Settings
from cds_service.store.feedback import Sender
from cds_service.store.issued import IssuedCall, IssuedCard
from cds_service.store.store import Store

SERVICE, HOOK_INSTANCE = "leg-cramps-patient-view", "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea"
QUININE = card_uuid(HOOK_INSTANCE, SERVICE, "AvoidQuinine")
AT = datetime(2026, 5, 3, 2, 0, tzinfo=UTC)
ISS = "https://ehr.example"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(database_url=f"sqlite:///{tmp_path / 'trace.db'}", store_comments=True)


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    """One call of a tenant: a card that was shown and answered, one that was withheld; and another tenant's card."""
    store = Store(settings)
    store.prepare()
    shown = IssuedCard(
        str(QUININE), "AvoidQuinine", (("avoid_quinine", "0.9"),), "critical", ("stop_quinine", "order_ecg")
    )
    flags = card_uuid(HOOK_INSTANCE, SERVICE, "RedFlags")
    withheld = IssuedCard(str(flags), "RedFlags", (("red_flags", "1"),), "info", silent=True)
    for tenant, cards in (("rs-1", (shown, withheld)), ("rs-2", (shown,))):
        store.issued(IssuedCall(SERVICE, "patient-view", cards, "id", AT, ISS, tenant, site="3f9a1c77de02"))
    assert store.flush()
    minute = timedelta(minutes=1)
    items = [
        FeedbackItem(QUININE, Outcome.ACCEPTED, AT + minute, (suggestion_uuid(QUININE, 0),)),
        FeedbackItem(QUININE, Outcome.OVERRIDDEN, AT + 2 * minute, reason="later", comment="next visit"),
    ]
    store.add_feedback(items, Sender(SERVICE, ISS, "rs-1"))
    yield store
    store.close()


def run(settings: Settings, *arguments: str) -> Result:
    return CliRunner().invoke(trace, arguments, obj=settings)


def of_the_call(settings: Settings, *more: str) -> Result:
    return run(settings, "--hook-instance", HOOK_INSTANCE, "--service", SERVICE, *more)


def test_what_was_shown_by_which_version_and_what_became_of_it(store: Store, settings: Settings) -> None:
    assert store.waiting == 0
    said = of_the_call(settings, "--tenant", "rs-1")
    assert said.exit_code == 0
    quinine, flags, none, words = said.stdout.strip().split("\n\n")
    assert quinine.splitlines()[0] == (
        "AvoidQuinine, critical: shown 3 May 2026 09:00:00 (Asia/Jakarta), in Indonesian"
    )
    assert f"  card      {QUININE}" in quinine
    assert f"  client    {ISS}, rs-1" in quinine
    assert "  rules     avoid_quinine 0.9 (now " in quinine
    assert "  site file 3f9a1c77de02" in quinine
    assert "  offered   Stop quinine; Order 12-lead ECG" in quinine
    assert "became    3 May 2026 09:01:00 (Asia/Jakarta): accepted, Stop quinine (received" in quinine
    assert 'overridden, Will address later (later, HL7 cds-suboptimal-context), "next visit" (received' in quinine
    assert "RedFlags, info: WITHHELD (silent mode)" in flags
    assert "became    no report came" in flags
    assert all((topic in none) is (topic not in ("AvoidQuinine", "RedFlags")) for topic in TOPICS)
    assert "are not kept" in words


def test_by_the_cards_uuid_at_every_site(store: Store, settings: Settings) -> None:
    assert store.waiting == 0
    said = run(settings, "--card", str(QUININE), "--format", "json")
    found = json.loads(said.stdout)
    assert [card["tenant"] for card in found["cards"]] == ["rs-1", "rs-2"]
    assert [(one["tenant"], one["outcome"], one["taken"]) for one in found["told"]] == [
        ("rs-1", "accepted", ["stop_quinine"]),
        ("rs-1", "overridden", []),
    ]


@pytest.mark.parametrize("arguments", [("--hook-instance", "other", "--service", SERVICE), ("--card", str(uuid4()))])
def test_a_call_that_is_not_there_is_not_denied(store: Store, settings: Settings, arguments: tuple[str, ...]) -> None:
    assert store.waiting == 0
    said = run(settings, *arguments)
    assert said.exit_code == 1
    assert said.stdout.startswith("No such card is in the store. The call had no cards, came under another")


def test_a_report_on_a_card_that_was_not_recorded_is_shown(store: Store, settings: Settings) -> None:
    lost = card_uuid("lost", SERVICE, "AlsCramps")
    store.add_feedback([FeedbackItem(lost, Outcome.OVERRIDDEN, AT, reason="comfort")], Sender(SERVICE, ISS, "rs-1"))
    said = run(settings, "--hook-instance", "lost", "--service", SERVICE)
    assert said.exit_code == 1
    assert f"AlsCramps: reported on, and not in the store\n  card      {lost}\n  became    3 May" in said.stdout


def test_no_file_is_made_by_asking(settings: Settings, tmp_path: Path) -> None:
    said = of_the_call(settings)
    assert (said.exit_code, list(tmp_path.iterdir())) == (1, [])
    assert "There is no file" in said.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "say --hook-instance and --service, or --card"),
        (("--hook-instance", "x"), "say --hook-instance and --service"),
        (("--service", SERVICE), "say --hook-instance and --service"),
        (("--card", str(UUID(int=1)), "--service", SERVICE), "or --card"),
        (("--card", "x"), "'x' is not a valid UUID"),
        (("--hook-instance", "x", "--service", "canary"), "no such service; there are leg-cramps-"),
    ],
)
def test_what_cannot_be_meant_is_exit_status_2(settings: Settings, arguments: tuple[str, ...], words: str) -> None:
    said = run(settings, *arguments)
    assert said.exit_code == 2
    assert words in said.stderr
