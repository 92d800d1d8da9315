"""The requests a file, a folder or standard input holds; of a chart, the patient-view request an EHR would send."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from cds_service import situations
from cds_service.errors import CallError
from cds_service.replay.keyed import Role, keyed

STANDARD_INPUT = "-"
_MOST_NAMED = 20

Request = Mapping[str, Any]


def read_requests(path: Path, today: date, patient: str | None = None) -> list[tuple[str, Request]]:
    """Each request with a name for it: of a folder, of every file in it; of NDJSON, of every line.

    Lines that are no requests are one chart, as a Bundle or a list of resources is; of one with several patients
    ``patient`` says whose. With it, only that patient's requests are kept. Raises CallError.
    """
    files = sorted(file for file in path.iterdir() if file.is_file()) if path.is_dir() else [path]
    found = [one for file in files for one in _of_file(file, today, patient)]
    if patient is not None:
        found = [(name, request) for name, request in found if _patient_of(request) == patient]
    if not found:
        message = f"{path}: holds no request{'' if patient is None else f' of patient {patient}'}"
        raise CallError(message)
    return found


def _of_file(file: Path, today: date, patient: str | None) -> Iterator[tuple[str, Request]]:
    name = "standard input" if str(file) == STANDARD_INPUT else str(file)
    documents = _documents(file, name)
    if any(_is_request(one) for one in documents):
        if not all(_is_request(one) for one in documents):
            message = f"{name}: holds both requests and other things"
            raise CallError(message)
        for number, one in enumerate(documents, 1):
            yield (name if len(documents) == 1 else f"{name}, line {number}"), one
        return
    resources = [resource for one in documents for resource in _resources(one)]
    patients = [one["id"] for one in resources if one["resourceType"] == "Patient" and one.get("id")]
    if not patients:
        message = f"{name}: is neither a CDS Hooks request nor a chart with a Patient"
        raise CallError(message)
    patients = list(dict.fromkeys(patients))
    if len(patients) > 1:
        resources = _chosen(documents, patients, patient, name)
    chart = {"entry": [{"resource": resource} for resource in resources]}
    stem = "chart" if str(file) == STANDARD_INPUT else file.stem
    situation = situations.Situation(stem, {}, {}, today, ("patient-view",), chart)
    yield name, situations.request(situation, "patient-view")


def _documents(file: Path, name: str) -> Sequence[Any]:
    """The one document of JSON, or one for each line."""
    try:
        text = sys.stdin.buffer.read() if str(file) == STANDARD_INPUT else file.read_bytes()
        decoded = text.decode("utf-8-sig")
    except OSError as error:
        message = f"{name}: cannot be read ({error.strerror})"
        raise CallError(message) from None
    except UnicodeDecodeError:
        message = f"{name}: is not JSON in UTF-8"
        raise CallError(message) from None
    try:
        return [json.loads(decoded)]
    except (ValueError, RecursionError):
        lines = [(number, line) for number, line in enumerate(decoded.split("\n"), 1) if line.strip()]
    documents = []
    for number, line in lines:
        try:
            documents.append(json.loads(line))
        except (ValueError, RecursionError):
            message = f"{name}: is not JSON in UTF-8{f' (line {number})' if documents else ''}"
            raise CallError(message) from None
    if not documents:
        message = f"{name}: is not JSON in UTF-8"
        raise CallError(message)
    return documents


def _is_request(document: Any) -> bool:
    return isinstance(document, dict) and "hook" in document


def _patient_of(request: Request) -> Any:
    context = request.get("context")
    named = context.get("patientId") if isinstance(context, dict) else None
    return named.removeprefix("Patient/") if isinstance(named, str) else None


def _resources(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, list):
        for item in node:
            yield from _resources(item)
    elif isinstance(node, dict) and node.get("resourceType") == "Bundle":
        for entry in node.get("entry") or []:
            yield from _resources(entry.get("resource") if isinstance(entry, dict) else None)
    elif isinstance(node, dict) and isinstance(node.get("resourceType"), str):
        yield node


def _chosen(documents: Sequence[Any], patients: Sequence[str], patient: str | None, name: str) -> list[dict[str, Any]]:
    """The chosen patient's resources, and the Medications, which are nobody's."""
    if patient not in patients:
        listed = ", ".join(patients[:_MOST_NAMED]) + (" …" if len(patients) > _MOST_NAMED else "")
        message = f"{name}: holds {len(patients)} patients; choose one with --patient: {listed}"
        raise CallError(message)
    rows = [row for one in documents for row in keyed(json.dumps(one).encode())]
    names = {row.key: row.name for row in rows if row.role is Role.ALIAS}
    own = (Role.OWN, Role.NAMED)
    return [
        json.loads(row.line)
        for row in rows
        if row.role is Role.SHARED or (row.role in own and names.get(row.key, row.key) == patient)
    ]
