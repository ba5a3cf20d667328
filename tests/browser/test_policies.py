"""Policies in a browser: kept from a question, put in force, said on every page, taken back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import Open
from browser.site import Site
from browser.tools import axe_source
from plainbill.model.period import utc_now
from plainbill.model.policy import Policy, PolicyUse
from plainbill.storage import State

pytestmark = pytest.mark.browser

QUESTION = "/what-if?check=ec2_instance_idle&look_back_days=14"
LONG = Policy(
    name="a name that is as long as the field for it lets a person type",
    settings={
        "ec2_instance_idle": {"look_back_days": "14", "min_coverage": "0.7"},
        "ebs_volume_unattached": {"min_age_days": "30"},
        "ec2_instance_of_an_older_time": {"days": "3"},
    },
    note="<b>agreed</b> with everybody",
    who="kim",
    saved_at=utc_now(),
)


def arrived(page: Page, address: str) -> None:
    page.wait_for_url(address)
    page.wait_for_load_state("load")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_policy_lives_from_the_question_to_the_usual(
    open_page: Open, own_site: Site, scripts: bool
) -> None:
    own_site.fill()
    policies = f"{own_site.url}/what-if/policies"
    page = open_page(own_site.url + QUESTION, java_script_enabled=scripts)
    page.wait_for_load_state("load")
    keep = page.get_by_role("form", name="Keep these thresholds in a policy")
    keep.get_by_label("Policy").fill("night shift")
    keep.get_by_label("Your name").fill("kim")
    keep.get_by_role("button", name="Keep").click()
    arrived(page, policies)
    expect(page.locator("#policy")).to_have_count(0)
    use = page.get_by_role("form", name="Judge by night shift")
    use.get_by_label("Your name").fill("kim")
    use.get_by_role("button", name="Put in force").click()
    expect(page.locator("#policy")).to_contain_text("look_back_days 14 instead of 28")
    page.wait_for_load_state("load")
    for path in ("/", "/findings", "/checks", "/coverage"):
        page.goto(own_site.url + path)
        expect(page.locator("#policy")).to_contain_text("judged by the policy night shift")
    page.get_by_role("link", name="Back to the usual").click()
    arrived(page, f"{policies}#usual-title")
    usual = page.get_by_role("form", name="Judge by the usual thresholds")
    usual.get_by_label("Your name").fill("lee")
    usual.get_by_role("button", name="Judge by the usual thresholds").click()
    expect(page.locator("#policy")).to_have_count(0)
    page.wait_for_load_state("load")
    expect(page.locator(".history li").first).to_contain_text("the usual thresholds, by lee")


def test_a_policy_opens_as_its_question(open_page: Open, own_site: Site) -> None:
    own_site.fill()
    put_in_force(own_site)
    page = open_page(f"{own_site.url}/what-if/policies")
    page.get_by_role("link", name="Idle EC2 instance", exact=True).last.click()
    page.wait_for_url(f"{own_site.url}/what-if?check=ec2_instance_idle&*")
    page.wait_for_load_state("load")
    expect(page.locator("#set-look_back_days")).to_have_value("14")
    expect(page.locator("#answer")).to_contain_text("These are the thresholds in force")
    expect(page.locator(".setting").first).to_contain_text("in force 14, usually 28")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1400, 400, 360])
def test_axe_finds_nothing_and_nothing_overflows(
    open_page: Open, own_site: Site, scheme: str, width: int
) -> None:
    own_site.fill()
    put_in_force(own_site)
    for address in ("/what-if/policies", QUESTION, "/checks", "/", "/?preset=plainbill"):
        page = open_page(
            own_site.url + address, color_scheme=scheme, viewport={"width": width, "height": 900}
        )
        expect(page.locator("#policy")).to_contain_text("there is no check ec2_instance_of_an_older_time")
        page.evaluate(axe_source())
        found = page.evaluate(
            "axe.run().then(all => all.violations.map(({id, nodes}) => [id, nodes.map(each => each.html)]))"
        )
        assert found == [], address
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, address


def put_in_force(site: Site) -> None:
    state = State(site.home.state_db)
    state.save_policy(LONG.name, lambda _: LONG)
    state.use_policy(PolicyUse(at=LONG.saved_at, name=LONG.name, who="kim"))
    state.close()
