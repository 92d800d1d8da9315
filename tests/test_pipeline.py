"""What one call asks for."""

from typing import Any

import pytest

from cds_service import pipeline
from cds_service.catalogue import find, wording
from cds_service.decision.recommendation import CannotTell
from cds_service.settings import Settings
from tests.builders.fhir import TODAY, bundle, call, concept, quinine

LOCAL = {"medicationCodeableConcept": concept("http://local", "Q1")}
ELSEWHERE = {"medicationCodeableConcept": ..., "medicationReference": {"reference": "Medication/9"}}

NAMED = {"medicationCodeableConcept": ..., "medicationReference": {"reference": "Medication/9", "display": "Racikan"}}


@pytest.mark.parametrize(("element", "asks"), [(LOCAL, False), (NAMED, False), (ELSEWHERE, True), ({}, True)])
def test_the_chart_is_only_asked_for_where_a_draft_may_be_judged(element: Any, asks: bool) -> None:
    asked: list[Any] = []

    def fetch(wants: Any) -> dict[Any, Any]:
        asked.extend(wants)
        return {}

    request = call(hook="order-sign", drafts=bundle(quinine("d1", status="draft", **element)))
    service = find("leg-cramps-order-sign")
    answer = pipeline.answer(request, service, fetch=fetch, today=TODAY, words=wording("en"), settings=Settings())
    assert bool(asked) is asks
    told = [decided.decision for decided in answer.decisions]
    assert any(isinstance(one, CannotTell) for one in told) is bool(element)
    assert bool(answer.cards) is not bool(element)
