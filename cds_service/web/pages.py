"""What people see in a browser: the leaflets everywhere; the demo and its FHIR server in development only."""

from flask import Blueprint

from cds_service.settings import Settings
from cds_service.web.demo.page import demo
from cds_service.web.fhir_server.clock import installed_charts
from cds_service.web.fhir_server.server import fhir_server
from cds_service.web.leaflets.pages import leaflets


def pages(settings: Settings) -> tuple[Blueprint, ...]:
    """The pages the settings allow."""
    if settings.production:
        return (leaflets(settings),)
    charts = installed_charts(settings.timezone)
    return (leaflets(settings), fhir_server(charts, settings.demo_fhir_habits), demo(settings, charts))
