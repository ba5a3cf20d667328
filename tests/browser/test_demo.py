"""The demo company on the first screen, as a newcomer sees it; its picture is the README's."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import Open
from browser.site import Site, served
from browser.tools import REPOSITORY, axe_source
from e2e.process import environment, plainbill
from plainbill.demo.server import DemoEndpoint
from plainbill.storage import Home

pytestmark = pytest.mark.browser

PICTURE = REPOSITORY / "docs" / "images" / "overview.png"
HEAVIEST = 200_000  # bytes over the wire for the first view, Chart.js included


@pytest.fixture(scope="module")
def demo_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    home = tmp_path_factory.mktemp("demo")
    with DemoEndpoint() as endpoint:
        done = plainbill("refresh", "--json", env=environment(endpoint, home))
        assert done.returncode == 0, done.stderr
    with served(Home(home)) as running:
        yield running


def drawn(page: Page) -> None:
    for name in ("days-chart", "services-chart"):
        page.wait_for_function("name => Boolean(window.Chart?.getChart(name))", arg=name)


def test_the_demo_reconciles_and_judges_before_the_readers_eyes(open_page: Open, demo_site: Site) -> None:
    page = open_page(demo_site.url)
    expect(page.locator(".difference")).to_have_text("$0.00")
    expect(page.locator("#records-title ~ .pair")).to_contain_text("SavingsPlanNegation")
    expect(page.locator(".instances .cpu")).to_have_count(25)
    expect(page.locator("#spent")).to_contain_text("ce:GetCostAndUsage")
    page.get_by_label("Highest CPU threshold in percent").fill("0")
    expect(page.locator("#sentence")).to_contain_text(re.compile(r"\b0 of \d+ running instances look idle"))


def test_the_demo_is_accessible_and_light(open_page: Open, demo_site: Site) -> None:
    page = open_page(demo_site.url)
    drawn(page)
    page.wait_for_load_state("networkidle")
    weight = page.evaluate(
        """() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
          .reduce((sum, each) => sum + each.transferSize, 0)"""
    )
    assert 0 < weight < HEAVIEST
    page.evaluate(axe_source())
    assert page.evaluate("axe.run().then(found => found.violations.map(each => each.id))") == []


def test_the_picture_of_the_readme_is_of_this_page(open_page: Open, demo_site: Site, tmp_path: Path) -> None:
    page = open_page(demo_site.url, viewport={"width": 1440, "height": 2400}, color_scheme="light")
    drawn(page)
    target = PICTURE if os.environ.get("PLAINBILL_WRITE_SCREENSHOT") == "1" else tmp_path / "overview.png"
    target.parent.mkdir(parents=True, exist_ok=True)
    last = page.locator(".records").bounding_box()
    assert last is not None
    page.screenshot(path=target, clip={"x": 0, "y": 0, "width": 1440, "height": last["y"] + last["height"]})
    assert target.stat().st_size > 50_000
