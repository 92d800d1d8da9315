"""The wire format in four functions: requests and feedback in, discovery and cards out."""

from cds_service.protocol.answers import broken_rules, dump_cards, dump_discovery
from cds_service.protocol.calls import load_request
from cds_service.protocol.feedback import FeedbackItem, read_feedback
from cds_service.protocol.parsing import parse_object

__all__ = ["broken_rules", "dump_cards", "dump_discovery", "load_feedback", "load_request"]


def load_feedback(body: bytes) -> tuple[FeedbackItem, ...]:
    """A batch of feedback. Raises InvalidRequestError naming each path and rule that is broken."""
    return read_feedback(parse_object(body))
