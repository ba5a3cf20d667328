"""Reservations of databases, caches, searches and warehouses among the commitments."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from starlette.testclient import TestClient

from app.company import PRODUCTION, collected
from app.conftest import ADDRESS, dashboard
from factories import gap
from plainbill.model.resources.reserved_nodes import ReservedCache, ReservedDatabase
from plainbill.settings import Settings
from plainbill.storage import Home, SnapshotStore

URL, PAGE = "/api/commitments", "/commitments"
HOSTILE = '"><img src=x onerror=alert(1)>'
ORDERS = ReservedDatabase(
    account_id=PRODUCTION,
    region="us-east-1",
    reservation_id=HOSTILE,
    reservation_arn=f"arn:aws:rds:us-east-1:{PRODUCTION}:ri:orders",
    node_type="db.r6g.large",
    count=2,
    state="active",
    start_at=datetime(2026, 1, 20, 8, tzinfo=UTC),
    end_at=datetime(2027, 1, 20, 8, tzinfo=UTC),
    term_seconds=31_536_000,
    product="postgresql",
    is_multi_az=True,
    payment="Partial Upfront",
    hourly="0.10",
    upfront="876.00",
    currency="USD",
)
CACHE = ReservedCache(
    account_id=PRODUCTION,
    region="us-east-1",
    reservation_id="sessions",
    reservation_arn=f"arn:aws:elasticache:us-east-1:{PRODUCTION}:reserved-instance:sessions",
    node_type="cache.r6g.large",
    count=1,
    state="active",
    start_at=ORDERS.start_at,
    end_at=datetime(2026, 1, 1, tzinfo=UTC),
    term_seconds=1,
)


@pytest.fixture
def browser(home: Home, settings: Settings) -> TestClient:
    refused = gap(source=ReservedCache.source, reason="AWS refused it.", remedy="Allow it.")
    whole = collected(gaps=(refused,))
    SnapshotStore(home.snapshots).write(
        replace(whole, resources={ReservedDatabase: [ORDERS], ReservedCache: [CACHE]})
    )
    return TestClient(dashboard(home, settings), base_url=ADDRESS)


def test_a_price_that_aws_does_not_tell_and_use_that_is_not_asked_for_are_not_known(
    browser: TestClient,
) -> None:
    _, cache = browser.get(URL).json()["commitments"]
    assert (cache["hourly"], cache["utilization"], cache["unused"]) == (None, None, None)
    assert browser.get(URL).json()["sentence"].startswith("At least $0.40 an hour is committed.")


def test_what_was_refused_is_named_with_its_remedy(browser: TestClient) -> None:
    assert [one["reason"] for one in browser.get(URL).json()["gaps"]] == ["AWS refused it."]
    assert "AWS refused it. Allow it." in browser.get(PAGE).text


def test_its_price_and_its_end_are_on_the_page_and_in_the_calendar(browser: TestClient) -> None:
    body = browser.get(URL).json()
    orders, _ = body["commitments"]
    assert orders["title"] == "2 × db.r6g.large, RDS postgresql Multi-AZ"
    assert Decimal(orders["hourly"]) == 2 * (Decimal("0.10") + Decimal("876.00") / 8760)
    assert (orders["kind"], orders["term_months"], orders["end"]) == ("reserved nodes", 12, "2027-01-20")
    ending = [one for month in body["calendar"] for one in month["ending"]]
    assert [one["commitment_id"] for one in ending] == [HOSTILE]
    text = browser.get(PAGE).text
    assert "2 × db.r6g.large, RDS postgresql Multi-AZ" in text
    assert "<img src=x" not in text
    assert "db.r6g.large" in browser.get(f"{URL}.csv").text
