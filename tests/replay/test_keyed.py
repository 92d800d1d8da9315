"""Whose a resource is, by every way a record names its patient; documents and odd shapes; what is broken is named."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from cds_service.errors import CallError
from cds_service.replay.buckets import Buckets, Seen
from cds_service.replay.keyed import BrokenLineError, Role, keyed
from cds_service.replay.plain import plainly
from cds_service.replay.reading import files_of, lines_of
from tests.replay import population

UUID = "0b5e7f0c-6f9e-4c61-9a54-4c5f1e7f3a10"
OTHER = "5a1de1c2-91e8-47a1-8b3f-3d0f6a2b9c11"
PATIENT = {"resourceType": "Patient", "id": "x", "identifier": [{"system": "urn:mrn", "value": "7"}]}


def joined(tmp_path: Path, *files: str | bytes) -> tuple[dict[str, list[dict[str, Any]]], Seen, int]:
    """The charts these files come to, by patient; what was seen; how many resources are nobody's."""
    paths = []
    for place, text in enumerate(files):
        paths.append(tmp_path / f"file-{place}")
        paths[-1].write_bytes(text if isinstance(text, bytes) else text.encode())
    folder = tmp_path / "it's buckets"
    folder.mkdir()
    buckets = Buckets(folder, 2, "128MB")
    seen = buckets.fill(paths, lambda _: None)
    nobody_s = buckets.join()
    charts = {
        patient: sorted((json.loads(line) for line in lines), key=lambda one: (one["resourceType"], one.get("id", "")))
        for bucket in range(2)
        for patient, lines in buckets.charts(bucket)
    }
    return charts, seen, nobody_s


def ndjson(*resources: object) -> str:
    return "\n".join(map(json.dumps, resources))


def condition(subject: object, **more: object) -> dict[str, Any]:
    return {"resourceType": "Condition", "id": "c", **({"subject": subject} if subject else {}), **more}


@pytest.mark.parametrize(
    "reference",
    [
        "Patient/x",
        " Patient/x ",
        "Patient/x/_history/3",
        "https://ehr.example/r4/Patient/x",
        "x",
        "Patient?identifier=urn:mrn|7",
        "Patient?identifier=urn%3Amrn%7C7",
        "https://ehr.example/r4/Patient?identifier=7",
    ],
)
def test_every_name_of_a_patient_leads_to_the_chart(tmp_path: Path, reference: str) -> None:
    charts, seen, nobody_s = joined(tmp_path, ndjson(condition({"reference": reference})), ndjson(PATIENT))
    assert [one["resourceType"] for one in charts.pop("x")] == ["Condition", "Patient"]
    assert (charts, nobody_s) == ({}, 0)
    assert seen.types == {"Condition": 1, "Patient": 1}


@pytest.mark.parametrize(
    ("resource", "nobody_s"),
    [
        (condition({"reference": "Patient?identifier=urn:mrn|8"}), 1),
        (condition({"reference": "Patient?name=x"}), 0),
        (condition({"reference": "Group/x"}), 0),
        (condition({"reference": "#p"}), 0),
        (condition(None), 0),
        (condition(None, encounter={"reference": "Encounter/unknown"}), 1),
    ],
)
def test_what_is_nobody_s_reaches_no_chart(tmp_path: Path, resource: dict[str, Any], nobody_s: int) -> None:
    charts, seen, counted = joined(tmp_path, ndjson(PATIENT, resource))
    assert {patient: len(lines) for patient, lines in charts.items()} == {"x": 1}
    assert (seen.types["Condition"], counted) == (1, nobody_s)


def test_an_identifier_of_two_patients_tells_nothing(tmp_path: Path) -> None:
    twin = PATIENT | {"id": "y"}
    charts, _, nobody_s = joined(tmp_path, ndjson(PATIENT, twin, condition({"reference": "Patient?identifier=7"})))
    assert {patient: len(lines) for patient, lines in charts.items()} == {"x": 1, "y": 1}
    assert nobody_s == 1


def test_a_resource_without_a_subject_is_its_encounter_s_patient_s(tmp_path: Path) -> None:
    encounter = {"resourceType": "Encounter", "id": "e", "subject": {"reference": "Patient?identifier=7"}}
    charts, _, _ = joined(
        tmp_path, ndjson(condition(None, encounter={"reference": "Encounter/e"})), ndjson(PATIENT), ndjson(encounter)
    )
    assert [one["resourceType"] for one in charts["x"]] == ["Condition", "Encounter", "Patient"]


