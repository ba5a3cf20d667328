"""Each state has a page that says what is known, what is not, and what to do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from browser.company import collected, failed_run, record
from browser.conftest import Open
from browser.site import Site
from browser.tools import axe_source
from factories import gap
from plainbill.model.period import utc_now

pytestmark = pytest.mark.browser

STEP = {"source": "ec2_instances", "account_id": "111122223333", "note": None, "items": None}


def test_an_empty_home_says_what_a_refresh_asks_and_costs(open_page: Open, own_site: Site) -> None:
    page = open_page(own_site.url)
    expect(page.get_by_role("heading", name="Nothing has been read yet")).to_be_visible()
    page.get_by_text("The calls and their prices").click()
    expect(page.get_by_text("ce:GetCostAndUsage")).to_be_visible()
    expect(page.get_by_text("$0.01 a request")).to_be_visible()
    expect(page.get_by_text("plainbill demo")).to_be_visible()
    assert "$0.00" not in page.locator("main").inner_text()
    page.evaluate(axe_source())
    assert page.evaluate("axe.run().then(found => found.violations.map(each => each.id))") == []


def test_the_first_refresh_shows_its_progress_and_then_the_figures(open_page: Open, own_site: Site) -> None:
    page = open_page(own_site.url)
    with page.expect_response("**/api/refresh"):
        page.get_by_role("button", name="Read from AWS now").click()
    expect(page.locator("#refresh")).to_be_disabled()
    for region in ("eu-central-1", "us-east-1"):
        own_site.refresher.tell("progress", **STEP, region=region, state="waiting")
    own_site.refresher.tell("progress", **STEP, region="us-east-1", state="running")
    expect(page.locator("#progress-line")).to_have_text(
        "0 of 2 steps done; now EC2 instances, 111122223333, us-east-1"
    )
    own_site.refresher.tell("progress", **{**STEP, "items": 40}, region="us-east-1", state="done")
    expect(page.locator("#progress-rows tr")).to_have_text(["EC2 instances111122223333 1 of 240waiting"])
    assert page.locator("#progress-all").evaluate("bar => [bar.value, bar.max]") == [1, 2]
    own_site.fill()
    own_site.refresher.tell("finished", run={})
    expect(page.locator("#sentence")).to_contain_text("running instances look idle")
    expect(page.locator("#refresh")).to_be_enabled()
    assert own_site.refresher.starts == 1


def test_a_page_opened_during_a_refresh_follows_it_from_its_start(open_page: Open, own_site: Site) -> None:
    own_site.fill()
    own_site.refresher.begin()
    own_site.refresher.tell("progress", **STEP, region="us-east-1", state="gap")
    page = open_page(own_site.url)
    expect(page.locator("#progress-rows")).to_contain_text("1 gap")
    expect(page.locator("#sentence")).to_be_visible()
    own_site.refresher.tell("finished", run={})
    expect(page.locator("#progress")).to_be_hidden()


def test_a_refresh_that_fails_says_why_and_leaves_the_page(open_page: Open, own_site: Site) -> None:
    own_site.fill()
    page = open_page(own_site.url)
    with page.expect_response("**/api/refresh"):
        page.get_by_role("button", name="Refresh").click()
    own_site.refresher.tell("failed", error="<b>The credentials expired</b>: sign in again")
    expect(page.get_by_role("alert").first).to_contain_text("<b>The credentials expired</b>: sign in again")
    expect(page.locator("#sentence")).to_be_visible()
    expect(page.locator("#refresh")).to_be_enabled()


def test_a_stream_that_is_refused_ends_in_words(open_page: Open, own_site: Site) -> None:
    own_site.fill()
    page = open_page(own_site.url, expected="503")
    page.route("**/api/refresh/events", lambda route: route.fulfill(status=503, body="no"))
    page.get_by_role("button", name="Refresh").click()
    expect(page.get_by_role("alert").first).to_contain_text("does not tell how the refresh goes")
    expect(page.locator("#refresh")).to_be_enabled()


def test_the_steps_of_a_source_are_named_as_people_say_them(open_page: Open, own_site: Site) -> None:
    page = open_page(own_site.url)
    with page.expect_response("**/api/refresh"):
        page.get_by_role("button", name="Read from AWS now").click()
    for source in ("cost_explorer.record_type", "ec2_regions"):
        own_site.refresher.tell("progress", **{**STEP, "source": source}, region=None, state="done")
    expect(page.locator("#progress-rows th")).to_have_text(["Cost Explorer, record type", "Regions"])


def test_the_last_failure_stands_above_the_old_figures(open_page: Open, own_site: Site) -> None:
    own_site.fill()
    record(own_site.home, failed_run("No credentials were found: set AWS_PROFILE"))
    page = open_page(own_site.url)
    expect(page.get_by_role("heading", name="The last refresh failed")).to_be_visible()
    expect(page.get_by_text("No credentials were found: set AWS_PROFILE")).to_be_visible()
    expect(page.locator(".instances tbody tr")).to_have_count(25)


def test_a_failure_before_any_data_offers_the_way_on(open_page: Open, own_site: Site) -> None:
    record(own_site.home, failed_run("No credentials were found: set AWS_PROFILE"))
    page = open_page(own_site.url)
    expect(page.get_by_role("heading", name="The last refresh failed")).to_be_visible()
    expect(page.get_by_role("heading", name="Check it with the doctor")).to_be_visible()
    expect(page.get_by_role("button", name="Read from AWS now")).to_be_visible()


def test_gaps_are_said_above_the_totals_and_each_has_its_remedy(open_page: Open, own_site: Site) -> None:
    own_site.fill(gaps=(gap(account_id="444455556666"), gap(account_id="777788889999")))
    page = open_page(own_site.url)
    expect(page.locator(".notice.warn")).to_contain_text("2 of 3 accounts could be read: totals are low")
    expect(page.locator(".strip")).to_contain_text("2 gaps")
    expect(page.locator("#gaps .remedy")).to_have_count(1)  # one fix for both
    for told in ("cloudwatch:GetMetricData", "444455556666", "777788889999"):
        expect(page.locator("#gaps")).to_contain_text(told)
    page.evaluate(axe_source())
    assert page.evaluate("axe.run().then(found => found.violations.map(each => each.id))") == []


def test_days_that_were_not_read_are_hatched_and_named(open_page: Open, own_site: Site) -> None:
    now = utc_now().replace(minute=0, second=0, microsecond=0)
    own_site.fill(taken_at=now - timedelta(days=5), **old_data(now - timedelta(days=5)))
    page = open_page(own_site.url)
    expect(page.locator(".strip")).to_contain_text("5 days ago")
    expect(page.locator(".strip")).to_contain_text("old: refresh")
    expect(page.locator("#days-table tr[data-missing]")).to_have_count(5)
    expect(page.locator("#days-table tr[data-missing] .unknown").first).to_have_text(
        "not read", use_inner_text=False
    )


def old_data(now: object) -> dict[str, object]:
    """The costs and metrics as they were then."""
    assert hasattr(now, "date")
    then = collected(now)  # type: ignore[arg-type]
    return {
        name: getattr(then, name)
        for name in ("run_id", "costs", "instances", "utilization", "metrics_period")
    }


def test_costs_that_could_not_be_read_are_not_zero(open_page: Open, own_site: Site) -> None:
    own_site.fill(costs={}, gaps=(gap(),))
    page = open_page(own_site.url)
    expect(page.locator("#figures .value").first).to_have_text("not known")
    expect(page.locator("canvas")).to_have_count(0)
    assert "$0.00" not in page.locator("#figures").inner_text()
