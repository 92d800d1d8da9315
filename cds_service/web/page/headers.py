"""Headers every page we show in a browser carries: nothing from elsewhere, nothing inline, no frames."""

from flask import Response, request

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self'; font-src 'self'; connect-src 'self';"
    " base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def strict(response: Response) -> Response:
    """The response with the strict policy of a page, beside the headers every answer carries."""
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    return response


def kept_an_hour(response: Response, language: str) -> Response:
    """A public page in this language, which a browser keeps for an hour and then asks for only if it changed."""
    response.headers["Content-Language"] = language
    response.headers["Cache-Control"] = "public, max-age=3600"
    response.vary.add("Accept-Language")
    response.add_etag()
    response.make_conditional(request)
    return response
