"""The bill of an estate of any size is that of its instances, and sums to the same however it is grouped."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations
from typing import Any

import pytest

from demo.stock import client
from factories import NOW, TODAY
from plainbill.demo.answers_cost_explorer import ANSWERS as GENERAL
from plainbill.demo.call import Options
from plainbill.demo.cell import REPORTED_HOURS, UNITS
from plainbill.demo.cost_query import COLUMNS, DIMENSIONS
from plainbill.demo.large_answers import LARGE_ANSWERS
from plainbill.demo.large_company import LargeCompany
from plainbill.demo.large_shape import Shape
from plainbill.demo.server import DemoEndpoint

SHAPE = Shape(120, 6, 3, 4)
COMPANY = LargeCompany(TODAY, shape=SHAPE)
PERIOD = {"Start": "2026-09-20", "End": "2026-11-25"}
METRICS = list(COLUMNS)


@pytest.fixture(scope="module")
def large() -> Iterator[DemoEndpoint]:
    with DemoEndpoint(now=NOW, shape=SHAPE) as endpoint:
        yield endpoint


@pytest.fixture(scope="module")
def line_by_line() -> Iterator[DemoEndpoint]:
    """The same estate, its answers summed from the charges of each day as the small company's are."""
    with DemoEndpoint(now=NOW, shape=SHAPE, answers={**LARGE_ANSWERS, **GENERAL}) as endpoint:
        yield endpoint


def asked(aws: DemoEndpoint, account: str = SHAPE.account_ids[0], **more: Any) -> list[dict[str, Any]]:
    """All pages of an answer, without what belongs to one response."""
    ce, token, found = client(aws, "ce", account), dict[str, str](), list[dict[str, Any]]()
    request = {"TimePeriod": PERIOD, "Granularity": "MONTHLY", "Metrics": METRICS} | more
    while True:
        answer = ce.get_cost_and_usage(**request, **token)
        answer.pop("ResponseMetadata")
        found.append(answer)
        if "NextPageToken" not in answer:
            return found
        token = {"NextPageToken": answer.pop("NextPageToken")}


def by(*dimensions: str) -> list[dict[str, str]]:
    return [{"Type": "DIMENSION", "Key": name} for name in dimensions]


def total(pages: list[dict[str, Any]], metric: str) -> Decimal:
    parts = [part for page in pages for part in page["ResultsByTime"]]
    groups = [group["Metrics"] for part in parts for group in part["Groups"]]
    return sum((Decimal(one[metric]["Amount"]) for one in groups), Decimal(0))


@pytest.mark.parametrize("day", [TODAY, TODAY - timedelta(days=1), date(2026, 6, 1), date(2025, 12, 24)])
def test_ec2_is_billed_for_the_hours_that_the_instances_ran(day: date) -> None:
    first = (day - date(1970, 1, 1)).days * 24
    end = first + (REPORTED_HOURS if day == TODAY else 24)
    for account in SHAPE.account_ids:
        cells = [cell for cell in COMPANY.bill.cells(day) if "BoxUsage" in cell.usage_type]
        billed = sum(cell.quantity for cell in cells if cell.account_id == account)
        numbers = [
            n for owner, one in SHAPE.places if owner == account for n in SHAPE.numbers_in(owner, one.name)
        ]
        assert billed == UNITS * sum(COMPANY.estate.instance(n).billed_hours(first, end) for n in numbers)


def test_an_hour_costs_its_price_and_nothing_is_billed_beyond_today() -> None:
    cells = COMPANY.bill.cells(TODAY)
    per_hour = {c.usage_type: Decimal(c.amounts[0]) / c.quantity for c in cells if "BoxUsage" in c.usage_type}
    assert per_hour["BoxUsage:m5.large"] == Decimal("0.096")
    assert COMPANY.bill.cells(TODAY + timedelta(days=1)) == ()
    assert COMPANY.bill.cells(COMPANY.bill.first_day - timedelta(days=1)) == ()


