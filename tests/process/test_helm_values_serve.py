"""The Indonesian guide's values, rendered by Helm, are the configuration of a service that starts and gives cards."""

import contextlib
import io
import json
import re
import shlex
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.deploy.charts import ROOT, helm
from tests.docs.test_indonesia_guide import block
from tests.postgres import Server
from tests.running_service import cramps, running

pytestmark = [pytest.mark.helm, pytest.mark.postgresql]
FOLDER = "/etc/cds-service"


def rendered(folder: Path) -> dict[str, dict[str, Any]]:
    """What the guide's own command would install, by kind and name."""
    (folder / "values.yaml").write_text(block("```yaml\n", "```"))
    (command,) = re.findall(
        r"^helm install (.*)$", block("rs-keys.json` from above:", "With your own codes"), re.MULTILINE
    )
    release, chart, *options = shlex.split(command)
    ran = subprocess.run(
        [helm(), "template", release, str(ROOT / chart), *options],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    objects = [one for one in yaml.safe_load_all(ran.stdout) if one]
    return {f"{one['kind']} {one['metadata']['name']}": one for one in objects}


def variables(pod: dict[str, Any], database: str, files: Path) -> dict[str, str]:
    """The container's own variables; a Secret's is the database, and its folder of files is here."""
    (container,) = pod["spec"]["containers"]
    return {
        one["name"]: str(one["value"]).replace(FOLDER, str(files)) if "value" in one else database
        for one in container["env"]
    }


def test_the_guides_values_start_a_service_that_gives_cards(
    tmp_path: Path, postgresql: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    key = ec.generate_private_key(ec.SECP384R1())
    Path("rs-private.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(block("> rs-keys.json\n", "EOF\n```"), {})  # noqa: S102 - our own document
    Path("rs-keys.json").write_text(printed.getvalue())
    Path("issuers.toml").write_text(block("```toml\n", "```"))
    objects = rendered(tmp_path)
    files = tmp_path / "mounted"
    files.mkdir()
    for name, text in objects["ConfigMap leg-cramps-files"]["data"].items():
        (files / name).write_text(text)
    database = postgresql.new_database()
    migrate = objects["Job leg-cramps-migrate"]["spec"]["template"]
    subprocess.run(
        [sys.executable, "-m", *_module(migrate)],
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), **variables(migrate, database, files)},
        check=True,
        capture_output=True,
    )
    deployed = variables(objects["Deployment leg-cramps"]["spec"]["template"], database, files)
    assert (deployed["CDS_ENV"], deployed["CDS_DEFAULT_LANGUAGE"]) == ("production", "id")
    with running(
        tmp_path, workers=1, **{name: text for name, text in deployed.items() if name != "WEB_CONCURRENCY"}
    ) as service:
        names: dict[str, Any] = {}
        exec(block("```python\n", "```"), names)  # noqa: S102 - our own document
        asked = urllib.request.urlopen

        def to_the_service(request: urllib.request.Request, timeout: float) -> Any:
            assert timeout > 0
            request.full_url = request.full_url.replace(deployed["CDS_PUBLIC_BASE_URL"], service.url)
            return asked(request, timeout=60)

        monkeypatch.setattr(urllib.request, "urlopen", to_the_service)
        patient = {"resourceType": "Patient", "id": "1", "birthDate": "1960-01-01", "gender": "female"}
        cards = names["cards"](patient, [cramps()], [], [])
        monkeypatch.setattr(urllib.request, "urlopen", asked)
        assert "peregangan" in cards[0]["summary"].lower()
        assert service.ask("/cds-services/leg-cramps-patient-view", {}).status == 401  # without a token: nothing
        line = next(line for line in service.output.read_text().splitlines() if '"event":"hooks.call"' in line)
        assert json.loads(line)["issuer"] == "https://simrs.rs.example"


def _module(pod: dict[str, Any]) -> list[str]:
    (container,) = pod["spec"]["containers"]
    program, *arguments = container["command"]
    assert program == "cds-service"
    return ["cds_service", *arguments]