def test_a_shared_medication_and_what_it_is_made_of_reach_every_chart(tmp_path: Path) -> None:
    def request(patient: str, drug: str) -> dict[str, Any]:
        subject, referred = {"reference": f"Patient/{patient}"}, {"reference": drug}
        return {"resourceType": "MedicationRequest", "id": "m", "subject": subject, "medicationReference": referred}

    made_of = [{"itemReference": {"reference": "Medication/salt"}}]
    drugs = [
        {"resourceType": "Medication", "id": "mix", "ingredient": made_of},
        {"resourceType": "Medication", "id": "salt"},
        {"resourceType": "Medication", "id": "unused"},
    ]
    orders = [
        request("x", "Medication/mix"),
        request("y", f"urn:uuid:{UUID}"),
        request("z", "https://e/Medication/salt"),
    ]
    charts, seen, _ = joined(tmp_path, ndjson(*orders), ndjson(*drugs, {"resourceType": "Medication", "id": UUID}))
    held = {
        patient: [one["id"] for one in lines if one["resourceType"] == "Medication"]
        for patient, lines in charts.items()
    }
    assert held == {"x": ["mix", "salt"], "y": [UUID], "z": ["salt"]}
    assert seen.types["Medication"] == 4


@pytest.mark.parametrize("patient_id", [UUID, "x"])
def test_a_bundle_written_over_many_lines(tmp_path: Path, patient_id: str) -> None:
    """As Synthea writes it: one document a patient, references by the entries' own urns."""
    resources = [
        (UUID, {"resourceType": "Patient", "id": patient_id}),
        (OTHER, {"resourceType": "Medication", "id": "drug"}),
        ("3", condition({"reference": f"urn:uuid:{UUID}"})),
        (
            "4",
            {
                "resourceType": "MedicationRequest",
                "id": "m",
                "subject": {"reference": f"urn:uuid:{UUID}"},
                "medicationReference": {"reference": f"urn:uuid:{OTHER}"},
            },
        ),
        ("5", {"resourceType": "ExplanationOfBenefit", "id": "e", "patient": {"reference": f"urn:uuid:{UUID}"}}),
    ]
    entries: list[Any] = [{"fullUrl": f"urn:uuid:{url}", "resource": resource} for url, resource in resources]
    bundle = {"resourceType": "Bundle", "type": "transaction", "entry": [*entries, {"request": {}}, {"resource": {}}]}
    charts, seen, _ = joined(tmp_path, gzip.compress(json.dumps(bundle, indent=2).encode()))
    assert [one["resourceType"] for one in charts[patient_id]] == [
        "Condition",
        "Medication",
        "MedicationRequest",
        "Patient",
    ]
    assert charts[patient_id][2]["medicationReference"]["reference"] == "Medication/drug"
    assert (seen.types["ExplanationOfBenefit"], seen.broken_lines) == (1, 1)


def test_lists_and_objects_of_resources_are_documents(tmp_path: Path) -> None:
    """As a prefetch is kept: by key, each a resource or a Bundle."""
    bundle = {"resourceType": "Bundle", "entry": [{"resource": condition({"reference": "Patient/x"})}]}
    charts, _, _ = joined(tmp_path, json.dumps([PATIENT, bundle], indent=1))
    assert len(charts["x"]) == 2
    prefetch = {"prefetch": {"patient": PATIENT, "conditions": bundle, "empty": {}, "other": 7}}
    (tmp_path / "more").mkdir()
    charts, seen, _ = joined(tmp_path / "more", json.dumps(prefetch, indent=1), json.dumps([[[[[[[[PATIENT]]]]]]]]))
    assert (len(charts["x"]), seen.broken) == (2, [("file-0", 1), ("file-1", 1)])


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{",
        b"null",
        b"7",
        b'"x"',
        b"{}",
        b'{"resourceType": 7}',
        b'{"resourceType": "Patient"',
        b"[1]",
        b"[",
        b"\xff",
        b"[" * 99_999,
    ],
)
def test_what_is_no_resource_is_broken(line: bytes) -> None:
    with pytest.raises(BrokenLineError):
        list(keyed(line))


def test_words_that_are_not_utf_8_are_broken() -> None:
    with pytest.raises(BrokenLineError):
        list(keyed(b'{"resourceType": "Patient", "id": "x", "language": "\xff"}'))


@pytest.mark.parametrize("kind", ["MedicationRequest", "Medication", "Patient"])
def test_a_number_beyond_a_double_costs_its_line_and_not_the_run(kind: str, tmp_path: Path) -> None:
    """The joining looks into these types."""
    huge = json.dumps(condition({"reference": "Patient/x"}, resourceType=kind, ingredient=[], size=0)).replace(
        '"size": 0', '"size": 1e999'
    )
    charts, seen, _ = joined(tmp_path, ndjson(PATIENT) + "\n" + huge)
    assert (len(charts["x"]), seen.broken) == (1, [("file-0", 2)])


