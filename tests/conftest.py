"""Options of the whole suite."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import pytest
from hypothesis import settings

from browser.tools import find_chromium

settings.register_profile("untimed", settings(), deadline=None)
settings.load_profile("untimed")  # how long an example takes says how busy the machine is

_BEFORE = pytest.StashKey[dict[str, str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--no-browser", action="store_true", help="leave out the tests that need a real browser")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Browser tests are left out only when asked, and then by name (deselected), never skipped in silence."""
    if not config.getoption("--no-browser"):
        return
    left_out = [item for item in items if item.get_closest_marker("browser")]
    items[:] = [item for item in items if not item.get_closest_marker("browser")]
    config.hook.pytest_deselected(items=left_out)


@pytest.fixture(autouse=True)
def forgetful() -> Iterator[None]:
    """Let go of each test's dashboards: FastAPI remembers 4,096 endpoints, with all that they serve."""
    yield
    if models := sys.modules.get("fastapi.dependencies.models"):
        for remembering in [one for one in vars(models).values() if hasattr(one, "cache_clear")]:
            remembering.cache_clear()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """A file leaves the environment as the suite found it: the settings of the tests after it are read there.

    By then the file's own fixtures are gone, and those of the session may hold nothing of it open.
    """
    yield
    if nextitem is None or nextitem.path != item.path:
        left = {name for name, _ in _environment().items() ^ item.config.stash[_BEFORE].items()}
        assert not left, f"{item.path.name} left in the environment: {', '.join(sorted(left))}"


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_BEFORE] = _environment()


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.startswith(("AWS_", "PLAINBILL_"))}


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which browser was taken, when one was."""
    ran = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    if any("browser" in report.keywords for report in ran if isinstance(report, pytest.TestReport)):
        terminalreporter.write_line(f"browser {find_chromium().found}")
