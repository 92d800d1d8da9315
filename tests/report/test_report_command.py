import csv
import json
import pty
import re
import subprocess
import sys
from collections import Counter
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from io import StringIO
from os import close, read
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cds_service.commands.report import range_problem, report
from cds_service.commands.store import prune
from cds_service.report.export import COLUMNS
from cds_service.settings import Settings
from cds_service.store import schema
from cds_service.store.issued import IssuedCall, IssuedCard
from cds_service.store.store import Store
from tests.report.made_up_use import fill


def run(settings: Settings, *arguments: str) -> Result:
    return CliRunner().invoke(report, arguments, obj=settings)


@pytest.mark.parametrize("form", ["table", "csv", "json", "html"])
def test_an_empty_store_says_so_kindly(store: Store, settings: Settings, form: str) -> None:
    assert store.waiting == 0
    said = run(settings, "--format", form)
    assert (said.exit_code, "Traceback" in said.output) == (0, False)
    if form == "json":
        assert json.loads(said.stdout) == {}
    else:
        assert "Nothing yet" in said.output
    assert form != "csv" or said.stdout == ""


def test_asking_before_the_first_start_makes_no_file(settings: Settings, tmp_path: Path) -> None:
    said = run(settings)
    assert (said.exit_code, said.stdout[:11]) == (0, "Nothing yet")
    assert said.stderr == f"There is no file {tmp_path}/report.db (CDS_DATABASE_URL).\n"
    said = CliRunner().invoke(prune, ["--older-than", "90d"], obj=settings)
    assert (said.exit_code, said.stdout[:20]) == (0, "Nothing is kept yet;")
    assert list(tmp_path.iterdir()) == []


def test_a_store_behind_this_release(store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert store.waiting == 0
    monkeypatch.setattr(schema, "_releases", lambda: ("9999", frozenset({"0003", "9999"})))
    said = run(settings)
    assert said.exit_code == 1
    assert said.stderr.endswith("is behind: run cds-service migrate first\n")


def test_a_store_that_cannot_be_opened(tmp_path: Path) -> None:
    said = run(Settings(database_url=f"sqlite:///{tmp_path}"))
    assert (said.exit_code, said.stderr.splitlines()[-1]) == (
        1,
        f"Error: the store is not available: {tmp_path} is a folder",
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--since", "yesterday"), "'yesterday' does not match the format"),
        (("--until", "2026-02-30"), "'2026-02-30' does not match the format"),
        (("--since", "2026-03-02", "--until", "2026-03-01"), "wrong way round"),
        (("--since", "2999-01-01"), "begins in the future"),
        (("--format", "xml"), "'xml' is not one of"),
    ],
)
def test_what_cannot_be_meant_is_exit_status_2(settings: Settings, arguments: tuple[str, ...], words: str) -> None:
    said = run(settings, *arguments)
    assert said.exit_code == 2
    assert words in said.stderr


def test_a_range_of_one_day_up_to_today_is_fine() -> None:
    today = date(2026, 3, 2)
    assert range_problem(today, today, today) is None
    assert range_problem(None, date(2030, 1, 1), today) is None
    assert range_problem(date(2026, 3, 3), None, today) is not None


def test_the_table_fits_80_columns_and_holds_the_numbers(filled: Store, settings: Settings) -> None:
    assert filled.waiting == 0
    said = run(settings)
    assert said.exit_code == 0
    first = said.stdout.split("By hook, urgency")[0]
    assert max(len(line) for line in first.splitlines()[2:]) <= 80
    block = first[first.index("AvoidQuinine") :]
    assert re.search(r"avoid_quinine 1\.0\.0", block)
    assert re.search(r"StretchingFirst +756 +(\d{3}) +(\d\d\.\d) +\d\d% +\d\d% +\d\d%", first)
    assert "Cards per 100 calls by week, 5 Jan 2026 to 2 Mar 2026" in first
    assert re.search(r"Will address later +\d+", said.stdout)
    assert "\x1b" not in said.stdout


