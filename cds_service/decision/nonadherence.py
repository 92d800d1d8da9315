"""HL7's Non-Adherence Reason Codes: why a recommendation was not followed, in words that many systems share.

Source: CodeSystem non-adherence-reason-codes of CDS Hooks 3.0.0-ballot (HL7 Clinical Decision Support), by code and
category; its taxonomy is the AHRQ CDSiC's of 2025 (publication 25-0073).
"""

from enum import Enum

from cds_service.decision.phrases import text, texts

SYSTEM = "http://terminology.hl7.org/CodeSystem/non-adherence-reason-codes"
VERSION = "3.0.0-ballot"


class Category(Enum):
    """The six kinds of barrier; each is a code of the system, too."""

    NOT_APPLICABLE = "cds-not-applicable"
    SUBOPTIMAL_CONTEXT = "cds-suboptimal-context"
    DISAGREES_EVIDENCE = "recipient-disagrees-evidence"
    CONCERNS_OUTCOMES = "recipient-concerns-outcomes"
    PREFERENCES = "does-not-align-preferences"
    NOT_FEASIBLE = "not-convenient-feasible"


CATEGORIES = texts("nonadherence", [category.value for category in Category])
NO_CATEGORY = text("nonadherence.none")
"""What a category is called, by its code; and what is said where a reason has none."""


class NonAdherence(Enum):
    """A reason of HL7's: its code, and the category it stands in."""

    def __init__(self, code: str, category: Category) -> None:
        self.code = code
        self.category = category

    NOT_APPLICABLE = Category.NOT_APPLICABLE.value, Category.NOT_APPLICABLE
    PATIENT_INELIGIBLE = "patient-ineligible", Category.NOT_APPLICABLE
    INDICATION_ORDER_EXISTS = "indication-order-exists", Category.NOT_APPLICABLE
    ACTION_COMPLETED = "action-completed", Category.NOT_APPLICABLE
    ACTION_UNSUCCESSFUL = "action-unsuccessful", Category.NOT_APPLICABLE
    ACTION_PERFORMED_NO_ADVERSE_EFFECT = "action-performed-no-adverse-effect", Category.NOT_APPLICABLE
    ACTION_NOT_PRIORITY = "action-not-priority", Category.NOT_APPLICABLE
    SUBOPTIMAL_CONTEXT = Category.SUBOPTIMAL_CONTEXT.value, Category.SUBOPTIMAL_CONTEXT
    LIMITED_TIME = "limited-time", Category.SUBOPTIMAL_CONTEXT
    WRONG_TIME_WORKFLOW = "wrong-time-workflow", Category.SUBOPTIMAL_CONTEXT
    INAPPROPRIATE_RECIPIENT = "inappropriate-recipient", Category.SUBOPTIMAL_CONTEXT
    NEED_MORE_INFO = "need-more-info", Category.SUBOPTIMAL_CONTEXT
    DISAGREES_EVIDENCE = Category.DISAGREES_EVIDENCE.value, Category.DISAGREES_EVIDENCE
    DOES_NOT_ALIGN_LATEST_EVIDENCE = "does-not-align-latest-evidence", Category.DISAGREES_EVIDENCE
    EXPERT_CONTRADICTS = "expert-contradicts", Category.DISAGREES_EVIDENCE
    POLICY_CONTRADICTS = "policy-contradicts", Category.DISAGREES_EVIDENCE
    RECIPIENT_DOES_NOT_TRUST = "recipient-does-not-trust", Category.DISAGREES_EVIDENCE
    CONCERNS_OUTCOMES = Category.CONCERNS_OUTCOMES.value, Category.CONCERNS_OUTCOMES
    RISK_BENEFIT_RATIO = "risk-benefit-ratio", Category.CONCERNS_OUTCOMES
    MITIGATE_RISK_NEGATIVE_OUTCOME = "mitigate-risk-negative-outcome", Category.CONCERNS_OUTCOMES
    LIKELY_NEGATIVE_HEALTH_OUTCOMES = "likely-negative-health-outcomes", Category.CONCERNS_OUTCOMES
    PATIENT_CONTRAINDICATION = "patient-contraindication", Category.CONCERNS_OUTCOMES
    PREFERENCES = Category.PREFERENCES.value, Category.PREFERENCES
    PATIENT_FEARS_DISCOMFORT = "patient-fears-discomfort", Category.PREFERENCES
    PATIENT_DOES_NOT_WANT_CHANGE = "patient-does-not-want-change", Category.PREFERENCES
    CULTURAL_RELIGIOUS_REASON = "cultural-religious-reason", Category.PREFERENCES
    PREFERS_ALTERNATIVE = "prefers-alternative", Category.PREFERENCES
    PATIENT_REFUSES = "patient-refuses", Category.PREFERENCES
    NOT_FEASIBLE = Category.NOT_FEASIBLE.value, Category.NOT_FEASIBLE
    INADEQUATE_SUPPORT = "inadequate-support", Category.NOT_FEASIBLE
    SERVICE_NOT_AVAILABLE = "service-not-available", Category.NOT_FEASIBLE
    IMPLEMENTATION_CHALLENGES = "implementation-challenges", Category.NOT_FEASIBLE
    TOO_COSTLY_UNCOVERED = "too-costly-uncovered", Category.NOT_FEASIBLE
    RECIPIENT_DOES_NOT_UNDERSTAND = "recipient-does-not-understand", Category.NOT_FEASIBLE
    COMORBIDITY_DISABILITY = "comorbidity-disability", Category.NOT_FEASIBLE


BY_CODE = {reason.code: reason for reason in NonAdherence}
