"""A glass of water first, for hiccups."""

from datetime import date

from cds_service.decision.overrides import LATER
from cds_service.decision.phrases import say, text
from cds_service.decision.recommendation import Advise, Cited, Decision, Indicator, NotAdvised, Rule
from cds_service.decision.recorded import problem_facts
from cds_service.patient.facts import Facts
from cds_service.patient.problems import active
from tests.toy_guideline.concepts import HICCUPS, LEAFLET, MADE_UP_2026

TITLE = text("drinking.title")
SUMMARY = text("drinking.summary")
LINE = text("drinking.line")
CITED = text("drinking.cited")
NONE = text("drinking.reason.none")


def decide(facts: Facts) -> Decision:
    """Advise water on hiccups."""
    hiccups = active(facts, HICCUPS)
    if not hiccups:
        return NotAdvised(say(NONE))
    return Advise(
        indicator=Indicator.INFO,
        summary=say(SUMMARY),
        act=(say(LINE),),
        why=problem_facts(hiccups, HICCUPS),
        evidence=(Cited(say(CITED), (MADE_UP_2026,)),),
        override_reasons=(LATER,),
        leaflet=LEAFLET,
    )


RULE = Rule(
    name="drinking",
    version="1",
    changed=date(2026, 1, 5),
    topic="HiccupsWater",
    title=TITLE,
    page="hiccups",
    needs=("patient", "conditions"),
    evidence=(MADE_UP_2026,),
    decide=decide,
    outcomes=(SUMMARY, NONE),
)
