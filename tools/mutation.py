"""Mutation check: does a test fail when guidelines/, decision/, patient/ or chart/ is changed in one place.

    python tools/mutation.py                     all mutants: hours on one core
    python tools/mutation.py --sample 0.1        a tenth of them, drawn with a fixed seed
    python tools/mutation.py --only '*.calcium.*' the mutants whose names match, again
    python tools/mutation.py --show NAME         one mutant as a diff

Two kinds of mutants. Functions: mutmut's. It leaves decorated functions alone, so it works on a copy of the sources
in build/mutation where ``@asked_once def f`` is written ``f = asked_once(f)`` below the function. What it decides by
a fork of one process says nothing of a function that only runs at import or is cached: such a mutant, where it
survives, is tried again in a process of its own. Values: what is written outside functions (limits, ages, codes,
names), which mutmut does not touch: every number one step up and down, every comparison strict or not, every text
another, every True False; each tried in a process of its own. Left alone: type hints, docstrings, f-strings, regexes'
insides, and the texts of citations.

Survivors are listed at the end; a person tells the equivalent ones from a missing test. Results stay in
build/mutation, and what was decided is not tried again unless the function, the file or the tests' selection changed:
--fresh forgets all. After a new test, name the mutants it is for with --only.
"""

import argparse
import ast
import fnmatch
import io
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tokenize
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).parent.parent
WORK = ROOT / "build" / "mutation"
PACKAGES = ("guidelines", "decision", "patient", "chart")
COPIED = ("cds_service", "tests", "tools", "fhir_fixtures", "README.md", "ARCHITECTURE.md", "CHANGELOG.md", "LICENSE")
TESTS = (
    "tests/patient",
    "tests/chart",
    "tests/decision",
    "tests/guidelines",
    "tests/cards",
    "tests/derived",
)
NOT_RUN = (
    "tests/guidelines/leg_cramps/test_texts.py",  # reads the sources, and would find every mutant's text there
    "tests/derived/test_rule_versions.py",  # the digests tell every mutant that shows, and say of none that it is wrong
)
PYTEST = ("-p", "no:xdist", "-p", "no:cacheprovider", "-p", "no:schemathesis")
CONFIG = """
[tool.mutmut]
source_paths = ["cds_service"]
only_mutate = {packages}
also_copy = ["tools", "fhir_fixtures", "README.md", "ARCHITECTURE.md", "CHANGELOG.md", "LICENSE"]
pytest_add_cli_args_test_selection = {tests}
pytest_add_cli_args = {arguments}
use_git_change_detection = false
"""
SURVIVED, NO_TESTS, TIMEOUTS = 0, 33, (36, 24, -24, 152, 255, -9)
SECONDS = 300  # for one mutant in a process of its own: more is a mutant that hangs
KILLED = 1

_NUMBER = re.compile(r"(?P<sign>(?:[<>]=?) )?(?P<number>[0-9]{1,5}(?:\.[0-9]+)?)")


@dataclass(frozen=True)
class Value:
    """A mutant outside functions: ``file`` with ``old`` at line and column written as ``new``."""

    file: str
    line: int
    column: int
    old: str
    new: str

    @property
    def name(self) -> str:
        """As it is listed."""
        return f"{self.file}:{self.line}:{self.column}: {self.old} -> {self.new}"


def staged(source: str) -> str:
    """A module with its decorators written as assignments below the functions."""
    lines = source.splitlines()
    edits: list[tuple[int, str]] = []
    removed: set[int] = set()
    for function in _functions(ast.parse(source)):
        for decorator in function.decorator_list:
            removed.update(range(decorator.lineno, (decorator.end_lineno or decorator.lineno) + 1))
        indent = " " * function.col_offset
        for decorator in reversed(function.decorator_list):
            written = f"{indent}{function.name} = ({ast.unparse(decorator)})({function.name})"
            edits.append((function.end_lineno or function.lineno, written))
    after: dict[int, list[str]] = {}
    for line, written in edits:
        after.setdefault(line, []).append(written)
    kept: list[str] = []
    for number, line in enumerate(lines, 1):
        if number not in removed:
            kept.append(line)
        kept.extend(after.get(number, ()))
    return "\n".join(kept) + "\n"


