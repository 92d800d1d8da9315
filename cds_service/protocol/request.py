"""A hook call, as a frozen value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cds_service.protocol.notes import Note


@dataclass(frozen=True, slots=True)
class FhirAuthorization:
    """The bearer token for the EHR's FHIR server, for this call only. Never logged (repr hides it)."""

    access_token: str = field(repr=False)
    scope: str = ""
    subject: str = ""
    expires_in: int = 0


@dataclass(frozen=True, slots=True)
class HookContext:
    """``patient_id``, ``encounter_id``: without the type before them. ``draft_orders``: as received, None when absent.

    ``encounter_id`` is None, too, when what came is no id: nothing depends on it.
    """

    user_id: str
    patient_id: str
    encounter_id: str | None = None
    draft_orders: Any = None
    selections: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class HookRequest:
    """One call of a service.

    ``extension``: the request's own named extensions. ``notes``: what is odd about it; such a call is
    answered all the same.
    """

    hook: str
    hook_instance: str
    context: HookContext
    prefetch: Mapping[str, Any] = field(default_factory=dict, repr=False)
    fhir_server: str | None = None
    fhir_authorization: FhirAuthorization | None = None
    extension: Mapping[str, Any] = field(default_factory=dict, repr=False)
    notes: tuple[Note, ...] = ()
