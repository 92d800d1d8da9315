"""The wheel holds the whole package and the situations, and finds them where it is installed."""

import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from cds_service import situations
from cds_service.app import create_app
from cds_service.errors import ConfigurationError
from cds_service.settings import Settings

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder a wheel of this source tree was unpacked to."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-index", "--no-deps"]
    subprocess.run([*build, "--no-build-isolation", "-w", str(folder), str(ROOT)], check=True)
    (wheel,) = folder.glob("*.whl")
    with ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def files(folder: Path) -> set[str]:
    """What lies in the folder, but for what Python or a desktop left there."""
    kept = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(folder).as_posix() for path in kept if not path.name.startswith(".")}


def test_it_holds_every_file_of_the_package_and_every_situation(installed: Path) -> None:
    package, shipped = files(ROOT / "cds_service"), files(ROOT / "fhir_fixtures")
    assert files(installed / "cds_service") == package | {f"fhir_fixtures/{name}" for name in shipped}
    assert len(package) > 200
    assert "cramps-at-night/chart.json" in shipped


def test_nothing_else_is_put_beside_other_packages(installed: Path) -> None:
    assert {path.name.split("-")[0] for path in installed.iterdir()} == {"cds_service"}


def test_what_is_installed_finds_its_situations(installed: Path, tmp_path: Path) -> None:
    program = "from cds_service import situations as s; print(s.FOLDER, *s.names()); list(s.load_all())"
    environment = os.environ | {"PYTHONPATH": str(installed)}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(installed / "cds_service" / "fhir_fixtures"), *situations.names()]


def test_an_installation_without_situations_says_so_at_the_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(situations, "FOLDER", tmp_path)
    situations.folders.cache_clear()
    try:
        with pytest.raises(ConfigurationError, match="not whole: there are no situations in"):
            create_app(Settings(database_url=f"sqlite:///{tmp_path}/cds.db"))
    finally:
        situations.folders.cache_clear()
