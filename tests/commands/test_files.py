"""``cds-service site``, ``issuers`` and ``export``, and a start with a file that is wrong."""

import json
from pathlib import Path

import pytest
from fhir.resources.R4B.valueset import ValueSet

from cds_service import __version__
from cds_service.patient.terminology.systems import ATC, ICD_10, ICD_10_CM, ICD_11, ICPC_2, LOINC, RXNORM, SNOMED_CT
from cds_service.patient.terminology.valuesets import value_sets
from tests.commands.cli_runs import Run
from tests.site.house import command, write_site

WRONG = """\
[[codes]]
system = "http://sys-ids.kemkes.go.id/kfa"
reviewed_by = "apt. Sari Dewi"
reviewed_at = 2026-01-20
[codes.drugs]
"93000999" = "quinne"
"""


def test_it_says_what_a_file_holds(run: Run, tmp_path: Path) -> None:
    done = run("site", "check", str(write_site(tmp_path)))
    assert done.status == 0
    assert done.out.startswith("site.toml ")
    assert "codes of drugs: 3\n" in done.out


def test_it_ends_with_status_2_and_a_line_for_each_mistake(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_text(WRONG)
    done = run("site", "check", str(file))
    assert (done.status, done.out) == (2, "")
    assert [line.split(": ")[:2] for line in done.err.splitlines()] == [
        ["cds-service", f"site.toml, line {n}"] for n in (1, 4, 6)
    ]


def test_a_file_that_holds_nothing_is_no_site_file(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_text("# nothing yet\n")
    done = run("site", "check", str(file))
    assert (done.status, done.err) == (2, "cds-service: site.toml holds nothing\n")


def test_a_wrong_file_stops_the_start(tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_text(WRONG)
    done = command("serve", "--port", "18961", CDS_SITE=str(file), CDS_DATABASE_URL=f"sqlite:///{tmp_path}/x.db")
    assert done.returncode == 2
    assert [line for line in done.stderr.splitlines() if "line 6" in line] == [
        'cds-service: site.toml, line 6: drugs: no ingredient is called "quinne"; the nearest is "quinine"'
    ]


def test_a_draft_is_printed_or_written_and_never_over_a_file_that_is_there(run: Run, tmp_path: Path) -> None:
    unread, output = tmp_path / "unread.csv", tmp_path / "draft.toml"
    unread.write_text(
        "query,why,nearest_concept,text,patients,times\nobservations,code-unknown,,https://lab.rs.example|K+,7,9\n"
    )
    printed = run("site", "suggest", str(unread))
    assert printed.status == 0
    assert '# "K+" = ""  # 7 patients' in printed.out
    assert run("site", "suggest", str(unread), "--output", str(output)).status == 0
    assert output.read_text() == printed.out
    again = run("site", "suggest", str(unread), "--output", str(output))
    assert (again.status, again.err) == (2, f"cds-service: {output}: file exists\n")


@pytest.mark.parametrize("content", ["a,b\n1,2\n", "", "\xff"])
def test_what_is_no_unread_csv_is_one_line(run: Run, tmp_path: Path, content: str) -> None:
    file = tmp_path / "x.csv"
    file.write_bytes(content.encode("latin-1"))
    done = run("site", "suggest", str(file))
    assert (done.status, done.err) == (2, f"cds-service: {file}: is no unread.csv of a replay\n")


def test_every_value_set_is_written_as_fhir(run: Run, tmp_path: Path) -> None:
    done = run("export", str(tmp_path / "out"))
    assert done.status == 0
    found = [ValueSet.model_validate_json(file.read_bytes()) for file in (tmp_path / "out").iterdir()]
    ours = [one for kind in ("drugs", "problems", "results", "orders") for one in value_sets(kind)]
    assert len(found) == len(ours) > 100
    assert len({one.url for one in found}) == len(found)
    assert all(one.version == __version__ and one.date and one.status == "active" for one in found)
    codes = sum(
        len(include.concept or ()) + len(include.filter or ()) for one in found for include in one.compose.include
    )
    assert codes == sum(len(one.include) for one in ours)


OWNERS = {SNOMED_CT: "SNOMED", LOINC: "LOINC", RXNORM: "RxNorm", ATC: "ATC", ICD_10: "ICD-10", ICD_10_CM: "ICD-10"}
OWNERS |= {ICD_11: "ICD-11", ICPC_2: "ICPC-2"}


def test_each_names_whose_codes_it_holds(run: Run, tmp_path: Path) -> None:
    run("export", str(tmp_path))
    for file in tmp_path.iterdir():
        written = json.loads(file.read_text())
        held = {part["system"] for part in (*written["compose"]["include"], *written["compose"].get("exclude", ()))}
        assert [OWNERS[one] for one in held & OWNERS.keys() if OWNERS[one] not in written["copyright"]] == [], file.name


ISSUERS = """\
[[issuer]]
iss = "https://ehr.example"
jku = "https://ehr.example/keys"
fhir_prefixes = ["https://ehr.example/r4"]
language = "id"

[[issuer]]
iss = "https://vendor.example"
jku = "https://vendor.example/keys"
algorithms = ["RS384"]
tenants = ["a", "b"]
silent = ["RedFlags"]
silent_tenants = ["b"]
"""
TRUSTED = """\
https://ehr.example
  keys: from https://ehr.example/keys, for ES384, RS384
  tenants: not checked
  FHIR servers: https://ehr.example/r4
  language and time zone: id, the default
https://vendor.example
  keys: from https://vendor.example/keys, for RS384
  tenants: a, b
  FHIR servers: none, nothing is fetched
  silent: RedFlags of b
"""


def test_it_says_whom_an_issuers_file_trusts(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "issuers.toml"
    file.write_text(ISSUERS)
    assert run("issuers", "check", str(file), CDS_ENV="production").out == TRUSTED


def test_each_mistake_in_an_issuers_file_is_a_line_also_a_topic_there_is_none_of(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "issuers.toml"
    file.write_text(ISSUERS.replace('"RedFlags"', '"RedFlag"').replace("language", "langauge"))
    done = run("issuers", "check", str(file))
    assert (done.status, done.out) == (2, "")
    assert done.err.splitlines() == [
        'cds-service: issuers.toml, line 5: "langauge" is not known here; the nearest is "language"',
        'cds-service: issuers.toml, line 12: silent names no topic: "RedFlag"; the nearest is "RedFlags"',
    ]


def test_what_production_does_not_trust_is_a_remark_in_development(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "issuers.toml"
    file.write_text(ISSUERS.replace("https://ehr.example/keys", "http://127.0.0.1:9000/keys"))
    said = "CDS_ISSUERS: jku and fhir_prefixes of https://ehr.example must be https"
    tried = run("issuers", "check", str(file))
    assert (tried.status, tried.out.splitlines()[-1]) == (0, f"production does not start: {said}")
    live = run("issuers", "check", str(file), CDS_ENV="production")
    assert (live.status, live.out, live.err) == (2, "", f"cds-service: {said}\n")


def test_an_issuers_file_that_is_not_there(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "no.toml"
    done = run("issuers", "check", str(file))
    assert (done.status, done.err) == (2, f"cds-service: {file} cannot be read (No such file or directory)\n")
