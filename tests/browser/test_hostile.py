"""Whatever an attacker writes into a tag, a name or an error, the page shows it as text."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from browser.company import collected, costs
from browser.conftest import Open
from browser.site import Site
from factories import gap
from plainbill.model.cost import CostRecord
from plainbill.model.period import utc_now
from plainbill.model.resources import Ec2Instance
from plainbill.storage import CostSpan

pytestmark = pytest.mark.browser

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' autofocus onfocus='alert(1)",
    "javascript:alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "</title></textarea><iframe srcdoc='<script>alert(1)</script>'>",
    '=HYPERLINK("http://evil.example")',
    "\u202ereversed <b>",
    "<style>*{display:none}</style>",
)


def hostile(plain: Ec2Instance, number: int) -> Ec2Instance:
    """Every field that somebody outside can choose holds a payload."""
    texts = [HOSTILE[(number + step) % len(HOSTILE)] for step in range(6)]
    return replace(
        plain,
        tags={"Name": texts[0], texts[1]: texts[2]},
        instance_type=texts[1],
        platform=texts[2],
        lifecycle=texts[3],
        managed_by=(texts[4],),
        availability_zone=texts[5],
    )


def renamed_group(row: CostRecord) -> CostRecord:
    return row if row.key is None else replace(row, key=HOSTILE[len(row.key) % len(HOSTILE)] + row.key)


def test_hostile_strings_are_shown_and_never_run(open_page: Open, own_site: Site) -> None:
    now = utc_now().replace(minute=0, second=0, microsecond=0)
    whole = collected(now)
    instances = [hostile(each, number) for number, each in enumerate(whole.instances)]
    renamed = {
        table: CostSpan(span.period, [renamed_group(row) for row in span.records])
        for table, span in costs(now).items()
    }
    gaps = [
        gap(source=text, account_id=None, region=text, kind=text, action=text, reason=text, remedy=text)
        for text in HOSTILE
    ]
    names = dict.fromkeys(whole.accounts, HOSTILE[1])
    own_site.fill(instances=instances, costs=renamed, gaps=gaps, accounts=names)
    page = open_page(f"{own_site.url}/?sort=name")
    shown = {name.inner_text() for name in page.locator(".instances .name").all()}
    assert {HOSTILE[0], HOSTILE[1], HOSTILE[4]} <= shown
    for text in (HOSTILE[0], HOSTILE[5]):
        expect(page.locator("#gaps")).to_contain_text(text)
    expect(
        page.locator("iframe, main script, main style, img, [onerror], [onload], [onfocus]")
    ).to_have_count(0)
    page.wait_for_function("() => Boolean(window.Chart?.getChart('days-chart'))")
    labels = page.evaluate("Chart.getChart('days-chart').data.datasets.map(each => each.label)")
    assert any("<" in label for label in labels)


def test_a_hostile_filter_is_shown_as_text_and_kept(open_page: Open, site: Site) -> None:
    page = open_page(site.url)
    page.locator("#q").fill(HOSTILE[2])
    expect(page.locator(".nothing")).to_contain_text(HOSTILE[2])
    expect(page.locator("#q")).to_have_value(HOSTILE[2])
    page.reload()
    expect(page.locator(".nothing")).to_contain_text(HOSTILE[2])
