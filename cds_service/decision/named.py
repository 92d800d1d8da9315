"""What the code of a rule names: the concepts it asks for, the limits it compares with, the texts it may say.

It is read from the functions themselves, from ``decide`` to all that these name in turn, so that what a page tells of
a rule cannot differ from what the rule does. Data is looked into, other rules are not.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from types import CodeType, FunctionType, ModuleType
from typing import Any

from cds_service.decision.phrases import Phrase, Text
from cds_service.decision.recommendation import Decision, Evidence, Limit, Rule
from cds_service.patient.facts import Facts
from cds_service.patient.terminology.vocabulary import Concept

_ENGINE = ("cds_service.patient.terminology", "cds_service.decision")
"""Where functions speak of every concept and text there is: what a rule hands them is told by the rule."""


@dataclass(frozen=True, slots=True)
class Named:
    """Each once, in the order they are met. ``attributes``: every name the code uses, of whatever."""

    concepts: tuple[Concept, ...]
    limits: tuple[Limit, ...]
    texts: tuple[Text, ...]
    attributes: frozenset[str]


@cache
def named(decide: Callable[[Facts], Decision]) -> Named:
    """What the code of ``decide`` names, directly or through the functions it names."""
    found: dict[Any, None] = {}
    names: set[str] = set()
    seen: set[int] = set()
    waiting: list[Any] = [decide]
    ours = (__package__.partition(".")[0], decide.__module__.partition(".")[0])
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, Concept | Limit | Text):
            found[type(one), one] = None
        elif isinstance(one, Phrase):
            found[Text, Text(one.key)] = None
        waiting.extend(reversed(list(_within(one, names, ours))))
    return Named(
        tuple(one for _, one in found if isinstance(one, Concept)),
        tuple(one for _, one in found if isinstance(one, Limit)),
        tuple(one for _, one in found if isinstance(one, Text)),
        frozenset(names),
    )


def _within(one: Any, names: set[str], ours: tuple[str, ...]) -> Iterator[Any]:
    """What a value holds, or a function names."""
    if isinstance(one, FunctionType):
        yield from _of_function(getattr(one, "__wrapped__", one), names, ours)
    elif isinstance(one, type) and one.__module__.startswith(ours):
        yield from _of_class(one)
    elif isinstance(one, Mapping):
        yield from (*one.keys(), *one.values())
    elif isinstance(one, tuple | list | frozenset | set):
        yield from one
    elif is_dataclass(one) and not isinstance(one, Rule | Evidence | Text):
        yield from (getattr(one, field.name) for field in fields(one))


def _of_function(function: FunctionType, names: set[str], ours: tuple[str, ...]) -> Iterator[Any]:
    if not function.__module__.startswith(ours) or function.__module__.startswith(_ENGINE):
        return
    used = list(_names(function.__code__))
    names.update(used)
    for name in used:
        value = function.__globals__.get(name)
        if isinstance(value, ModuleType):
            yield from (getattr(value, attribute) for attribute in used if hasattr(value, attribute))
        else:
            yield value
    yield from (cell.cell_contents for cell in function.__closure__ or ())


def _of_class(one: type) -> Iterator[Any]:
    for member in vars(one).values():
        inner = getattr(member, "fget", None) or getattr(member, "func", None) or getattr(member, "__func__", member)
        if isinstance(inner, FunctionType):
            yield inner


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)
