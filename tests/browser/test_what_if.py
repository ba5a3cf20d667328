"""What-if in a browser: a plain form, an address that holds it all, and nothing that axe objects to."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from browser.company import BUSY, IDLE, YOUNG
from browser.conftest import Open
from browser.site import Site
from browser.tools import axe_source

pytestmark = pytest.mark.browser

QUESTION = "/what-if?check=ec2_instance_idle&look_back_days=7&min_coverage=0.8"
SHORT = "/what-if?check=ec2_instance_idle&look_back_days=7"
ADDRESSES = ("/what-if", QUESTION, "/what-if?check=ec2_instance_idle&min_coverage=1", "/what-if/idle-rules")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_question_is_a_plain_form_and_an_address(open_page: Open, site: Site, scripts: bool) -> None:
    page = open_page(f"{site.url}/checks", java_script_enabled=scripts)
    page.locator("#ec2_instance_idle").get_by_role("link", name="What if").click()
    expect(page.locator("#answer")).to_contain_text("These are the usual thresholds")
    page.locator("#set-look_back_days").fill("7")
    page.get_by_role("button", name="Work it out").click()
    page.wait_for_url(f"{site.url}{SHORT}{'' if scripts else '&*'}")
    expect(page.locator("#set-look_back_days")).to_have_value("7")
    expect(page.locator("#answer")).to_contain_text("would stay with another saving or confidence")
    page.get_by_role("link", name="Back to the usual thresholds").click()
    expect(page.locator("#set-look_back_days")).to_have_value("28")


@pytest.mark.parametrize("scripts", [True, False])
def test_another_check_begins_with_its_own_thresholds(open_page: Open, site: Site, scripts: bool) -> None:
    page = open_page(f"{site.url}{QUESTION}", java_script_enabled=scripts)
    page.locator("#check").select_option("ebs_volume_unattached")
    page.get_by_role("button", name="Choose").click()
    page.wait_for_url(f"{site.url}/what-if?check=ebs_volume_unattached")
    expect(page.locator("#set-min_age_days")).to_have_value("7")


def test_a_slider_moves_its_number_and_the_answer_and_the_address(open_page: Open, site: Site) -> None:
    page = open_page(f"{site.url}/what-if")
    page.wait_for_load_state("load")
    slider, number = page.get_by_label("look_back_days, slider"), page.locator("#set-look_back_days")
    expect(slider).to_have_value("28")
    with page.expect_response(lambda answer: "look_back_days=27" in answer.url):
        slider.focus()
        page.keyboard.press("ArrowLeft")
    expect(number).to_have_value("27")
    page.wait_for_url(f"{site.url}/what-if?check=ec2_instance_idle&look_back_days=27")
    expect(page.locator("#outcome")).to_contain_text("no busy day in the last 27 days")
    expect(page.locator("#announce")).not_to_be_empty()
    expect(slider).to_be_focused()


def test_a_number_moves_its_slider_and_can_be_reset(open_page: Open, site: Site) -> None:
    page = open_page(site.url + SHORT)
    page.wait_for_load_state("load")
    slider, number = page.get_by_label("look_back_days, slider"), page.locator("#set-look_back_days")
    number.fill("14")
    expect(slider).to_have_value("14")
    page.wait_for_url(f"{site.url}/what-if?check=ec2_instance_idle&look_back_days=14")
    page.get_by_role("button", name="Reset look_back_days to 28").click()
    expect(number).to_have_value("28")
    expect(slider).to_have_value("28")
    page.wait_for_url(f"{site.url}/what-if?check=ec2_instance_idle")
    expect(page.locator("#answer")).to_contain_text("These are the usual thresholds")


def test_without_a_script_there_are_numbers_only(open_page: Open, site: Site) -> None:
    page = open_page(site.url + SHORT, java_script_enabled=False)
    expect(page.locator("#set-look_back_days")).to_be_visible()
    expect(page.locator("input[type=range]").first).to_be_hidden()
    expect(page.get_by_role("button", name="Reset")).to_have_count(0)


def test_every_rule_counts_every_instance(open_page: Open, site: Site) -> None:
    page = open_page(f"{site.url}/what-if")
    page.get_by_role("link", name="Where the idle rules disagree").click()
    expect(page.locator(".sentence")).to_contain_text(f"{IDLE + BUSY + YOUNG} running instances")
    expect(
        page.get_by_role("navigation", name="Pages").get_by_role("link", name="What-if")
    ).to_have_attribute("aria-current", "true")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 1024, 390, 360])
def test_axe_finds_nothing_and_nothing_overflows(
    open_page: Open, site: Site, scheme: str, width: int
) -> None:
    for address in ADDRESSES:
        page = open_page(site.url + address, color_scheme=scheme, viewport={"width": width, "height": 900})
        page.evaluate(axe_source())
        found = page.evaluate(
            "axe.run().then(all => all.violations.map(({id, nodes}) => [id, nodes.map(each => each.html)]))"
        )
        assert found == [], address
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, address
