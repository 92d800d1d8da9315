"""Units of time as records spell them, in UCUM's: English and Indonesian words, and what people write for short."""

_SPELLED = {
    "a": ("a", "y", "yr", "yrs", "year", "years", "th", "thn", "tahun"),
    "mo": ("mo", "mos", "month", "months", "bln", "bulan"),
    "wk": ("wk", "wks", "week", "weeks", "minggu"),
    "d": ("d", "day", "days", "hari"),
    "h": ("h", "hrs", "hour", "hours", "jam"),
    "min": ("min", "mins", "minute", "minutes", "menit"),
}
_UCUM = {word: unit for unit, words in _SPELLED.items() for word in words}


def time_unit(written: str | None) -> str | None:
    """One of "a", "mo", "wk", "d", "h" and "min"; None for any other word, and for one of two meanings.

    "m" may be minutes or months, "hr" an hour or ``hari``, a day.
    """
    return _UCUM.get((written or "").casefold().removesuffix("."))
