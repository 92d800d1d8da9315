"""The Indonesian guide: its client run as it is printed, and its two languages kept in step."""

import contextlib
import io
import json
import re
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from flask.testing import FlaskClient

from tests.running_service import cramps

FOLDER = Path(__file__).parents[2] / "docs" / "integrate"
GUIDE = (FOLDER / "indonesia.md").read_text()
TRANSLATION = (FOLDER / "indonesia.id.md").read_text()
FENCED = re.compile(r"^( *)```(.*?)^ *```$", re.DOTALL | re.MULTILINE)


def block(start: str, end: str) -> str:
    found = re.search(rf"{re.escape(start)}(.*?){re.escape(end)}", GUIDE, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_guides_client_gets_cards_in_indonesian(
    start: Callable[..., FlaskClient], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    key = ec.generate_private_key(ec.SECP384R1())
    Path("rs-private.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        _run(block("> rs-keys.json\n", "EOF\n```"))
    Path("rs-keys.json").write_text(printed.getvalue())
    Path("issuers.toml").write_text(block("```toml\n", "```"))
    service = start(issuers="issuers.toml", public_base_url="https://cds.rs.example")

    def urlopen(request: urllib.request.Request, timeout: float) -> Any:
        assert timeout > 0
        path = request.full_url.removeprefix("https://cds.rs.example")
        answer = service.post(path, data=request.data, headers=dict(request.header_items()))
        assert answer.status_code == 200, answer.data
        assert answer.headers["Content-Language"] == "id"
        return contextlib.closing(io.BytesIO(answer.data))

    monkeypatch.setattr(urllib.request, "urlopen", urlopen)
    names = _run(block("```python\n", "```"))
    patient = {"resourceType": "Patient", "id": "1", "birthDate": "1960-01-01", "gender": "female"}
    for _ in range(2):  # a token for each call
        found = names["cards"](patient, [cramps()], [], [])
        assert "peregangan" in found[0]["summary"].lower()
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown):
        exec(block("cramps in the calf:\n\n```python\n", "```"), names)  # noqa: S102 - our own document
    assert "\ninfo Kram kaki: " in shown.getvalue()


def test_the_guides_order_is_questioned_in_indonesian(start: Callable[..., FlaskClient]) -> None:
    asked = {**json.loads(block("```json\n", "```")), "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea"}
    answer = start(default_language="id").post("/cds-services/leg-cramps-order-sign", json=asked)
    (card,) = answer.json["cards"]
    assert card["summary"].startswith("Kina (kuinin): untuk malaria?")


def test_both_languages_hold_the_same_commands_code_and_headings() -> None:
    assert FENCED.findall(TRANSLATION) == FENCED.findall(GUIDE) != []
    english, indonesian = (FENCED.sub("", text) for text in (GUIDE, TRANSLATION))
    for shape in (r"^#+(?= )", r"^\|", r"^ *- ", r"^$"):  # headings, rows, points, paragraphs
        assert re.findall(shape, indonesian, re.MULTILINE) == re.findall(shape, english, re.MULTILINE), shape
    assert sorted(re.findall(r"`[^`]+`", indonesian)) == sorted(re.findall(r"`[^`]+`", english))


def test_both_languages_link_to_the_same_places_and_to_each_other() -> None:
    links = {language: re.findall(r"\]\(([^)]+)\)", text) for language, text in (("en", GUIDE), ("id", TRANSLATION))}
    assert (links["en"].pop(0), links["id"].pop(0)) == ("indonesia.id.md", "indonesia.md")
    assert sorted(links["id"]) == sorted(links["en"])
    for link in links["id"]:
        assert (FOLDER / link.partition("#")[0]).is_file(), link


def _run(code: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102 - our own document
    return names
