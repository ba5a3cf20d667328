"""Why the bill changed, over HTTP: sums made without the product, and whatever was billed."""

from __future__ import annotations

import csv
import io
import tempfile
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from app.company import ACCOUNTS, PRODUCTION, collected, control_records, spent
from app.conftest import ADDRESS, dashboard
from app.estates import Estate, estates, periods_of
from app.test_cost_properties import stored
from factories import TODAY
from plainbill.analyzer.cost_periods import Compare
from plainbill.app.changes_params import ChangesParams, ChangesQuery, with_usual_days
from plainbill.app.queries import CostQuery
from plainbill.app.views.changes import changes_view, compared_of
from plainbill.app.views.costs import costs_of
from plainbill.app.waterfall_drawing import waterfall
from plainbill.model.billing import UsageRecord, UsageSpan, UsageTable
from plainbill.model.cost import CostMetric, CostTable
from plainbill.model.period import Period
from plainbill.settings import Settings
from plainbill.storage import CostSpan, Home, SnapshotStore

DAY = timedelta(days=1)
URL = "/api/changes"
OCTOBER = Period.of_days(date(2026, 10, 1), date(2026, 11, 1))
SEPTEMBER = Period.of_days(date(2026, 9, 1), date(2026, 10, 1))


def ask(client: TestClient, query: str = "") -> dict[str, Any]:
    answer = client.get(URL + query)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def page(client: TestClient, query: str = "") -> str:
    answer = client.get(f"/changes{query}", headers={"Accept": "text/html"})
    assert answer.status_code == 200
    return answer.text


def added_up(body: dict[str, Any]) -> None:
    assert Decimal(body["before"]) + sum(Decimal(step["amount"]) for step in body["steps"]) == Decimal(
        body["after"]
    )
    for step in body["steps"]:
        assert sum(Decimal(part["amount"]) for part in step["parts"]) == Decimal(step["amount"])


# --- what is not known --------------------------------------------------------------------


def test_before_anything_was_read_no_change_is_claimed(empty_client: TestClient) -> None:
    body = ask(empty_client)
    assert (body["before"], body["after"], body["change"]) == (None, None, None)
    assert "Nothing has been read yet" in page(empty_client)


@pytest.mark.parametrize("query", ["?compare=last_year", "?start=2026-11-20&end=2026-11-25"])
def test_a_part_is_not_compared_with_a_whole(client: TestClient, query: str) -> None:
    body = ask(client, query)
    assert (body["change"], body["steps"]) == (None, [])
    assert "not known, and a part is not compared with a whole" in body["notes"][0]
    assert body["notes"][0].replace("'", "&#39;") in page(client, query)


def test_without_record_types_nothing_is_called_a_credit(home: Home, settings: Settings) -> None:
    costs = {table: span for table, span in collected().costs.items() if table is not CostTable.RECORD_TYPE}
    SnapshotStore(home.snapshots).write(collected(costs=costs))
    body = ask(TestClient(dashboard(home, settings), base_url=ADDRESS))
    assert {step["cause"] for step in body["steps"]} <= {"more", "less", "length", "new", "gone"}
    assert "not told apart from usage" in body["notes"][0]


def test_prices_are_not_told_apart_where_no_quantities_are_stored(client: TestClient) -> None:
    assert "Prices are not told apart" in ask(client)["notes"][-1]
    assert "unblended" in ask(client, "?metric=amortized")["notes"][-1]


# --- what is known ------------------------------------------------------------------------


def test_the_usual_days_are_those_of_the_month(client: TestClient) -> None:
    body = ask(client)
    assert body["period"] == {"start": "2026-11-01", "end": str(TODAY)}
    assert body["compared"] == {"start": "2026-10-01", "end": "2026-10-24"}


@pytest.mark.parametrize(
    ("last_day", "first", "end"),
    [
        (date(2026, 11, 23), date(2026, 11, 1), date(2026, 11, 24)),
        (date(2026, 11, 2), date(2026, 10, 1), date(2026, 11, 1)),
        (date(2026, 10, 31), date(2026, 10, 1), date(2026, 11, 1)),
        (None, date(2026, 11, 1), date(2026, 11, 24)),
    ],
)
def test_early_in_a_month_the_last_one_is_told(last_day: date | None, first: date, end: date) -> None:
    params = with_usual_days(ChangesParams(), last_day, TODAY)
    assert (params.start, params.end) == (first, end)


