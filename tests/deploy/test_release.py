"""A release has one version: what states another is named."""

import io
import json
import tarfile
import zipfile
from pathlib import Path

import release

from cds_service import __version__


def test_the_source_states_one_version() -> None:
    assert set(release.stated().values()) == {__version__}


def test_another_version_in_what_was_built_is_seen(tmp_path: Path) -> None:
    assert set(dict(release.built(tmp_path, "1.2.3")).values()) == {"none"}
    with zipfile.ZipFile(tmp_path / "cds_service-1.2.3-py3-none-any.whl", "w") as wheel:
        wheel.writestr("cds_service-1.2.3.dist-info/METADATA", "Metadata-Version: 2.4\nName: x\nVersion: 1.2.3\n")
    with tarfile.open(tmp_path / "cds_service-1.2.3.tar.gz", "w:gz") as source:
        content = b"Metadata-Version: 2.4\nName: x\nVersion: 1.2.2\n"
        member = tarfile.TarInfo("cds_service-1.2.3/PKG-INFO")
        member.size = len(content)
        source.addfile(member, io.BytesIO(content))
    parts = {"metadata": {"component": {"version": "1.2.3"}}}
    (tmp_path / "cds-service-1.2.3.cdx.json").write_text(json.dumps(parts))
    assert list(dict(release.built(tmp_path, "1.2.3")).values()) == ["1.2.3", "1.2.2", "1.2.3"]
