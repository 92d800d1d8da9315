"""What a mutation check changes: one place of a module after another."""

import ast
import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from types import CodeType
from typing import Any

PAIRS = [(ast.Lt, ast.LtE), (ast.Gt, ast.GtE), (ast.Eq, ast.NotEq), (ast.Is, ast.IsNot), (ast.In, ast.NotIn)]
PAIRS += [(ast.Add, ast.Sub), (ast.Mult, ast.FloorDiv), (ast.BitAnd, ast.BitOr), (ast.Break, ast.Continue)]
OTHER = {ast.Div: ast.Mult, ast.Mod: ast.Mult, **{pair[i]: pair[1 - i] for pair in PAIRS for i in (0, 1)}}
NAMES = [("any", "all"), ("min", "max"), ("lower", "upper"), ("lstrip", "rstrip"), ("partition", "rpartition")]
NAMES += [("removeprefix", "removesuffix"), ("startswith", "endswith")]
OTHER_NAME = {pair[i]: pair[1 - i] for pair in NAMES for i in (0, 1)}
DROPPED = ("elts", "keywords", "ifs", "cases")
"""Fields of a node whose parts are left out, one at a time."""
LONGEST = 160
"""Characters of a piece of code in a mutant's name."""
UNREAD = ("citation", "identifier", "url", "version")
"""Arguments whose words no test repeats."""

_NUMBER = re.compile(r"(?P<sign>(?:[<>]=?) )?(?P<number>[0-9]{1,5}(?:\.[0-9]+)?)")


@dataclass(frozen=True, eq=False)
class Mutant:
    """One change: a node of a module's tree, and what stands there instead."""

    path: Path
    module: ast.Module
    name: str
    """As it is listed."""
    function: ast.FunctionDef | None = None
    """The outermost function it is in; None: it is in what runs when the module is imported."""
    lines: range = range(0)
    """Of the statement it is in, or of that statement's head."""
    place: tuple[Any, str, int | None] = (None, "", None)
    new: ast.AST | None = None

    @property
    def first_line(self) -> int:
        """Where the function's code begins: with its decorators."""
        return min(node.lineno for node in (self.function, *self.function.decorator_list))

    def code(self) -> CodeType:
        """The module with the change, which stays: each mutant is tried in a process of its own."""
        holder, field, index = self.place
        if index is None:
            setattr(holder, field, self.new)
        else:
            getattr(holder, field)[index] = self.new
        return compile(ast.fix_missing_locations(self.module), str(self.path), "exec")


def mutants(path: Path, shown: str) -> Iterator[Mutant]:
    """Every mutant of a module; their names begin with ``shown``."""
    module = ast.parse(path.read_text(encoding="utf-8"))
    yield from _within(module, Mutant(path, module, shown))


def _within(node: ast.AST, around: Mutant) -> Iterator[Mutant]:
    for field, value in ast.iter_fields(node):
        for index, child in enumerate(value) if isinstance(value, list) else ((None, value),):
            if not isinstance(child, ast.AST) or _left_alone(node, field, child):
                continue
            here = replace(around, place=(node, field, index))
            if isinstance(child, ast.stmt):
                here = replace(here, lines=_lines(child))
            if isinstance(node, ast.FunctionDef) and field == "body":
                here = replace(here, function=here.function or node)
            for said, new in _others(child):
                at = f"{getattr(child, 'lineno', here.lines.start)}:{getattr(child, 'col_offset', 0)}"
                name = f"{here.name}:{at}: {said}"
                yield replace(here, name=name, new=ast.copy_location(new, child))
            yield from _within(child, here)


def _lines(statement: ast.stmt) -> range:
    inner = getattr(statement, "body", None) or getattr(statement, "cases", None)
    if not inner:
        return range(statement.lineno, (statement.end_lineno or statement.lineno) + 1)
    first = inner[0].pattern if isinstance(inner[0], ast.match_case) else inner[0]
    return range(statement.lineno, max(first.lineno, statement.lineno + 1))