@pytest.mark.parametrize("metric", list(CostMetric))
@pytest.mark.parametrize("account", [None, *ACCOUNTS])
def test_the_steps_lead_from_month_to_month(
    client: TestClient, metric: CostMetric, account: str | None
) -> None:
    of_one = f"&account={account}" if account else ""
    body = ask(client, f"?start=2026-10-01&end=2026-11-01&metric={metric.value}{of_one}")
    assert Decimal(body["before"]) == spent(SEPTEMBER, account=account, metric=metric)
    assert Decimal(body["after"]) == spent(OCTOBER, account=account, metric=metric)
    assert {step["cause"] for step in body["steps"]} == {"length", "more", "credit"}
    added_up(body)


def test_what_aws_names_beyond_the_rows_is_a_step(home: Home, settings: Settings) -> None:
    off = [
        replace(
            row, amounts={one: cost + (row.day >= OCTOBER.first_day) for one, cost in row.amounts.items()}
        )
        for row in control_records()
    ]
    costs = {
        **collected().costs,
        CostTable.CONTROL: CostSpan(collected().costs[CostTable.CONTROL].period, off),
    }
    SnapshotStore(home.snapshots).write(collected(costs=costs))
    body = ask(TestClient(dashboard(home, settings), base_url=ADDRESS), "?start=2026-10-01&end=2026-11-01")
    assert body["steps"][-1]["cause"] == "unexplained"
    assert Decimal(body["steps"][-1]["amount"]) == 31
    added_up(body)


def test_a_price_that_moved_is_a_step_of_its_own(home: Home, settings: Settings) -> None:
    first, end = date(2026, 10, 22), date(2026, 11, 23)
    month = date(2026, 11, 1)
    records = [
        UsageRecord(
            start=start, end=stop, usage_type="BoxUsage:m5.large", key="RunInstances",
            quantity=Decimal(100), unit="Hrs", cost=Decimal(cost),
        )
        for start, stop, cost in ((first, month, 10), (month, end, 12))
    ]  # fmt: skip
    span = UsageSpan(period=Period.of_days(first, end), currency="USD", records=records)
    SnapshotStore(home.snapshots).write(collected(usage={UsageTable.OPERATION: span}))
    client = TestClient(dashboard(home, settings), base_url=ADDRESS)
    body = ask(client)
    (price,) = [step for step in body["steps"] if step["cause"] == "price"]
    assert Decimal(price["amount"]) == 2
    assert (price["parts"][0]["rate_before"], price["parts"][0]["rate_after"]) == ("0.10", "0.12")
    assert "in 1\N{NO-BREAK SPACE}Nov to 22\N{NO-BREAK SPACE}Nov" in body["notes"][-1]
    assert "$0.12" in page(client)
    added_up(body)


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("by=region", "Costs by region have not been read yet"),
        ("by=usage_type", "Costs by usage type have not been read yet"),
        (f"by=usage_type&account={PRODUCTION}", "choose all accounts"),
    ],
)
def test_without_the_table_nothing_is_claimed_and_the_page_says_how_to_have_it(
    client: TestClient, query: str, why: str
) -> None:
    days = "&start=2026-10-01&end=2026-11-01"
    body = ask(client, f"?{query}{days}")
    assert (body["before"], body["after"], body["steps"]) == (None, None, [])
    assert why in " ".join(body["notes"])
    assert why in page(client, f"?{query}{days}")


def test_a_table_that_is_not_asked_for_says_which_setting_asks_for_it(home: Home, settings: Settings) -> None:
    SnapshotStore(home.snapshots).write(collected())
    without = settings.model_copy(update={"cost_groupings": ()})
    client = TestClient(dashboard(home, without), base_url=ADDRESS)
    assert "PLAINBILL_COST_GROUPINGS" in " ".join(ask(client, "?by=region")["notes"])


