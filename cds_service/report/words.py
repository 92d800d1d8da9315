"""The report's words, in English and Indonesian, and what codes are called in them."""

from collections.abc import Mapping
from functools import cache
from importlib import resources

from cds_service.cards.house import NO_HOUSE, House
from cds_service.cards.wording import words_in
from cds_service.catalogue import OVERRIDE_REASONS, TOPICS, wording
from cds_service.decision.nonadherence import BY_CODE, CATEGORIES, NO_CATEGORY, NonAdherence
from cds_service.decision.phrases import text
from cds_service.decision.suggestion_kinds import declared_kinds
from cds_service.protocol.feedback import OTHER
from cds_service.report.common import Numbers
from cds_service.report.rows import NO_REASON
from cds_service.store.reading.tallies import NOT_RECORDED


@cache
def texts(language: str) -> Mapping[str, str]:
    """Every text of the report in "en" or "id"; ``{…}`` is filled in."""
    return words_in(resources.files(__package__) / "texts", language)


class Words(Numbers):
    """Says everything of a report in one language. ``house``: whose override reasons have words, too."""

    def __init__(self, language: str, house: House = NO_HOUSE) -> None:
        super().__init__(language)
        self.language = language
        self._house = {reason.code: reason for reason in house.reasons}
        self._texts = texts(language)
        self._wording = wording(language)

    def __call__(self, key: str, **values: str) -> str:
        """A text of the report's own."""
        return self._texts[key].format(**values) if values else self._texts[key]

    def count(self, noun: str, number: int) -> str:
        """Such as "1 card", "1,204 cards"."""
        return self(f"{noun}_{'one' if number == 1 else 'other'}", n=self.number(number))

    def topic(self, code: str) -> str:
        """What a topic is called on a card, or its code where there is none of it any more."""
        return self._wording.text(text(f"topic.{code}")) if code in TOPICS else code

    def reason(self, code: str) -> str:
        """An override reason in words where it is one of ours or of the house's, else the client's code.

        "Another reason" is every one that is neither ours nor HL7's nor among CDS_OVERRIDE_REASONS.
        """
        if code in (NO_REASON, OTHER):
            return self(f"reason_{code}")
        if code in self._house:
            return self._house[code].display[self.language]
        reason = OVERRIDE_REASONS.get(code)
        return code if reason is None else self._wording.text(reason.text)

    def non_adherence(self, code: str) -> NonAdherence | None:
        """HL7's code for an override reason: ours and the house's have theirs, and HL7's own are themselves."""
        if code in self._house:
            return BY_CODE.get(self._house[code].category)
        reason = OVERRIDE_REASONS.get(code)
        return BY_CODE.get(code) if reason is None else reason.hl7

    def category(self, code: str) -> str:
        """The category of HL7's an override reason belongs to; where it has none, that is said."""
        hl7 = self.non_adherence(code)
        return self._wording.text(NO_CATEGORY if hl7 is None else CATEGORIES[hl7.category.value])

    def suggestion(self, kind: str) -> str:
        """What suggestions of a kind are called; a kind there is none of any more by its code."""
        known = declared_kinds().get(kind)
        if known is not None:
            return self._wording.say(known.text)
        return self("suggestion_unknown") if kind == NOT_RECORDED else kind

    def value(self, dimension: str, value: str) -> str:
        """A value of what a report is split by."""
        if dimension in ("issuer", "tenant"):
            return value or self("not_checked" if dimension == "issuer" else "no_tenant")
        return self._texts.get(f"{dimension}_{value}", value)


@cache
def words(language: str, house: House = NO_HOUSE) -> Words:
    """The words of a language, made once."""
    return Words(language, house)
