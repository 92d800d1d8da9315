"""Look for a cause when hiccups have lasted more than two days."""

from cds_service.decision.phrases import say
from cds_service.decision.recommendation import Advise, Decision, Indicator, NotAdvised, Rule, Section
from cds_service.decision.recorded import problem_fact
from cds_service.patient.facts import Facts
from cds_service.patient.problems import active
from tests.toy_guideline.concepts import HICCUPS, MADE_UP_2026

DAYS = 2


def decide(facts: Facts) -> Decision:
    """Warn of hiccups that began more than two days ago."""
    old = tuple(one for one in active(facts, HICCUPS) if one.onset and one.onset.days_before(facts.today) > DAYS)
    if not old:
        return NotAdvised(say("lasting.reason.none"))
    return Advise(
        indicator=Indicator.WARNING,
        summary=say("lasting.summary"),
        sections=(Section("lasting.heading", (say("lasting.line", days=DAYS),)),),
        because=tuple(problem_fact(one, HICCUPS) for one in old),
        override_reasons=("later", "seen"),
    )


RULE = Rule(
    name="lasting",
    version="1",
    topic="HiccupsLasting",
    title="lasting.title",
    needs=("conditions",),
    evidence=(MADE_UP_2026,),
    decide=decide,
)