def test_parts_are_regions_where_that_is_asked_and_lead_to_their_costs(
    home: Home, settings: Settings
) -> None:
    def somewhere(span: CostSpan) -> CostSpan:
        regions = {"Tax": "NoRegion"}
        records = [replace(one, key=regions.get(str(one.key), "eu-west-3")) for one in span.records]
        sums: dict[Any, Any] = {}
        for one in records:
            at = (one.day, one.key, one.account_id)
            known = sums.get(at)
            amounts = {
                metric: cost + (known.amounts[metric] if known else 0) for metric, cost in one.amounts.items()
            }
            sums[at] = replace(one, amounts=amounts)
        return replace(span, records=list(sums.values()))

    whole = collected()
    costs = {**whole.costs, CostTable.REGION: somewhere(whole.costs[CostTable.SERVICE])}
    SnapshotStore(home.snapshots).write(replace(whole, costs=costs))
    client = TestClient(dashboard(home, settings), base_url=ADDRESS)
    query = "?by=region&start=2026-10-01&end=2026-11-01"
    body, usual = ask(client, query), ask(client, query.replace("by=region&", ""))
    added_up(body)
    assert (body["before"], body["after"]) == (usual["before"], usual["after"])
    named = {part["key"] for step in body["steps"] for part in step["parts"]}
    assert "eu-west-3" in named
    assert named.isdisjoint({"Amazon Elastic Compute Cloud - Compute"})
    assert "region=eu-west-3" in page(client, query)


def test_the_csv_holds_every_part(client: TestClient) -> None:
    query = "?start=2026-10-01&end=2026-11-01"
    rows = list(csv.DictReader(io.StringIO(client.get(f"{URL}.csv{query}").text)))
    assert sum(Decimal(row["amount"]) for row in rows) == spent(OCTOBER) - spent(SEPTEMBER)
    assert {row["account_name"] for row in rows} == {"Production", ""}


def test_the_page_says_it_in_words_and_leads_to_the_rows(client: TestClient) -> None:
    text = page(client, "?start=2026-10-01&end=2026-11-01")
    assert "In words" in text
    assert f"account={PRODUCTION}&amp;compare=previous&amp;service=Tax" in text
    assert 'href="/cost?start=2026-09-01&amp;end=2026-10-01&amp;metric=unblended"' in text


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(data=st.data(), estate=estates())
def test_whatever_was_billed_the_steps_add_up_to_aws_own_totals(data: st.DataObject, estate: Estate) -> None:
    period = data.draw(periods_of(estate))
    metric = data.draw(st.sampled_from(list(CostMetric)))
    by = data.draw(st.sampled_from((CostTable.SERVICE, CostTable.REGION, CostTable.USAGE_TYPE)))
    query = ChangesQuery(
        costs=CostQuery(period=period, metric=metric, account=None), compare=Compare.PREVIOUS, by=by
    )
    with tempfile.TemporaryDirectory() as folder:
        snapshot = stored(estate, folder)
        before = replace(query.costs, period=compared_of(query))
        now, then = (costs_of(snapshot, one).view for one in (query.costs, before))
        view = changes_view(snapshot, query, now, then)
        snapshot.close()
    if view.before is None or view.after is None:
        assert now.missing_days or then.missing_days or (by is not CostTable.SERVICE and view.notes)
        return
    assert view.before == estate.total(before.period, metric)
    assert view.after == estate.total(period, metric)
    assert view.before + sum((step.amount for step in view.steps), Decimal(0)) == view.after
    for step in view.steps:
        assert sum((part.amount for part in step.parts), Decimal(0)) == step.amount
    assert "unexplained" not in {step.cause for step in view.steps}


@given(st.decimals(-1000, 1000, places=2), st.lists(st.decimals(-500, 500, places=2), max_size=12))
def test_every_bar_stays_inside_and_begins_where_the_last_one_ended(
    before: Decimal, amounts: list[Decimal]
) -> None:
    drawn = waterfall(before, amounts)
    bars = [drawn.before, *drawn.steps, drawn.after]
    assert all(left >= 0 and width > 0 and left + width <= 100.5 for left, width in bars)
    assert drawn.begins <= min(before, before + sum(amounts, Decimal(0)))
