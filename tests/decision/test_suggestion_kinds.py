"""What suggestions are counted as: one code, one meaning, a text in every language."""

import pytest

from cds_service.catalogue import wording
from cds_service.decision.phrases import Text, say
from cds_service.decision.suggestion_kinds import declared_kinds, suggestion_kind
from cds_service.settings import LANGUAGES

TRY = say(Text("offers.physiotherapy.label"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_has_a_text_of_its_own(language: str) -> None:
    said = [wording(language).say(kind.text) for kind in declared_kinds().values()]
    assert len(said) == len(set(said)) > 10


@pytest.mark.parametrize("code", ["", "stop it", "a,b"])
def test_a_code_that_is_no_name_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="is no name"):
        suggestion_kind(code, TRY)


def test_a_code_of_two_meanings_is_refused() -> None:
    code, known = next(iter(declared_kinds().items()))
    assert suggestion_kind(code, known.text) == known
    with pytest.raises(ValueError, match="there twice"):
        suggestion_kind(code, say(Text("card.standing")))
