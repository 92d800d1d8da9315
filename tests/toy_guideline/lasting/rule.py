"""Look for a cause when hiccups have lasted more than two days."""

from cds_service.decision.overrides import LATER
from cds_service.decision.phrases import say, text
from cds_service.decision.recommendation import Advise, Decision, Indicator, NotAdvised, Rule, Section, override
from cds_service.decision.recorded import problem_fact
from cds_service.patient.facts import Facts
from cds_service.patient.problems import active
from tests.toy_guideline.concepts import HICCUPS, MADE_UP_2026

DAYS = 2

TITLE = text("lasting.title")
SUMMARY = text("lasting.summary")
HEADING = text("lasting.heading")
LINE = text("lasting.line")
NONE = text("lasting.reason.none")
SEEN = override("seen")


def decide(facts: Facts) -> Decision:
    """Warn of hiccups that began more than two days ago."""
    old = tuple(one for one in active(facts, HICCUPS) if one.onset and one.onset.days_before(facts.today) > DAYS)
    if not old:
        return NotAdvised(say(NONE))
    return Advise(
        indicator=Indicator.WARNING,
        summary=say(SUMMARY),
        sections=(Section(HEADING, (say(LINE, days=DAYS),)),),
        because=tuple(problem_fact(one, HICCUPS) for one in old),
        override_reasons=(LATER, SEEN),
    )


RULE = Rule(
    name="lasting",
    version="1",
    topic="HiccupsLasting",
    title=TITLE,
    needs=("conditions",),
    evidence=(MADE_UP_2026,),
    decide=decide,
)
