"""The leaflets alone, in a bare app."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from cds_service.settings import Settings
from cds_service.web.leaflets.pages import leaflets


@pytest.fixture
def client() -> FlaskClient:
    app = Flask("cds_service", static_folder="web/static")
    app.register_blueprint(leaflets(Settings(public_base_url="https://cds.example.org/cramps")))
    return app.test_client()
