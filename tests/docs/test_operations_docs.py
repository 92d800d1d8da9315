"""The documents for operators name what there is: metrics, reasons, settings, files; and their examples are read."""

import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from cds_service.protocol.cards import card_uuid, suggestion_uuid
from cds_service.settings import Settings
from cds_service.trust.issuers import Issuer, load
from cds_service.trust.refusals import Refusal
from cds_service.web.metrics.metrics import Metrics

ROOT = Path(__file__).parents[2]
DOCS = [
    ROOT / "SECURITY.md",
    *(
        ROOT / "docs" / f"{name}.md"
        for name in ("deploy", "security-model", "intended-use", "hazards", "telemetry", "live")
    ),
]
HOUSE = [ROOT / "ARCHITECTURE.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs" / "decisions").glob("*.md"))]
GUIDES = sorted(path for path in (ROOT / "docs" / "integrate").glob("*.md") if not path.name.endswith(".id.md"))
"""In English; a translation beside one has a test of its own (``test_indonesia_guide.py``)."""
OF_THE_HOST = {"CDS_HOSTNAME", "CDS_DATABASE_PASSWORD", "CDS_KEEP", "CDS_VERSION"}


def section(file: str, name: str) -> str:
    text = (ROOT / "docs" / file).read_text()
    found = re.search(rf"<!-- {name} -->(.*?)<!-- end -->", text, re.DOTALL)
    assert found is not None
    return found[1]


def test_every_metric_is_documented_and_no_other() -> None:
    documented = set(re.findall(r"^\| `(cds_\w+)`", section("deploy.md", "metrics"), re.MULTILINE))
    page = Metrics().page().decode()
    served = set(re.findall(r"^# TYPE (cds_\w+)(?<!_created) (?:counter|gauge|histogram)$", page, re.MULTILINE))
    assert documented == served


def test_every_reason_of_a_refusal_is_documented_and_no_other() -> None:
    assert set(re.findall(r"`([a-z-]+)`", section("security-model.md", "reasons"))) == {
        reason.value for reason in Refusal
    }


def test_every_key_of_an_issuer_is_documented_and_no_other() -> None:
    text = (ROOT / "docs" / "security-model.md").read_text()
    documented = set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE))
    assert documented == {field.name for field in fields(Issuer)} - {"static_keys"} | {"jwks_file"}


@pytest.mark.parametrize("file", [*DOCS, *GUIDES, *HOUSE], ids=lambda file: file.stem)
def test_settings_and_links_exist(file: Path) -> None:
    text = file.read_text()
    known = {f"CDS_{field.name.upper()}" for field in fields(Settings)} | OF_THE_HOST
    assert set(re.findall(r"CDS_[A-Z_]+[A-Z]", text)) <= known
    for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
        assert (file.parent / link).exists(), link


@pytest.mark.parametrize("guide", GUIDES, ids=lambda file: file.stem)
def test_a_guides_issuer_is_read_and_it_says_what_was_not_verified(guide: Path, tmp_path: Path) -> None:
    text = guide.read_text()
    assert "**not verified**" in text
    (example,) = re.findall(r"^ *```toml\n(.*?)^ *```", text, re.DOTALL | re.MULTILINE)
    lines = "\n".join(line.strip() for line in example.splitlines())
    tables = tomllib.loads(lines.replace("https://…", "https://keys.example"))["issuer"]
    assert len(tables) == 1
    file = tmp_path / "issuers.toml"
    file.write_text(
        lines.replace("https://…", "https://keys.example").replace(
            'jwks_file = "rs-keys.json"', 'jku = "https://k.example"'
        )
    )
    assert len(load(str(file))) == 1


@pytest.mark.parametrize("guide", GUIDES, ids=lambda file: file.stem)
def test_a_guides_situations_exist(guide: Path) -> None:
    rows = [line for line in guide.read_text().splitlines() if "situation" in line]
    for name in re.findall(r"`([a-z0-9]+(?:-[a-z0-9]+)+)`", "\n".join(rows)):
        assert (ROOT / "fhir_fixtures" / name).is_dir(), name


def test_make_help_names_every_target() -> None:
    text = (ROOT / "Makefile").read_text()
    targets = re.search(r"^\.PHONY: help (.*)", text, re.MULTILINE)
    assert targets is not None
    assert re.findall(r'^\t@echo "make (\w+)', text, re.MULTILINE) == targets[1].split()


@pytest.mark.parametrize("file", sorted((ROOT / "docs" / "screenshots").glob("*.png")), ids=lambda file: file.stem)
def test_every_picture_is_shown(file: Path) -> None:
    shown = "".join(path.read_text() for path in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md")))
    assert f"screenshots/{file.name})" in shown


def test_every_picture_is_taken_by_the_tool() -> None:
    taken = re.findall(r'^    Shot\("([\w-]+)"', (ROOT / "tools" / "screenshots.py").read_text(), re.MULTILINE)
    assert sorted(taken) == sorted(file.stem for file in (ROOT / "docs" / "screenshots").glob("*.png"))


def test_the_page_says_how_a_cards_uuid_follows_from_its_call() -> None:
    """The page's own lines, run."""
    (said,) = re.findall(r"^```python\n(.*?)^```", (ROOT / "docs" / "live.md").read_text(), re.DOTALL | re.MULTILINE)
    names = {"hook_instance": "d1577c69", "service_id": "leg-cramps-patient-view", "topic": "RedFlags"}
    exec(said, names)  # noqa: S102 - our own page
    card = card_uuid("d1577c69", "leg-cramps-patient-view", "RedFlags")
    assert (names["card"], names["first_suggestion"]) == (card, suggestion_uuid(card, 0))


def test_every_hazards_proof_exists() -> None:
    rows = [line for line in section("hazards.md", "hazards").splitlines() if line.startswith("| ")][1:]
    assert len(rows) > 10
    for row in rows:
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        assert len(cells) == 5
        assert all(cells[:3]), row
        file, _, test = cells[3].strip("`").partition("::")
        text = (ROOT / file).read_text()
        assert f"\ndef {test}(" in text if test else "\ndef test_" in text, row


@pytest.mark.parametrize("guide", GUIDES, ids=lambda file: file.stem)
def test_a_guide_says_how_to_try_it_and_to_choose_one_order_hook(guide: Path) -> None:
    text = " ".join(guide.read_text().split())
    assert "order-select and order-sign" in text or "of the two order hooks" in text
    assert "twice" in text or "at both" in text
    for request in re.findall(r"fhir_fixtures/\S+\.json", guide.read_text()):
        assert (ROOT / request).is_file(), request
    assert re.search(r"make run|cds-service (call|explain)", guide.read_text())


def test_what_is_tried_in_the_sandbox_and_what_an_alert_names_are_on_the_pages_for_operators() -> None:
    text = (ROOT / "docs" / "deploy.md").read_text() + (ROOT / "docs" / "hazards.md").read_text()
    alerts = (ROOT / "deploy" / "helm" / "files" / "alerts.yaml").read_text()
    for name in re.findall(r"`(Cds[A-Z]\w+)`", text):
        assert f"alert: {name}\n" in alerts, name
