"""Small pages, the oldest first, no total; patients out of the token's reach: what real FHIR servers do to a chart.

The newest is read all the same; and where something was cut, no word of the answer denies what may be in the rest.
"""

from collections.abc import Callable
from typing import Any

import pytest

from cds_service import pipeline
from cds_service.catalogue import CATALOGUE, wording
from cds_service.chart.gather.fhir_client import fetcher
from cds_service.decision.recommendation import CannotTell
from cds_service.errors import MissingDataError
from cds_service.patient.received import Receipt
from cds_service.pipeline import Answer
from cds_service.protocol.notes import Note
from cds_service.protocol.request import HookContext, HookRequest
from cds_service.settings import Settings
from cds_service.trust.outbound import Guard
from tests.builders.fhir import PATIENT_ID, TODAY, UNRELATED, ZONE, allergy, condition, patient, potassium, quinine
from tests.faulty_server import FhirServer, Habits

Servers = Callable[..., FhirServer]
MANY = 400
PARACETAMOL = {"text": "paracetamol"}


def many(*newest: dict[str, Any]) -> list[dict[str, Any]]:
    """A chart with MANY of each type: what tells nothing, and last, as the newest, what is given."""
    older: dict[str, Callable[[str], dict[str, Any]]] = {
        "Condition": lambda own: condition(own, UNRELATED),
        "Observation": lambda own: potassium(own, 4.1, "2026-01-05"),
        "MedicationRequest": lambda own: quinine(own, medicationCodeableConcept=PARACETAMOL),
        "MedicationStatement": lambda own: (
            quinine(own, medicationCodeableConcept=PARACETAMOL) | {"resourceType": "MedicationStatement"}
        ),
        "AllergyIntolerance": lambda own: allergy(own, PARACETAMOL),
    }
    stored = [patient()]
    for kind, make in older.items():
        last = [one for one in newest if one["resourceType"] == kind]
        stored += [make(f"{kind}-{place}") for place in range(MANY - len(last))] + last
    return stored


NEWEST = (
    condition("newest"),
    potassium("newest", 2.4, "2026-03-01"),
    quinine("newest"),
    quinine("newest") | {"resourceType": "MedicationStatement"},
    allergy("newest"),
)


def answered(server: FhirServer, hook: str = "patient-view", **settings: Any) -> Answer:
    """The answer to a call that brings nothing but the server's address."""
    chosen = Settings(**({"fetch_deadline_seconds": 20.0, "timezone": ZONE} | settings))
    request = HookRequest(hook, "i", HookContext(PATIENT_ID), fhir_server=server.base)
    fetch = fetcher(request, settings=chosen, guard=Guard(None, https_only=False, loopback=True))
    service = next(one for one in CATALOGUE if one.hook == hook)
    return pipeline.answer(request, service, fetch=fetch, today=TODAY, words=wording("en"), settings=chosen)


def said(answer: Answer) -> str:
    return "\n".join(f"{card.summary}\n{card.detail}" for card in answer.cards)


@pytest.mark.parametrize(
    ("habits", "requests"),
    [({}, 1 + 5), ({"most": 100}, 1 + 5 * 4), ({"takes_count": False}, 1 + 5 * (1 + MANY // 20))],
    ids=["20 a page unless asked", "at most 100 a page", "20 a page, and no _count"],
)
def test_the_newest_of_every_query_is_read(habits: Any, requests: int, servers: Servers) -> None:
    server = servers(Habits(many(*NEWEST), **habits))
    answer = answered(server)
    assert set(answer.facts.receipts.values()) == {Receipt.RECEIVED}
    facts = (answer.facts.problems, answer.facts.medications, answer.facts.allergies)
    assert [[one.source.rpartition("/")[2] for one in found] for found in facts] == [
        ["newest"],
        ["newest", "newest"],
        ["newest"],
    ]
    assert {str(one.value) for one in answer.facts.results} >= {"2.4"}
    indicators = {card.source.topic.code: card.indicator for card in answer.cards}
    assert (indicators["CorrectElectrolytes"], indicators["AvoidQuinine"]) == ("critical", "critical")
    assert len(server.asked) == requests
    assert answer.notes == ()


CUT: dict[str, Any] = {"fetch_max_pages": 2}
SMALL = {"takes_count": False}


def test_a_cramp_in_what_was_cut_is_no_silence_without_a_reason(servers: Servers) -> None:
    answer = answered(servers(Habits(many(*NEWEST), **SMALL)), **CUT)
    assert answer.cards == ()
    assert set(answer.facts.receipts.values()) == {Receipt.RECEIVED, Receipt.PARTIAL}
    assert {type(decided.decision) for decided in answer.decisions} == {CannotTell}
    assert answer.notes == (Note.NO_CARD_CONDITIONS_INCOMPLETE,)


def test_no_line_denies_what_may_be_in_what_was_cut(servers: Servers) -> None:
    """The cramp comes on the first page; the quinine, the allergy and the low potassium are in the rest."""
    stored = [condition("first"), *many(*NEWEST[1:])]
    answer = answered(servers(Habits(stored, **SMALL)), **CUT)
    words = said(answer)
    for denied in ("no current malaria", "normal, ", "No result found", "nothing recorded"):
        assert denied not in words
    for query in ("problem list", "medication list", "laboratory and ECG results"):
        assert f"{query} incomplete" in words
    assert "potassium 4.1 mmol/L" in words
    assert answer.notes == ()


def test_what_came_in_full_may_be_called_normal_and_not_there(servers: Servers) -> None:
    """The same chart from a server that gives all of it: what the test above looks for is said."""
    words = said(answered(servers(Habits([condition("first"), *many()]))))
    assert "potassium normal, " in words


def test_a_patient_the_server_does_not_know_is_not_one_with_nothing(servers: Servers) -> None:
    server = servers(Habits(many(*NEWEST), knows_patient=False))
    with pytest.raises(MissingDataError):
        answered(server)
    assert len(server.asked) == 6


def test_a_prefetched_list_is_not_followed_by_what_an_unknown_patient_has_not(servers: Servers) -> None:
    server = servers(Habits((), knows_patient=False))
    context = HookContext(PATIENT_ID)
    request = HookRequest("patient-view", "i", context, {"conditions": [condition()]}, fhir_server=server.base)
    fetch = fetcher(request, settings=Settings(), guard=Guard(None, https_only=False, loopback=True))
    service = next(one for one in CATALOGUE if one.hook == "patient-view")
    answer = pipeline.answer(request, service, fetch=fetch, today=TODAY, words=wording("en"), settings=Settings())
    receipts = dict(answer.facts.receipts)
    assert receipts.pop("conditions") is Receipt.RECEIVED
    assert set(receipts.values()) == {Receipt.FAILED}
    words = said(answer)
    assert "nothing recorded" not in words
    assert "no current malaria" not in words
    assert "age not recorded" not in words
    line = "age and sex: server error, treated as an adult"
    assert line in words
