"""The cost page in a browser: a plain form, marks that lead to what is behind them, no axe finding."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from browser.conftest import Open
from browser.site import Site
from browser.tools import axe_source
from plainbill.model.period import utc_now

pytestmark = pytest.mark.browser

ADDRESSES = (
    "/cost",
    "/cost?granularity=monthly&group=account&per_day=true",
    "/cost?service=AWS+Lambda",
    "/cost?group=account&view=treemap",
    "/changes",
)
DEAR_DAY = 11
"""The day of each month on which the company pays twice as much."""


def yesterday_and_before(days: int) -> date:
    return utc_now().date() - timedelta(days=days + 1)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_question_is_a_plain_form_and_an_address(open_page: Open, site: Site, scripts: bool) -> None:
    page = open_page(f"{site.url}/cost", java_script_enabled=scripts)
    page.locator("#granularity").select_option("monthly")
    page.locator("#service").select_option("AWS Lambda")
    page.get_by_role("button", name="Show", exact=True).click()
    page.wait_for_url("**/cost?*service=AWS+Lambda*")
    expect(page.locator("#rows-title")).to_contain_text("By account")
    expect(page.locator(".reconcile")).to_contain_text("a part of the bill")
    page.get_by_role("link", name="AWS Lambda").click()
    expect(page.locator("#rows-title")).to_contain_text("By service")


def test_a_row_leads_to_what_is_behind_it(open_page: Open, site: Site) -> None:
    page = open_page(f"{site.url}/cost", java_script_enabled=False)
    page.locator(".cost-rows").get_by_role("link", name="AWS Lambda").click()
    page.locator(".cost-rows tbody a").first.click()
    expect(page.locator(".cost-rows tbody tr")).to_have_count(1)


def test_a_mark_leads_where_its_row_of_the_table_does(open_page: Open, site: Site) -> None:
    page = open_page(f"{site.url}/cost")
    page.locator("#days-chart").scroll_into_view_if_needed()
    page.wait_for_function("() => Boolean(window.Chart?.getChart('days-chart'))")
    day = page.locator("#days-table tbody tr").nth(3).get_attribute("data-day")
    x = page.evaluate("Chart.getChart('days-chart').scales.x.getPixelForValue(3)")
    page.locator("#days-chart").click(position={"x": x, "y": 150})
    page.wait_for_url(f"**/cost?start={day}&end=*&granularity=daily")


def test_why_it_changed_needs_no_script_and_leads_to_the_rows(open_page: Open, site: Site) -> None:
    dear = next(day for day in map(yesterday_and_before, range(31)) if day.day == DEAR_DAY)
    query = f"?start={dear}&end={dear + timedelta(days=1)}"
    page = open_page(f"{site.url}/changes{query}", java_script_enabled=False)
    expect(page.locator(".bridge tbody tr.sum")).to_have_count(2)
    page.locator(".bridge tbody tr:not(.sum) a").first.click()
    page.locator("details[open] .parts tbody a").first.click()
    expect(page.get_by_role("heading", name="Cost", exact=True)).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing_and_nothing_overflows(
    open_page: Open, site: Site, scheme: str, width: int
) -> None:
    for address in ADDRESSES:
        page = open_page(site.url + address, color_scheme=scheme, viewport={"width": width, "height": 900})
        for details in page.locator("details").all():
            details.evaluate("each => each.open = true")
        page.evaluate(axe_source())
        found = page.evaluate(
            "axe.run().then(all => all.violations.map(({id, nodes}) => [id, nodes.map(each => each.html)]))"
        )
        assert found == [], address
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, address
