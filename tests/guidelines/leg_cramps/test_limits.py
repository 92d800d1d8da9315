"""Every number a rule compares with is a declared limit: none stands bare in the code, and the page prints all of them."""

import ast
import importlib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cds_service.catalogue import GUIDELINES, RULES
from cds_service.decision.named import named
from cds_service.decision.recommendation import Limit
from cds_service.web.recommendations.document import page

OF_WORDS = "ROOM_FOR_"
"""What begins so counts words of a card."""
COUNTED = {"len"}
"""What counts our own words or records compares no measure of a patient."""


def modules() -> Iterator[tuple[str, Path]]:
    for guideline in GUIDELINES:
        folder = Path(str(guideline.folder))
        for path in sorted(folder.rglob("*.py")):
            yield ".".join((guideline.package, *path.relative_to(folder).with_suffix("").parts)), path


def bare(name: str, tree: ast.Module) -> Iterator[str]:
    """Every number that is compared, or given to a function that compares, and is not part of a Limit."""
    module = importlib.import_module(name.removesuffix(".__init__"))
    for node in ast.walk(tree):
        operands: list[ast.expr] = []
        if isinstance(node, ast.Compare) and not any(counts(one) for one in (node.left, *node.comparators)):
            operands = [node.left, *node.comparators]
        elif isinstance(node, ast.Call) and called(node).startswith(("certainly_", "_recent", "_is_recent", "days_")):
            operands = node.args
        for one in (part for operand in operands for part in parts(operand)):
            value = number(one, module)
            if value is not None and value not in (0, 1):
                yield f"{name}:{one.lineno}: {ast.unparse(one)}"


def parts(one: ast.expr) -> Iterator[ast.expr]:
    """What a sum is of."""
    if isinstance(one, ast.BinOp):
        yield from (*parts(one.left), *parts(one.right))
    else:
        yield one


def counts(one: ast.expr) -> bool:
    return isinstance(one, ast.Call) and called(one) in COUNTED


def called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def number(one: ast.expr, module: Any) -> Decimal | int | float | None:
    """What a literal, a Decimal of one, or a name of the module is as a number."""
    value: Any = None
    if isinstance(one, ast.Constant):
        value = one.value
    elif isinstance(one, ast.Name):
        value = None if one.id.startswith(OF_WORDS) else getattr(module, one.id, None)
    elif isinstance(one, ast.Call) and called(one) == "Decimal":
        return Decimal(ast.literal_eval(one.args[0]))
    return value if isinstance(value, int | float | Decimal) and not isinstance(value, bool) else None


def test_no_number_is_compared_bare() -> None:
    looked_at = dict(modules())
    assert len(looked_at) > 20
    found = [one for name, path in looked_at.items() for one in bare(name, ast.parse(path.read_text("utf-8")))]
    assert found == []


@pytest.mark.parametrize("name", RULES)
def test_every_limit_the_code_names_is_on_the_page(name: str) -> None:
    found = page(RULES[name].page, "en")
    assert found is not None
    assert {str(one.value) for one in named(RULES[name].decide).limits} <= {
        one.value.split()[0] for one in found.limits
    }


def test_a_bare_number_is_found() -> None:
    code = """
def decide(a, b):
    return a < 30 or certainly_below(b, Decimal('2.5')) or len(a) > 2 or a == 0 or 0 < b + 7 * a
"""
    found = [one.partition(": ")[2] for one in bare("tests.guidelines.leg_cramps", ast.parse(code))]
    assert sorted(found) == ["30", "7", "Decimal('2.5')"]


@pytest.mark.parametrize("name", RULES)
def test_a_limit_says_what_it_bounds(name: str) -> None:
    assert all(isinstance(one, Limit) and one.value > 0 for one in RULES[name].limits)
