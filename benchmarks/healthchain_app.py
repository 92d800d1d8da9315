"""The same idea in HealthChain 0.16.1, as its documentation writes a handler: cramps on the list, one card.

Runs in an environment of its own (benchmarks/requirements-healthchain.lock); nothing of ours is imported.
"""

from healthchain.fhir import convert_prefetch_to_fhir_objects
from healthchain.gateway import CDSHooksService, HealthChainAPI
from healthchain.models import Card, CDSRequest, CDSResponse

CRAMPS = {"449918009", "449917004", "102549009", "M62.831", "G47.62", "R25.2"}

cds = CDSHooksService()


@cds.hook("patient-view", id="leg-cramps-patient-view")
def leg_cramps(request: CDSRequest) -> CDSResponse:
    """One card when a cramp is among the conditions."""
    resources = convert_prefetch_to_fhir_objects(request.prefetch or {})
    for entry in resources["conditions"].entry or []:
        codings = entry.resource.code.coding or []
        if any(coding.code in CRAMPS for coding in codings):
            card = Card(
                summary="Leg cramps: stretching first; stretch the calf and hold 20 s.",
                indicator="info",
                source={"label": "Alomedika 2025"},
                detail="Stretch the calf and hold 20 s. Drugs are not first-line.",
            )
            return CDSResponse(cards=[card])
    return CDSResponse(cards=[])


app = HealthChainAPI()
app.register_service(cds, path="/cds")
