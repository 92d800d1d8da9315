"""A guideline of two rules, as small as one can be: what a further guideline looks like, and that it needs no engine file.

Its medicine is made up for the tests.
"""

from cds_service.decision.guideline import Guideline, ServiceSpec, Source
from cds_service.decision.phrases import text
from cds_service.patient.terminology.additions import extend

extend(__name__)  # before the rules ask for its concept

from tests.toy_guideline.concepts import LEAFLET  # noqa: E402
from tests.toy_guideline.drinking import rule as drinking  # noqa: E402
from tests.toy_guideline.lasting import rule as lasting  # noqa: E402

GUIDELINE = Guideline(
    name="toy_guideline",
    package=__name__,
    title=text("toy_guideline.title"),
    source=Source(text("toy_guideline.source_label"), "https://example.org/hiccups"),
    services=(
        ServiceSpec(
            id="hiccups-patient-view",
            hook="patient-view",
            title="Hiccups: water first",
            description="When hiccups are on the problem list.",
            rules=(drinking.RULE, lasting.RULE),
            usage_requirements="Needs the patient's conditions.",
        ),
    ),
    leaflets=(LEAFLET,),
    examples=("hiccups-for-three-days",),
)
