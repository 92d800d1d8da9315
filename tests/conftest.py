"""What holds for all tests: nothing of the developer's environment, and no silent skips where all must run."""

import os
from collections.abc import Generator, Iterator

import hypothesis
import pytest
import structlog
from prometheus_client import values

pytest_plugins = ("tests.fixtures",)

REQUIRE_ALL = "REQUIRE_ALL_TESTS"
"""Set where everything a test can need is installed (continuous integration): a skip is a failure there."""

NEEDS = ("browser", "postgresql", "spark", "helm", "promtool")
"""The markers of tests that need a program besides Python: each says which."""

hypothesis.settings.register_profile("project", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.load_profile("project")


@pytest.fixture(autouse=True)
def _no_settings_of_the_developer(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("CDS_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv(
        "PROMETHEUS_MULTIPROC_DIR", ""
    )  # so that one a test sets is taken back, with what follows from it
    monkeypatch.delenv("PROMETHEUS_MULTIPROC_DIR")
    monkeypatch.setattr(values, "ValueClass", values.ValueClass)


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    """A test that configures logging writes to its own captured streams; nobody else may."""
    yield
    structlog.reset_defaults()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that needs another program and could not run fails where everything is required."""
    report = yield
    needs = [name for name in NEEDS if item.get_closest_marker(name)]
    if os.environ.get(REQUIRE_ALL) and needs and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
        report.outcome = "failed"
        report.longrepr = f"{REQUIRE_ALL} is set, yet this {needs[0]} test was skipped: {reason}"
    return report
