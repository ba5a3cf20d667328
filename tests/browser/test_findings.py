"""The pages of findings: what is needed to believe one, for everybody, with and without a script."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app.waste import CHECKS, measured, volumes, wasteful
from browser.company import home_at
from browser.conftest import Open
from browser.site import Site, served
from browser.test_hostile import HOSTILE
from browser.tools import axe_source
from factories import volume
from plainbill.app.places import PLACES
from plainbill.model.resources.ebs import EbsVolume
from plainbill.storage import SnapshotStore

pytestmark = pytest.mark.browser

MANY = 40
PAGES = ("/", "/findings", "/findings/aws-advice", "/coverage", "/coverage?by=account", "/checks")
RUN_AXE = "axe.run().then(found => found.violations.map(({id, nodes}) => [id, nodes.map(each => each.html)]))"


def disks() -> list[EbsVolume]:
    """The volumes of the small company and many more that nothing is attached to."""
    more = [volume(volume_id=f"vol-{number:04}", size_gib=number) for number in range(1, MANY + 1)]
    return [*volumes().values(), *more]


@pytest.fixture(scope="session")
def waste_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A company with two pages of findings; tests leave it as it is."""
    home = home_at(tmp_path_factory.mktemp("waste"))
    found = disks()
    SnapshotStore(home.snapshots).write(wasteful(resources={EbsVolume: found}, series=measured(found)))
    with served(home, CHECKS) as running:
        yield running


def findings(page: Page, site: Site, **query: Any) -> list[dict[str, Any]]:
    words = "&".join(f"{name}={value}" for name, value in {"size": 500, **query}.items())
    rows: list[dict[str, Any]] = json.loads(page.request.get(f"{site.url}/api/findings?{words}").text())[
        "findings"
    ]
    return rows


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1400, 700, 320])
def test_axe_finds_nothing_and_nothing_overflows(
    open_page: Open, waste_site: Site, scheme: str, width: int
) -> None:
    page = open_page(waste_site.url, color_scheme=scheme, viewport={"width": width, "height": 900})
    proof = next(row for row in findings(page, waste_site) if row["resource_id"] == "vol-3")
    for path in (*PAGES[1:], f"/findings/{proof['finding_id']}"):
        page.goto(waste_site.url + path)
        page.evaluate(axe_source())
        assert page.evaluate(RUN_AXE) == [], path
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert over <= 0, (path, over)


def test_every_figure_is_there_without_a_script(open_page: Open, waste_site: Site) -> None:
    page = open_page(f"{waste_site.url}/findings", java_script_enabled=False)
    expect(page.locator(".sentence")).to_contain_text("a month can stop being paid for")
    expect(page.locator(".findings tbody tr")).to_have_count(25)
    page.get_by_role("link", name="Next").click()
    expect(page.locator(".matching")).to_contain_text("page 2 of 2")
    page.get_by_role("link", name="All findings").or_(page.locator(".findings .name").first).first.click()
    expect(page.locator("h1")).to_have_count(1)


def test_the_way_leads_through_all_pages_by_keyboard(open_page: Open, waste_site: Site) -> None:
    page = open_page(waste_site.url)
    for name in ("Findings", "Coverage", "Settings", "Overview"):
        link = page.get_by_role("navigation", name="Pages", exact=True).get_by_role("link", name=name)
        link.focus()
        page.keyboard.press("Enter")
        expect(
            page.get_by_role("navigation", name="Pages", exact=True).locator("[aria-current=page]")
        ).to_have_text(name)


@pytest.mark.parametrize("width", [1280, 390])
def test_the_way_is_on_every_screen(open_page: Open, waste_site: Site, width: int) -> None:
    page = open_page(waste_site.url, viewport={"width": width, "height": 800})
    for path in PAGES:
        page.goto(waste_site.url + path)
        links = page.get_by_role("navigation", name="Pages", exact=True).get_by_role("link")
        expect(links).to_have_count(len(PLACES))
        for link in links.all():
            expect(link).to_be_in_viewport()


def test_the_sum_is_that_of_the_first_screen(open_page: Open, waste_site: Site) -> None:
    page = open_page(waste_site.url)
    said = page.locator("#saving strong").inner_text()
    page.locator("#saving a").first.click()
    expect(page.locator("#findings-sum strong").first).to_have_text(said)


def test_sorting_and_filtering_happen_on_the_server_and_stay_in_the_address(
    open_page: Open, waste_site: Site
) -> None:
    page = open_page(f"{waste_site.url}/findings")
    page.get_by_role("columnheader", name="Confidence").get_by_role("link").click()
    expect(page).to_have_url(f"{waste_site.url}/findings?sort=confidence")
    expect(page.locator(".findings tbody .sure").first).to_have_text("review")
    page.locator("#check").select_option("ebs_volume_large")
    expect(page.locator(".findings tbody tr")).to_have_count(2)
    assert "check=ebs_volume_large" in page.url
    page.reload()
    expect(page.locator(".findings tbody tr")).to_have_count(2)
    expect(page.locator("#check")).to_have_value("ebs_volume_large")
    page.locator("#q").fill("nothing like it")
    expect(page.locator("#findings .nothing")).to_contain_text("No finding matches")


def test_unknown_savings_stand_last_and_are_words(open_page: Open, waste_site: Site) -> None:
    for sort in ("monthly_saving", "-monthly_saving"):
        page = open_page(f"{waste_site.url}/findings?sort={sort}&page=2")
        expect(page.locator(".findings tbody tr").last.locator(".cost")).to_have_text("not known")


