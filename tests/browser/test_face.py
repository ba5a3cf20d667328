"""Settings, report and search are whole at every width and theme; eleven pages fit the navigation."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from browser.conftest import Open
from browser.site import Site
from browser.tools import axe_source

pytestmark = pytest.mark.browser

RUN_AXE = "axe.run().then(found => found.violations.map(({id, nodes}) => [id, nodes.map(each => each.html)]))"
OVERFLOW = "document.documentElement.scrollWidth - innerWidth"
ELEVEN = (
    "Overview", "Cost", "Changes", "Findings", "What-if", "Commitments", "Budgets", "Showback", "Anomalies",
    "Coverage", "Settings",
)  # fmt: skip


def in_theme(page: Page, theme: str) -> None:
    page.evaluate("theme => localStorage.setItem('plainbill-theme', theme)", theme)


@pytest.mark.parametrize(
    ("theme", "scheme", "width"),
    [
        ("light", "light", 1280),
        ("dark", "light", 390),
        ("contrast", "light", 390),
        ("contrast", "dark", 1280),
    ],
)
def test_axe_finds_nothing_and_nothing_overflows(
    open_page: Open, site: Site, theme: str, scheme: str, width: int
) -> None:
    page = open_page(
        f"{site.url}/search?q=worker", color_scheme=scheme, viewport={"width": width, "height": 900}
    )
    in_theme(page, theme)
    for path in ("/settings", "/report", "/", "/search?q=worker", "/showback?by=account&types=Credit"):
        page.goto(site.url + path)
        page.evaluate(axe_source())
        assert page.evaluate(RUN_AXE) == [], path
        assert page.evaluate(OVERFLOW) <= 0, path


@pytest.mark.parametrize("width", [1600, 1280, 1024, 768, 400, 360])
def test_eleven_pages_fit_the_navigation(open_page: Open, site: Site, width: int) -> None:
    page = open_page(f"{site.url}/settings", viewport={"width": width, "height": 900})
    page.evaluate(
        """names => {
          const list = document.querySelector(".places ul"), one = list.querySelector("li");
          list.replaceChildren(...names.map(name => {
            const made = one.cloneNode(true);
            made.querySelector("a").textContent = name;
            return made;
          }));
        }""",
        list(ELEVEN),
    )
    boxes = [link.bounding_box() for link in page.locator(".places a").all()]
    seen = [box for box in boxes if box is not None]
    assert len(seen) == len(ELEVEN)
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= width for box in seen)
    assert len({(round(box["x"]), round(box["y"])) for box in seen}) == len(ELEVEN)
    assert page.evaluate(OVERFLOW) <= 0
    rows = len({round(box["y"]) for box in seen})
    assert rows <= (1 if width >= 1024 else 2 if width >= 700 else 4)


def test_paper_has_no_controls_and_cuts_nothing(open_page: Open, site: Site) -> None:
    page = open_page(f"{site.url}/settings", color_scheme="dark", viewport={"width": 720, "height": 1000})
    page.emulate_media(media="print")
    for path in ("/settings", "/report", "/findings", "/cost", "/coverage", "/showback"):
        page.goto(site.url + path)
        assert [each for each in page.locator("button, select, nav, .look").all() if each.is_visible()] == []
        cut = page.evaluate(
            """() => [...document.querySelectorAll("main td, main th, main p")]
              .filter(each => each.checkVisibility() && each.getBoundingClientRect().right > innerWidth + 1
                && getComputedStyle(each.closest("thead") ?? each).position !== "absolute")
              .map(each => each.outerHTML.slice(0, 100))"""
        )
        assert cut == [], path
