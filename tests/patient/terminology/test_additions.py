"""What a guideline adds to the value sets: before the first look, or not at all."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from cds_service.patient.terminology import additions
from cds_service.patient.terminology.concepts import problem_concepts
from cds_service.patient.terminology.names import names
from cds_service.patient.terminology.systems import SNOMED_CT
from cds_service.patient.terminology.valuesets import Index, value_sets

PACKAGE = "brought_for_a_test"


@pytest.fixture
def brought(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A package with a value set and a name, and the terminology as it is before the first look."""
    folder = tmp_path / PACKAGE
    (folder / "valuesets" / "problems").mkdir(parents=True)
    (folder / "names").mkdir()
    (folder / "__init__.py").touch()
    include = [{"system": SNOMED_CT, "concept": [{"code": "65958008", "display": "Hiccoughs"}]}]
    value_set = {"title": "Hiccups", "compose": {"include": include}}
    (folder / "valuesets" / "problems" / "hiccups.json").write_text(json.dumps(value_set))
    (folder / "valuesets" / "problems" / "README.md").write_text("Not a value set.")
    (folder / "names" / "problems.toml").write_text('[hiccups]\nen = ["Hiccups"]')
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(additions, "_packages", list(additions.packages()))
    monkeypatch.setattr(additions, "_closed", [])
    names.cache_clear()
    yield
    names.cache_clear()


@pytest.mark.usefixtures("brought")
def test_its_value_sets_and_names_are_read_beside_ours() -> None:
    before = [found.name for found in value_sets("problems")]
    index = Index(lambda: ((found, entry, found.name) for found in value_sets("problems") for entry in found.include))
    additions.extend(PACKAGE)
    additions.extend(PACKAGE)
    assert [found.name for found in value_sets("problems")] == [*before, "hiccups"]
    assert value_sets("orders")
    assert index.meanings(SNOMED_CT, "65958008") == ("hiccups",)
    assert names("problems")["hiccups"] == {"hiccups"}
    assert "leg cramps" in names("problems")


@pytest.mark.usefixtures("brought")
@pytest.mark.parametrize("look", [lambda: Index(tuple).may_hold("1"), lambda: names("problems")], ids=["code", "name"])
def test_after_the_first_look_it_is_too_late(look: object) -> None:
    look()  # type: ignore[operator]
    with pytest.raises(RuntimeError, match=f"{PACKAGE} brings value sets too late"):
        additions.extend(PACKAGE)


def test_without_it_nothing_is_known_of_it() -> None:
    assert problem_concepts([(SNOMED_CT, "65958008")], "Hiccups") == {}
