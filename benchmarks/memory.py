"""What one call takes of memory at its peak, beside its body, in process."""

import tracemalloc
from datetime import datetime

from charts import body

from cds_service.catalogue import find, wording
from cds_service.pipeline import answer
from cds_service.protocol.schemas import dump_cards, load_request
from cds_service.settings import Settings


def peak_megabytes(conditions: int, observations: int) -> float:
    """The most that one patient-view call with cards holds at once, in MB."""
    settings, service = Settings(), find("leg-cramps-patient-view")
    today = datetime.now(settings.timezone).date()

    def call(made: bytes) -> None:
        request = load_request(made)
        dump_cards(answer(request, service, fetch=None, today=today, words=wording("en"), settings=settings).cards)

    for patient in range(3):  # what is remembered once and for all
        call(body(50, 50, patient=patient))
    made = body(conditions, observations, patient=9)
    tracemalloc.start()
    call(made)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6
