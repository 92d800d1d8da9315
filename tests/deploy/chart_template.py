"""Renders the few Helm constructs our chart keeps to, and refuses every other.

``{{ path | function }}``, ``if`` and ``if not`` a path, ``range`` over a path, ``range $name, $value :=`` over
a table's path (and what it names, inside), ``end``; the functions quote, toJson and sha256sum. Helm does more; a template that needs more is too clever for this chart.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

_TAG = re.compile(r"[ \t]*\n?[ \t]*\{\{-\s*(.*?)\s*\}\}|\{\{\s*(.*?)\s*\}\}", re.DOTALL)
_NAMED = re.compile(r"(?P<key>\$\w+), (?P<value>\$\w+) := (?P<path>\S+)")
_FUNCTIONS = {
    "quote": lambda value: json.dumps(str(value)),
    "toJson": json.dumps,
    "sha256sum": lambda value: hashlib.sha256(value.encode()).hexdigest(),
}


class UnsupportedError(ValueError):
    """The template uses something this renderer does not know."""


def render(template: str, root: Mapping[str, Any]) -> str:
    """The template with the values filled in. ``root``: Values, Release and Chart."""
    parts: list[tuple[str, str]] = []
    at = 0
    for tag in _TAG.finditer(template):
        parts += [("text", template[at : tag.start()]), ("tag", tag[1] or tag[2])]
        at = tag.end()
    parts.append(("text", template[at:]))
    text, rest = _block(parts, root, root)
    if rest:
        raise UnsupportedError(rest[0][1])
    return text


def _block(parts: list[tuple[str, str]], root: Any, dot: Any) -> tuple[str, list[tuple[str, str]]]:
    """Everything up to this block's end, and what comes after it."""
    out = ""
    while parts:
        (kind, content), parts = parts[0], parts[1:]
        if kind == "text":
            out += content
        elif content == "end":
            return out, [("end", ""), *parts]
        elif content.startswith(("if ", "range ")):
            rendered, parts = _control(content, parts, root, dot)
            out += rendered
        else:
            out += _value(content, root, dot)
    return out, []


def _control(content: str, parts: list[tuple[str, str]], root: Any, dot: Any) -> tuple[str, list[tuple[str, str]]]:
    word, _, subject = content.partition(" ")
    if word == "range" and (named := _NAMED.fullmatch(subject)):
        table = _path(named["path"], root, dot)
        if not isinstance(table, Mapping):
            raise UnsupportedError(content)
        dots: list[Any] = [{named["key"]: name, named["value"]: table[name]} for name in sorted(table)]
    elif word == "range":
        dots = list(_path(subject, root, dot))
    else:
        wanted = not subject.startswith("not ")
        dots = [dot] if bool(_path(subject.removeprefix("not "), root, dot)) is wanted else []
    rendered = "".join(_block(parts, root, one)[0] for one in dots)
    _, rest = _skip(parts)
    return rendered, rest


def _skip(parts: list[tuple[str, str]]) -> tuple[None, list[tuple[str, str]]]:
    depth = 0
    for number, (kind, content) in enumerate(parts):
        if kind == "tag" and content.startswith(("if ", "range ")):
            depth += 1
        elif kind == "tag" and content == "end":
            if depth == 0:
                return None, parts[number + 1 :]
            depth -= 1
    message = "a block without end"
    raise UnsupportedError(message)


def _value(content: str, root: Any, dot: Any) -> str:
    path, *functions = (part.strip() for part in content.split("|"))
    value = _path(path, root, dot)
    for name in functions:
        if name not in _FUNCTIONS:
            raise UnsupportedError(content)
        value = _FUNCTIONS[name](value)
    if not isinstance(value, str | int):
        raise UnsupportedError(content)
    return str(value)


def _path(path: str, root: Any, dot: Any) -> Any:
    if isinstance(dot, Mapping) and path.startswith("$") and path in dot:
        return dot[path]
    if not re.fullmatch(r"\$?\.([A-Za-z0-9_]+(\.[A-Za-z0-9_]+)*)?", path):
        raise UnsupportedError(path)
    names = [name for name in path.removeprefix("$").split(".") if name]
    value = root if path.startswith("$") or (names and names[0] in root) else dot
    for name in names:
        value = value[name]
    return value
