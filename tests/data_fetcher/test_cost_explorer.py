"""What Cost Explorer said becomes records: nothing invented, nothing rounded away, nothing dropped."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_fetcher.answers import cost_day, cost_page, group, recordings, total_day
from plainbill.data_fetcher.cost_explorer import history_start, open_period, parse, request
from plainbill.model.cost import CostMetric, CostRecord, CostTable
from plainbill.model.period import Period

SHOP, LAB = "111122223333", "444455556666"
EC2, S3 = "Amazon Elastic Compute Cloud - Compute", "Amazon Simple Storage Service"


def unblended(records: Iterable[CostRecord]) -> Decimal:
    return sum((record.amounts[CostMetric.UNBLENDED] for record in records), Decimal(0))


def test_a_group_keeps_its_day_key_account_metrics_currency_and_estimate() -> None:
    page = cost_page(cost_day("2026-11-01", group("12.50", EC2, SHOP), estimated=True))
    assert parse([page], CostTable.SERVICE).records == (
        CostRecord(
            day=date(2026, 11, 1),
            key=EC2,
            account_id=SHOP,
            amounts=dict.fromkeys(CostMetric, Decimal("12.50")),
            currency="USD",
            is_estimated=True,
        ),
    )


def test_each_metric_keeps_its_own_amount() -> None:
    metrics = {
        "UnblendedCost": {"Amount": "1", "Unit": "USD"},
        "AmortizedCost": {"Amount": "2", "Unit": "USD"},
        "NetUnblendedCost": {"Amount": "3", "Unit": "USD"},
        "NetAmortizedCost": {"Amount": "4", "Unit": "USD"},
        "BlendedCost": {"Amount": "5", "Unit": "USD"},
    }
    page = cost_page(cost_day("2026-11-01", {"Keys": [EC2, SHOP], "Metrics": metrics}))
    (record,) = parse([page], CostTable.SERVICE).records
    assert record.amounts == {
        CostMetric.UNBLENDED: Decimal(1),
        CostMetric.AMORTIZED: Decimal(2),
        CostMetric.NET_UNBLENDED: Decimal(3),
        CostMetric.NET_AMORTIZED: Decimal(4),
        CostMetric.BLENDED: Decimal(5),
    }


def test_a_day_that_goes_on_over_two_pages_is_one_day_with_all_its_groups() -> None:
    pages = [
        cost_page(cost_day("2026-11-01", group("1", EC2, SHOP)), a111122223333="Shop"),
        cost_page(
            cost_day("2026-11-01", group("2", S3, LAB)),
            cost_day("2026-11-02", group("4", S3, LAB)),
            a444455556666="Lab",
        ),
    ]
    answer = parse(pages, CostTable.SERVICE)
    assert unblended(answer.records) == 7
    assert answer.days_answered == {date(2026, 11, 1), date(2026, 11, 2)}
    assert answer.account_names == {SHOP: "Shop", LAB: "Lab"}


def test_a_group_of_zero_and_a_group_that_is_not_there_are_both_left_as_aws_gave_them() -> None:
    page = cost_page(
        cost_day("2026-11-01", group("0", EC2, SHOP), group("0.0000000000", S3, SHOP)),
        cost_day("2026-11-02", group("3", S3, SHOP)),
    )
    records = parse([page], CostTable.SERVICE).records
    assert [(record.day.day, record.key) for record in records] == [(1, EC2), (1, S3), (2, S3)]
    assert unblended(records) == 3


def test_a_day_answered_without_groups_is_known_while_a_day_not_answered_is_not() -> None:
    page = cost_page(cost_day("2026-11-01"), cost_day("2026-11-03", group("1", EC2, SHOP)))
    answer = parse([page], CostTable.SERVICE)
    assert answer.days_answered == {date(2026, 11, 1), date(2026, 11, 3)}
    assert [record.day.day for record in answer.records] == [3]


def test_an_ungrouped_answer_is_its_total_without_key_and_account() -> None:
    page = cost_page(total_day("2026-11-01", "10.5"), total_day("2026-11-02", "0", estimated=True))
    records = parse([page], CostTable.CONTROL).records
    assert [(r.day.day, r.key, r.account_id, r.is_estimated) for r in records] == [
        (1, None, None, False),
        (2, None, None, True),
    ]
    assert unblended(records) == Decimal("10.5")


def test_a_control_day_whose_total_is_left_empty_is_not_known_rather_than_zero() -> None:
    answer = parse([cost_page(cost_day("2026-11-01"), total_day("2026-11-02", "0"))], CostTable.CONTROL)
    assert answer.days_answered == {date(2026, 11, 2)}
    assert len(answer.records) == 1


def test_credits_and_refunds_stay_negative_and_apart() -> None:
    page = cost_page(
        cost_day(
            "2026-11-01",
            group("100", "Usage", SHOP),
            group("-25.25", "Credit", SHOP),
            group("-1.0E-8", "Refund", SHOP),
            group("19", "Tax", SHOP),
        )
    )
    records = parse([page], CostTable.RECORD_TYPE).records
    assert [record.key for record in records] == ["Usage", "Credit", "Refund", "Tax"]
    assert unblended(records) == Decimal("93.74999999")


@pytest.mark.parametrize(
    ("written", "exact"),
    [
        ("1.2E-7", "0.00000012"),
        ("1.2e-07", "0.00000012"),
        ("0E-10", "0"),
        ("-4E+2", "-400"),
        ("0.1", "0.1"),
        ("123456789012.0123456789", "123456789012.0123456789"),
        ("0.00000000005", "0"),  # half to even, at the tenth decimal
        ("0.00000000015", "0.0000000002"),
        ("0.000000000149999999", "0.0000000001"),
        ("-0.00000000015", "-0.0000000002"),
    ],
)
def test_amounts_are_what_aws_wrote_to_ten_decimals(written: str, exact: str) -> None:
    page = cost_page(total_day("2026-11-01", written))
    assert unblended(parse([page], CostTable.CONTROL).records) == Decimal(exact)


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=10, allow_nan=False))
def test_no_amount_of_ten_decimals_is_changed(amount: Decimal) -> None:
    page = cost_page(total_day("2026-11-01", str(amount)))
    assert unblended(parse([page], CostTable.CONTROL).records) == amount


def test_two_currencies_are_told_apart_and_never_in_one_record() -> None:
    mixed = {**group("1", EC2, SHOP)["Metrics"], "BlendedCost": {"Amount": "7", "Unit": "CNY"}}
    page = cost_page(
        cost_day("2026-11-01", {"Keys": [EC2, SHOP], "Metrics": mixed}, group("2", S3, SHOP, unit="EUR"))
    )
    answer = parse([page], CostTable.SERVICE)
    assert answer.currencies == ("CNY", "EUR", "USD")
    assert {(record.key, record.currency) for record in answer.records} == {
        (EC2, "USD"),
        (EC2, "CNY"),
        (S3, "EUR"),
    }


def test_names_come_only_for_accounts_of_the_answer() -> None:
    page = cost_page(
        cost_day("2026-11-01", group("1", EC2, SHOP)), a111122223333="<b>Shop</b>", a999999999999="Other"
    )
    assert parse([page], CostTable.SERVICE).account_names == {SHOP: "<b>Shop</b>"}


@pytest.mark.parametrize(
    "days",
    [
        ("2026-10-31", "2026-11-01"),  # a month's end
        ("2028-02-28", "2028-02-29", "2028-03-01"),  # a leap day
        ("2026-02-28", "2026-03-01"),
        ("2025-12-31", "2026-01-01"),
    ],
)
def test_days_are_shown_under_the_day_they_start_on(days: tuple[str, ...]) -> None:
    page = cost_page(*(total_day(day, "1") for day in days))
    answer = parse([page], CostTable.CONTROL)
    assert [str(record.day) for record in answer.records] == list(days)
    assert {str(day) for day in answer.days_answered} == set(days)


@pytest.mark.parametrize(
    ("today", "start"),
    [
        ("2026-11-24", "2025-10-01"),
        ("2026-01-01", "2024-12-01"),
        ("2026-01-31", "2024-12-01"),
        ("2026-02-01", "2025-01-01"),
        ("2026-03-31", "2025-02-01"),
        ("2028-02-29", "2027-01-01"),
    ],
)
def test_history_begins_thirteen_months_before_the_first_of_the_month(today: str, start: str) -> None:
    assert history_start(date.fromisoformat(today)) == date.fromisoformat(start)


@pytest.mark.parametrize(
    ("today", "oldest_open_day", "start", "end"),
    [
        ("2026-11-24", None, "2025-10-01", "2026-11-25"),
        ("2026-11-24", "2026-11-01", "2026-11-01", "2026-11-25"),
        ("2026-11-01", "2026-10-01", "2026-10-01", "2026-11-02"),  # on the 1st
        ("2026-10-31", "2026-10-29", "2026-10-29", "2026-11-01"),  # on the 31st
        ("2026-12-31", "2026-12-31", "2026-12-31", "2027-01-01"),
        ("2028-02-29", "2028-02-28", "2028-02-28", "2028-03-01"),
        ("2026-11-24", "2024-01-01", "2025-10-01", "2026-11-25"),  # older than what is kept
        ("2026-11-24", "2026-11-30", "2026-11-24", "2026-11-25"),  # stored by a clock that ran ahead
    ],
)
def test_open_days_are_asked_for_up_to_and_with_the_day_in_progress(
    today: str, oldest_open_day: str | None, start: str, end: str
) -> None:
    oldest = date.fromisoformat(oldest_open_day) if oldest_open_day else None
    period = open_period(date.fromisoformat(today), oldest)
    assert request(period, CostTable.CONTROL)["TimePeriod"] == {"Start": start, "End": end}


def test_every_table_asks_for_all_cost_metrics_at_the_price_of_one_request() -> None:
    period = Period.of_days(date(2026, 11, 1), date(2026, 11, 25))
    asked = {table: request(period, table, "team") for table in CostTable}
    assert {tuple(parameters["Metrics"]) for parameters in asked.values()} == {
        ("UnblendedCost", "AmortizedCost", "NetUnblendedCost", "NetAmortizedCost", "BlendedCost")
    }
    assert {parameters["Granularity"] for parameters in asked.values()} == {"DAILY"}
    groups = {
        table: [(group["Type"], group["Key"]) for group in parameters.get("GroupBy", [])]
        for table, parameters in asked.items()
    }
    account = ("DIMENSION", "LINKED_ACCOUNT")
    assert groups == {
        CostTable.SERVICE: [("DIMENSION", "SERVICE"), account],
        CostTable.RECORD_TYPE: [("DIMENSION", "RECORD_TYPE"), account],
        CostTable.CONTROL: [],
        CostTable.REGION: [("DIMENSION", "REGION"), account],
        CostTable.USAGE_TYPE: [("DIMENSION", "USAGE_TYPE"), ("DIMENSION", "SERVICE")],
        CostTable.PURCHASE_TYPE: [("DIMENSION", "PURCHASE_TYPE"), account],
        CostTable.TAG: [("TAG", "team"), account],
        CostTable.COST_CATEGORY: [("COST_CATEGORY", "team"), account],
    }


def test_a_large_bill_takes_less_than_half_a_kilobyte_a_record() -> None:
    """An organisation of hundreds of accounts has millions of them in 13 months."""
    days = [date(2026, 10, day) for day in range(1, 31)]
    accounts = [f"{number:012}" for number in range(100)]
    groups = [group(f"{number}.0123456789", EC2, account) for number, account in enumerate(accounts)]
    page = json.dumps(cost_page(*(cost_day(day, *groups) for day in days)))
    tracemalloc.start()
    try:
        records = parse(map(json.loads, [page]), CostTable.SERVICE).records
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(records) == 3000
    assert kept / len(records) < 500


def _sum_of(raw: dict[str, Any]) -> Decimal:
    return sum(
        (
            Decimal(group["Metrics"]["UnblendedCost"]["Amount"])
            for result in raw["ResultsByTime"]
            for group in result["Groups"]
        ),
        Decimal(0),
    )


def _recorded_costs() -> list[Path]:
    return recordings("ce", "*.json")


def test_recorded_answers_keep_every_group_and_every_cent() -> None:
    for path in _recorded_costs():
        raw = json.loads(path.read_text())
        answer = parse([raw], CostTable.SERVICE)
        assert len(answer.records) == sum(len(result["Groups"]) for result in raw["ResultsByTime"])
        assert unblended(answer.records) == _sum_of(raw) != 0
        assert answer.currencies == ("USD",)


def test_the_recorded_february_has_29_days_each_with_its_own_cost() -> None:
    (path,) = (path for path in _recorded_costs() if path.name == "daily_by_service_2024-02.json")
    raw = json.loads(path.read_text())
    answer = parse([raw], CostTable.SERVICE)
    assert len(answer.days_answered) == 29
    for result in raw["ResultsByTime"]:
        day = date.fromisoformat(result["TimePeriod"]["Start"])
        of_day = [record for record in answer.records if record.day == day]
        assert unblended(of_day) == _sum_of({"ResultsByTime": [result]})