@pytest.mark.parametrize("subject", ["Patient/x", {"reference": "Patient/x", "type": 7}])
def test_odd_members_are_no_reason_to_lose_a_resource(subject: object) -> None:
    line = json.dumps(condition(subject, id=7, encounter=[])).encode()
    (row,) = keyed(line)
    assert (row.role, row.key) == (Role.OWN, "x")


ODD = [
    {"resourceType": "AllergyIntolerance", "patient": {"reference": "Patient/x"}, **odd}
    for odd in (
        {"id": 7},
        {"id": 7, "encounter": []},
        {"encounter": {"reference": 7}},
        {"subject": {}},
        {"subject": {"display": "x"}},
        {"subject": {"reference": ""}},
        {"subject": "Patient/x"},
        {"subject": None},
    )
]


@pytest.mark.parametrize("resource", ODD)
def test_whose_it_is_does_not_depend_on_an_accent(resource: dict[str, object]) -> None:
    for note in ("reaction", "réaction"):
        line = json.dumps(resource | {"note": note}, ensure_ascii=False).encode()
        (row,) = keyed(line)
        assert (row.role, row.key) == (Role.OWN, "x")
        assert plainly([line])[0] in (None, ("AllergyIntolerance", "x"))


def test_a_type_without_a_name_is_none() -> None:
    line = b'{"resourceType": ""}'
    assert plainly([line]) == [None]
    assert plainly([b'{"resourceType": "Claim", "note": "\xc3\xa9"}']) == [("Claim", "")]


def test_what_is_told_plainly_is_the_row_it_is() -> None:
    resources = [one for patient in population.patients(50) for one in patient]
    odd = [condition(name) for name in ({"reference": "Patient?identifier=7"}, {"reference": "Group/x"}, "Patient/x")]
    bundle = {"resourceType": "Bundle", "entry": [{"resource": PATIENT}]}
    lines = [json.dumps(one).encode() for one in (*resources, *population.MEDICATIONS, *odd, *ODD, bundle, [PATIENT])]
    plain = {line: told for line, told in zip(lines, plainly(lines), strict=True) if told is not None}
    for line, told in plain.items():
        (row,) = keyed(line)
        assert (row.kind, row.key, row.role) == (*told, Role.OWN if told[1] else Role.COUNTED)
    kinds = {kind for kind, _ in plain.values()}
    assert {"Condition", "Observation"} <= kinds
    assert kinds.isdisjoint(("Patient", "MedicationRequest", "Medication", "Encounter"))
    broken = (b"", b"{", b'{"resourceType": "Condition", "subject": {"reference": "x"}, "language": "\xff"}')
    for some in (broken, [*broken, *plain]):
        assert plainly(some) == [None, None, None, *plain.values()][: len(some)]


def test_broken_lines_are_named_and_the_others_kept(tmp_path: Path) -> None:
    text = (
        ndjson(PATIENT)
        + '\n\n{"resourceType": "Condition", \n'
        + ndjson(condition({"reference": "Patient/x"}))
        + "\n[]\n"
    )
    charts, seen, _ = joined(tmp_path, text.encode("utf-8-sig"), "no JSON\nat all\n")
    assert len(charts["x"]) == 2
    assert seen.broken == [("file-0", 3), ("file-0", 5), ("file-1", 1), ("file-1", 2)]
    assert seen.broken_lines == 4


def test_files_by_name_folder_and_glob(tmp_path: Path) -> None:
    for name in ("a.ndjson", "deep/b", "deep/.hidden", "_logs/c"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("{}")
    names = lambda *export: [file.name for file in files_of(str(tmp_path / one) for one in export)]  # noqa: E731
    assert names("") == ["a.ndjson", "b"]
    assert names("*.ndjson", "deep", "a.ndjson") == ["a.ndjson", "b"]
    for nothing in ("none", "*.none"):
        with pytest.raises(CallError, match="no such file"):
            names(nothing)
    (tmp_path / "empty").mkdir()
    with pytest.raises(CallError, match="holds no file"):
        names("empty")


def test_progress_comes_to_the_size_of_the_file(tmp_path: Path) -> None:
    for name, text in (("plain", b"{}\n" * 5000), ("packed", gzip.compress(b"{}\n" * 5000))):
        (tmp_path / name).write_bytes(text)
        told: list[int] = []
        assert sum(len(lines) for _, lines in lines_of(tmp_path / name, told.append)) == 5000
        assert sum(told) == len(text)
        assert len(told) > 3


def test_of_long_lines_few_are_held_at_once(tmp_path: Path) -> None:
    (tmp_path / "long").write_bytes((b'{"a":"%b"}\n' % (b"x" * 700_000)) * 10)
    found = list(lines_of(tmp_path / "long"))
    assert [first for first, _ in found] == [1, 3, 5, 7, 9]
    assert sum(len(lines) for _, lines in found) == 10
