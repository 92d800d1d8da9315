"""``POST /cds-services/<id>/feedback``, and the recording of what was answered."""

from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus

import orjson
from flask import Blueprint, Response, g, request

from cds_service.catalogue import OVERRIDE_REASONS, find
from cds_service.decision.nonadherence import BY_CODE as NON_ADHERENCE
from cds_service.decision.recommendation import Advise
from cds_service.errors import InvalidRequestError
from cds_service.protocol.schemas import load_feedback
from cds_service.settings import Settings
from cds_service.site.site import NO_SITE, Site
from cds_service.store.feedback import Sender
from cds_service.store.issued import IssuedCall, IssuedCard
from cds_service.store.store import Store
from cds_service.web.body import read_body
from cds_service.web.errors import outcome
from cds_service.web.parts import Issued


def feedback(settings: Settings, store: Store, site: Site = NO_SITE) -> Blueprint:
    """The feedback endpoint: 200 only when every good item of the batch is on the disk.

    The items that are none are named by their index in an OperationOutcome: beside a 200 where others were good, else
    a 400. What is left out of a batch may be sent again, mended.
    """
    blueprint = Blueprint("feedback", __name__)
    of_the_house = {one.code for one in site.house.reasons}
    reasons = {*OVERRIDE_REASONS, *NON_ADHERENCE, *settings.override_reasons, *of_the_house}

    @blueprint.post("/cds-services/<service_id>/feedback")
    def receive(service_id: str) -> Response:
        service = find(service_id)
        g.logged |= {"service": service.id}
        batch = load_feedback(read_body(request, settings.max_body_bytes), reasons, datetime.now(UTC))
        caller = g.caller
        new = store.add_feedback(batch.items, Sender(service.id, caller.issuer, caller.tenant))
        g.logged |= {"items": len(batch.items), "new": new}
        if batch.refused:
            g.logged["refused_items"] = len(batch.refused)
            return outcome(HTTPStatus.OK, InvalidRequestError.code, *batch.refused)
        return Response(orjson.dumps({}), mimetype="application/json")

    return blueprint


def recorder(store: Store) -> Callable[[Issued], None]:
    """Hands every answered call to the store, without a word of it and without waiting."""
    return lambda issued: store.issued(_without_words(issued))


def _without_words(issued: Issued) -> IssuedCall:
    rules: dict[str, set[tuple[str, str]]] = {}
    for decided in issued.decisions:
        if isinstance(decided.decision, Advise):
            rules.setdefault(decided.rule.topic, set()).add((decided.rule.name, decided.rule.version))
    cards = tuple(
        IssuedCard(
            uuid=card.uuid,
            topic=card.source.topic.code,
            rules=tuple(sorted(rules.get(card.source.topic.code, ()))),
            indicator=card.indicator,
            offers=tuple(one.kind for one in card.suggestions),
            silent=silent,
        )
        for silent, some in ((False, issued.cards), (True, issued.withheld))
        for card in some
    )
    return IssuedCall(
        service=issued.service.id,
        hook=issued.service.hook,
        cards=cards,
        language=issued.language,
        at=issued.at if cards else issued.at.replace(second=0, microsecond=0),  # those without cards are only counted
        issuer=issued.caller.issuer,
        tenant=issued.caller.tenant,
        silent=issued.silent,
        site=issued.site,
    )
