"""One line a card, as CSV: for whoever owes an account of the feedback, or wants to count otherwise."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from io import StringIO

from cds_service.cards.escaping import spreadsheet_safe
from cds_service.report.words import Words
from cds_service.store.reading.cards import Fate, KeptCard

COLUMNS: Mapping[str, str] = {
    "card": "the card's uuid, as it was sent",
    "issued_at": "when it was answered, UTC",
    "service": "the service's id",
    "hook": "its hook",
    "topic": "the card's topic (`source.topic.code`)",
    "rules": "every rule with a part in it, with its version",
    "indicator": "`info`, `warning` or `critical`",
    "language": "of the card",
    "issuer": "the client's `iss`; empty where callers are not checked",
    "tenant": "the token's tenant; empty where there is none",
    "site": "the digest of the site's own file; empty for none",
    "silent": "`true`: silent mode, not shown",
    "offered": "the kinds of its suggestions, in their order",
    "outcome": "`accepted`, `overridden`, `both` (taken, and a reason given against the rest), or empty: no feedback came",
    "outcome_at": "when the clinician did so, as the EHR says, UTC; of both: the acceptance",
    "taken": "the kinds of the suggestions that were taken; `not_recorded` where it is not known which",
    "reason": "the override reason's code: ours, the client's own, `other`; empty for none",
    "hl7_reason": "the code of HL7's Non-Adherence Reason Codes that it means; empty where it has none",
    "hl7_category": "the category of HL7's that it belongs to; empty where it has none",
    "comment": "the clinician's words; empty unless `CDS_STORE_COMMENTS` keeps them",
}
"""Every column with its meaning."""


def header() -> str:
    """The first line."""
    return _line(COLUMNS)


def lines(cards: Iterable[tuple[KeptCard, Fate]], words: Words) -> Iterator[str]:
    """A line for each card, in no language; ``words`` knows what reasons mean."""
    for card, fate in cards:
        hl7 = words.non_adherence(fate.reason or "")
        values = (
            str(card.uuid),
            card.issued_at.isoformat(timespec="seconds"),
            card.service,
            card.hook,
            card.topic,
            card.rules,
            card.indicator,
            card.language,
            card.issuer,
            card.tenant,
            card.site,
            str(card.silent).lower(),
            ", ".join(card.offers),
            _outcome(fate),
            fate.at.isoformat(timespec="seconds") if fate.at else "",
            ", ".join(fate.taken),
            fate.reason or "",
            hl7.code if hl7 else "",
            hl7.category.value if hl7 else "",
            fate.comment,
        )
        yield _line(map(spreadsheet_safe, values))


def _outcome(fate: Fate) -> str:
    if fate.accepted:
        return "both" if fate.overridden else "accepted"
    return "overridden" if fate.overridden else ""


def _line(values: Iterable[str]) -> str:
    out = StringIO()
    csv.writer(out, lineterminator="\n").writerow(values)
    return out.getvalue()
