"""What the rules ask for, and what they share."""

from cds_service.decision.phrases import text
from cds_service.decision.recommendation import Certainty, Evidence, leaflet
from cds_service.patient.terminology.vocabulary import problem

HICCUPS = problem("hiccups")
MADE_UP_2026 = Evidence("Made up 2026", 2026, "none", Certainty.EXPERT, text("evidence.made_up_2026"), ())
LEAFLET = leaflet("hiccups")
