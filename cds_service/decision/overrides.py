"""The override reasons that suit any recommendation; a guideline adds its own by ``override``."""

from cds_service.decision.nonadherence import NonAdherence
from cds_service.decision.override_reasons import override

SPECIALIST = override("specialist", NonAdherence.EXPERT_CONTRADICTS)
BENEFIT = override("benefit", NonAdherence.RISK_BENEFIT_RATIO)
MONITORED = override("monitored", NonAdherence.MITIGATE_RISK_NEGATIVE_OUTCOME)
DATA_WRONG = override("dataWrong", NonAdherence.NOT_APPLICABLE)
LATER = override("later", NonAdherence.SUBOPTIMAL_CONTEXT)
COMFORT = override("comfort", NonAdherence.ACTION_NOT_PRIORITY)
