"""What the rules ask for."""

from cds_service.decision.recommendation import Certainty, Evidence
from cds_service.patient.terminology.vocabulary import problem

HICCUPS = problem("hiccups")
MADE_UP_2026 = Evidence("Made up 2026", 2026, "none", Certainty.EXPERT, "evidence.made_up_2026", ())