def test_csv_and_json_hold_the_same_numbers(filled: Store, settings: Settings) -> None:
    """A line for each card adds up to the report's rows; every column is there, and is documented."""
    assert filled.waiting == 0
    lines = list(csv.DictReader(StringIO(run(settings, "--format", "csv").stdout)))
    document = json.loads(run(settings, "--format", "json").stdout)
    assert set(lines[0]) == set(COLUMNS)
    assert len({line["card"] for line in lines}) == len(lines)
    counted = Counter((line["topic"], line["rules"], line["hook"], line["outcome"]) for line in lines)
    for kind in document["cards"]:
        of = (kind["topic"], kind["rules"], kind["hook"])
        both = counted[*of, "both"]
        assert kind["accepted"] == counted[*of, "accepted"] + both
        assert kind["overridden"] == counted[*of, "overridden"] + both
        assert kind["unanswered"] == counted[*of, ""]
        assert kind["cards"] == kind["accepted"] + kind["overridden"] + kind["unanswered"] - kind["both"]
    assert sum(counted.values()) == sum(kind["cards"] for kind in document["cards"])
    reasons = Counter(line["reason"] for line in lines if line["reason"])
    assert reasons == sum((Counter(kind["reasons"]) for kind in document["cards"]), Counter()) - Counter(none=10**6)
    assert (document["since"], document["until"], document["period"]) == ("2026-01-05", "2026-03-08", "week")
    assert sum(point["cards"] for point in document["over_time"]) == len(lines)


def test_each_reason_of_the_csv_has_its_hl7_code_or_none(filled: Store, settings: Settings) -> None:
    assert filled.waiting == 0
    lines = csv.DictReader(StringIO(run(settings, "--format", "csv").stdout))
    found = {line["reason"]: (line["hl7_reason"], line["hl7_category"]) for line in lines}
    assert found.pop("") == ("", "")
    assert found["malaria"] == ("indication-order-exists", "cds-not-applicable")
    assert found["later"] == ("cds-suboptimal-context", "cds-suboptimal-context")
    assert all(code and category for code, category in found.values())


def test_what_a_client_wrote_is_no_formula(store: Store, settings: Settings) -> None:
    uuid = "6f1d6a2c-6d0f-4a0b-8f57-6dbb65b9b6a1"
    card = IssuedCard(uuid, "RedFlags", (("red_flags", "1"),), "info")
    store.issued(IssuedCall("s", "patient-view", (card,), "en", datetime(2026, 3, 2, tzinfo=UTC), "iss", "=1+1"))
    assert store.flush()
    (line,) = csv.DictReader(StringIO(run(settings, "--format", "csv").stdout))
    assert line["tenant"] == "'=1+1"


