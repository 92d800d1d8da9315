"""Status words in every language and standard they come in."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cds_service.chart.r4 import statuses as known
from cds_service.chart.r4.elements import UNREADABLE, status
from cds_service.chart.r4.statuses import one_spelling
from tests.builders.fhir import SNOMED, concept


@pytest.mark.parametrize(
    ("words", "spelling"),
    [
        (("Active", "AKTIF", "current", "on going", "55561003"), "active"),
        (("on-hold", "On Hold", "ON_HOLD", "onhold", "suspended", "Ditunda", "dihentikan sementara"), "on-hold"),
        (("stopped", "discontinued", "aborted", "expired", "replaced", "Dihentikan"), "stopped"),
        (("cancelled", "canceled", "rejected", "revoked", "dibatalkan"), "cancelled"),
        (("completed", "selesai", "ended"), "completed"),
        (("not-taken", "notTaken", "not taken"), "not-taken"),
        (("in-progress", "inProgress", "in progress"), "in-progress"),
        (("resolved", "sembuh", "413322009"), "resolved"),
        (("inactive", "in-active", "73425007"), "inactive"),
        (("refuted", "Ruled Out", "ruled-out", "excluded", "disingkirkan", "Tidak_Terbukti"), "refuted"),
        (("entered-in-error", "Entered in Error", "enteredInError", "error", "nullified", "deleted", "salah-entri"),
         "entered-in-error"),
        (("some new word", "Some_New-Word"), "some-new-word"),
    ],
)  # fmt: skip
def test_one_spelling_of_many_words(words: Any, spelling: Any) -> None:
    assert {one_spelling(word) for word in words} == {spelling}


@pytest.mark.parametrize(
    ("written", "table", "meant"),
    [
        ("selesai", known.REQUEST, "completed"),
        ("inactive", known.REQUEST, "stopped"),
        ("suspended", known.STATEMENT, "on-hold"),
        ("aborted", known.STATEMENT, "stopped"),
        ("revoked", known.STATEMENT, "stopped"),
        ("ordered", known.REQUEST, UNREADABLE),
        ("sembuh", known.CONDITION_CLINICAL, "resolved"),
        ("discontinued", known.CONDITION_CLINICAL, "inactive"),
        ("cancelled", known.CONDITION_CLINICAL, "inactive"),
        ("completed", known.CONDITION_CLINICAL, "resolved"),
        *((word, known.CONDITION_CLINICAL, word) for word in ("active", "recurrence", "relapse", "inactive")),
        *((word, known.CONDITION_CLINICAL, word) for word in ("remission", "resolved", "refuted", "entered-in-error")),
        *((word, known.CONDITION_VERIFICATION, word) for word in ("unconfirmed", "provisional", "differential")),
        *((word, known.CONDITION_VERIFICATION, word) for word in ("confirmed", "refuted", "entered-in-error")),
        ("unknown", known.CONDITION_VERIFICATION, None),
        ("stopped", known.ALLERGY_CLINICAL, "inactive"),
        ("cancelled", known.ALLERGY_CLINICAL, "inactive"),
        ("completed", known.ALLERGY_CLINICAL, "resolved"),
        ("unknown", known.ALLERGY_CLINICAL, None),
        *((word, known.ALLERGY_CLINICAL, word) for word in ("active", "inactive", "resolved", "refuted")),
        *((word, known.ALLERGY_VERIFICATION, word) for word in ("unconfirmed", "confirmed", "refuted")),
        *((word, known.ALLERGY_VERIFICATION, "entered-in-error") for word in ("entered-in-error", "nullified")),
        ("presumed", known.ALLERGY_VERIFICATION, "unconfirmed"),
        ("unknown", known.ALLERGY_VERIFICATION, None),
        *((word, known.REQUEST, word) for word in ("active", "on-hold", "cancelled", "completed", "stopped", "draft")),
        *((word, known.REQUEST, word) for word in ("entered-in-error", "unknown")),
        ("resolved", known.REQUEST, "completed"),
        *((word, known.STATEMENT, word) for word in ("active", "completed", "entered-in-error", "intended")),
        *((word, known.STATEMENT, word) for word in ("stopped", "on-hold", "unknown", "not-taken")),
        ("resolved", known.STATEMENT, "completed"),
        ("inactive", known.STATEMENT, "stopped"),
        ("recorded", known.STATEMENT, "unknown"),
        ("draft", known.STATEMENT, "intended"),
        *((word, known.RESULT, word) for word in ("registered", "preliminary", "final", "amended", "corrected")),
        *((word, known.RESULT, word) for word in ("cancelled", "entered-in-error", "unknown")),
        ("stopped", known.RESULT, "cancelled"),
        *((word, known.RESULT, "final") for word in ("F", "f")),
        *((word, known.RESULT, "corrected") for word in ("C", "c")),
        *((word, known.RESULT, "preliminary") for word in ("P", "p")),
        *((word, known.RESULT, "entered-in-error") for word in ("W", "D")),
        *((word, known.RESULT, "registered") for word in ("I", "N")),
        ("on hold", known.CONDITION_CLINICAL, UNREADABLE),
        (concept(SNOMED, "55561003"), known.CONDITION_CLINICAL, "active"),
        (concept(SNOMED, "73425007"), known.ALLERGY_CLINICAL, "inactive"),
        (concept(SNOMED, "413322009", "Resolved"), known.CONDITION_CLINICAL, "resolved"),
        ({"text": "Tidak terbukti"}, known.CONDITION_VERIFICATION, "refuted"),
        ("X", known.RESULT, "cancelled"),
        ("B", known.RESULT, UNREADABLE),
        (7, known.RESULT, UNREADABLE),
    ],
)
def test_what_a_word_means_for_a_kind_of_resource(written: Any, table: Any, meant: Any) -> None:
    assert status(written, table) == meant


@given(st.sampled_from(["active", "aktif", "order", "final", "selesai", "Final", "ENDED", "in_progress"]) | st.text())
def test_a_spelling_does_not_depend_on_the_space_around_a_word(word: str) -> None:
    assert one_spelling(word) == one_spelling(f" {word} ")
