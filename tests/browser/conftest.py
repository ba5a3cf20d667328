"""A browser for all, a page for each; every page that opens is watched for whatever it should not do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page

from browser.company import fill, home_at
from browser.site import Site, served
from browser.tools import launched

WATCH = """addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`))"""

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for each file: a second playwright cannot start while this one runs."""
    with launched() as running:
        yield running


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A company whose last refresh was complete; tests leave it as it is."""
    home = home_at(tmp_path_factory.mktemp("company"))
    fill(home)
    with served(home) as running:
        yield running


@pytest.fixture
def contexts() -> Iterator[list[BrowserContext]]:
    """The browser windows of a test, closed at its end."""
    opened: list[BrowserContext] = []
    yield opened
    for context in opened:
        context.close()


@pytest.fixture
def own_site(tmp_path: Path, contexts: list[BrowserContext]) -> Iterator[Site]:
    """A home of the test's own, still empty; its pages close before it does."""
    with served(home_at(tmp_path)) as running:
        yield running
        for context in contexts:
            context.close()


@pytest.fixture
def open_page(browser: Browser, contexts: list[BrowserContext]) -> Iterator[Open]:
    """Open addresses; at the end no page may have logged an error, broken the policy or shown a dialog.

    ``expected`` is a part of the message of the one error that a test provokes.
    """
    faults: list[str] = []
    allowed: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not any(part in message.text for part in allowed):
            faults.append(f"{message.type}: {message.text}")

    def refuse(dialog: Dialog) -> None:
        faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def open_one(url: str, *, expected: str | None = None, **options: Any) -> Page:
        allowed.extend([expected] if expected else [])
        settings = {"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce", **options}
        context = browser.new_context(**settings)
        context.set_default_timeout(15_000)
        context.add_init_script(WATCH)
        contexts.append(context)
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: faults.append(f"thrown: {error}"))
        page.on("dialog", refuse)
        page.goto(url)
        return page

    yield open_one
    assert faults == []
