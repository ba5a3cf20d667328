"""The first screen answers the questions it promises to answer, in their order, to everybody."""

from __future__ import annotations

from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from browser.company import BUSY, IDLE, YOUNG
from browser.conftest import Open
from browser.site import Site
from browser.tools import axe_source

pytestmark = pytest.mark.browser


def drawn(page: Page) -> None:
    """Wait until both charts are drawn."""
    for name in ("days-chart", "services-chart"):
        page.locator(f"#{name}").scroll_into_view_if_needed()
        page.wait_for_function("name => Boolean(window.Chart?.getChart(name))", arg=name)


def amounts(page: Page, selector: str) -> Decimal:
    return sum(
        (Decimal(str(each.get_attribute("value"))) for each in page.locator(selector).all()), Decimal(0)
    )


def test_the_page_needs_no_script_for_any_number(open_page: Open, site: Site) -> None:
    page = open_page(site.url, java_script_enabled=False)
    expect(page.locator("#sentence")).to_contain_text("idle")
    expect(page.locator(".figures .value")).to_have_count(4)
    expect(page.locator(".instances tbody tr")).to_have_count(25)
    expect(page.locator("#services-table tbody tr")).to_have_count(9)


def test_the_parts_stand_in_their_order(open_page: Open, site: Site) -> None:
    page = open_page(site.url)
    ids = [
        "#sentence",
        "#figures",
        "#days-title",
        "#services-title",
        "#records-title",
        "#idle-title",
        "#gaps-title",
    ]
    tops = [page.locator(each).bounding_box() for each in ids]
    places = [box["y"] for box in tops if box is not None]
    assert len(places) == len(ids)
    assert places == sorted(places)


def test_the_rows_reconcile_with_aws_to_the_cent(open_page: Open, site: Site) -> None:
    page = open_page(site.url)
    expect(page.locator(".reconcile")).to_have_class("reconcile even")
    expect(page.locator(".difference")).to_have_text("$0.00")
    in_services = amounts(page, "#services-table tbody data")
    assert in_services > 0
    assert amounts(page, "#days-table tbody data") == in_services


def test_the_charts_draw_what_their_tables_say(open_page: Open, site: Site) -> None:
    page = open_page(site.url)
    drawn(page)
    in_chart = page.evaluate(
        """() => Chart.getChart("days-chart").data.datasets.flatMap(each => each.data)
          .reduce((sum, each) => sum + each)"""
    )
    assert in_chart == pytest.approx(float(amounts(page, "#days-table tbody data")))
    grounds = page.evaluate(
        """() => {
          const {ctx, chartArea, scales, currentDevicePixelRatio: scale, data} = Chart.getChart("days-chart");
          const line = ctx.getImageData(0, (chartArea.top + 3) * scale, ctx.canvas.width, 1).data;
          return data.labels.map((_, day) => {
            const place = 4 * Math.round(scales.x.getPixelForValue(day) * scale);
            return line.slice(place, place + 4).join();
          });
        }"""
    )
    kinds = page.evaluate(
        """() => [...document.querySelector("#days-table").tBodies[0].rows]
          .map(({dataset}) => ["estimated", "unsettled"].find(kind => kind in dataset) ?? "final")"""
    )
    assert kinds[28:] == ["estimated"] * 2
    assert "estimated" not in kinds[:28]
    assert len(set(grounds)) == len(set(kinds)) == len(set(zip(kinds, grounds, strict=True)))
    expect(page.locator("canvas[role=img][aria-label]")).to_have_count(2)


def test_the_counts_are_those_of_the_company(open_page: Open, site: Site) -> None:
    page = open_page(site.url)
    expect(page.locator(".counts")).to_contain_text(f"{IDLE} idle + {BUSY} at work + {YOUNG} could not tell")
    expect(page.locator("#could-not-tell tbody tr")).to_have_count(YOUNG)


def test_exports_are_of_the_shown_query(open_page: Open, site: Site) -> None:
    page = open_page(
        f"{site.url}/?cpu_average=2&cpu_maximum=5&days=7&q=worker&sort=name&account=111122223333"
    )
    for link in page.locator(".exports a").all():
        address = str(link.get_attribute("href"))
        answer = page.request.get(site.url + address)
        assert answer.ok, (address, answer.text())
        assert "account=111122223333" in address
    table = page.request.get(site.url + str(page.locator("#idle a[download]").get_attribute("href"))).text()
    names = [name.inner_text() for name in page.locator(".instances .name").all()]
    assert len(names) > 2
    assert [line.split(",")[1] for line in table.splitlines()[1:]] == names


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 1024, 390, 360])
def test_axe_finds_nothing_and_nothing_overflows(
    open_page: Open, site: Site, scheme: str, width: int
) -> None:
    page = open_page(site.url, color_scheme=scheme, viewport={"width": width, "height": 900})
    drawn(page)
    for details in page.locator("details").all():
        details.evaluate("each => each.open = true")
    page.evaluate(axe_source())
    found = page.evaluate(
        "axe.run().then(found => found.violations.map(({id, nodes}) => [id, nodes.map(each => each.html)]))"
    )
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_data_colours_stand_out_from_the_surface_and_keep_apart(
    open_page: Open, site: Site, scheme: str
) -> None:
    page = open_page(site.url, color_scheme=scheme)
    surface, *colours = page.evaluate(
        """() => ["probe-surface", ...[..."0123456789", "other"].map(each => `data-${each}`)].map(name => {
          const probe = document.body.appendChild(document.createElement("i"));
          probe.className = name;
          return getComputedStyle(probe).color.match(/\\d+/g).slice(0, 3).map(Number);
        })"""
    )
    assert len({tuple(colour) for colour in colours}) == 11
    ratios = [contrast(colour, surface) for colour in colours]
    assert min(ratios) >= 3, ratios


def contrast(one: list[int], other: list[int]) -> float:
    """The contrast ratio of WCAG 2.2."""
    lights = sorted((luminance(one), luminance(other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def luminance(colour: list[int]) -> float:
    parts = [part / 255 for part in colour]
    red, green, blue = (
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_nothing_moves_while_the_page_fills(open_page: Open, site: Site) -> None:
    page = open_page(site.url)
    drawn(page)
    shift = page.evaluate(
        """() => new Promise(done => {
          const shifts = [];
          new PerformanceObserver(list => {
            for (const {value, sources} of list.getEntries())
              shifts.push([value, ...sources.map(each => each.node?.outerHTML)]);
          }).observe({type: "layout-shift", buffered: true});
          setTimeout(() => done(shifts), 300);
        })"""
    )
    assert shift == []
