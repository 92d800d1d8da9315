"""What a start does not wait for: libraries that a page, a report or a change of the schema needs, and no call."""

import json
import subprocess
import sys
from pathlib import Path

from cds_service.settings import Settings
from cds_service.store.store import Store

SELDOM = [
    *("alembic", "fpdf", "fontTools", "matplotlib", "numpy", "PIL", "psycopg", "sqlalchemy.dialects.postgresql"),
    *("limits", "markdown_it", "segno"),
]
STARTED = """
import json, sys
from cds_service.app import create_app
from cds_service.commands.serving import serve
from cds_service.settings import Settings
create_app(Settings(database_url=sys.argv[1]))
print(json.dumps(sorted(set(sys.argv[2:]) & set(sys.modules))))
"""


def test_a_start_on_a_store_that_is_up_to_date_loads_nothing_that_no_call_needs(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/store.db"
    Store(Settings(database_url=url)).prepare()
    command = [sys.executable, "-c", STARTED, url, *SELDOM]
    run = subprocess.run(command, check=True, capture_output=True, text=True)
    assert json.loads(run.stdout.splitlines()[-1]) == []
