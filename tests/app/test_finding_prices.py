"""A finding says who gave its prices and of which day they are, on the page, in the JSON and in the file."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.company import collected
from app.conftest import ADDRESS, dashboard
from app.test_findings import ask
from factories import flat_days, volume
from plainbill.analyzer.checks.ebs_volume_unattached import EbsVolumeUnattached
from plainbill.model.money import Money
from plainbill.model.resources.ebs import EbsVolume
from plainbill.prices import Listed, Origin, Rate, Unit, UsageKey
from plainbill.settings import Settings
from plainbill.storage import Home, SnapshotStore

KEY = UsageKey("eu-central-1", "AmazonEC2", "EBS:VolumeUsage.gp3")
DAY = date(2026, 11, 20)
PRICE = Money(Decimal("0.0952"))
LISTED = Rate(PRICE, Unit.GB_MONTH, DAY, "AmazonEC2 EBS:VolumeUsage.gp3", Origin.PRICE_LIST)
PLACES = ("us-east-1", "eu-central-1", "eu-west-3")


@pytest.fixture
def client(home: Home, settings: Settings) -> TestClient:
    """The same forgotten volume at home, where the list was asked, and where nobody knows its price."""
    disks = [
        volume(
            volume_id=f"vol-{number}",
            region=region,
            availability_zone=f"{region}a",
            attached_to=(),
            state="available",
            volume_type="gp3",
            size_gib=100,
            iops=3000,
            throughput_mib=125,
        )
        for number, region in enumerate(PLACES)
    ]
    series = {
        (disk.arn, metric.key): flat_days(None) for disk in disks for metric in EbsVolumeUnattached.metrics
    }
    read = collected(
        resources={EbsVolume: disks},
        series=series,
        listed=[Listed(KEY, DAY, LISTED)],
        places=tuple((disks[0].account_id, region) for region in PLACES),
    )
    SnapshotStore(home.snapshots).write(read)
    return TestClient(dashboard(home, settings, checks=(EbsVolumeUnattached(),)), base_url=ADDRESS)


def rows(client: TestClient) -> dict[str, dict[str, Any]]:
    return {row["region"]: row for row in ask(client)["findings"]}


def test_where_nobody_knows_a_price_nothing_is_named_and_nothing_is_zero(client: TestClient) -> None:
    row = rows(client)["eu-west-3"]
    assert (row["monthly_saving"], row["price_origin"]) == (None, None)
    told = ask(client, f"/api/findings/{row['finding_id']}")
    assert (told["price_source"], told["prices"]) == ("No price is known", [])
    assert 'id="prices"' not in client.get(f"/findings/{row['finding_id']}").text
    assert ask(client)["findings"][-1] == row  # last, whatever the others save


def test_a_price_of_the_list_is_told_with_its_day(client: TestClient) -> None:
    row = rows(client)["eu-central-1"]
    assert (row["monthly_saving"], row["price_origin"]) == ("9.52", "price list")
    told = ask(client, f"/api/findings/{row['finding_id']}")
    assert told["price_source"] == "AWS's price list, 2026-11-20"
    assert told["prices"] == [
        {
            "item": "ebs gp3",
            "region": "eu-central-1",
            "price": "0.0952",
            "currency": "USD",
            "unit": "gb_month",
            "as_of": "2026-11-20",
            "origin": "price list",
            "source": "AmazonEC2 EBS:VolumeUsage.gp3",
        }
    ]
    page = client.get(f"/findings/{row['finding_id']}").text
    assert "AWS&#39;s price list, 2026-11-20; your discounts are not in list prices." in page
    assert "0.0952 USD" in page


def test_a_price_of_the_table_says_so(client: TestClient) -> None:
    row = rows(client)["us-east-1"]
    assert (row["monthly_saving"], row["price_origin"]) == ("8.00", "built-in table")
    told = ask(client, f"/api/findings/{row['finding_id']}")
    assert told["price_source"] == "Built-in table of AWS's list prices, 2024-07-01"


def test_the_file_has_whose_each_price_is(client: TestClient) -> None:
    table = csv.DictReader(io.StringIO(client.get("/api/findings.csv").text))
    assert {row["region"]: row["price_origin"] for row in table} == {
        "us-east-1": "built-in table",
        "eu-central-1": "price list",
        "eu-west-3": "",
    }
