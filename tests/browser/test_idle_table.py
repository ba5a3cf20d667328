"""The idle table sorts, filters, pages and judges anew: by URL, with a script and without one."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from browser.company import IDLE
from browser.conftest import Open
from browser.site import Site

pytestmark = pytest.mark.browser

WITH_AND_WITHOUT = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])


def names(page: Page) -> list[str]:
    return [each.inner_text() for each in page.locator(".instances .name").all()]


@WITH_AND_WITHOUT
def test_a_heading_sorts_and_says_so(open_page: Open, site: Site, scripts: bool) -> None:
    page = open_page(site.url, java_script_enabled=scripts)
    page.get_by_role("columnheader", name="Average").get_by_role("link").click()
    expect(page.locator("th[aria-sort=descending]")).to_contain_text("Average")
    shown = [float(each.inner_text().split()[0]) for each in page.locator("[data-label='Average CPU']").all()]
    assert len(shown) == 25
    assert shown == sorted(shown, reverse=True)
    assert "sort=-cpu_average" in page.url
    page.get_by_role("columnheader", name="Average").get_by_role("link").click()
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("Average")


@WITH_AND_WITHOUT
def test_the_second_page_has_the_rest(open_page: Open, site: Site, scripts: bool) -> None:
    page = open_page(site.url, java_script_enabled=scripts)
    first = names(page)
    page.get_by_role("link", name="Next").click()
    expect(page.locator(".instances tbody tr")).to_have_count(IDLE - 25)
    assert set(names(page)).isdisjoint(first)
    assert "page=2" in page.url
    page.go_back()
    expect(page.locator(".instances tbody tr")).to_have_count(25)


@WITH_AND_WITHOUT
def test_the_filter_keeps_the_rest_of_the_question(open_page: Open, site: Site, scripts: bool) -> None:
    page = open_page(f"{site.url}/?sort=name&cpu_average=4", java_script_enabled=scripts)
    page.get_by_label("Filter", exact=True).fill("worker-1")
    page.get_by_role("button", name="Filter").click()
    expect(page.locator(".matching")).to_contain_text("match “worker-1”")
    assert names(page) == sorted(name for name in names(page) if name.startswith("worker-1"))
    for kept in ("sort=name", "cpu_average=4", "q=worker-1"):
        assert kept in page.url


@WITH_AND_WITHOUT
def test_thresholds_change_the_rows_the_figures_and_the_sentence(
    open_page: Open, site: Site, scripts: bool
) -> None:
    page = open_page(site.url, java_script_enabled=scripts)
    before = page.locator("#figures").inner_text()
    page.get_by_label("Average CPU threshold in percent").fill("1")
    page.get_by_role("button", name="Judge again").click()
    expect(page.locator(".counts")).to_contain_text(re.compile(r"= 4 idle"))
    expect(page.locator("#sentence")).to_contain_text("4 of 40 running instances look idle")
    expect(page.locator(".instances tbody tr")).to_have_count(4)
    assert page.locator("#figures").inner_text() != before
    assert "cpu_average=1" in page.url


def test_typing_filters_and_keeps_the_focus_and_the_caret(open_page: Open, site: Site) -> None:
    page = open_page(site.url)
    page.locator("#q").press_sequentially("worker-0", delay=60)
    expect(page.locator(".matching")).to_contain_text("match “worker-0”")
    expect(page.locator("#q")).to_be_focused()
    expect(page.locator("#q")).to_have_value("worker-0")
    assert page.locator("#q").evaluate("field => field.selectionStart") == 8
    expect(page.locator("#announce")).to_contain_text("match")


def test_a_threshold_can_be_typed_with_pauses(open_page: Open, site: Site) -> None:
    page = open_page(site.url)
    page.locator("#cpu_average").press("Control+a")
    for typed, idle in (("1", "4 of 40"), ("12", "28 of 40")):
        page.keyboard.press(typed[-1])
        expect(page.locator("#sentence")).to_contain_text(f"{idle} running instances")
        expect(page.locator("#cpu_average")).to_be_focused()
        expect(page.locator("#cpu_average")).to_have_value(typed)


def test_a_region_changes_whatever_counts_its_instances(open_page: Open, site: Site) -> None:
    page = open_page(site.url)
    page.get_by_label("Region").select_option("us-east-1")
    expect(page.locator(".counts")).to_contain_text("20 running")
    swapped = [page.locator(each).inner_text() for each in ("#sentence", "#figures")]
    page.reload()
    assert [page.locator(each).inner_text() for each in ("#sentence", "#figures")] == swapped
    assert "of 20 running instances" in swapped[0]


def test_other_links_and_forms_keep_what_was_swapped(open_page: Open, site: Site) -> None:
    page = open_page(site.url)
    page.get_by_label("Average CPU threshold in percent").fill("1")
    expect(page.locator(".counts")).to_contain_text("= 4 idle")
    page.locator("#filters > summary").click()
    page.get_by_role("link", name="7 days").click()
    expect(page.locator("#figures h2").first).to_have_text("Spent in 7 days")
    page.wait_for_load_state("load")  # another page: the script that swaps is there then
    expect(page.locator(".counts")).to_contain_text("= 4 idle")
    page.get_by_label("Filter", exact=True).fill("worker-0")
    expect(page.locator(".matching")).to_contain_text("match “worker-0”")
    page.locator("#filters > summary").click()
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**/?*metric=unblended*")
    for kept in ("cpu_average=1", "q=worker-0"):
        assert kept in page.url


def test_a_link_to_another_place_does_not_load_the_page_again(open_page: Open, site: Site) -> None:
    page = open_page(site.url)
    page.evaluate("window.isSamePage = true")
    page.get_by_role("link", name="No gaps").click()
    page.wait_for_url("**/#gaps")
    page.get_by_role("columnheader", name="Average").get_by_role("link").click()
    expect(page.locator("th[aria-sort=descending]")).to_contain_text("Average")
    assert page.evaluate("window.isSamePage") is True


def test_a_swap_loads_a_part_and_not_the_page(open_page: Open, site: Site) -> None:
    page = open_page(site.url)
    page.evaluate("window.isSamePage = true")
    with page.expect_response(lambda answer: "part=idle" in answer.url) as heard:
        page.get_by_role("columnheader", name="Cost a month").get_by_role("link").click()
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("Cost a month")
    assert "<html" not in heard.value.text()
    assert page.evaluate("window.isSamePage") is True
    assert "part=" not in page.url


def test_days_that_are_not_stored_are_refused_in_the_form(open_page: Open, site: Site) -> None:
    page = open_page(site.url, expected="status of 422")
    before = names(page)
    page.locator("#days").fill("45")
    with_reason = page.locator(".thresholds [data-problem]")
    expect(with_reason).to_contain_text("1 to 14")
    assert names(page) == before


def test_the_drawing_shows_both_thresholds_and_the_hole(open_page: Open, site: Site) -> None:
    page = open_page(f"{site.url}/?q=worker-06")
    drawing = page.get_by_role("img", name="CPU over")
    expect(drawing).to_have_accessible_name(
        re.compile(r"threshold of 5\s%.* against 10\s%; 3 of 56 steps without data")
    )
    expect(drawing.locator("rect.missing")).to_have_count(1)
    expect(drawing.locator("text")).to_have_text(["10 %", "5 %"])


def test_an_unknown_price_is_a_word_and_is_left_out_of_the_sum(open_page: Open, site: Site) -> None:
    page = open_page(f"{site.url}/?q=u-made.up")
    for cost in page.locator("td.cost").all():
        assert cost.inner_text() == "not known"
    expect(page.locator("#figures")).to_contain_text("without a known price left out")


def test_narrow_rows_name_their_values(open_page: Open, site: Site) -> None:
    page = open_page(site.url, viewport={"width": 360, "height": 800})
    cell = page.locator("[data-label='Cost a month']").first
    assert cell.evaluate("each => getComputedStyle(each, '::before').content") == '"Cost a month"'
    expect(page.get_by_role("row")).not_to_have_count(0)
    box = page.locator(".instances tbody tr").first.bounding_box()
    assert box is not None
    assert box["width"] <= 360


@WITH_AND_WITHOUT
def test_another_rule_judges_the_same_hours_and_keeps_the_question(
    open_page: Open, site: Site, scripts: bool
) -> None:
    page = open_page(f"{site.url}/?sort=name&cpu_average=4", java_script_enabled=scripts)
    page.wait_for_load_state("load")
    rules = page.get_by_role("navigation", name="Rule for idle")
    rules.get_by_role("link", name="AWS Trusted Advisor").click()
    page.wait_for_url(f"{site.url}/?sort=name&preset=trusted-advisor")
    expect(page.locator(".thresholds")).to_contain_text("On 4 or more of 14 days")
    expect(page.locator("#preset-trusted-advisor")).to_have_attribute("aria-current", "true")
    idle = page.locator("#idle-counts strong").inner_text().removesuffix(" idle")
    expect(page.locator("#sentence")).to_contain_text(f"{idle} of")
    expect(page.locator("#cpu_average")).to_have_count(0)
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("Instance")
    rules.get_by_role("link", name="Plainbill's first rule").click()
    page.wait_for_url(f"{site.url}/?sort=name")
    expect(page.locator("#cpu_average")).to_have_value("5")
    expect(page.locator("#idle-counts")).to_contain_text(f"{IDLE} idle")


def test_switching_the_rule_keeps_the_focus_and_can_be_undone(open_page: Open, site: Site) -> None:
    page = open_page(site.url)
    page.wait_for_load_state("load")
    page.locator("#preset-azure").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site.url}/?preset=azure")
    expect(page.locator("#preset-azure")).to_be_focused()
    page.go_back()
    expect(page.locator("#preset-seed")).to_have_attribute("aria-current", "true")
    page.wait_for_load_state("load")


def test_a_disagreement_leads_to_the_rules_side_by_side(open_page: Open, site: Site) -> None:
    page = open_page(f"{site.url}/?region=us-east-1")
    page.wait_for_load_state("load")
    page.locator(".otherwise").get_by_role("link").click()
    page.wait_for_url(f"{site.url}/what-if/idle-rules?region=us-east-1")
    page.wait_for_load_state("load")
    expect(page.locator("#region")).to_have_value("us-east-1")
