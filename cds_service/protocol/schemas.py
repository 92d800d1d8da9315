"""The wire format in four functions: requests and feedback in, discovery and cards out."""

from cds_service.protocol.answers import dump_cards, dump_discovery
from cds_service.protocol.calls import load_request
from cds_service.protocol.feedback import load_feedback

__all__ = ["dump_cards", "dump_discovery", "load_feedback", "load_request"]
