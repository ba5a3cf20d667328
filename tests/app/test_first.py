"""The overview names what to do first; each leads to its finding."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

from starlette.testclient import TestClient

from plainbill.app.examples_findings import FINDINGS
from plainbill.app.views.finding_shapes import FindingRowView
from plainbill.app.views.first import first_findings

PLAIN = replace(
    FINDINGS.findings[0], state="open", currency="USD", effort="Low", confidence="high",
    counted_saving=Decimal(10),
)  # fmt: skip


def row(name: str, **changes: Any) -> FindingRowView:
    return replace(PLAIN, name=name, arn=f"arn:{name}", **changes)


def test_what_is_set_aside_unknown_an_alternative_or_of_another_currency_is_left_out() -> None:
    rows = [
        *(row(state, state=state) for state in ("snoozed", "dismissed", "acted", "gone")),
        row("not priced", counted_saving=None, monthly_saving=None),
        row("alternative", counted_saving=Decimal(0)),
        row("elsewhere", currency="CNY"),
    ]
    assert first_findings(rows, "USD") == []


def test_dollars_certainty_and_effort_decide_and_equals_keep_an_order() -> None:
    rows = [
        row("large but hard", counted_saving=Decimal(40), effort="VeryHigh"),
        row("small but easy", counted_saving=Decimal(9), effort="VeryLow"),
        row("to be looked at", counted_saving=Decimal(40), confidence="review"),
        row("b"),
        row("a"),
        row("least", counted_saving=Decimal(1)),
    ]
    order = ["small but easy", "large but hard", "a", "b", "to be looked at"]
    assert [one.name for one in first_findings(rows, "USD")] == order
    assert [one.name for one in first_findings(reversed(rows), "USD")] == order


def test_each_leads_to_its_finding_and_the_rule_stands_beside(waste_client: TestClient) -> None:
    page = waste_client.get("/").text
    part = page[page.index('id="first"') : page.index('id="changed"')]
    links = re.findall(r'href="(/findings/[0-9a-f]{16})"', part)
    assert 0 < len(links) <= 5
    assert [link for link in links if waste_client.get(link).status_code != 200] == []
    assert "times how sure (high 1, medium 0.6, review 0.2)" in part


def test_what_changed_is_of_the_shown_days_and_adds_up(client: TestClient) -> None:
    page = client.get("/", params={"start": "2026-10-01", "end": "2026-11-01"}).text
    part = page[page.index('id="changed"') : page.index("records-title")]
    assert "1 Oct to 31 Oct 2026" in part.replace("\N{NO-BREAK SPACE}", " ")
    assert "The steps add up to the change to the last digit" in part
    assert 'href="/changes?start=2026-10-01&amp;end=2026-11-01' in part


def test_costs_without_a_whole_period_before_are_not_compared(client: TestClient) -> None:
    page = client.get("/", params={"start": "2026-08-20", "end": "2026-11-01"}).text
    part = page[page.index('id="changed"') : page.index("records-title")]
    assert "is not known" in part
    assert "$0.00" not in part
