"""Look for a cause when hiccups have lasted more than two days."""

from datetime import date
from decimal import Decimal

from cds_service.decision.overrides import LATER, override
from cds_service.decision.phrases import say, text
from cds_service.decision.recommendation import Advise, Cited, Decision, Indicator, Limit, NotAdvised, Rule
from cds_service.decision.recorded import problem_facts
from cds_service.patient.facts import Facts
from cds_service.patient.problems import active
from tests.toy_guideline.concepts import HICCUPS, MADE_UP_2026

DAYS = Limit(text("lasting.limit.days"), Decimal(2), text("lasting.limit.unit"))

TITLE = text("lasting.title")
SUMMARY = text("lasting.summary")
LINE = text("lasting.line")
CITED = text("lasting.cited")
NONE = text("lasting.reason.none")
SEEN = override("seen")


def decide(facts: Facts) -> Decision:
    """Warn of hiccups that began more than two days ago."""
    old = tuple(
        one for one in active(facts, HICCUPS) if one.onset and one.onset.days_at_least(facts.today) > DAYS.value
    )
    if not old:
        return NotAdvised(say(NONE))
    return Advise(
        indicator=Indicator.WARNING,
        summary=say(SUMMARY),
        act=(say(LINE, days=DAYS.value),),
        why=problem_facts(old, HICCUPS),
        evidence=(Cited(say(CITED), (MADE_UP_2026,)),),
        override_reasons=(LATER, SEEN),
    )


RULE = Rule(
    name="lasting",
    version="1",
    changed=date(2026, 1, 5),
    topic="HiccupsLasting",
    title=TITLE,
    page="hiccups",
    needs=("conditions",),
    evidence=(MADE_UP_2026,),
    decide=decide,
    limits=(DAYS,),
    outcomes=(SUMMARY, NONE),
)
