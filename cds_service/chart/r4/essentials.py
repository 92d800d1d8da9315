"""What an element that can't be read costs: itself, what it qualifies, or the fact. Decided here for every type.

===================  ====================================================================================
what can't be read   what is lost
===================  ====================================================================================
what identifies it   the fact: the code of a problem, allergy, result or order, the drug of a medicine
a result's value     its value: the result is named with its time, and not used
a result's time      its time: the result is named with its value, and not used
a doNotPerform       its order: it may be a prohibition; a draft is judged all the same
in a range           that range, whatever in it: age, sex, type, unit or limit
in a coding          that coding
a status             the status: what stands for it is in ``_INSTEAD``, else it is absent
anything else        itself
===================  ====================================================================================

An unreadable end of a problem is an end unless the problem is explicitly active: see ``r4.problems``.
"""

from typing import Any

from cds_service.chart.r4.elements import Element, UnreadableError
from cds_service.chart.r4.validation import Path, faults

DRAFT = "draft"
"""The role of a draft order, whatever its type."""

_DRUG = ("medicationCodeableConcept", "medicationReference")
_ESSENTIAL = {
    "Condition": frozenset(("code",)),
    "AllergyIntolerance": frozenset(("code",)),
    "MedicationRequest": frozenset((*_DRUG, "doNotPerform")),
    "MedicationStatement": frozenset(_DRUG),
    DRAFT: frozenset(_DRUG),
    "Observation": frozenset(("code",)),
    "Patient": frozenset[str](),
}
_QUALIFIED_BY_ITS_PARTS = frozenset(("valueQuantity", "valueString"))
_ONE_OF_MANY = frozenset(("coding", "referenceRange"))
_INSTEAD: dict[str, Element] = {  # of a status
    "MedicationRequest": {"status": "unknown"},
    "MedicationStatement": {"status": "unknown"},
    DRAFT: {"status": "draft"},
    "Observation": {"status": "unknown"},
}
_TYPES = {DRAFT: "MedicationRequest"}
_MOST_ROUNDS = 8  # removing one thing may show another


def settled(role: str, element: Element) -> tuple[Element, tuple[str, ...]]:
    """The projection as valid R4, and the names of the elements left out of it because they can't be read.

    ``role``: a resource type, or DRAFT. Raises UnreadableError where what can't be read is essential.
    """
    lost: dict[str, None] = {}
    for _ in range(_MOST_ROUNDS):
        wrong = faults(_TYPES.get(role, role), element)
        if not wrong:
            return element, tuple(lost)
        for path in sorted({_cost(one) for one in wrong}, reverse=True):  # the later of a list first
            name = ".".join(part for part in path if isinstance(part, str))
            lost[name] = None
            element = _without(element, path)
            if path[0] in _ESSENTIAL[role] and path[0] not in element:
                raise UnreadableError
            if path[0] == "status":
                element = {**element, **_INSTEAD.get(role, {})}
    raise UnreadableError


def _cost(path: Path) -> Path:
    """What goes with the leaf at the path."""
    if path[0] in _QUALIFIED_BY_ITS_PARTS:
        return path[:1]
    place = next((place for place, part in enumerate(path) if part in _ONE_OF_MANY), None)
    return path if place is None else path[: place + 2]


def _without(holder: Any, path: Path) -> Any:
    """A copy without what is at the path, and without what is empty then."""
    step, rest = path[0], path[1:]
    inner = _without(holder[step], rest) if rest else None
    if isinstance(step, int):
        return [*holder[:step], *([inner] if inner else []), *holder[step + 1 :]]
    others = {name: value for name, value in holder.items() if name != step}
    return {**others, step: inner} if inner else others
