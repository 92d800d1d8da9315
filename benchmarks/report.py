"""How long the report takes: 10,000 made-up cards of three tenants, as a page in both languages.

    .venv/bin/python benchmarks/report.py [--cards 10000] [--database sqlite:///kept.db]

The first page of a process also loads what draws. With --database the store is kept, to be looked at with
``cds-service report`` or at ``/report``.
"""

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as clock
from uuid import UUID
from zoneinfo import ZoneInfo

from cds_service.protocol.cards import card_uuid, suggestion_uuid
from cds_service.protocol.feedback import FeedbackItem, Outcome
from cds_service.settings import LANGUAGES, Settings
from cds_service.store import feedback, issued
from cds_service.store.feedback import Sender
from cds_service.store.issued import IssuedCall, IssuedCard
from cds_service.store.reading import in_force
from cds_service.store.store import Store

ZONE = ZoneInfo("Asia/Jakarta")
FIRST = date(2026, 6, 1)
DAYS = 150
SILENT_DAYS = 60  # of the third tenant, before it goes live
EPIC_LIKE, CLOUD = "https://ehr.example.org/fhir", "https://cloud.example/cds"
HOOKS = {"patient-view": 6, "order-select": 2, "order-sign": 2}
REASONS = (
    "malaria",
    "specialist",
    "benefit",
    "monitored",
    "dataWrong",
    "later",
    "later",
    "comfort",
    "other",
    None,
    None,
)


@dataclass(frozen=True)
class Use:
    """One rule: how often a call brings its card, and what becomes of it. ``changes``: the day of its second version."""

    topic: str
    rule: str
    hook: str
    indicator: str
    shown: float
    accepted: float
    overridden: float
    offers: tuple[str, ...] = ()
    changes: int = DAYS

    def version(self, day: int) -> str:
        """The version on a day, counted from the first."""
        return "2.0.0" if day >= self.changes else "1.0.0"


USES = (
    Use("StretchingFirst", "stretching_first", "patient-view", "info", 0.62, 0.31, 0.12, ("order_physiotherapy",)),
    Use("AvoidQuinine", "avoid_quinine", "patient-view", "warning", 0.2, 0.18, 0.22, ("stop_quinine", "order_ecg"), 80),
    Use("AvoidQuinine", "avoid_quinine_order", "order-select", "critical", 0.12, 0.44, 0.38, ("cancel_quinine",)),
    Use("AvoidQuinine", "avoid_quinine_order", "order-sign", "critical", 0.1, 0.51, 0.33, ("cancel_quinine",)),
    Use("CorrectElectrolytes", "electrolytes", "patient-view", "warning", 0.11, 0.4, 0.2, ("repeat_potassium",), 110),
    Use("AlsCramps", "als_cramps", "patient-view", "info", 0.012, 0.0, 0.3),
    Use("SpecialistOptions", "specialist_options", "patient-view", "info", 0.025, 0.12, 0.3, ("order_neurology",)),
    Use("RedFlags", "red_flags", "patient-view", "critical", 0.03, 0.2, 0.2, ("order_vascular",)),
)