def test_an_empty_place_costs_nothing() -> None:
    empty = [(a, one.name) for a, one in SHAPE.places if not SHAPE.numbers_in(a, one.name)]
    assert empty
    cells = [cell for ago in range(0, 400, 40) for cell in COMPANY.bill.cells(TODAY - timedelta(days=ago))]
    assert not [cell for cell in cells if (cell.account_id, cell.region) in empty]


def test_every_kind_of_charge_is_there() -> None:
    cells = [cell for cell in COMPANY.bill.cells(date(2026, 11, 1)) if any(cell.amounts)]
    kinds = {cell.record_type for cell in cells}
    assert kinds == {"Usage", "Credit", "Private Rate Discount", "Tax", "Support"}


def test_every_grouping_sums_to_the_same(large: DemoEndpoint) -> None:
    whole = asked(large)[0]["ResultsByTime"]
    groupings = [*combinations(DIMENSIONS, 1), *combinations(DIMENSIONS, 2)]
    told = {metric: sum(Decimal(part["Total"][metric]["Amount"]) for part in whole) for metric in METRICS[:5]}
    assert all(told.values())
    for names in groupings:
        pages = asked(large, GroupBy=by(*names))
        assert {metric: total(pages, metric) for metric in METRICS[:5]} == told, names


def test_days_sum_to_their_months(large: DemoEndpoint) -> None:
    for metric in METRICS:
        days = asked(large, GroupBy=by("SERVICE", "LINKED_ACCOUNT"), Granularity="DAILY")
        assert total(days, metric) == total(asked(large, GroupBy=by("SERVICE", "LINKED_ACCOUNT")), metric)


CASES: list[dict[str, Any]] = [
    {"GroupBy": by("SERVICE", "LINKED_ACCOUNT"), "Granularity": "DAILY"},
    {"GroupBy": by("USAGE_TYPE", "OPERATION")},
    {"GroupBy": by("RECORD_TYPE")},
    {"GroupBy": by("REGION"), "TimePeriod": {"Start": "2026-11-20", "End": "2026-12-01"}},
    {"GroupBy": by("SERVICE"), "Filter": {"Dimensions": {"Key": "RECORD_TYPE", "Values": ["Credit"]}}},
    {"Filter": {"Not": {"Dimensions": {"Key": "RECORD_TYPE", "Values": ["Tax", "Support"]}}}},
    {"GroupBy": by("SERVICE"), "Filter": {"Dimensions": {"Key": "SERVICE", "Values": ["no such service"]}}},
]


@pytest.mark.parametrize("case", CASES, ids=str)
@pytest.mark.parametrize("account", SHAPE.account_ids[:2])
def test_answers_are_those_summed_line_by_line(
    large: DemoEndpoint, line_by_line: DemoEndpoint, case: dict[str, Any], account: str
) -> None:
    assert asked(large, account, **case) == asked(line_by_line, account, **case)


def test_values_of_a_dimension_are_those_summed_line_by_line(
    large: DemoEndpoint, line_by_line: DemoEndpoint
) -> None:
    for name in DIMENSIONS:
        told = [
            client(aws, "ce", SHAPE.account_ids[0]).get_dimension_values(TimePeriod=PERIOD, Dimension=name)
            for aws in (large, line_by_line)
        ]
        assert told[0]["DimensionValues"] == told[1]["DimensionValues"] != []


def test_pages_of_groups_add_up() -> None:
    with DemoEndpoint(now=NOW, shape=SHAPE, options=Options(cost_groups_page=7)) as small:
        pages = asked(small, GroupBy=by("SERVICE", "LINKED_ACCOUNT"))
        assert len(pages) > 3
        with DemoEndpoint(now=NOW, shape=SHAPE) as whole:
            assert total(pages, "NetAmortizedCost") == total(
                asked(whole, GroupBy=by("SERVICE", "LINKED_ACCOUNT")), "NetAmortizedCost"
            )