class Reader(HTMLParser):
    """Everything an HTML document could load, run or send."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


def test_the_document_needs_nothing_from_elsewhere(filled: Store, settings: Settings, tmp_path: Path) -> None:
    assert filled.waiting == 0
    target = tmp_path / "report.html"
    said = run(settings, "--format", "html", "--output", str(target))
    assert (said.exit_code, said.stdout, said.stderr) == (0, "", f"Written to {target}.\n")
    text = target.read_text(encoding="utf-8")
    assert not re.search(r"https?:|//|@import|url\((?!#)", text.replace("<!DOCTYPE html>", ""))
    reader = Reader()
    reader.feed(text)
    tags = [tag for tag, _ in reader.seen]
    assert tags.count("svg") == 3
    assert not {"script", "link", "img", "iframe", "object", "base"} & set(tags)
    for tag, attributes in reader.seen:
        assert "style" not in attributes, tag
        assert not [name for name in attributes if name.startswith("on")], tag
        assert all((attributes.get(name) or "#").startswith("#") for name in ("src", "href", "xlink:href")), tag
    ids = [attributes["id"] for tag, attributes in reader.seen if "id" in attributes and tag != "path"]
    assert len(ids) == len(set(ids))


def test_the_same_store_draws_the_same_figures(filled: Store, settings: Settings) -> None:
    assert filled.waiting == 0
    first, second = (re.findall(r"<svg.*?</svg>", run(settings, "--format", "html").stdout, re.DOTALL) for _ in "12")
    assert first == second
    assert len(first) == 3


def test_a_client_cannot_write_into_the_page(store: Store, settings: Settings) -> None:
    nasty = "<script>alert(1)</script>"
    card = IssuedCard("6f1d6a2c-6d0f-4a0b-8f57-6dbb65b9b6a1", nasty, ((nasty, "1"),), "info")
    store.issued(IssuedCall("s", nasty, (card,), "en", datetime(2026, 3, 2, tzinfo=UTC)))
    assert store.flush()
    assert "<script" not in run(settings, "--format", "html").stdout


def test_one_card_alone_can_be_drawn(store: Store, settings: Settings) -> None:
    fill(store, 1, 1)
    said = run(settings, "--format", "html")
    assert said.exit_code == 0
    assert "<svg" in said.stdout


def test_calls_without_any_card(store: Store, settings: Settings) -> None:
    store.issued(IssuedCall("s", "patient-view", (), "en", datetime(2026, 3, 2, tzinfo=UTC)))
    assert store.flush()
    assert "0 cards in 1 call (1 patient-view)" in run(settings).stdout
    assert "No card was shown" in run(settings, "--format", "html").stdout


def test_progress_goes_to_a_terminal_only(filled: Store, settings: Settings, tmp_path: Path) -> None:
    """The table stays clean in a pipe while the progress is on the terminal."""
    assert filled.waiting == 0
    program = (
        "from cds_service.commands.report import report\nfrom cds_service.settings import Settings\n"
        f"report(['--format', 'csv'], obj=Settings(database_url={settings.database_url!r}))"
    )
    ours, theirs = pty.openpty()
    with (tmp_path / "out.csv").open("w") as out:
        subprocess.run([sys.executable, "-c", program], stdout=out, stderr=theirs, check=True, timeout=60)
    close(theirs)
    said = read(ours, 100_000).decode()
    close(ours)
    assert "Reading" in said
    assert (tmp_path / "out.csv").read_text().startswith("card,issued_at,")


def test_reading_does_not_load_matplotlib_for_a_table(settings: Settings, store: Store) -> None:
    assert store.waiting == 0
    program = (
        "import sys\nfrom cds_service.commands.report import report\nfrom cds_service.settings import Settings\n"
        f"report([], obj=Settings(database_url={settings.database_url!r}), standalone_mode=False)\n"
        "assert 'matplotlib' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


@pytest.fixture
def two_tenants(store: Store) -> Store:
    for number, tenant in enumerate(("site-1", "site-2"), 1):
        for minute in range(number):
            at = datetime(2026, 3, 2, 4, minute, tzinfo=UTC)
            store.issued(IssuedCall("s", "patient-view", (), "en", at, "https://ehr.example", tenant))
    assert store.flush()
    return store


def test_the_report_of_one_issuer_or_tenant(two_tenants: Store, settings: Settings) -> None:
    assert two_tenants.waiting == 0
    said = run(settings, "--issuer", "https://ehr.example", "--tenant", "site-2").stdout
    assert ", issuer https://ehr.example, tenant site-2: 0 cards in 2 calls" in " ".join(said.split())
    assert "0 cards in 1 call" in run(settings, "--tenant", "site-1").stdout
    document = json.loads(run(settings, "--tenant", "site-1", "--format", "json").stdout)
    assert (document["issuer"], document["tenant"], document["calls"]) == (None, "site-1", {"patient-view": 1})
    assert "Nothing yet: no call was recorded so far of what is chosen" in run(settings, "--issuer", "x").stdout
