"""The FHIR server over two tiny situations of its own."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient

from cds_service.web.fhir_server import fhir_server
from cds_service.web.fhir_server_clock import Charts

SITUATIONS = Path(__file__).parent / "situations"


@pytest.fixture
def charts() -> Charts:
    return Charts(ZoneInfo("Asia/Jakarta"), SITUATIONS)


@pytest.fixture
def client(charts: Charts) -> FlaskClient:
    app = Flask("cds_service")
    app.register_blueprint(fhir_server(charts))
    return app.test_client()
