"""What the edge is given by ``app.py``: the parts of the service that are not HTTP, as plain callables.

Each has a harmless default, so that the edge runs (and is tested) without any of them.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime

import flask

from cds_service.catalogue import Service
from cds_service.chart.model import Fetch
from cds_service.decision.recommendation import Decided
from cds_service.patient.received import Receipt
from cds_service.pipeline import Answer
from cds_service.protocol.cards import Card
from cds_service.protocol.notes import Note
from cds_service.protocol.request import HookRequest
from cds_service.trust.jwt import UNCHECKED, Caller


@dataclass(frozen=True, slots=True)
class Issued:
    """One answered call, for the store and the counters. ``at``: when it was answered, in UTC.

    ``unjudged``: for each draft order that could not be judged, why (``Unread.why``).

    ``withheld``: the cards that silence kept from being shown; ``silent``: the topics it holds for. ``site``: the digest
    of the site file.
    It holds nothing of the chart but what its cards show: the chart's memory is free before the answer is sent.
    """

    request_id: str
    service: Service
    language: str
    cards: tuple[Card, ...]
    decisions: tuple[Decided, ...]
    receipts: Mapping[str, Receipt]
    notes: tuple[Note, ...]
    caller: Caller
    at: datetime
    unjudged: tuple[str, ...] = ()
    withheld: tuple[Card, ...] = ()
    silent: frozenset[str] = frozenset()
    site: str = ""


def _admit_all(_: flask.Request) -> Caller:
    return UNCHECKED


def _no_fetch(_: HookRequest, __: Caller) -> Fetch | None:
    return None


def _unseen(_: Answer) -> None:
    return None


def _forget(_: Issued) -> None:
    return None


def _of_nobody(_: str) -> str | None:
    return None


def _uncounted(_: Service) -> None:
    return None


def _untimed(_: str) -> AbstractContextManager[None]:
    return nullcontext()


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts the edge calls.

    ``admit``: called once for every request below ``/cds-services`` that is no OPTIONS, before its body
    is read; raises UnauthenticatedError, or a werkzeug HTTPException (429), or returns the Caller.
    ``client``: told an Authorization header, before a call has a thread; which of several clients it says it is of, or
    None. One of them may hold all threads of a worker but one.
    ``fetch``: called when the request names a fhirServer; None when it may not be asked.
    ``answered``: sees the whole of an answer, the chart's facts too, before it leaves; for ``explain``.
    ``issued``: called after the answer has left; whatever it raises is logged and forgotten.
    ``overtime``: called for a call of the service that took more work than one may.
    ``ready``: each is called by /readyz and raises UnavailableError when its part is down.
    ``blueprints``: more routes. ``worker_started`` and ``worker_stopping``: called in every worker process.
    ``stage``: times a stage of a call (read, answer, write).
    """

    admit: Callable[[flask.Request], Caller] = _admit_all
    client: Callable[[str], str | None] = _of_nobody
    fetch: Callable[[HookRequest, Caller], Fetch | None] = _no_fetch
    answered: Callable[[Answer], None] = _unseen
    issued: Callable[[Issued], None] = _forget
    overtime: Callable[[Service], None] = _uncounted
    ready: tuple[Callable[[], None], ...] = ()
    blueprints: tuple[flask.Blueprint, ...] = ()
    worker_started: tuple[Callable[[], None], ...] = ()
    worker_stopping: tuple[Callable[[], None], ...] = ()
    stage: Callable[[str], AbstractContextManager[None]] = _untimed
