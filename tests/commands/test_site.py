"""``cds-service site``, and a start with a site file that is wrong."""

from pathlib import Path

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
