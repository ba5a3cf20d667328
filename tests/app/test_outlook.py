"""The months to come and the anomalies, on the pages and in the API."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.company import EC2, PRODUCTION, S3, STORED, TAX, collected, service_records
from app.conftest import ADDRESS, dashboard
from factories import TODAY
from plainbill.model.cost import CostRecord, CostTable
from plainbill.settings import Settings
from plainbill.storage import CostSpan, Home, SnapshotStore

DAY = timedelta(days=1)
SPIKE = TODAY - 20 * DAY
PAGE = "/anomalies"


def spiked(day: date = SPIKE, service: str = EC2, factor: int = 6) -> list[CostRecord]:
    """The company's bill with one day of one service in one account many times as dear."""

    def dearer(row: CostRecord) -> CostRecord:
        return replace(row, amounts={metric: amount * factor for metric, amount in row.amounts.items()})

    place = (day, service, PRODUCTION)
    return [dearer(row) if (row.day, row.key, row.account_id) == place else row for row in service_records()]


def serve(home: Home, settings: Settings, rows: list[CostRecord] | None = None) -> TestClient:
    whole = collected()
    if rows is not None:
        whole = replace(whole, costs={**whole.costs, CostTable.SERVICE: CostSpan(STORED, rows)})
    SnapshotStore(home.snapshots).write(whole)
    return TestClient(dashboard(home, settings), base_url=ADDRESS)


def anomalies(client: TestClient) -> dict[str, Any]:
    answer = client.get("/api/anomalies")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


# --- what must not be claimed --------------------------------------------------------------


def test_before_anything_was_read_nothing_is_said_of_the_months_to_come(
    home: Home, settings: Settings
) -> None:
    client = TestClient(dashboard(home, settings), base_url=ADDRESS)
    said = client.get("/api/forecast").json()
    assert (said["data_until"], said["total"]["months"]) == (None, [])
    assert "nothing has been read yet; start a refresh" in said["total"]["reason"]
    assert "nothing has been read yet; start a refresh" in anomalies(client)["reason"]
    assert "Nothing has been read yet" in client.get(PAGE).text


def test_a_bill_that_grows_evenly_has_no_anomalies(home: Home, settings: Settings) -> None:
    client = serve(home, settings)
    assert anomalies(client)["anomalies"] == []
    assert "No service and no account" in client.get(PAGE).text


@pytest.mark.parametrize("day", [TODAY - DAY, TODAY - 2 * DAY])
def test_days_that_aws_may_not_have_filled_yet_are_not_judged(
    home: Home, settings: Settings, day: date
) -> None:
    until = date.fromisoformat(anomalies(serve(home, settings, spiked(day)))["data_until"])
    assert until == TODAY - 2 * DAY
    said = anomalies(TestClient(dashboard(home, settings), base_url=ADDRESS))["anomalies"]
    assert len(said) == (1 if day <= until else 0)


def test_tax_is_no_anomaly(home: Home, settings: Settings) -> None:
    assert anomalies(serve(home, settings, spiked(service=TAX, factor=90)))["anomalies"] == []


# --- the forecast --------------------------------------------------------------------------


def test_the_forecast_holds_what_is_billed_and_names_the_difference_to_the_services(
    home: Home, settings: Settings
) -> None:
    said = serve(home, settings).get("/api/forecast").json()
    month, parts = said["total"]["months"][0], said["services"]
    assert {each["service"] for each in parts} == {EC2, S3, TAX}
    so_far = sum(Decimal(each["months"][0]["so_far"]) for each in parts)
    assert abs(so_far - Decimal(month["so_far"])) <= Decimal("0.03")
    expected = sum(Decimal(each["months"][0]["expected"]) for each in parts)
    assert Decimal(said["differences"][0]["amount"]) == Decimal(month["expected"]) - expected
    assert Decimal(month["low_80"]) <= Decimal(month["expected"]) <= Decimal(month["high_80"])


def test_the_overview_says_what_the_month_will_come_to_and_only_of_the_whole_bill(
    home: Home, settings: Settings
) -> None:
    client = serve(home, settings)
    assert "80&nbsp;% interval" in client.get("/").text
    assert "80&nbsp;% interval" not in client.get("/", params={"account": PRODUCTION}).text
    assert "80&nbsp;% interval" not in client.get("/", params={"metric": "amortized"}).text


# --- anomalies and what is said of them ----------------------------------------------------


def test_a_spike_is_named_with_its_account_on_the_page_in_json_and_in_csv(
    home: Home, settings: Settings
) -> None:
    client = serve(home, settings, spiked())
    (one,) = anomalies(client)["anomalies"]
    assert (one["name"], one["cause"], one["cause_name"]) == (EC2, PRODUCTION, "Production")
    assert (one["start"], one["end"]) == (str(SPIKE), str(SPIKE + DAY))
    assert Decimal(one["impact"]) == Decimal(one["actual"]) - Decimal(one["expected"])
    page = client.get(PAGE).text
    assert EC2 in page
    assert "Production" in page
    assert one["rule"] == "one day"
    assert 0 < Decimal(one["limit"]) < Decimal(one["impact"])
    assert f"A day alarms that is off by more than ${Decimal(one['limit']):,.2f}." in page
    (row,) = csv.DictReader(io.StringIO(client.get("/api/anomalies.csv").text))
    assert (row["anomaly_id"], row["impact"]) == (one["anomaly_id"], one["impact"])


def test_what_a_person_says_is_remembered_with_the_name_and_can_be_taken_back(
    home: Home, settings: Settings
) -> None:
    client = serve(home, settings, spiked())
    (one,) = anomalies(client)["anomalies"]
    assert one["state"] == "new"
    form = {"anomaly": one["anomaly_id"], "state": "expected", "who": "kim", "note": "<load test>"}
    answer = client.post(PAGE, data=form, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, PAGE)
    said = anomalies(client)
    assert (said["new"], said["anomalies"][0]["state"], said["anomalies"][0]["who"]) == (0, "expected", "kim")
    assert "&lt;load test&gt;" in client.get(PAGE).text
    url = f"/api/anomalies/{one['anomaly_id']}/decision"
    back = client.post(url, json={"state": "new", "who": "kim"})
    assert (back.status_code, back.json()["new"]) == (200, 1)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"anomaly": "0" * 16}, 404),
        ({"anomaly": "x"}, 422),
        ({"state": "gone"}, 422),
        ({"who": " "}, 422),
        ({"more": "1"}, 422),
    ],
)
def test_what_cannot_be_meant_is_refused(
    home: Home, settings: Settings, changes: dict[str, str], status: int
) -> None:
    client = serve(home, settings, spiked())
    (one,) = anomalies(client)["anomalies"]
    form = {"anomaly": one["anomaly_id"], "state": "expected", "who": "kim"} | changes
    assert client.post(PAGE, data=form, follow_redirects=False).status_code == status
    assert anomalies(client)["new"] == 1
