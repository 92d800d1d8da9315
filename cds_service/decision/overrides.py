"""The override reasons that suit any recommendation; a guideline adds its own by ``override``."""

from cds_service.decision.recommendation import override

SPECIALIST = override("specialist")
BENEFIT = override("benefit")
MONITORED = override("monitored")
DATA_WRONG = override("dataWrong")
LATER = override("later")
COMFORT = override("comfort")
