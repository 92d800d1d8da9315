"""One call from the command line: a request file, or a chart made into one, answered here or by a running service."""

import json
import socket
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from rich.console import Group, RenderableType
from rich.markdown import Markdown
from rich.panel import Panel
from rich.text import Text

from cds_service.app import create_app
from cds_service.catalogue import CATALOGUE, Service
from cds_service.errors import CallError
from cds_service.pipeline import Answer
from cds_service.protocol.schemas import dump_cards
from cds_service.settings import Settings
from cds_service.web.parts import Parts

TIMEOUT_SECONDS = 30
_COLOURS = {"critical": "red", "warning": "yellow", "info": "cyan"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a service answered: its cards as JSON; asked in process, also what silence withheld, and the Answer."""

    cards: list[Mapping[str, Any]]
    withheld: list[Mapping[str, Any]] = field(default_factory=list)
    answer: Answer | None = None


def service_for(request: Mapping[str, Any], service_id: str | None = None) -> Service:
    """The service of the request's hook, the first or that of the id. Raises CallError when there is none."""
    for service in CATALOGUE:
        if service.hook == request.get("hook") and service_id in (None, service.id):
            return service
    if service_id is not None:
        message = f"no service {service_id} for this hook; there are {', '.join(one.id for one in CATALOGUE)}"
        raise CallError(message)
    message = f"no service for this hook; there are services for {', '.join(service.hook for service in CATALOGUE)}"
    raise CallError(message)


def ask_in_process(
    request: Mapping[str, Any], language: str | None, settings: Settings, service_id: str | None = None
) -> Asked:
    """Answer the request without a server, through the same edge, as development does."""
    service = service_for(request, service_id)
    answered: list[Answer] = []
    app = create_app(replace(settings, env="development"), Parts(answered=answered.append))
    headers = {"Accept-Language": language} if language else {}
    with app.test_client().post(f"/cds-services/{service.id}", json=request, headers=headers) as response:
        status, document = HTTPStatus(response.status_code), response.get_json(force=True)
    if status is not HTTPStatus.OK:
        raise _refused(status, status.phrase, document)
    return Asked(document["cards"], json.loads(dump_cards(answered[0].withheld))["cards"], answered[0])


def ask(url: str, request: Mapping[str, Any], language: str | None) -> Asked:
    """Post the request to a running service. ``url``: its base, or the address of one service.

    Raises CallError where that is no web address, nobody answers, or the answer is none.
    """
    address = _web_address(url)
    if "/cds-services/" not in address:
        address = f"{address.removesuffix('/cds-services')}/cds-services/{service_for(request).id}"
    headers = {"Content-Type": "application/json"} | ({"Accept-Language": language} if language else {})
    try:
        posted = Request(address, json.dumps(request).encode(), headers)  # noqa: S310 - the user's own address
        with urlopen(posted, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
            return Asked(json.load(answer)["cards"])
    except HTTPError as error:
        raise _refused(error.code, error.reason, _json_or_none(error.read())) from None
    except (OSError, HTTPException) as error:
        message = f"no answer from {address} ({_reason(error)})"
        raise CallError(message) from None
    except (ValueError, KeyError, TypeError):
        message = f"{address} did not answer with cards"
        raise CallError(message) from None


def _reason(error: Exception) -> str:
    cause = getattr(error, "reason", error)
    if isinstance(cause, ConnectionRefusedError):
        return "nobody listens there"
    if isinstance(cause, socket.gaierror):
        return "there is no such host"
    if isinstance(cause, HTTPException):
        return "what answers there does not speak HTTP"
    return str(cause)


def _web_address(url: str) -> str:
    try:
        parts = urlsplit(url)
        sound = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and url.isprintable()
    except ValueError:
        sound = False
    if not sound or " " in url:
        message = f"--url {url}: is no web address; one looks like http://127.0.0.1:8080"
        raise CallError(message)
    return url.rstrip("/")


def _json_or_none(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _refused(status: int, phrase: str, document: Any) -> CallError:
    try:
        said = document["issue"][0]["details"]["text"]
    except (KeyError, IndexError, TypeError):
        said = phrase
    return CallError(f"answered {status:d}: {said}")


def shown(cards: Iterable[Mapping[str, Any]], withheld: Sequence[Mapping[str, Any]] = ()) -> RenderableType:
    """The cards as a clinician would see them, for a terminal; then those that silence keeps from being seen."""
    parts: list[RenderableType] = [_card(card) for card in cards] or [Text("No cards.")]
    if withheld:
        parts.append(Text(f"Silent mode: {len(withheld)} withheld, which a clinician does not see:"))
    return Group(*parts, *(_card(card, "WITHHELD · ") for card in withheld))


def _card(card: Mapping[str, Any], mark: str = "") -> Panel:
    colour = _COLOURS.get(card["indicator"], "white")
    lines = [f"[{suggestion['label']}]" for suggestion in card.get("suggestions", [])]
    lines += [f"{link['label']}: {link['url']}" for link in card.get("links", [])]
    reasons = ", ".join(reason["display"] for reason in card.get("overrideReasons", []))
    parts: list[RenderableType] = [Text(card["summary"], style="bold"), Markdown(card.get("detail", ""))]
    parts += [Text(line) for line in lines]
    if reasons:
        parts.append(Text(f"Override: {reasons}", style="dim"))
    title = f"{mark}{card['indicator'].upper()} · {card['source'].get('topic', {}).get('code', '')}"
    return Panel(Group(*parts), title=title, title_align="left", border_style=colour)
