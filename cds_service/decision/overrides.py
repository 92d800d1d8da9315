"""Why a clinician may decide otherwise than a card says. A guideline adds reasons of its own by ``override``."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cds_service.decision.nonadherence import NonAdherence
from cds_service.decision.phrases import Text, text


@dataclass(frozen=True, slots=True)
class OverrideReason:
    """``code``: static, as it comes back in feedback; ``hl7``: what it means among HL7's codes, None where it has none."""

    code: str
    text: Text
    hl7: NonAdherence | None = None

    def __hash__(self) -> int:
        """Of its code alone, which no other has."""
        return hash(self.code)


_REASONS: dict[str, OverrideReason] = {}


def override(code: str, hl7: NonAdherence | None = None) -> OverrideReason:
    """The override reason of that code, noted for the reports; its text is ``override.<code>``.

    Raises ValueError where it is there already with another meaning among HL7's.
    """
    reason = OverrideReason(code, text(f"override.{code}"), hl7)
    if _REASONS.setdefault(code, reason) != reason:
        message = f"override reason {code!r} is there twice, with another code of HL7's"
        raise ValueError(message)
    return reason


def declared_overrides() -> Mapping[str, OverrideReason]:
    """Every override reason of the modules imported so far, by its code."""
    return MappingProxyType(_REASONS)


SPECIALIST = override("specialist", NonAdherence.EXPERT_CONTRADICTS)
BENEFIT = override("benefit", NonAdherence.RISK_BENEFIT_RATIO)
MONITORED = override("monitored", NonAdherence.MITIGATE_RISK_NEGATIVE_OUTCOME)
DATA_WRONG = override("dataWrong", NonAdherence.NOT_APPLICABLE)
LATER = override("later", NonAdherence.SUBOPTIMAL_CONTEXT)
COMFORT = override("comfort", NonAdherence.ACTION_NOT_PRIORITY)
"""These suit any recommendation."""