@dataclass
class MadeUp:
    """The calls of some months, and what clinicians did with the cards; the same every time."""

    dice: random.Random = field(default_factory=lambda: random.Random(7))
    calls: list[IssuedCall] = field(default_factory=list)
    items: dict[Sender, list[FeedbackItem]] = field(default_factory=dict)
    cards: int = 0

    def grow(self, cards: int) -> None:
        """Calls until there are so many cards."""
        while self.cards < cards:
            day, hook = self.dice.randrange(DAYS), self.dice.choices(list(HOOKS), list(HOOKS.values()))[0]
            issuer, tenant = self.dice.choices(
                [(EPIC_LIKE, "rs-1"), (EPIC_LIKE, "rs-2"), (CLOUD, "clinic-9")], (5, 3, 2)
            )[0]
            sender = Sender(f"leg-cramps-{hook}", issuer, tenant)
            silent = tenant == "clinic-9" and day < SILENT_DAYS
            at = datetime.combine(FIRST + timedelta(days=day), clock(self.dice.randrange(7, 20)), ZONE)
            shown = tuple(self._cards(sender, hook, day, at, silent=silent))
            self.cards += len(shown)
            language = "en" if tenant == "clinic-9" else "id"
            silence = frozenset({"*"} if silent else ())
            self.calls.append(IssuedCall(sender.service, hook, shown, language, at, issuer, tenant, silence))

    def _cards(self, sender: Sender, hook: str, day: int, at: datetime, *, silent: bool) -> Iterator[IssuedCard]:
        for use in USES:
            if use.hook != hook or self.dice.random() >= use.shown:
                continue
            uuid = card_uuid(str(len(self.calls)), sender.service, use.topic)
            rules = ((use.rule, use.version(day)),)
            yield IssuedCard(str(uuid), use.topic, rules, use.indicator, use.offers, silent)
            if not silent:
                self.items.setdefault(sender, []).extend(self._told(use, uuid, at + timedelta(minutes=2)))

    def _told(self, use: Use, uuid: UUID, at: datetime) -> Iterator[FeedbackItem]:
        chance = self.dice.random()
        if chance < use.accepted:
            place = self.dice.randrange(len(use.offers))
            yield FeedbackItem(uuid, Outcome.ACCEPTED, at, (suggestion_uuid(uuid, place),))
            if self.dice.random() < 0.1:  # noqa: PLR2004 - one in ten gives a reason against the rest
                yield FeedbackItem(uuid, Outcome.OVERRIDDEN, at + timedelta(seconds=20), reason="later")
        elif chance < use.accepted + use.overridden:
            yield FeedbackItem(uuid, Outcome.OVERRIDDEN, at, reason=self.dice.choice(REASONS))

    def keep(self, store: Store) -> None:
        """Write it all down, as the service would have."""
        with store.database.write() as connection:
            issued.write(connection, dict.fromkeys(self.calls, 1), ZONE)
        for sender, items in self.items.items():
            with store.database.write() as connection:
                feedback.write(connection, items, sender, comments=False)
        for day in sorted({0, *(use.changes for use in USES if use.changes < DAYS)}):
            with store.database.write() as connection:
                versions = {(in_force.RULE, use.rule): use.version(day) for use in USES}
                in_force.note(connection, versions, datetime.combine(FIRST + timedelta(days=day), clock(), ZONE))


def timed(what: str, work: Callable[[], object]) -> None:
    """Do it, and say how long it took, and of this how much of a processor."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    print(f"{what:32} {time.perf_counter() - wall:6.2f} s   CPU {time.process_time() - cpu:6.2f} s")


def measure(store: Store) -> None:
    """Read and draw it, as ``/report`` does."""
    from cds_service.report import page  # noqa: PLC0415 - its loading is part of the first page
    from cds_service.report.summary import summarise  # noqa: PLC0415
    from cds_service.report.words import words  # noqa: PLC0415

    def drawn(language: str) -> None:
        page.html(summarise(store.database, None, None, ZONE), datetime.now(ZONE), words(language))

    timed("read", lambda: summarise(store.database, None, None, ZONE))
    timed("first page, with what it loads", lambda: drawn(LANGUAGES[0]))
    for language in LANGUAGES:
        timed(f"page, {language}", lambda language=language: drawn(language))  # type: ignore[misc]


def main() -> None:
    """Fill a store and measure."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--cards", type=int, default=10_000)
    asked.add_argument("--database")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Settings(database_url=given.database or f"sqlite:///{folder}/report.db", timezone=ZONE))
        store.prepare()
        use = MadeUp()
        use.grow(given.cards)
        use.keep(store)
        print(f"{use.cards:,} cards in {len(use.calls):,} calls")
        measure(store)
        store.close()


if __name__ == "__main__":
    main()
