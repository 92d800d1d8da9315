"""A site file with a mistake is refused whole: one line for each, with the line of the file and the nearest known word."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from cds_service.errors import ConfigurationError
from cds_service.site.reading import load
from tests.site.house import KFA, KFA_MAP, SITE, concept_map, write_site

CODES = """\
[[codes]]
system = "http://sys-ids.kemkes.go.id/kfa"
reviewed_by = "apt. Sari Dewi"
reviewed_on = 2026-01-20
[codes.drugs]
"93000999" = "quinine"
"""
NAMES = """\
[[names]]
reviewed_by = "apt. Sari Dewi"
reviewed_on = 2026-01-20
[names.drugs]
"Tablet Merah RS" = "quinine"
"""


def of(text: str, *changes: tuple[str, str]) -> str:
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text


MISTAKES: dict[str, tuple[str, str]] = {
    "no TOML": (of(CODES, ("codes.drugs]", "codes.drugs")), "line 5: is not TOML: expected ']'"),
    "a key twice": (CODES + '"93000999" = "quinidine"\n', "line 7: is not TOML: cannot overwrite a value"),
    "unknown table": (CODES + "[[code]]\n", 'line 7: "code" is not known here; the nearest is "codes"'),
    "a limit": (CODES + "[limits]\npotassium = 3\n", 'line 7: "limits" is not known here'),
    "unknown key": (of(CODES, ("system", "systme")), 'line 2: "systme" is not known here; the nearest is "system"'),
    "no system": (of(CODES, ('system = "http://sys-ids.kemkes.go.id/kfa"\n', "")), "line 1: system is missing"),
    "nobody reviewed": (of(CODES, ('reviewed_by = "apt. Sari Dewi"\n', "")), "line 1: reviewed_by is missing"),
    "reviewer is blank": (of(CODES, ("apt. Sari Dewi", " ")), "line 3: reviewed_by must be a text"),
    "review undated": (of(CODES, ("reviewed_on = 2026-01-20\n", "")), "line 1: reviewed_on is missing"),
    "date in quotes": (of(CODES, ("2026-01-20", '"2026-01-20"')), "line 4: reviewed_on must be a date without quotes"),
    "date to come": (of(CODES, ("2026-01-20", "2126-01-20")), "line 4: reviewed_on lies in the future"),
    "unknown drug": (
        of(CODES, ('"quinine"', '"quinne"')),
        'line 6: drugs: no ingredient is called "quinne"; the nearest is "quinine"',
    ),
    "unknown problem": (
        of(CODES, ("codes.drugs", "codes.problems"), ('"quinine"', '"cramp_legs"')),
        'line 6: problems: no problem is called "cramp_legs"; the nearest is "cramp_leg"',
    ),
    "unknown kind": (
        of(CODES, ("codes.drugs", "codes.drug")),
        'line 5: "drug" is not known here; the nearest is "drugs"',
    ),
    "no word": (of(CODES, ('"quinine"', "7")), 'line 6: drugs: "93000999" must be given one of our words in quotes'),
    "empty code": (of(CODES, ('"93000999"', '" "')), "line 6: drugs: a code has 1 to 64 characters"),
    "unit of a drug": (
        of(CODES, ('"quinine"', '{ analyte = "quinine", unit = "mg" }')),
        "line 6: drugs: only a result has a unit",
    ),
    "unknown unit": (
        of(CODES, ("codes.drugs", "codes.results"), ('"quinine"', '{ analyte = "potassium", unit = "mmol" }')),
        'line 6: results: "mmol" is no unit of potassium; known are meq/L, mg/dL, mmol/L, umol/L',
    ),
    "two analytes": (
        of(CODES, ("codes.drugs", "codes.results"), ('"quinine"', '["potassium", "sodium"]')),
        'line 6: results: "93000999" must be given one of our words',
    ),
    "a meaning of ours": (
        of(CODES, ("http://sys-ids.kemkes.go.id/kfa", "http://www.whocc.no/atc"), ("93000999", "C01BA01")),
        'line 6: drugs: "C01BA01" means "quinidine" already; a meaning of ours cannot be changed',
    ),
    "an exception of ours": (
        of(
            CODES,
            ("http://sys-ids.kemkes.go.id/kfa", "http://snomed.info/sct"),
            ("codes.drugs", "codes.problems"),
            ('"93000999" = "quinine"', '"270492004" = "av_block"'),
        ),
        'line 6: problems: "270492004" is an exception to "av_block"; that cannot be changed',
    ),
    "a national code cut short": (
        of(
            CODES,
            ("http://sys-ids.kemkes.go.id/kfa", "http://fhir.de/CodeSystem/bfarm/icd-10-gm"),
            ("codes.drugs", "codes.problems"),
            ('"93000999" = "quinine"', '"Q99.99" = "cramp_leg"'),
        ),
        'line 6: problems: "Q99.99" is read as "Q999" of http://hl7.org/fhir/sid/icd-10; only that can be mapped',
    ),
    "a code twice": (
        CODES + of(CODES, ('"quinine"', '"quinidine"')),
        "line 12: drugs: is mapped twice, to quinine as well",
    ),
    "a name of ours": (
        of(NAMES, ("Tablet Merah RS", "Quinidina forte")),
        'line 5: drugs: "Quinidina forte" is a name of "quinidine" already; a meaning of ours cannot be changed',
    ),
    "a name too short": (
        of(NAMES, ("Tablet Merah RS", "tab")),
        'line 5: drugs: "tab" is too short to be looked for in the texts of medicines: 4 letters at least',
    ),
    "a name never read": (
        of(NAMES, ("Tablet Merah RS", "krim merah level"), ('"quinine"', '"warfarin"')),
        'line 5: drugs: "krim merah level" would never be read as a name',
    ),
    "a negative name": (
        of(NAMES, ("names.drugs", "names.problems"), ("Tablet Merah RS", "Kram (-)"), ('"quinine"', '"cramp_leg"')),
        'line 5: problems: "Kram (-)" would never be read as a name',
    ),
    "a name of urine": (
        of(NAMES, ("names.drugs", "names.results"), ("Tablet Merah RS", "K urin 24 jam"), ('"quinine"', '"potassium"')),
        'line 5: results: "K urin 24 jam" would never be read as a name',
    ),
    "no such map": (
        '[[concept_maps]]\nfile = "no.json"\nreviewed_by = "x"\nreviewed_on = 2026-01-20\n',
        "line 2: no.json cannot be read (No such file or directory)",
    ),
}
"""By kind of mistake: a site file with it, and what is said."""
IN_THE_MAP: dict[str, tuple[str, str]] = {
    "no JSON": ('{\n"resourceType"', "map.json, line 2: is not JSON in UTF-8"),
    "no ConceptMap": ('{"resourceType": "ValueSet"}', "map.json, line 1: is not a FHIR ConceptMap"),
    "no source": (
        json.dumps({"resourceType": "ConceptMap", "group": [{"target": "http://www.whocc.no/atc"}]}, indent=1),
        "map.json, line 5: a group must name its source and its target",
    ),
    "an unknown word of ours": (
        json.dumps(concept_map(("1", "quinne", "equal"), target="urn:cds-service:drugs"), indent=1),
        'map.json, line 10: no ingredient is called "quinne"; the nearest is "quinine"',
    ),
    "another drug by its target, ours by its name": (
        json.dumps(concept_map(("1", "N02BE01", "equal"), display="Kina sulfat 200 mg"), indent=1),
        'map.json, line 10: "Kina sulfat 200 mg" names "quinine", and its target is none of it',
    ),
    "another drug, and ours already": (
        json.dumps(concept_map(("P01BC01", "N02BE01", "equal")), indent=1).replace(KFA, "http://www.whocc.no/atc"),
        'map.json, line 10: "P01BC01" means "quinine" already; a meaning of ours cannot be changed',
    ),
    "how is not said": (
        json.dumps(concept_map(("1", "P01BC01", "same")), indent=1),
        "map.json, line 10: how the target of 1 is to it",
    ),
}


@pytest.mark.parametrize("kind", MISTAKES)
def test_each_mistake_is_one_line(kind: str, tmp_path: Path) -> None:
    content, said = MISTAKES[kind]
    file = tmp_path / "site.toml"
    file.write_text(content)
    with pytest.raises(ConfigurationError) as refused:
        load(file)
    lines = str(refused.value).splitlines()
    assert any(line.startswith(f"site.toml, {said}") for line in lines), lines


def test_a_review_of_today_where_clocks_are_ahead_of_ours_is_taken(tmp_path: Path) -> None:
    tomorrow = date.today() + timedelta(days=1)  # noqa: DTZ011 - as the reader has it
    file = tmp_path / "site.toml"
    file.write_text(of(CODES, ("2026-01-20", str(tomorrow))))
    assert {review.on for review in load(file).reviewed} == {tomorrow}


@pytest.mark.parametrize("kind", IN_THE_MAP)
def test_each_mistake_in_a_concept_map_is_one_line(kind: str, tmp_path: Path) -> None:
    content, said = IN_THE_MAP[kind]
    (tmp_path / "map.json").write_text(content)
    file = tmp_path / "site.toml"
    file.write_text('[[concept_maps]]\nfile = "map.json"\nreviewed_by = "x"\nreviewed_on = 2026-01-20\n')
    with pytest.raises(ConfigurationError) as refused:
        load(file)
    (line,) = str(refused.value).splitlines()
    assert line.startswith(said)


def test_all_mistakes_are_said_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_text(
        of(CODES, ("quinine", "quinne"), ("reviewed_on", "reviewed_at")) + of(NAMES, ("quinine", "warfrin"))
    )
    with pytest.raises(ConfigurationError) as refused:
        load(file)
    starts = [line.split(": ")[0] for line in str(refused.value).splitlines()]
    assert starts == [f"site.toml, line {n}" for n in (1, 4, 6, 11)]


def test_a_right_file_is_read_whole(tmp_path: Path) -> None:
    site = load(write_site(tmp_path))
    assert site.contents == (
        "codes of drugs: 3",
        "codes of problems: 1",
        "codes of results: 1",
        "codes of orders: 1",
        "names of drugs: 1",
        "names of problems: 1",
        "names of results: 1",
        "codes of drugs that are none of ours: 1",
        "reviewed by apt. Sari Dewi, 2026-01-20: 7",
        "reviewed by dr. Budi, 2026-01-21: 4",
    )
    assert site.remarks == (
        (
            "kfa.json: 1 codes mapped; 1 drugs that are none of ours, unless a record names one of ours beside the code;"
            " 1 left out, whose target is not the same or wider; 0 whose target means nothing here"
        ),
    )


def test_what_is_known_without_it_is_no_mistake_and_adds_nothing(tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_text(of(CODES, ("http://sys-ids.kemkes.go.id/kfa", "http://www.whocc.no/atc"), ("93000999", "P01BC01")))
    site = load(file)
    assert site.additions.codes_of("drugs") == {}
    assert site.remarks == ("1 mappings say what is known without them, and can be taken out",)


def test_its_hash_is_of_the_file_and_of_what_it_names(tmp_path: Path) -> None:
    first = load(write_site(tmp_path))
    (tmp_path / "site.toml").write_text(SITE + "# a word more\n")
    second = load(tmp_path / "site.toml")
    (tmp_path / "kfa.json").write_text(json.dumps(KFA_MAP | {"title": "another"}))
    third = load(tmp_path / "site.toml")
    assert len({first.digest, second.digest, third.digest}) == 3
    assert load(tmp_path / "site.toml").digest == third.digest


def test_the_example_is_right() -> None:
    site = load(Path(__file__).parents[2] / "deploy" / "site.example.toml")
    assert "codes of drugs: 2" in site.contents


@pytest.mark.parametrize(("how", "target"), [("wider", "N02BE01"), ("equal", "X99"), ("inexact", "N02BE01")])
def test_only_a_code_that_is_the_same_as_a_known_drug_s_is_known_to_be_none_of_ours(
    how: str, target: str, tmp_path: Path
) -> None:
    system = "http://www.whocc.no/atc" if target != "X99" else "https://other.example"
    (tmp_path / "map.json").write_text(json.dumps(concept_map(("1", target, how), target=system)))
    file = tmp_path / "site.toml"
    file.write_text('[[concept_maps]]\nfile = "map.json"\nreviewed_by = "x"\nreviewed_on = 2026-01-20\n')
    assert load(file).additions.other_drugs == frozenset()


def test_a_code_that_is_one_of_ours_too_is_ours(tmp_path: Path) -> None:
    both = concept_map(("93000999", "N02BE01", "equal"))
    (tmp_path / "kfa.json").write_text(json.dumps(both))
    file = tmp_path / "site.toml"
    file.write_text(SITE)
    found = load(file).additions
    assert found.codes_of("drugs")["http://sys-ids.kemkes.go.id/kfa", "93000999"] == ("quinine",)
    assert found.other_drugs == frozenset()
