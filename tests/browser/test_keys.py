"""The page can be used without a mouse, and the shortcuts never get into the way of typing."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from browser.conftest import Open
from browser.site import Site

pytestmark = pytest.mark.browser


def test_keys_typed_into_a_field_are_text(open_page: Open, site: Site) -> None:
    page = open_page(site.url)
    page.locator("#q").focus()
    page.keyboard.type("jr?/egf")
    expect(page.locator("#q")).to_have_value("jr?/egf")
    expect(page.locator("#help, #palette").first).to_be_hidden()
    expect(page.locator("#palette")).to_be_hidden()
    assert site.refresher.starts == 0


def test_shortcuts_can_be_switched_off_and_stay_off(open_page: Open, site: Site) -> None:
    page = open_page(site.url)
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
    page.get_by_label("Single-key shortcuts on").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    page.keyboard.press("f")
    expect(page.locator("#q")).not_to_be_focused()
    page.get_by_role("button", name="Help").click()
    expect(page.get_by_label("Single-key shortcuts on")).not_to_be_checked()


def test_f_filters_and_question_mark_helps(open_page: Open, site: Site) -> None:
    page = open_page(site.url)
    page.keyboard.press("f")
    expect(page.locator("#q")).to_be_focused()
    page.locator("#q").blur()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys and words")).to_be_visible()
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_j_and_k_walk_the_rows(open_page: Open, site: Site) -> None:
    page = open_page(site.url)
    rows = page.locator(".instances tbody tr")
    page.keyboard.press("j")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(rows.nth(0)).to_be_focused()


def test_r_refreshes(open_page: Open, own_site: Site) -> None:
    page = open_page(own_site.url)
    with page.expect_response("**/api/refresh"):
        page.keyboard.press("r")
    expect(page.locator("#refresh")).to_be_disabled()
    assert own_site.refresher.starts == 1


def test_tab_reaches_everything_and_shows_where_it_is(open_page: Open, site: Site) -> None:
    page = open_page(site.url)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the figures")).to_be_focused()
    seen = set()
    for _ in range(160):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break  # the end of the page
        seen.add(page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"))
        marked = page.evaluate(
            """() => [document.activeElement, document.activeElement.nextElementSibling]
              .some(each => each && getComputedStyle(each).outlineStyle !== "none")"""
        )
        assert marked, page.evaluate("document.activeElement.outerHTML")
    assert {"refresh", "help-open", "cpu_average", "cpu_maximum", "days", "q", "region", "sort-name"} <= seen


def test_the_filters_close_by_escape_and_give_the_focus_back(open_page: Open, site: Site) -> None:
    page = open_page(site.url)
    page.locator("#filters > summary").click()
    page.locator("#filters input[name=start]").focus()
    page.keyboard.press("Escape")
    expect(page.locator("#filters .panel")).to_be_hidden()
    expect(page.locator("#filters > summary")).to_be_focused()
