"""Which of our languages a caller wants."""

from functools import lru_cache

from werkzeug.http import parse_accept_header

from cds_service.settings import LANGUAGES

_OLD_NAMES = {"in": "id", "ind": "id", "eng": "en"}  # "in" was ISO 639's code for Indonesian until 1989
_ANY = "*"


@lru_cache(maxsize=256)  # browsers and EHRs send the same few
def preferred(accept_language: str | None, default: str) -> str:
    """The language of ours the Accept-Language header ranks highest, else ``default``.

    A range with a region counts for its language ("id-ID"). Of equal ranks the one named first wins,
    a language named before "*". q=0 refuses a language; when the default is refused, another is taken.
    """
    ranked: dict[str, float] = {}
    for tag, quality in parse_accept_header(accept_language):
        primary = tag.partition("-")[0].lower()
        language = _OLD_NAMES.get(primary, primary)
        if language in (*LANGUAGES, _ANY):
            ranked[language] = max(quality, ranked.get(language, 0))
    wildcard = ranked.pop(_ANY, None)
    if wildcard is not None:
        for language in (default, *LANGUAGES):
            ranked.setdefault(language, wildcard)
    best = max(ranked, key=lambda language: ranked[language], default=default)
    if ranked.get(best, 1) > 0:
        return best
    return next((language for language in (default, *LANGUAGES) if ranked.get(language, 1) > 0), default)
