"""Write down every statement this release says to the database: ``python -m tests.store.past_releases.record 0001``.

Run before a release's schema is changed, with that schema's revision; the files beside this one are its product.
"""

import sys
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import event

from cds_service.protocol.feedback import FeedbackItem, Outcome
from cds_service.report.summary import summarise
from cds_service.settings import Settings
from cds_service.store import retention
from cds_service.store.feedback import Sender
from cds_service.store.issued import IssuedCall, IssuedCard
from cds_service.store.store import Store
from tests.postgres import running_server

FOLDER = Path(__file__).parent
_JSON = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE | orjson.OPT_NON_STR_KEYS | orjson.OPT_SORT_KEYS
DAY = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
CARDS = tuple(UUID(int=number) for number in range(1, 5))
SENDER = Sender("leg-cramps-patient-view", "https://ehr.example", "site-1")


_OURS = ("INSERT", "SELECT issued", "SELECT call", "SELECT count", "SELECT feedback", "SELECT min", "DELETE", "UPDATE")


def recorded(url: str) -> list[dict[str, Any]]:
    """All that a release says in some days' use: calls, a retry, feedback, tokens, a report, forgetting."""
    store = Store(Settings(database_url=url))
    store.prepare()
    said: list[dict[str, Any]] = []

    def hear(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith(_OURS):
            said.append({"statement": statement, "parameters": parameters})

    store.check()
    event.listen(store.database.engine, "before_cursor_execute", hear)
    _use(store)
    store.close()
    return said


def _use(store: Store) -> None:
    cards = tuple(IssuedCard(str(uuid), "AvoidQuinine", (("avoid_quinine", "1.0.0"),), "warning") for uuid in CARDS)
    zone = ZoneInfo("Asia/Jakarta")
    for place, shown in enumerate((cards[:2], cards[:2], cards[2:], ())):
        store.issued(
            IssuedCall(
                SENDER.service, "patient-view", shown, "en", DAY + timedelta(days=place), SENDER.issuer, SENDER.tenant
            )
        )
        assert store.flush()
    one, other = UUID(int=91), UUID(int=92)
    reports = [
        FeedbackItem(CARDS[0], Outcome.ACCEPTED, DAY, (one, other)),
        FeedbackItem(CARDS[1], Outcome.OVERRIDDEN, DAY, reason="malaria"),
        FeedbackItem(UUID(int=77), Outcome.OVERRIDDEN, DAY, comment="x"),
    ]
    assert store.add_feedback(reports, SENDER) == len(reports)
    assert store.add_feedback(reports, SENDER) == 0
    assert store.seen_tokens.remember("https://ehr.example", "token", DAY + timedelta(days=365))
    assert not store.seen_tokens.remember("https://ehr.example", "token", DAY + timedelta(days=365))
    assert summarise(store.database, None, None, zone) is not None
    before = date(2026, 3, 3)
    assert retention.count(store.database, before, zone).cards == 2
    retention.prune(store.database, before, zone)


def main(revision: str) -> None:
    """Write the schema's files, one for each kind of database."""
    with tempfile.TemporaryDirectory() as folder, running_server() as server:
        urls = {"sqlite": f"sqlite:///{folder}/store.db", "postgresql": server.new_database()}
        for kind, url in urls.items():
            (FOLDER / f"{revision}.{kind}.json").write_bytes(orjson.dumps(recorded(url), default=str, option=_JSON))


if __name__ == "__main__":
    main(sys.argv[1])