def _functions(module: ast.Module) -> Iterator[ast.FunctionDef]:
    """The functions of a module and the methods of its classes."""
    for statement in module.body:
        for found in statement.body if isinstance(statement, ast.ClassDef) else (statement,):
            if isinstance(found, ast.FunctionDef):
                yield found


def stage() -> None:
    """The copies: ``functions`` for mutmut, ``values`` as it is."""
    for kind in ("functions", "values"):
        for name in COPIED:
            _mirror(ROOT / name, WORK / kind / name, rewrite=kind == "functions")
    config = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (WORK / "values" / "pyproject.toml").write_text(config, encoding="utf-8")
    arguments = [*PYTEST, *(f"--ignore={path}" for path in NOT_RUN)]
    packages = [f"cds_service/{package}/**" for package in PACKAGES]
    config += CONFIG.format(
        packages=json.dumps(packages), tests=json.dumps(list(TESTS)), arguments=json.dumps(arguments)
    )
    (WORK / "functions" / "pyproject.toml").write_text(config, encoding="utf-8")


def _mirror(source: Path, target: Path, *, rewrite: bool) -> None:
    """A copy that leaves what has not changed as it is, so that mutmut keeps its results."""
    files = [source] if source.is_file() else [path for path in source.rglob("*") if path.is_file()]
    wanted = set()
    for path in files:
        if "__pycache__" in path.parts:
            continue
        copy = target / path.relative_to(source) if path != source else target
        wanted.add(copy)
        content = path.read_bytes()
        if rewrite and path.suffix == ".py" and not set(PACKAGES).isdisjoint(path.parts):
            content = staged(content.decode()).encode()
        if not copy.is_file() or copy.read_bytes() != content:
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(content)
    for copy in [] if source.is_file() else list(target.rglob("*")):
        if copy.is_file() and copy not in wanted and "__pycache__" not in copy.parts:
            copy.unlink()


# --- functions


def mutmut(*arguments: str) -> None:
    """Run mutmut in its copy; what it says goes to ``mutmut.log`` (it draws a spinner)."""
    command = [str(Path(sys.executable).with_name("mutmut")), *arguments]
    with (WORK / "mutmut.log").open("wb") as log:
        subprocess.run(command, cwd=WORK / "functions", check=True, stdout=log, stderr=log)


def results() -> dict[str, int | None]:
    """The exit code of every mutant of mutmut's by its name; None: not tried."""
    found: dict[str, int | None] = {}
    for path in sorted((WORK / "functions" / "mutants" / "cds_service").rglob("*.meta")):
        found |= json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
    return found


def generate() -> None:
    """Make the mutants and learn which tests reach them, trying none: one that always exists is named."""
    mutmut("run", "--max-children", "1", "cds_service.patient.labs.calcium.x__gap__mutmut_1")


def import_time() -> frozenset[str]:
    """The functions that run while the modules are imported, or are cached: a fork comes too late for their mutants."""
    code = (
        "import importlib, json, pathlib, sys\n"
        "sys.path.insert(0, '.')\n"
        "from mutmut.mutation.trampoline import set_mutant_under_test\n"
        "from mutmut.state import state\n"
        "set_mutant_under_test('stats')\n"
        f"for package in {PACKAGES!r}:\n"
        "    for path in sorted(pathlib.Path('cds_service', package).rglob('*.py')):\n"
        "        importlib.import_module('.'.join(path.with_suffix('').parts).removesuffix('.__init__'))\n"
        "json.dump(sorted(state()._stats), sys.stdout)\n"
    )
    folder = WORK / "functions" / "mutants"
    ran = subprocess.run([sys.executable, "-c", code], cwd=folder, check=True, capture_output=True, text=True)
    found = set(json.loads(ran.stdout))
    for package in PACKAGES:
        for path in (ROOT / "cds_service" / package).rglob("*.py"):
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            for function in _functions(ast.parse(path.read_text(encoding="utf-8"))):
                if any("cache" in ast.unparse(decorator) for decorator in function.decorator_list):
                    found.add(f"{module}.x_{function.name}")
    return frozenset(found)


