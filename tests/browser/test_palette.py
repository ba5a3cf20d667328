"""Everything with a name is a few keys away, and without a script a page away."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from browser.conftest import Open
from browser.site import Site
from browser.tools import axe_source

pytestmark = pytest.mark.browser


def test_the_palette_is_a_combobox_that_leads_on_by_keyboard(open_page: Open, site: Site) -> None:
    page = open_page(site.url)
    page.keyboard.press("Control+k")
    box = page.get_by_role("combobox", name="Search")
    expect(box).to_be_focused()
    expect(page.locator("#palette-list li").first).to_contain_text("Overview")
    page.keyboard.type("set")
    expect(page.locator("#palette-list li").first).to_contain_text("Settings")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    chosen = page.locator("#palette-list [aria-selected=true]")
    expect(chosen).to_have_count(1)
    assert box.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    page.evaluate(axe_source())
    assert page.evaluate("axe.run().then(found => found.violations.map(each => each.id))") == []
    page.keyboard.press("Enter")
    page.wait_for_url("**/settings")


def test_keys_lead_to_pages_and_escape_leaves_things_alone(open_page: Open, site: Site) -> None:
    page = open_page(site.url)
    page.keyboard.press("/")
    page.keyboard.type("no such name")
    expect(page.locator("#palette-note")).to_contain_text("Nothing has these words")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    page.keyboard.press("g")
    page.keyboard.press("f")
    page.wait_for_url("**/findings")


def test_without_a_script_search_is_a_page(open_page: Open, site: Site) -> None:
    page = open_page(site.url, java_script_enabled=False)
    page.get_by_role("link", name="Search").click()
    page.get_by_role("searchbox", name="Words").fill("Production")
    page.get_by_role("button", name="Search").click()
    page.locator(".hits a").first.click()
    expect(page.locator("h1")).to_have_text("Cost")
