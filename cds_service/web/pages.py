"""What people see in a browser: leaflets and recommendations everywhere; the demo and its FHIR server in development."""

from flask import Blueprint

from cds_service.settings import Settings
from cds_service.site.site import NO_SITE, Site
from cds_service.web.demo.page import demo
from cds_service.web.fhir_server.clock import installed_charts
from cds_service.web.fhir_server.server import fhir_server
from cds_service.web.leaflets.pages import leaflets
from cds_service.web.recommendations.pages import recommendations


def pages(settings: Settings, site: Site = NO_SITE) -> tuple[Blueprint, ...]:
    """The pages the settings allow."""
    if settings.production:
        return (leaflets(settings), recommendations(settings, site))
    charts = installed_charts(settings.timezone)
    return (
        leaflets(settings),
        recommendations(settings, site),
        fhir_server(charts, settings.demo_fhir_habits),
        demo(settings, charts, site),
    )