def test_the_keys_walk_and_filter_findings(open_page: Open, waste_site: Site) -> None:
    page = open_page(f"{waste_site.url}/findings")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator(".findings tbody tr").nth(1)).to_be_focused()
    page.keyboard.press("f")
    expect(page.locator("#q")).to_be_focused()


def test_a_finding_proves_itself(open_page: Open, waste_site: Site) -> None:
    page = open_page(f"{waste_site.url}/findings?q=vol-3&check=ebs_volume_lonely")
    page.locator(".findings tbody .name").first.click()
    expect(page.locator("h1")).to_have_text("Lonely EBS volume")
    expect(page.locator(".measured")).to_contain_text("5 operations")
    expect(page.locator(".coverage")).to_have_text("28 of 30 days")
    expect(page.locator("svg.series .column")).to_have_count(28)
    expect(page.locator("svg.series .missing")).to_have_count(2)
    expect(page.locator("svg.series path.limit")).to_have_count(1)
    limit = page.locator("svg.series path.limit").bounding_box()
    columns = [each.bounding_box() for each in page.locator("svg.series .column").all()]
    assert limit is not None
    assert all(box is not None and box["y"] >= limit["y"] - 1 for box in columns)
    expect(page.locator(".sums")).to_contain_text("$20.00")
    expect(page.get_by_text("Too large an EBS volume")).to_be_visible()
    page.get_by_role("link", name="Too large an EBS volume").click()
    expect(page.locator(".figures")).to_contain_text("an alternative: not counted in the sum")


def test_the_commands_can_be_copied(open_page: Open, waste_site: Site) -> None:
    page = open_page(
        f"{waste_site.url}/findings?q=vol-3&check=ebs_volume_lonely",
        permissions=["clipboard-read", "clipboard-write"],
    )
    page.locator(".findings tbody .name").first.click()
    button = page.locator("button[data-copies=fix]")
    button.focus()
    page.wait_for_load_state("load")  # the script that copies is there then
    page.keyboard.press("Enter")
    expect(button).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.splitlines() == page.locator("#fix code").inner_text().strip().splitlines()
    assert copied.splitlines()[-1].endswith("delete-volume --region us-east-1 --volume-id vol-3 --dry-run")


def test_the_matrix_says_where_nobody_could_look_and_why(open_page: Open, waste_site: Site) -> None:
    page = open_page(f"{waste_site.url}/coverage")
    row = page.get_by_role("row", name="Lonely EBS volume")
    expect(row.locator(".could_not_check .unseen")).to_have_text("could not check")
    expect(page.locator("#gaps")).to_contain_text("ec2:DescribeVolumes")
    row.locator(".waste a").last.click()
    expect(page).to_have_url(f"{waste_site.url}/findings?check=ebs_volume_lonely&region=us-east-1")


def test_the_theme_is_chosen_on_these_pages_too(open_page: Open, waste_site: Site) -> None:
    page = open_page(f"{waste_site.url}/findings", color_scheme="light")
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator("#look > summary").click()
    page.get_by_role("radio", name="Dark").check()
    after = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert before != after
    page.goto(f"{waste_site.url}/checks")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == after


def test_hostile_strings_are_shown_and_never_run(open_page: Open, tmp_path_factory: Any) -> None:
    home = home_at(tmp_path_factory.mktemp("hostile"))
    hostile = [
        replace(
            disk,
            tags={"Name": HOSTILE[place % len(HOSTILE)], HOSTILE[2]: HOSTILE[1]},
            availability_zone=HOSTILE[(place + 1) % len(HOSTILE)],
            snapshot_id=HOSTILE[(place + 2) % len(HOSTILE)],
        )
        for place, disk in enumerate(disks())
    ]
    plain = wasteful()
    gaps = [replace(plain.gaps[0], reason=text, remedy=text, action=text, kind=text) for text in HOSTILE]
    SnapshotStore(home.snapshots).write(
        replace(
            plain,
            resources={EbsVolume: hostile},
            accounts=dict.fromkeys(plain.accounts, HOSTILE[1]),
            gaps=gaps,
        )
    )
    with served(home, CHECKS) as site:
        page = open_page(f"{site.url}/findings")
        rows = findings(page, site)
        assert rows
        for path in (*PAGES, "/findings?sort=name", *(f"/findings/{row['finding_id']}" for row in rows[:12])):
            page.goto(site.url + path)
            expect(
                page.locator("iframe, main script, main style, img, [onerror], [onload], [onfocus]")
            ).to_have_count(0)
        page.goto(f"{site.url}/findings?q=vol-2")
        shown = {name.inner_text() for name in page.locator(".findings td .name").all()}
        assert shown & set(HOSTILE)
        page.context.close()


def test_a_hostile_note_is_shown_as_text(open_page: Open, tmp_path_factory: Any) -> None:
    home = home_at(tmp_path_factory.mktemp("noted"))
    found = disks()
    SnapshotStore(home.snapshots).write(wasteful(resources={EbsVolume: found}, series=measured(found)))
    with served(home, CHECKS) as site:
        page = open_page(site.url)
        finding_id = findings(page, site)[0]["finding_id"]
        for text in HOSTILE:
            said = {"state": "acted", "note": text, "who": text}
            page.request.post(f"{site.url}/api/findings/{finding_id}/decision", data=said)
        page.goto(f"{site.url}/findings/{finding_id}")
        for text in HOSTILE:
            expect(page.locator("main").get_by_text(text).first).to_be_attached()
        expect(
            page.locator("iframe, main script, main style, img, [onerror], [onload], [onfocus]")
        ).to_have_count(0)
        page.context.close()
