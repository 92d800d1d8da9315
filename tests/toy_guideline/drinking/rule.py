"""A glass of water first, for hiccups."""

from cds_service.decision.phrases import say
from cds_service.decision.recommendation import Advise, Decision, Indicator, NotAdvised, Rule, Section
from cds_service.decision.recorded import problem_fact
from cds_service.patient.facts import Facts
from cds_service.patient.problems import active
from tests.toy_guideline.concepts import HICCUPS, MADE_UP_2026


def decide(facts: Facts) -> Decision:
    """Advise water on hiccups."""
    hiccups = active(facts, HICCUPS)
    if not hiccups:
        return NotAdvised(say("drinking.reason.none"))
    return Advise(
        indicator=Indicator.INFO,
        summary=say("drinking.summary"),
        sections=(Section("drinking.heading", (say("drinking.line"),)),),
        because=tuple(problem_fact(one, HICCUPS) for one in hiccups),
        override_reasons=("later",),
        leaflet="hiccups",
    )


RULE = Rule(
    name="drinking",
    version="1",
    topic="HiccupsWater",
    title="drinking.title",
    needs=("patient", "conditions"),
    evidence=(MADE_UP_2026,),
    decide=decide,
)
