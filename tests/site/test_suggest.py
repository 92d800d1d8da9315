"""From a replay to a site file: what was unread is drafted, reviewed, and read."""

import csv
import json
import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cds_service.site.reading import load
from cds_service.site.suggest import draft
from tests.builders.fhir import LOINC, concept, condition, patient, potassium, quinine
from tests.site.house import KFA, LAB, PROBLEMS, coded, command, concept_map

COLUMNS = ("query", "why", "nearest_concept", "text", "patients", "times")
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=30)
ROWS = st.tuples(
    st.sampled_from(("conditions", "observations", "medicationRequests", "draftOrders", "allergies", "orders")),
    st.sampled_from(("code-unknown", "nearly-a-name", "words-only", "no-unit", "status")),
    st.sampled_from(("", "cramp_leg", "potassium")),
    st.one_of(TEXTS, st.builds("{}|{}".format, TEXTS, TEXTS)),
    st.integers(1, 10**6),
    st.integers(1, 10**6),
)


def written(file: Path, rows: list[Any]) -> Path:
    with file.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened, lineterminator="\n").writerows([COLUMNS, *rows])
    return file


def uncommented(text: str) -> str:
    lines = text.splitlines()[3:]  # after the three of the heading
    return "\n".join(line.removeprefix("# ") for line in lines)


@given(st.lists(ROWS, max_size=20))
def test_a_draft_says_nothing_until_it_is_reviewed_and_is_toml_then(rows: list[Any]) -> None:
    with TemporaryDirectory() as folder:  # hypothesis has no tmp_path
        text = draft(written(Path(folder) / "unread.csv", rows))
    assert tomllib.loads(text) == {}
    reviewed = uncommented(text).replace("reviewed_on =", "reviewed_on = 2026-01-20")
    found = {} if "No code and no name" in text else tomllib.loads(reviewed)
    helpful = {"code-unknown": lambda text: "|" in text, "nearly-a-name": bool, "words-only": bool}
    mapped = [row for row in rows if row[0] != "orders" and helpful.get(row[1], lambda _: False)(row[3])]
    assert bool(found) is bool(mapped)
    assert all(table["reviewed_by"] == "" for kind in found.values() for table in kind)


def export(folder: Path) -> Path:
    """Six patients with cramps, quinine and a potassium, all under the house's own codes."""
    lines = []
    for number in range(6):
        own, mine = f"p{number}", {"reference": f"Patient/p{number}"}
        lines += [
            patient() | {"id": own},
            condition(f"c{number}") | {"subject": mine},
            condition(f"l{number}", coded(PROBLEMS, "kram.1")) | {"subject": mine},
            quinine(f"m{number}", medicationCodeableConcept=coded(KFA, "93000999")) | {"subject": mine},
            potassium(f"o{number}", code=coded(LAB, "K+")) | {"subject": mine},
            potassium(f"s{number}", code=concept(LOINC, "2345-7")) | {"subject": mine},
            quinine(f"x{number}", medicationCodeableConcept=coded(KFA, "93000995")) | {"subject": mine},
        ]
    lines.append(potassium("rare", code=coded(LAB, "RARE")) | {"subject": {"reference": "Patient/p0"}})
    file = folder / "export.ndjson"
    file.write_text("\n".join(map(json.dumps, lines)))
    return file


def test_what_a_replay_could_not_read_is_drafted_reviewed_and_read(tmp_path: Path) -> None:
    charts, first, second = export(tmp_path), tmp_path / "first", tmp_path / "second"
    asked = (str(charts), "--as-of", "2026-03-02", "--workers", "2", "--output")
    assert command("replay", *asked, str(first)).returncode == 0
    text = draft(first / "unread.csv")
    assert "RARE" not in text  # one patient's
    assert "2345-7" not in text  # a code of a system that is known
    site = tmp_path / "site.toml"
    reviewed = uncommented(text).replace('reviewed_by = ""', 'reviewed_by = "apt. Sari Dewi"')
    reviewed = reviewed.replace("reviewed_on =", "reviewed_on = 2026-01-20")
    for code, word in (("93000999", "quinine"), ("K+", "potassium"), ("kram.1", "cramp_leg")):
        reviewed = reviewed.replace(f'"{code}" = ""', f'"{code}" = "{word}"')
    reviewed = reviewed.replace('"93000995" = ""', "").replace("\n\n\n", "\n")
    (tmp_path / "map.json").write_text(json.dumps(concept_map(("93000995", "N02BE01", "equal"))))
    site.write_text(reviewed + '\n[[concept_maps]]\nfile = "map.json"\nreviewed_by = "x"\nreviewed_on = 2026-01-20\n')
    assert load(site).contents[:3] == ("codes of drugs: 1", "codes of problems: 1", "codes of results: 1")
    done = command("replay", *asked, str(second), "--key", str(tmp_path / "first.key"), CDS_SITE=str(site))
    assert done.returncode == 0, done.stderr
    assert "93000995" in text
    assert "93000995" not in draft(second / "unread.csv")
    before, after = (json.loads((folder / "summary.json").read_text()) for folder in (first, second))
    assert "AvoidQuinine" in after["topics"]
    assert before["topics"].get("AvoidQuinine") != after["topics"]["AvoidQuinine"]
    assert (before["run"]["site"], after["run"]["site"]) == (None, load(site).digest)
    differ = command("compare", str(first), str(second))
    assert f"site: None → {load(site).digest}" in differ.stdout
