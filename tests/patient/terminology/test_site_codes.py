"""Codes a site adds to an index: as they are written, in their system alone; and nothing is looked for where none is."""

import pytest

from cds_service.patient.terminology import additions, valuesets
from cds_service.patient.terminology.additions import Additions
from cds_service.patient.terminology.concepts import entries
from cds_service.patient.terminology.systems import ICD_10, SNOMED_CT
from cds_service.patient.terminology.valuesets import Index

LOCAL = "https://rs.example/problems"
CRAMP = "449917004"


def index(**added: str) -> Index:
    return Index(lambda: entries("problems"), lambda: {(LOCAL, code): (meaning,) for code, meaning in added.items()})


@pytest.mark.parametrize("code", ["k.1", " k.1", "k.1\u200b"])
def test_a_site_s_code_has_its_meaning(code: str) -> None:
    found = index(**{"k.1": "malaria"})
    assert found.may_hold(code)
    assert found.meanings(LOCAL, code) == ("malaria",)
    assert found.is_added(LOCAL, code)


@pytest.mark.parametrize("code", ["K.1", "k1", "k.10", "k. 1", "k.1*"])
def test_no_other_spelling_has_it(code: str) -> None:
    found = index(**{"k.1": "malaria"})
    assert not found.may_hold(code)
    assert found.meanings(LOCAL, code) == ()


@pytest.mark.parametrize("system", [SNOMED_CT, ICD_10, None, "https://rs.example/drugs"])
def test_nor_has_it_in_another_system(system: str | None) -> None:
    found = index(**{"k.1": "malaria"})
    assert found.meanings(system, "k.1") == ()
    assert not found.is_added(system, "k.1")


def test_our_codes_stay_ours() -> None:
    found = index(**{CRAMP: "malaria"})
    assert found.meanings(SNOMED_CT, CRAMP) == index().meanings(SNOMED_CT, CRAMP) != ()
    assert not found.is_added(SNOMED_CT, CRAMP)
    assert found.is_added(LOCAL, CRAMP)


def test_without_a_site_s_codes_no_lookup_asks_for_them(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(valuesets, "site_code", lambda code: asked.append(code) or code)
    for found in (index(), index(**{"k.1": "malaria"})):
        asked.clear()
        for code in (CRAMP, "k.1", "R25.2", "no code"):
            assert found.may_hold(code) or not found.meanings(LOCAL, code)
            found.is_added(LOCAL, code)
        assert bool(asked) is bool(found.meanings(LOCAL, "k.1"))


def test_the_same_may_be_added_again_and_another_not_after_the_first_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(additions, "_added", [Additions()])
    monkeypatch.setattr(additions, "_closed", [])
    more = Additions({"problems": {(LOCAL, "k.1"): ("malaria",)}})
    additions.add(more)
    assert additions.additions() is more
    additions.add(Additions({"problems": {(LOCAL, "k.1"): ("malaria",)}}))
    with pytest.raises(RuntimeError, match="come too late"):
        additions.add(Additions())
