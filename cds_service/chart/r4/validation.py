"""Where a projection is no valid R4: fhir.resources says so, once for each shape.

Validating one resource costs about 0.1 ms, and a chart holds hundreds of the same shape. What the
library checks is the names and nesting of elements and, for each leaf, its primitive type's pattern.
So a projection is reduced to its shape: element names, nesting, and for each leaf a class that decides
every pattern R4 has for the elements we read (a token without spaces, words, a date our own parser has
read, a number, a boolean). A shape that was found valid is remembered; it holds no patient's data. Any
leaf outside these classes, and any shape not yet known, goes through fhir.resources itself.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from fhir.resources.R4B.allergyintolerance import AllergyIntolerance
from fhir.resources.R4B.condition import Condition
from fhir.resources.R4B.medicationrequest import MedicationRequest
from fhir.resources.R4B.medicationstatement import MedicationStatement
from fhir.resources.R4B.observation import Observation
from fhir.resources.R4B.patient import Patient
from pydantic import ValidationError

from cds_service.chart.r4.elements import Element, Unreadable

Path = tuple[str | int, ...]
"""Where an element is: names, and places in lists."""

_MOST_SHAPES = 4096
_DEEPEST = 12
_MODELS: dict[str, Any] = {
    "AllergyIntolerance": AllergyIntolerance,
    "Condition": Condition,
    "MedicationRequest": MedicationRequest,
    "MedicationStatement": MedicationStatement,
    "Observation": Observation,
    "Patient": Patient,
}
# Elements R4 requires and we don't read, or whose absence is for the rules to judge.
_REQUIRED: dict[str, Element] = {
    "AllergyIntolerance": {"patient": None},
    "Condition": {"subject": None},
    "MedicationRequest": {"subject": None, "status": "unknown", "intent": "order"},
    "MedicationStatement": {"subject": None, "status": "unknown"},
    "Observation": {"status": "unknown", "code": {"text": "unknown"}},
    "Patient": {},
}
_DATES = frozenset(
    ("authoredOn", "birthDate", "dateAsserted", "effectiveDateTime", "onsetDateTime", "recordedDate", "start", "end")
) | {"abatementDateTime"}
_ISO = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-](0\d|1[0-3]):\d\d))?)?)?", re.ASCII)

_LONGEST_DATE = 10  # "2026-03-02"; a date element takes no time
_NUMBER, _BOOLEAN, _DATE, _TIME, _A_TOKEN, _SOME_WORDS = range(6)

_valid_shapes: set[Any] = set()


class _NoShapeError(Exception):
    """A leaf's class doesn't decide its validity."""


def faults(kind: str, element: Element) -> tuple[Path, ...]:
    """Where the element, a projection, is no valid R4 resource of the kind; empty when it is one."""
    try:
        shape = (kind, _shape(element, 0))
    except _NoShapeError:
        marked = tuple(_marked(element, (), 0))
        return marked or _ask(kind, element)
    if shape in _valid_shapes:
        return ()
    found = _ask(kind, element)
    if not found and len(_valid_shapes) < _MOST_SHAPES:
        _valid_shapes.add(shape)
    return found


def _marked(value: Any, path: Path, depth: int) -> Iterator[Path]:
    """Where the projection itself could not read what there was; or where it is nested beyond all use."""
    if isinstance(value, Unreadable) or depth > _DEEPEST:
        yield path
    elif isinstance(value, dict):
        for name, member in value.items():
            yield from _marked(member, (*path, name), depth + 1)
    elif isinstance(value, list):
        for place, member in enumerate(value):
            yield from _marked(member, (*path, place), depth + 1)


def _ask(kind: str, element: Element) -> tuple[Path, ...]:
    """What fhir.resources says. Of a fault that it finds in no element, every element is to blame."""
    try:
        _MODELS[kind].model_validate({**_REQUIRED[kind], **element})
    except ValidationError as error:
        found = tuple(_inside(element, one["loc"]) for one in error.errors(include_url=False, include_input=False))
        return tuple(path for path in found if path) or tuple((name,) for name in element)
    except (ValueError, TypeError, RecursionError, ArithmeticError, AttributeError):
        return tuple((name,) for name in element)
    return ()


def _inside(element: Any, where: Path) -> Path:
    """As much of the path as there is in the element: the library also names what it misses, and types."""
    path: list[str | int] = []
    for step in where:
        try:
            element = element[step]
        except (KeyError, IndexError, TypeError):
            break
        path.append(step)
    return tuple(path)


def _shape(element: Element, depth: int) -> tuple[Any, ...]:
    """Each member's name and what it holds."""
    if depth > _DEEPEST:
        raise _NoShapeError
    shape: list[Any] = []
    for name, value in element.items():
        kind = type(value)
        if kind is str and name not in _DATES and " " not in value and value and value.isprintable():
            held: Any = _A_TOKEN  # what most leaves are, without a further call
        elif kind is dict:
            held = _shape(value, depth + 1)
        else:
            held = _held(name, value, depth)
        shape += (name, held)
    return tuple(shape)


def _held(name: str, value: Any, depth: int) -> Any:
    if isinstance(value, dict):
        return _shape(value, depth + 1)
    if isinstance(value, str):
        return _leaf(name, value)
    if isinstance(value, list) and depth < _DEEPEST:
        if len(value) == 1:
            return (_held(name, value[0], depth + 1),)
        return frozenset([_held(name, member, depth + 1) for member in value])
    if isinstance(value, Decimal):
        return _NUMBER
    if isinstance(value, bool):
        return _BOOLEAN
    raise _NoShapeError


def _leaf(name: str, value: str) -> int:
    if name in _DATES:
        if _ISO.fullmatch(value):  # and a date: canonical made it
            return _DATE if len(value) <= _LONGEST_DATE else _TIME
    elif value and value.isprintable():  # of all white space, only a space is
        if " " not in value:
            return _A_TOKEN
        if "  " not in value and " " not in (value[0], value[-1]):
            return _SOME_WORDS
    raise _NoShapeError


def _build_models() -> None:
    """Let the models build themselves (about 30 ms) when the service starts, not before the first patient."""
    words = {"text": "words"}
    period = {"start": "2026-03-02"}
    dosage = [{"text": "words", "route": words, "timing": {"repeat": {"boundsPeriod": period}}}]
    limits = [
        {"low": {"value": Decimal(1)}, "type": words, "appliesTo": [words], "age": {"low": {"value": Decimal(1)}}}
    ]
    drug = {"medicationReference": {"display": "words"}, "reasonCode": [words], "reasonReference": [{"display": "w"}]}
    faults("Condition", {"code": words, "bodySite": [words], "onsetPeriod": period})
    faults("AllergyIntolerance", {"code": words})
    faults("MedicationRequest", {"dosageInstruction": dosage, "dispenseRequest": {"validityPeriod": period}, **drug})
    faults("MedicationStatement", {"dosage": dosage, "effectivePeriod": period, **drug})
    faults("Observation", {"code": words, "valueQuantity": {"value": Decimal(1)}, "referenceRange": limits})
    faults("Patient", {"birthDate": "2026-03-02"})


_build_models()
