"""The page of anomalies in a browser: read, decided about, in every light and width."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from browser.company import costs
from browser.conftest import Open
from browser.site import Site
from browser.tools import axe_source
from plainbill.model.cost import CostRecord, CostTable
from plainbill.model.period import utc_now
from plainbill.storage import CostSpan

pytestmark = pytest.mark.browser


def filled(site: Site) -> None:
    """A bill of whose first service one day, three weeks ago, cost nine times as much."""
    now = utc_now().replace(minute=0, second=0, microsecond=0)
    read = costs(now)
    span = read[CostTable.SERVICE]
    day, service = now.date() - timedelta(days=20), span.records[0].key

    def dearer(row: CostRecord) -> CostRecord:
        factor = Decimal(9 if (row.day, row.key) == (day, service) else 1)
        return replace(row, amounts={metric: cost * factor for metric, cost in row.amounts.items()})

    rows = [dearer(row) for row in span.records]
    site.fill(taken_at=now, costs={**read, CostTable.SERVICE: CostSpan(span.period, rows)})


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_an_anomaly_is_acknowledged_by_its_form(open_page: Open, own_site: Site, scripts: bool) -> None:
    filled(own_site)
    page = open_page(f"{own_site.url}/anomalies", java_script_enabled=scripts)
    page.wait_for_load_state("load")
    card = page.locator(".anomaly").first
    expect(card.locator(".tag")).to_have_text("new")
    card.get_by_label("Your name").fill("kim")
    card.get_by_role("button", name="Acknowledge").click()
    expect(page.locator(".anomaly").first.locator(".tag")).to_have_text("acknowledged")
    expect(page.locator(".anomaly").first).to_contain_text("Acknowledged by kim")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1400, 400])
def test_the_page_is_accessible_and_fits(open_page: Open, own_site: Site, scheme: str, width: int) -> None:
    filled(own_site)
    page = open_page(
        f"{own_site.url}/anomalies",
        color_scheme=scheme,
        viewport={"width": width, "height": 900},
    )
    page.wait_for_load_state("load")
    page.evaluate(axe_source())
    found = page.evaluate("axe.run().then(result => result.violations.map(each => each.id))")
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