def try_function(name: str) -> int:
    """One of mutmut's mutants in a process of its own."""
    folder = WORK / "functions" / "mutants"
    module = name.rpartition(".")[0].replace(".", "/")
    return _tests(folder, module, {"MUTANT_UNDER_TEST": name, "PY_IGNORE_IMPORTMISMATCH": "1"})


# --- values


def values() -> Iterator[Value]:
    """Every mutant outside functions."""
    for package in PACKAGES:
        for path in sorted((ROOT / "cds_service" / package).rglob("*.py")):
            yield from _values_of(path)


def _values_of(path: Path) -> Iterator[Value]:
    source = path.read_text(encoding="utf-8")
    left_alone = _left_alone(ast.parse(source))
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.start in left_alone or any(start <= token.start < end for start, end in left_alone.values()):
            continue
        for new in _other(token):
            yield Value(str(path.relative_to(ROOT)), *token.start, token.string, new)


def _left_alone(module: ast.Module) -> dict[tuple[int, int], tuple[tuple[int, int], tuple[int, int]]]:
    """Where functions, docstrings, type hints, decorators, imports, raw texts and citations' words stand."""
    found: dict[tuple[int, int], tuple[tuple[int, int], tuple[int, int]]] = {}

    def leave(node: ast.AST | None) -> None:
        if isinstance(node, ast.expr | ast.stmt):
            end = (node.end_lineno or node.lineno, node.end_col_offset or node.col_offset)
            found[node.lineno, node.col_offset] = ((node.lineno, node.col_offset), end)

    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.Import | ast.ImportFrom | ast.JoinedStr):
            leave(node)
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            for decorator in node.decorator_list:
                leave(decorator)
        if isinstance(node, ast.AnnAssign):
            leave(node.annotation)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            leave(node)
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "__all__" for t in node.targets):
            leave(node)
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "Value" for t in node.targets):
            leave(node)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "compile":
            leave(node)
        if isinstance(node, ast.keyword) and node.arg in ("citation", "identifier", "url", "version"):
            leave(node.value)
    return found


def _other(token: tokenize.TokenInfo) -> Iterator[str]:
    """What the token could be instead."""
    if token.type == tokenize.NAME and token.string in ("True", "False"):
        yield "False" if token.string == "True" else "True"
    elif token.type == tokenize.NUMBER:
        yield from _steps(token.string)
    elif token.type == tokenize.STRING and token.string.startswith('"') and not token.string.startswith('"""'):
        text = token.string[1:-1]
        number = _NUMBER.fullmatch(text)
        if number is None:
            yield f'"XX{text}"'
            return
        sign = number["sign"] or ""
        yield from (f'"{sign}{step}"' for step in _steps(number["number"]))
        if sign:
            yield f'"{sign[0]}{"" if "=" in sign else "="} {number["number"]}"'


def _steps(number: str) -> Iterator[str]:
    """One step up and one down, in the last place."""
    value = Decimal(number)
    step = Decimal(1).scaleb(int(value.as_tuple().exponent))
    yield str(value + step)
    if value:
        yield str(value - step)


def try_value(value: Value) -> int:
    """The tests against the copy with this one value."""
    path = WORK / "values" / value.file
    original = path.read_text(encoding="utf-8")
    lines = original.splitlines(keepends=True)
    line = lines[value.line - 1]
    lines[value.line - 1] = line[: value.column] + value.new + line[value.column + len(value.old) :]
    path.write_text("".join(lines), encoding="utf-8")
    try:
        return _tests(WORK / "values", str(path.relative_to(WORK / "values")), {})
    finally:
        path.write_text(original, encoding="utf-8")


def _tests(folder: Path, module: str, environment: dict[str, str]) -> int:
    """Pytest's exit code on the first failure, the folder that is nearest to the module first."""
    mirrored = Path("tests", *Path(module).parts[1:-1])
    first = next(str(near) for near in (mirrored, *mirrored.parents) if (ROOT / near).is_dir())
    return _pytest(folder, environment, first) or _pytest(folder, environment, *TESTS)


