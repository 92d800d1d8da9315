"""The Indonesian guide's client, run as it is printed: its keys, its token, its call, its cards."""

import contextlib
import io
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

GUIDE = (Path(__file__).parents[2] / "docs" / "integrate" / "indonesia.md").read_text()


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


def _run(code: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102 - our own document
    return names
