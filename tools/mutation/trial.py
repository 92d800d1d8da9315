"""Mutants against the tests: a plugin of pytest's, and one process for each mutant."""

import gc
import os
import pickle
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType, FunctionType

import coverage
import prometheus_client
import pytest
from mutants import Mutant

KILLED, SURVIVED, NOT_DECIDED = "killed", "survived", "not decided"
IMPORTED = ""
"""What coverage calls the time before the first test."""
OURS = ("cds_service", "tests")
QUICK = 0.1
"""Seconds of CPU time; a slower test comes after all that are not."""
FOR_IMPORTS = 20
"""Seconds of CPU time, for importing modules and tests anew."""


class UntilOneFails:
    """In a mutant's process: the first failure ends it. With names, the tests are those, in that order."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        """With the names of the tests; none: whatever is run."""
        self.places = {name: place for place, name in enumerate(names)}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Of all tests in the files, those."""
        named = [item for item in items if item.nodeid in self.places]
        items[:] = sorted(named, key=lambda item: self.places[item.nodeid])

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """What cannot be imported fails too."""
        if report.failed:
            os._exit(1)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test."""
        if report.failed:
            os._exit(1)


class Trial:
    """Takes the place of pytest's loop: learns from one run of the tests, and tries the mutants."""

    def __init__(self, mutants: list[Mutant], root: Path, arguments: list[str], seconds: int, listed: Path) -> None:
        """With what pytest is started with, where it has to be started anew, and the time for one mutant."""
        self.mutants, self.root, self.arguments = mutants, root, arguments
        self.seconds, self.listed = seconds, listed
        self.outcomes: dict[str, str] = {}
        self.failed: set[str] = set()
        self.coverage = coverage.Coverage(data_file=None, config_file=False, include=[f"{root}/cds_service/*"])
        self.coverage.start()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test that fails as things are says nothing of a mutant."""
        if report.failed:
            self.failed.add(report.nodeid)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """In a process that has run the tests, and so has its caches filled; then in this one, which has not."""
        self.items = {item.nodeid: item for item in session.items}
        found = [function for function in gc.get_objects() if isinstance(function, FunctionType)]
        self.functions = {_place(function.__code__): function for function in found}
        with tempfile.TemporaryFile(buffering=0) as told:
            self._forked(lambda: told.write(pickle.dumps(self._warm(session))), None)
            told.seek(0)
            self.taken, self.reached, self.outcomes = pickle.load(told)  # noqa: S301 - our own
        self._only_until_one_fails(session)
        for mutant in self.mutants:
            if mutant.function and mutant.name not in self.outcomes:
                outcome = self._forked(partial(self._in_place, mutant, self._module(mutant)), self.seconds)
                if outcome != SURVIVED or IMPORTED not in self._reaching(mutant):
                    self._say(mutant, outcome)
        for mutant in self.mutants:
            if mutant.name not in self.outcomes:
                self._say(mutant, self._forked(partial(self._imported, mutant), self.seconds + FOR_IMPORTS))
        return True

    def _warm(
        self, session: pytest.Session
    ) -> tuple[dict[str, float], dict[Path, dict[int, list[str]]], dict[str, str]]:
        """How long each test takes, which of them reach each line, and what they kill."""
        taken: dict[str, float] = {}
        for item, following in zip(session.items, [*session.items[1:], None], strict=True):
            self.coverage.switch_context(item.nodeid)
            start = time.process_time()
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            taken[item.nodeid] = time.process_time() - start
        self.coverage.stop()
        self.taken = {name: seconds for name, seconds in taken.items() if name not in self.failed}
        data = self.coverage.get_data()
        self.reached = {path: data.contexts_by_lineno(str(path)) for path in {mutant.path for mutant in self.mutants}}
        self._only_until_one_fails(session)
        for mutant in self.mutants:
            if mutant.function:
                names = self._ordered(mutant, self._reaching(mutant))
                outcome = self._forked(partial(self._in_place, mutant, names), self.seconds)
                if outcome == KILLED:
                    self._say(mutant, outcome)
        return self.taken, self.reached, self.outcomes

    def _only_until_one_fails(self, session: pytest.Session) -> None:
        session.config.pluginmanager.unregister(self)
        session.config.pluginmanager.register(UntilOneFails())
        self.coverage.stop()
        gc.freeze()

    def _say(self, mutant: Mutant, outcome: str) -> None:
        self.outcomes[mutant.name] = outcome
        with self.listed.open("a", encoding="utf-8") as listed:
            listed.write(f"{outcome} {mutant.name}\n")

    def _reaching(self, mutant: Mutant) -> set[str]:
        """The tests that reach the statement; ``IMPORTED`` where it is run on import."""
        lines = self.reached[mutant.path]
        return {name for line in mutant.lines for name in lines.get(line, ())} or {IMPORTED}

    def _module(self, mutant: Mutant) -> list[str]:
        """The tests that reach anything of the module; where that is nothing once it is imported, all."""
        names = self._ordered(mutant, (name for reaching in self.reached[mutant.path].values() for name in reaching))
        return names or self._ordered(mutant, self.taken)

    def _ordered(self, mutant: Mutant, names: Iterable[str]) -> list[str]:
        """The quick before the slow and those of its folder before others, without those that fail as things are."""
        near = str(Path("tests", *mutant.path.relative_to(self.root).parts[1:-1]))
        known = self.taken.keys() & set(names)
        return sorted(known, key=lambda name: (self.taken[name] > QUICK, not name.startswith(near), self.taken[name]))

    def _in_place(self, mutant: Mutant, names: list[str]) -> None:
        """Run the tests with the function given its changed code."""
        place = (str(mutant.path), mutant.first_line, mutant.function.name)
        self.functions[place].__code__ = next(code for code in _codes(mutant.code()) if _place(code) == place)
        for name, following in zip(names, [*names[1:], None], strict=True):
            item = self.items[name]
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=self.items.get(following))

    def _imported(self, mutant: Mutant) -> None:
        """Run the tests with everything imported anew, and the module changed."""
        for name in [name for name in sys.modules if name.split(".")[0] in OURS]:
            del sys.modules[name]
        prometheus_client.REGISTRY = prometheus_client.CollectorRegistry()
        changed, get_code = mutant.code(), SourceFileLoader.get_code
        SourceFileLoader.get_code = lambda loader, name: (
            changed if loader.path == str(mutant.path) else get_code(loader, name)
        )
        names = self._module(mutant)
        files = sorted({str(self.root / name.split("::")[0]) for name in names})
        if pytest.main([*self.arguments, *files], plugins=[UntilOneFails(names)]):
            os._exit(1)  # what a conftest cannot import is no failure of a test

    def _forked(self, run: Callable[[], None], seconds: int | None) -> str:
        """What came of a process of its own."""
        child = os.fork()
        if not child:
            status = 1
            try:
                if seconds is not None:
                    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))
                    signal.alarm(60 * seconds)  # one that waits
                run()
                status = 0
            finally:
                os._exit(status)
        _, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status):
            return NOT_DECIDED
        return KILLED if os.WEXITSTATUS(status) else SURVIVED


def _place(code: CodeType) -> tuple[str, int, str]:
    return code.co_filename, code.co_firstlineno, code.co_name


def _codes(code: CodeType) -> Iterator[CodeType]:
    """A module's code and all within it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)
