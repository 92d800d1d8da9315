"""Status words of other languages, versions and standards, in the one spelling that FHIR R4 has for each.

English, Indonesian, HL7 v2, CDA, STU3, SNOMED CT; compared without case, spaces, hyphens and underscores. What a
word means for a kind of resource is said in that kind's table below: None where R4 has no code for it. A word that
is in none of them is for ``essentials``: it is no status.
"""

_SPELLINGS = {
    "active": "aktif current ongoing 55561003",
    "on-hold": "suspended ditunda dihentikan-sementara",
    "stopped": "discontinued aborted expired replaced dihentikan",
    "cancelled": "canceled rejected revoked dibatalkan",
    "completed": "selesai ended",  # ended: R5
    "resolved": "sembuh 413322009",
    "inactive": "73425007",
    "refuted": "ruled-out excluded disingkirkan tidak-terbukti",
    "entered-in-error": "error nullified deleted salah-entri",
    "not-taken": "",
    "in-progress": "",
}


def _folded(word: str) -> str:
    return "".join(word.replace("_", " ").replace("-", " ").split()).casefold()


_ONE_SPELLING = {
    _folded(word): spelling for spelling, words in _SPELLINGS.items() for word in (spelling, *words.split())
}


def one_spelling(word: str) -> str:
    """The word as R4 spells it ("Entered in Error" is "entered-in-error"); one not known here with hyphens."""
    if word.isascii() and word.isalpha() and word.islower():  # as most are
        return _ONE_SPELLING.get(word, word)
    return _ONE_SPELLING.get(_folded(word)) or "-".join(word.lower().replace("_", " ").split())


def _known(*codes: str, **others: str | None) -> dict[str, str | None]:
    """R4's codes, and what other words mean in R4."""
    return {code: code for code in codes} | others


CONDITION_CLINICAL = _known(
    *("active", "recurrence", "relapse", "inactive", "remission", "resolved"),
    *("refuted", "entered-in-error"),  # the verification status then
    stopped="inactive",
    cancelled="inactive",
    completed="resolved",
    unknown=None,
)
CONDITION_VERIFICATION = _known(
    "unconfirmed", "provisional", "differential", "confirmed", "refuted", "entered-in-error", unknown=None
)
ALLERGY_CLINICAL = _known(
    *("active", "inactive", "resolved", "refuted", "entered-in-error"),
    stopped="inactive",
    cancelled="inactive",
    completed="resolved",
    unknown=None,
)
ALLERGY_VERIFICATION = _known(
    "unconfirmed", "confirmed", "refuted", "entered-in-error", presumed="unconfirmed", unknown=None
)
UNTRUE = frozenset(("refuted", "entered-in-error"))

REQUEST = _known(
    *("active", "on-hold", "cancelled", "completed", "entered-in-error", "stopped", "draft", "unknown"),
    resolved="completed",
    inactive="stopped",
)
STATEMENT = _known(
    *("active", "completed", "entered-in-error", "intended", "stopped", "on-hold", "unknown", "not-taken"),
    resolved="completed",
    inactive="stopped",
    cancelled="stopped",
    recorded="unknown",  # R5, as is draft
    draft="intended",
)
RESULT = _known(
    *("registered", "preliminary", "final", "amended", "corrected", "cancelled", "entered-in-error", "unknown"),
    stopped="cancelled",
    f="final",  # HL7 v2, table 0085
    c="corrected",
    p="preliminary",
    w="entered-in-error",
    d="entered-in-error",
    x="cancelled",
    i="registered",
    n="registered",
)
