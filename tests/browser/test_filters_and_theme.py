"""Period, metric and account are in the address; light, dark and paper are the reader's choice."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from browser.conftest import Open
from browser.site import Site

pytestmark = pytest.mark.browser


def test_a_preset_changes_the_period_and_nothing_else(open_page: Open, site: Site) -> None:
    page = open_page(f"{site.url}/?metric=amortized&q=worker-1")
    page.locator("#filters > summary").click()
    expect(page.locator("#filters [aria-current]")).to_have_text("30 days")
    page.get_by_role("link", name="7 days").click()
    expect(page.locator("#figures h2").first).to_have_text("Spent in 7 days")
    assert "metric=amortized" in page.url
    assert "q=worker-1" in page.url


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_the_filters_are_a_plain_form(open_page: Open, site: Site, scripts: bool) -> None:
    page = open_page(site.url, java_script_enabled=scripts)
    whole = page.locator("#figures .value").first.inner_text()
    page.locator("#filters > summary").click()
    page.locator("#filters").get_by_label("Account").select_option("111122223333")
    page.locator("#filters [name=metric]").select_option("net_amortized")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("#filters > summary")).to_contain_text("net amortized · account 111122223333")
    assert page.locator("#figures .value").first.inner_text() != whole


def test_an_account_of_the_bill_is_a_filter(open_page: Open, site: Site) -> None:
    page = open_page(site.url)
    page.get_by_role("link", name="Production").click()
    expect(page.locator("#filters > summary")).to_contain_text("account 111122223333")


def test_a_chosen_scheme_is_kept_and_the_charts_follow(open_page: Open, site: Site) -> None:
    page = open_page(site.url, color_scheme="light")
    page.wait_for_function("() => Boolean(window.Chart?.getChart('services-chart'))")
    colour = "Chart.getChart('services-chart').data.datasets[0].backgroundColor[0]"
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(colour), page.evaluate(ground)
    page.locator("#look > summary").click()
    page.get_by_role("radio", name="Dark").check()
    dark = page.evaluate(colour), page.evaluate(ground)
    assert light[0] != dark[0]
    assert light[1] != dark[1]
    page.reload()
    assert page.evaluate(ground) == dark[1]
    page.locator("#look > summary").click()
    page.get_by_role("radio", name="System").check()
    assert page.evaluate(ground) == light[1]


def test_paper_is_white_and_without_controls(open_page: Open, site: Site) -> None:
    page = open_page(site.url, color_scheme="dark")
    page.emulate_media(media="print")
    expect(page.locator(".top")).to_be_hidden()
    expect(page.locator(".find")).to_be_hidden()
    expect(page.locator(".reconcile")).to_be_visible()
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.card')).backgroundColor")
        == "rgb(255, 255, 255)"
    )


def test_forced_colours_keep_the_page_readable(open_page: Open, site: Site) -> None:
    page = open_page(site.url, forced_colors="active")
    expect(page.locator(".figures .value").first).to_be_visible()
    assert (
        page.locator(".swatch").first.evaluate("each => getComputedStyle(each).forcedColorAdjust") == "none"
    )


def test_high_contrast_and_density_are_kept_and_follow_each_other(open_page: Open, site: Site) -> None:
    page = open_page(f"{site.url}/settings", color_scheme="light")
    ground, text = (f"getComputedStyle(document.body).{each}" for each in ("backgroundColor", "color"))
    roomy = page.locator("td").first.bounding_box()
    page.locator("main").get_by_role("radio", name="High contrast").check()
    page.locator("main").get_by_role("radio", name="Compact").check()
    page.goto(site.url)
    assert [page.evaluate(ground), page.evaluate(text)] == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]
    page.locator("#look > summary").click()
    expect(page.get_by_role("radio", name="High contrast")).to_be_checked()
    page.goto(f"{site.url}/settings")
    compact = page.locator("td").first.bounding_box()
    assert roomy is not None
    assert compact is not None
    assert compact["height"] < roomy["height"]


def test_a_system_that_asks_for_contrast_gets_it(open_page: Open, site: Site) -> None:
    page = open_page(site.url, color_scheme="dark", contrast="more")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(0, 0, 0)"
