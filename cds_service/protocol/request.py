"""A hook call, as a frozen value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cds_service.protocol.notes import Note

TODAY_EXTENSION = "org.cds-service.today"
"""Extension of a request that names the day it happens; honoured in development only."""


@dataclass(frozen=True, slots=True)
class HookContext:
    """``patient_id``: without the type before it. ``draft_orders``: as received, None when absent."""

    patient_id: str
    draft_orders: Any = None
    selections: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class HookRequest:
    """One call of a service.

    ``access_token``: the bearer token for the EHR's FHIR server, for this call only; never logged (repr hides it).
    ``extension``: the request's own named extensions. ``notes``: what is odd about it; such a call is
    answered all the same.
    """

    hook: str
    hook_instance: str
    context: HookContext
    prefetch: Mapping[str, Any] = field(default_factory=dict, repr=False)
    fhir_server: str | None = None
    access_token: str | None = field(default=None, repr=False)
    extension: Mapping[str, Any] = field(default_factory=dict, repr=False)
    notes: tuple[Note, ...] = ()