def _pytest(folder: Path, environment: dict[str, str], *tests: str) -> int:
    command = [sys.executable, "-m", "pytest", "-x", "-q", "--tb=no", "--rootdir=.", *PYTEST, *tests]
    command += [f"--ignore={path}" for path in NOT_RUN]
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1", **environment}
    try:
        ran = subprocess.run(command, cwd=folder, env=environment, check=False, capture_output=True, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return TIMEOUTS[0]
    return ran.returncode


# --- both


def status(code: int | None) -> str:
    """In a word."""
    if code is None:
        return "not run"
    if code in TIMEOUTS:
        return "timed out"
    return "survived" if code in (SURVIVED, NO_TESTS) else "killed"


def drawn(names: Iterable[str], share: float, seed: int) -> list[str]:
    """A sample of the names, the same for the same seed."""
    ordered = sorted(names)
    return sorted(random.Random(seed).sample(ordered, round(len(ordered) * share)))


def report(of: str, codes: dict[str, int | None]) -> None:
    """One line a folder."""
    for package in PACKAGES:
        found = Counter(status(code) for name, code in codes.items() if package in re.split(r"[./]", name)[:3])
        counts = ", ".join(f"{found[word]} {word}" for word in ("killed", "survived", "timed out", "not run"))
        sys.stdout.write(f"{of} of {package}/: {sum(found.values())} mutants: {counts}\n")


def check_functions(options: argparse.Namespace) -> dict[str, int | None]:
    """Try mutmut's mutants."""
    generate()
    names = [name for name in results() if fnmatch.fnmatch(name, options.only)]
    chosen = drawn(names, options.sample, options.seed)
    known = results()
    todo = [name for name in chosen if known[name] is None or options.only != "*"]
    if todo:
        everything = len(chosen) == len(known)
        mutmut("run", "--max-children", str(options.jobs), *(() if everything else todo))
    decided = WORK / "functions.json"
    own = json.loads(decided.read_text(encoding="utf-8")) if decided.is_file() else {}
    late = import_time()
    codes = results()
    for name in chosen:
        if codes[name] in (SURVIVED, NO_TESTS) and name.rpartition("__mutmut_")[0] in late:
            if name not in own or options.only != "*":
                own[name] = try_function(name)
                sys.stdout.write(f"{status(own[name])} {name}\n")
                decided.write_text(json.dumps(own, indent=1), encoding="utf-8")
            codes[name] = own[name]
    return {name: code if name in chosen else None for name, code in codes.items()}


def check_values(options: argparse.Namespace) -> dict[str, int | None]:
    """Try ours."""
    found = {value.name: value for value in values() if fnmatch.fnmatch(value.name, options.only)}
    decided = WORK / "values.json"
    codes = json.loads(decided.read_text(encoding="utf-8")) if decided.is_file() else {}
    for name in drawn(found, options.sample, options.seed):
        if name not in codes or options.only != "*":
            codes[name] = try_value(found[name])
            sys.stdout.write(f"{status(codes[name])} {name}\n")
            sys.stdout.flush()
            decided.write_text(json.dumps(codes, indent=1), encoding="utf-8")
    return {name: codes.get(name) for name in found}


def main() -> int:
    """Run and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=float, default=1.0, help="share of the mutants to try, 0 to 1")
    parser.add_argument("--seed", type=int, default=1, help="of the sample")
    parser.add_argument("--jobs", type=int, default=1, help="mutants at a time")
    parser.add_argument("--only", default="*", help="mutants whose names match, tried again")
    parser.add_argument("--kind", choices=("functions", "values"), help="only this kind")
    parser.add_argument("--show", metavar="NAME", help="print one of mutmut's mutants as a diff")
    parser.add_argument("--fresh", action="store_true", help="forget earlier results")
    options = parser.parse_args()
    if options.show:
        mutmut("show", options.show)
        sys.stdout.write((WORK / "mutmut.log").read_text(encoding="utf-8"))
        return 0
    if options.fresh:
        shutil.rmtree(WORK, ignore_errors=True)
    stage()
    checks = {"functions": check_functions, "values": check_values}
    outcome = {kind: check(options) for kind, check in checks.items() if options.kind in (None, kind)}
    for codes in outcome.values():
        for name in sorted(name for name, code in codes.items() if status(code) == "survived"):
            sys.stdout.write(f"survived {name}\n")
    for kind, codes in outcome.items():
        report(kind, codes)
    return 0


if __name__ == "__main__":
    sys.exit(main())
