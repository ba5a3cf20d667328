"""Billed usage becomes records: the period that is asked for, units kept, nothing rounded away."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainbill.data_fetcher.billed_usage import DAYS, LAST_MONTH, parse, request, window
from plainbill.model.billing import LATE, UsageRecord, UsageTable, asked_on, bill_source
from plainbill.model.period import Period

DAY = timedelta(days=1)
NOVEMBER = ("2026-11-01", "2026-11-23")
OCTOBER = ("2026-10-22", "2026-11-01")


def group(usage_type: str, key: str, quantity: str, cost: str, unit: str = "Hrs", **more: Any) -> Any:
    metrics = {
        "UnblendedCost": {"Amount": cost, "Unit": "USD"},
        "UsageQuantity": {"Amount": quantity, "Unit": unit},
    }
    return {"Keys": [usage_type, key], "Metrics": metrics | more}


def page(*groups: Any, days: tuple[str, str] = NOVEMBER) -> Any:
    start, end = days
    part = {"TimePeriod": {"Start": start, "End": end}, "Total": {}, "Groups": list(groups)}
    return {"ResultsByTime": [part | {"Estimated": True}]}


def test_a_month_without_groups_has_no_records() -> None:
    answer = parse([page()])
    assert (answer.records, answer.currencies) == ((), ())


def test_usage_without_a_unit_of_its_own_keeps_aws_s_word_for_that() -> None:
    (record,) = parse([page(group("X", "Y", "3", "1", unit="N/A"))]).records
    assert record.unit == "N/A"


@pytest.mark.parametrize("amount", ["NaN", "Infinity"])
def test_what_is_no_number_is_refused(amount: str) -> None:
    with pytest.raises(ValueError, match="is not an amount"):
        parse([page(group("NatGateway-Hours", "NatGateway", amount, "1"))])


def test_an_answer_in_two_currencies_says_so() -> None:
    other = group("X", "Y", "1", "1", UnblendedCost={"Amount": "1", "Unit": "CNY"})
    assert parse([page(group("X", "Z", "1", "1"), other)]).currencies == ("CNY", "USD")


def test_a_group_keeps_its_days_names_quantity_unit_and_cost() -> None:
    pages = [
        page(group("EU-NatGateway-Hours", "NatGateway", "240.0000000001", "11.52"), days=OCTOBER),
        page(group("EU-NatGateway-Hours", "NatGateway", "528", "23.76")),
    ]
    october, november = parse(pages).records
    assert (october.start, october.end) == (date(2026, 10, 22), date(2026, 11, 1))
    assert october.quantity == Decimal("240.0000000001")
    assert november == UsageRecord(
        start=date(2026, 11, 1),
        end=date(2026, 11, 23),
        usage_type="EU-NatGateway-Hours",
        key="NatGateway",
        quantity=Decimal(528),
        unit="Hrs",
        cost=Decimal("23.76"),
    )


def test_one_month_is_asked_for_by_month_and_of_usage_only() -> None:
    assert request(window(date(2026, 11, 24)), UsageTable.ACCOUNT) == {
        "TimePeriod": {"Start": "2026-10-22", "End": "2026-11-23"},
        "Granularity": "MONTHLY",
        "Metrics": ["UnblendedCost", "UsageQuantity"],
        "Filter": {"Dimensions": {"Key": "RECORD_TYPE", "Values": ["Usage"]}},
        "GroupBy": [
            {"Type": "DIMENSION", "Key": "USAGE_TYPE"},
            {"Type": "DIMENSION", "Key": "LINKED_ACCOUNT"},
        ],
    }
    assert bill_source(UsageTable.ACCOUNT) == "cost_explorer.usage_by_account"


@given(st.dates(date(2024, 1, 1), date(2032, 1, 1)))
def test_the_window_is_closed_long_enough_and_has_a_week_of_another_month(today: date) -> None:
    period = window(today)
    assert period.end_day == today - LATE * DAY
    assert asked_on(period) == today
    assert DAYS <= period.days <= 38
    this_month = Period.of_days((period.end_day - DAY).replace(day=1), period.end_day)
    assert period.days - this_month.days >= LAST_MONTH
