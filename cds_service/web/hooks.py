"""Discovery and the call of a service: from an HTTP request to an answer, and one line in the log."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import structlog
from flask import Blueprint, Response, g, request

from cds_service import pipeline
from cds_service.catalogue import CATALOGUE, Service, find, wording
from cds_service.chart.model import Still
from cds_service.errors import InvalidRequestError, OvertimeError
from cds_service.logs import places
from cds_service.protocol.request import TODAY_EXTENSION, HookRequest
from cds_service.protocol.schemas import dump_cards, dump_discovery, load_request
from cds_service.settings import Settings
from cds_service.site.site import Site
from cds_service.trust.jwt import Caller
from cds_service.web.body import read_body
from cds_service.web.parts import Issued, Parts
from cds_service.web.terms import Terms, terms
from cds_service.web.work import still

_YEARS = (1900, 2200)  # a made-up day far off would leave no room to reckon from it
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Call:
    """One call that is under way."""

    service: Service
    hook_request: HookRequest
    caller: Caller
    terms: Terms
    today: date
    still: Still


def hooks(settings: Settings, parts: Parts, site: Site) -> Blueprint:
    """``GET /cds-services`` and ``POST /cds-services/<id>``."""
    blueprint = Blueprint("hooks", __name__)
    discovery_body = dump_discovery(CATALOGUE)

    @blueprint.get("/cds-services")
    def discovery() -> Response:
        return Response(discovery_body, mimetype="application/json")

    @blueprint.post("/cds-services/<service_id>")
    def call(service_id: str) -> Response:
        service = find(service_id)
        g.logged |= {"service": service.id, "hook": service.hook}
        may_go_on = still(settings.work_seconds)
        with parts.stage("read"):
            hook_request = load_request(read_body(request, settings.max_body_bytes))
        caller: Caller = g.caller
        holding = terms(settings, site, caller, request.headers.get("Accept-Language"))
        today = _today(hook_request.extension, holding.settings)
        return _answered(Call(service, hook_request, caller, holding, today, may_go_on), parts)

    return blueprint


def _answered(call: Call, parts: Parts) -> Response:
    language = call.terms.language
    fetch = parts.fetch(call.hook_request, call.caller) if call.hook_request.fhir_server else None
    with parts.stage("answer"):
        try:
            answer = pipeline.answer(
                call.hook_request,
                call.service,
                fetch=fetch,
                today=call.today,
                words=wording(language),
                settings=call.terms.settings,
                site=call.terms.site,
                still=call.still,
                silent=call.terms.silent,
            )
        except OvertimeError:
            parts.overtime(call.service)
            raise
    parts.answered(answer)
    with parts.stage("write"):
        body = dump_cards(answer.cards)
    topics = [card.source.topic.code for card in answer.cards]
    g.logged |= {"language": language, "topics": topics, "notes": [note.value for note in answer.notes]}
    if answer.withheld:
        g.logged |= {"withheld": [card.source.topic.code for card in answer.withheld]}
    unjudged = tuple(one.why for one in answer.facts.unjudged_drafts)
    if unjudged:
        g.logged["unjudged_drafts"] = dict(Counter(unjudged))
    headers = {"Content-Language": language, "Vary": "Accept-Language"}
    response = Response(body, headers=headers, content_type="application/json")
    issued = Issued(
        request_id=g.request_id,
        service=call.service,
        language=answer.language,
        cards=answer.cards,
        decisions=answer.decisions,
        receipts=answer.facts.receipts,
        notes=answer.notes,
        caller=call.caller,
        at=datetime.now(UTC),
        unjudged=unjudged,
        withheld=answer.withheld,
        silent=call.terms.silent,
        site=answer.site.digest,
    )
    response.call_on_close(lambda: _hand_over(issued, parts))
    return response


def _today(extension: Mapping[str, Any], settings: Settings) -> date:
    """The day of the call in the configured zone. The one place that reads the clock for it."""
    named = extension.get(TODAY_EXTENSION)
    if named is None or settings.production:
        return datetime.now(settings.timezone).date()
    try:
        day = datetime.strptime(named, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except (TypeError, ValueError):
        day = date.min
    if not _YEARS[0] <= day.year <= _YEARS[1]:
        message = f"extension.{TODAY_EXTENSION}: must be a date, YYYY-MM-DD"
        raise InvalidRequestError(message)
    return day


def _hand_over(issued: Issued, parts: Parts) -> None:
    """Give the answer to the store, when the client already has it: nothing of this can fail the call."""
    try:
        parts.issued(issued)
    except Exception as error:  # noqa: BLE001 - whatever it is, the answer has left
        _log.error("not_stored", request=issued.request_id, error=type(error).__name__, where=places(error))
