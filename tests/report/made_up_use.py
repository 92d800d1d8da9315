"""Some months of made-up use, the same every time."""

import random
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from cds_service.protocol.cards import suggestion_uuid
from cds_service.protocol.feedback import FeedbackItem, Outcome
from cds_service.store.feedback import Sender
from cds_service.store.issued import IssuedCall, IssuedCard
from cds_service.store.store import Store

ZONE = ZoneInfo("Asia/Jakarta")
FIRST = date(2026, 1, 5)  # a Monday
_NAMES = UUID(int=0)

# topic, rule, hook, chance of a card per call, chance accepted, chance overridden
USE = (
    ("StretchingFirst", "stretching_first", "patient-view", 0.62, 0.31, 0.12),
    ("AvoidQuinine", "avoid_quinine", "patient-view", 0.5, 0.05, 0.22),
    ("AvoidQuinine", "avoid_quinine_order", "order-select", 0.09, 0.44, 0.38),
    ("AvoidQuinine", "avoid_quinine_order", "order-sign", 0.06, 0.51, 0.33),
    ("CorrectElectrolytes", "electrolytes", "patient-view", 0.11, 0.4, 0.2),
    ("AlsCramps", "als_cramps", "patient-view", 0.012, 0.3, 0.1),
    ("SpecialistOptions", "specialist_options", "patient-view", 0.025, 0.12, 0.3),
    ("RedFlags", "red_flags", "patient-view", 0.03, 0.0, 0.4),
)
OFFERS = {
    "StretchingFirst": ("order_stretching_education", "order_physiotherapy"),
    "AvoidQuinine": ("stop_quinine", "order_ecg"),
    "CorrectElectrolytes": ("repeat_potassium",),
}
REASONS = (
    "malaria",
    "specialist",
    "benefit",
    "benefit",
    "monitored",
    "dataWrong",
    "later",
    "later",
    "later",
    None,
    None,
)


def fill(store: Store, days: int, calls_a_day: int) -> None:
    """Some calls of every hook on every day, and what clinicians did with the cards."""
    dice = random.Random(7)
    for number in range(days):
        at = datetime.combine(FIRST + timedelta(days=number), time(10), ZONE)
        items = []
        for hook in ("patient-view", "order-select", "order-sign"):
            for place in range(calls_a_day if hook == "patient-view" else calls_a_day // 3):
                cards = []
                for topic, rule, of_hook, shown, accepted, overridden in USE:
                    drift = 0.6 + 0.8 * number / days if topic == "CorrectElectrolytes" else 1
                    if of_hook != hook or dice.random() >= shown * drift:
                        continue
                    version = "1.1.0" if rule == "avoid_quinine" and number >= days // 2 else "1.0.0"
                    uuid = uuid5(_NAMES, f"{number}/{hook}/{place}/{topic}")
                    cards.append(IssuedCard(str(uuid), topic, ((rule, version),), "info", OFFERS.get(topic, ())))
                    chance = dice.random()
                    if chance < accepted:
                        items.append(FeedbackItem(uuid, Outcome.ACCEPTED, at, (suggestion_uuid(uuid, 0),)))
                    elif chance < accepted + overridden:
                        items.append(FeedbackItem(uuid, Outcome.OVERRIDDEN, at, reason=dice.choice(REASONS)))
                store.issued(IssuedCall(f"leg-cramps-{hook}", hook, tuple(cards), "en", at))
        store.add_feedback(items, Sender("leg-cramps-patient-view"))
    assert store.flush(60)