def _left_alone(holder: ast.AST, field: str, node: ast.AST) -> bool:
    """Type hints, decorators, docstrings, what is raised, patterns, and the words of f-strings and citations."""
    match node:
        case ast.Import() | ast.ImportFrom() | ast.Raise() | ast.Expr(value=ast.Constant()):
            return True
        case ast.Call(func=ast.Attribute(attr="compile") | ast.Name(id="TypeVar" | "TypeVarTuple" | "cast")):
            return True
        case ast.keyword(arg=name) if name in UNREAD:
            return True
        case ast.Assign(targets=[ast.Name(id="__all__" | "Value")]):
            return True
    return (
        field in ("annotation", "returns", "decorator_list", "bases", "msg")
        or (isinstance(holder, ast.Subscript) and isinstance(node, ast.Tuple))
        or (isinstance(holder, ast.JoinedStr) and isinstance(node, ast.Constant))
    )


def _others(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """What a node could be instead, with how that is said."""
    for new in (*_expressions(node), *_statements(node)):
        if ast.unparse(new) != ast.unparse(node):
            yield f"{_short(node)} -> {_short(new)}", new
    for field, parts in ast.iter_fields(node):
        if field in DROPPED and isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
            for index, part in enumerate(parts):
                if not (isinstance(part, ast.keyword) and part.arg in UNREAD):
                    new = _with(node, **{field: [*parts[:index], *parts[index + 1 :]]})
                    yield f"{_short(node)} without {_short(part)}", new


def _expressions(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Constant(value=value):
            yield from map(ast.Constant, _values(value))
        case ast.Compare(ops=ops):
            yield from (_with(node, ops=_put(ops, index, OTHER[type(op)]())) for index, op in enumerate(ops))
        case ast.BoolOp(op=op, values=values):
            neutral = ast.Constant(isinstance(op, ast.And))
            yield from (_with(node, values=_put(values, index, neutral)) for index in range(len(values)))
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            yield operand
        case ast.BinOp(op=op) if type(op) in OTHER:
            yield _with(node, op=OTHER[type(op)]())
        case ast.IfExp(body=body, orelse=orelse):
            yield from (body, orelse)
        case ast.Lambda():
            yield _with(node, body=ast.Constant(None))
        case ast.Call(func=func):
            field = "attr" if isinstance(func, ast.Attribute) else "id"
            if (name := OTHER_NAME.get(getattr(func, field, ""))) is not None:
                yield _with(node, func=_with(func, **{field: name}))


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.If(test=ast.Name() | ast.Attribute() | ast.Call()):
            yield from (_with(node, test=ast.Constant(value)) for value in (True, False))
        case ast.match_case(guard=ast.expr()):
            yield _with(node, guard=None)
        case ast.AugAssign(target=target, value=value):
            yield ast.copy_location(ast.Assign([target], value), node)
        case ast.Expr():
            yield ast.Pass()
        case ast.Break() | ast.Continue():
            yield OTHER[type(node)]()


def _values(value: object) -> Iterator[object]:
    """A number, also in a text, one step up and one down in its last place; any other text another."""
    match value:
        case bool():
            yield not value
        case int():
            yield from (step for step in (value + 1, value - 1) if step >= 0)
        case str() if number := _NUMBER.fullmatch(value):
            exact, sign = Decimal(number["number"]), number["sign"] or ""
            step = Decimal(1).scaleb(int(exact.as_tuple().exponent))
            yield from (f"{sign}{other}" for other in (exact + step, exact - step) if other >= 0)
            if sign:
                yield f"{sign[0]}{'' if '=' in sign else '='} {exact}"
        case str():
            yield f"XX{value}"


def _put(parts: list[Any], index: int, new: ast.AST) -> list[ast.AST]:
    return [*parts[:index], new, *parts[index + 1 :]]


def _with(node: ast.AST, **fields: object) -> ast.AST:
    new = copy.copy(node)
    for field, value in fields.items():
        setattr(new, field, value)
    return new


def _short(node: ast.AST) -> str:
    text = ast.unparse(node).strip().split("\n", 1)[0]
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
