"""Which language a page is shown in: what its address asks for, else the browser, else the setting."""

from flask import request

from cds_service.settings import LANGUAGES
from cds_service.web.page.preferred import preferred


def page_language(default: str) -> str:
    """The language, "en" or "id", of the request in hand."""
    asked = request.args.get("lang")
    if asked in LANGUAGES:
        return asked
    return preferred(request.headers.get("Accept-Language"), default)
