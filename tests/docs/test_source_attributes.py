"""The 13 source attributes of an evidence-based intervention are itemised, and what is not used changes no card."""

import re
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import orjson
import pytest

from cds_service import pipeline, situations
from cds_service.catalogue import CATALOGUE, wording
from cds_service.protocol.schemas import dump_cards, load_request
from cds_service.settings import Settings
from cds_service.web.recommendations.document import names, page
from cds_service.web.recommendations.words import words

DOC = Path(__file__).parents[2] / "docs" / "intended-use.md"
US_CORE = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-"
NOT_USED: Mapping[str, Mapping[str, Any]] = {
    "race": {"extension": [{"url": f"{US_CORE}race", "extension": [{"url": "text", "valueString": "Asian"}]}]},
    "ethnicity": {"extension": [{"url": f"{US_CORE}ethnicity", "extension": [{"url": "text", "valueString": "x"}]}]},
    "language": {"communication": [{"language": {"coding": [{"code": "id"}], "text": "Indonesian"}}]},
    "sexual_orientation": {"extension": [{"url": f"{US_CORE}sexual-orientation", "valueCode": "x"}]},
    "gender_identity": {"extension": [{"url": f"{US_CORE}genderIdentity", "valueCodeableConcept": {"text": "x"}}]},
    "social_determinants": {"extension": [{"url": f"{US_CORE}tribal-affiliation", "valueString": "x"}]},
}
"""By attribute, what a Patient says of it."""
ASKED = [(one, hook) for one in situations.load_all() for hook in one.hooks]


def documented() -> list[tuple[str, str]]:
    found = re.search(r"<!-- source attributes -->(.*?)<!-- end -->", DOC.read_text(), re.DOTALL)
    assert found is not None
    rows = [line.strip("| ").split(" | ") for line in found[1].strip().splitlines()[2:]]
    return [(name, said) for name, said, _ in rows]


def test_each_attribute_is_itemised_under_its_name_and_in_its_order() -> None:
    assert [name for name, _ in documented()] == list(words("en").families["source_attribute"].values())


def test_a_page_uses_nothing_that_is_said_not_to_be_used() -> None:
    not_used = {name for name, said in documented() if said == "not used"}
    assert len(not_used) == 5
    for name in names():
        found = page(name, "en")
        assert found is not None
        assert {said for attribute, said in found.attributes if attribute in not_used} == {"Not used."}


def answered(situation: situations.Situation, hook: str, more: Mapping[str, Any]) -> bytes:
    request = deepcopy(situations.request(situation, hook))
    if request["prefetch"].get("patient"):
        request["prefetch"]["patient"] |= more
    service = next(one for one in CATALOGUE if one.hook == hook)
    call = load_request(orjson.dumps(request))
    answer = pipeline.answer(call, service, fetch=None, today=situation.day, words=wording("en"), settings=Settings())
    return dump_cards(answer.cards)


@pytest.mark.parametrize("attribute", NOT_USED)
def test_what_is_not_used_changes_no_card(attribute: str) -> None:
    changed = [one.name for one, hook in ASKED if answered(one, hook, NOT_USED[attribute]) != answered(one, hook, {})]
    assert changed == []
