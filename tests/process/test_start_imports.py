"""What a start does not wait for: what a page, a report or a change of the schema needs, and no call; and collections."""

import json
import socket
import subprocess
import sys
from pathlib import Path

from cds_service.settings import Settings
from cds_service.store.store import Store

SELDOM = [
    *("alembic", "fpdf", "fontTools", "matplotlib", "numpy", "PIL", "psycopg", "sqlalchemy.dialects.postgresql"),
    *("limits", "markdown_it", "segno"),
]
FOR_TOKENS = ["cryptography", "jwt"]
STARTED = """
import json, sys
from cds_service import situations
from cds_service.app import create_app
from cds_service.commands.serving import serve
from cds_service.settings import Settings
create_app(Settings(database_url=sys.argv[1], issuers=sys.argv[2] or None))
print(json.dumps([sorted(set(sys.argv[3:]) & set(sys.modules)), situations.load.cache_info().currsize]))
"""
COUNTED = """
import gc, json, sys
from cds_service.cli import main
oldest = []
gc.callbacks.append(lambda phase, about: oldest.append(phase) if about["generation"] == 2 else None)
try:
    main()
except SystemExit:
    print(json.dumps([oldest, gc.isenabled(), gc.get_freeze_count() > 0]))
"""
ISSUERS = """
[[issuer]]
iss = "https://ehr.example"
jku = "https://ehr.example/jwks.json"
"""


def started(folder: Path, issuers: str = "") -> tuple[list[str], int]:
    """Which of the seldom needed libraries a start on an up-to-date store has loaded, and how many situations it read."""
    url = f"sqlite:///{folder}/store.db"
    Store(Settings(database_url=url)).prepare()
    command = [sys.executable, "-c", STARTED, url, issuers, *SELDOM, *FOR_TOKENS]
    run = subprocess.run(command, check=True, capture_output=True, text=True)
    loaded, read = json.loads(run.stdout.splitlines()[-1])
    return loaded, read


def test_a_start_on_a_store_that_is_up_to_date_loads_nothing_that_no_call_needs(tmp_path: Path) -> None:
    assert started(tmp_path) == ([], 0)


def test_what_checks_tokens_is_loaded_at_the_start_where_there_are_issuers(tmp_path: Path) -> None:
    issuers = tmp_path / "issuers.toml"
    issuers.write_text(ISSUERS)
    assert started(tmp_path, str(issuers))[0] == FOR_TOKENS


def test_a_start_does_not_look_through_all_that_it_loads_and_a_running_service_collects_again(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:  # it ends once all is loaded
        command = [sys.executable, "-c", COUNTED, "serve", "--port", str(taken.getsockname()[1])]
        run = subprocess.run(
            command,
            check=True,
            capture_output=True,
            text=True,
            env={"CDS_DATABASE_URL": f"sqlite:///{tmp_path}/store.db"},
        )
    assert json.loads(run.stdout.splitlines()[-1]) == [[], True, True]
