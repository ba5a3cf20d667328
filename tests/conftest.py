"""Options of the whole suite."""

from __future__ import annotations

import pytest

from browser.tools import find_chromium


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--no-browser", action="store_true", help="leave out the tests that need a real browser")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Browser tests are left out only when asked, and then by name (deselected), never skipped in silence."""
    if not config.getoption("--no-browser"):
        return
    left_out = [item for item in items if item.get_closest_marker("browser")]
    items[:] = [item for item in items if not item.get_closest_marker("browser")]
    config.hook.pytest_deselected(items=left_out)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which browser was taken, when one was."""
    ran = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    if any("browser" in report.keywords for report in ran if isinstance(report, pytest.TestReport)):
        terminalreporter.write_line(f"browser {find_chromium().found}")
