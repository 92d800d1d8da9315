"""Look through dist/: wheel, source archive and list of what is inside are there, of one version, which the rest says too.

make release
"""

import json
import re
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path

ROOT = Path(__file__).parent.parent


def stated(root: Path = ROOT) -> dict[str, str]:
    """The version as each place of the source tree states it."""
    places = {
        "cds_service/__init__.py": r'^__version__ = "([^"]+)"',
        "deploy/helm/Chart.yaml": r"^version: (\S+)",
        "deploy/helm/Chart.yaml (appVersion)": r'^appVersion: "([^"]+)"',
        "deploy/helm/example-values.yaml": r'^  tag: "([^"]+)"',
        "Dockerfile": r"^ARG VERSION=(\S+)",
    }
    found = {"pyproject.toml": str(tomllib.loads((root / "pyproject.toml").read_text())["project"]["version"])}
    for place, pattern in places.items():
        match = re.search(pattern, (root / place.partition(" ")[0]).read_text(), re.MULTILINE)
        found[place] = match[1] if match else "none"
    return found


def built(dist: Path, version: str) -> Iterator[tuple[str, str]]:
    """Each file a release must have, with the version that stands inside it; "none" where there is no such file."""
    wheel = dist / f"cds_service-{version}-py3-none-any.whl"
    yield wheel.name, _in_wheel(wheel) if wheel.is_file() else "none"
    source = dist / f"cds_service-{version}.tar.gz"
    yield source.name, _in_source(source) if source.is_file() else "none"
    parts = dist / f"cds-service-{version}.cdx.json"
    yield parts.name, _in_parts(parts) if parts.is_file() else "none"


def _in_wheel(file: Path) -> str:
    with zipfile.ZipFile(file) as archive:
        (metadata,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        return str(message_from_bytes(archive.read(metadata))["Version"])


def _in_source(file: Path) -> str:
    with tarfile.open(file) as archive:
        (name,) = [name for name in archive.getnames() if re.fullmatch(r"[^/]+/PKG-INFO", name)]
        member = archive.extractfile(name)
        return str(message_from_bytes(member.read() if member else b"")["Version"])


def _in_parts(file: Path) -> str:
    return str(json.loads(file.read_text()).get("metadata", {}).get("component", {}).get("version", "none"))


def main() -> int:
    """Say what a release would hold; status 1 where a version is another."""
    versions = stated()
    version = versions["pyproject.toml"]
    versions |= dict(built(ROOT / "dist", version))
    wrong = {place: found for place, found in versions.items() if found != version}
    for place, found in versions.items():
        sys.stdout.write(f"{'WRONG' if place in wrong else 'ok':6}{found:8} {place}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
