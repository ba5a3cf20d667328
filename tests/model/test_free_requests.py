"""CloudWatch's free million is kept far away from, whoever else asks."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_factories import usage
from plainbill.model.free_requests import (
    FREE_A_MONTH,
    MOST_OF_A_REFRESH,
    billed_requests,
    requests_of,
    room_of_a_refresh,
)
from plainbill.model.run import OperationCost


@pytest.mark.parametrize(
    ("made", "of_others", "refreshes"),
    [(0, 500_000, 31), (500_000, 0, 31), (0, 2_000_000, 31), (0, 499_990, 31)],
)
def test_there_is_no_room_where_half_of_the_million_is_taken(
    made: int, of_others: int, refreshes: int
) -> None:
    assert room_of_a_refresh(made, of_others, refreshes) == 0


@pytest.mark.parametrize(
    ("made", "of_others", "refreshes", "room"),
    [(0, 0, 31, MOST_OF_A_REFRESH), (0, 0, 1_000, 500), (0, 480_000, 31, 645), (499_900, 0, 31, 100)],
)
def test_the_rest_is_shared_by_the_refreshes_of_the_month(
    made: int, of_others: int, refreshes: int, room: int
) -> None:
    assert room_of_a_refresh(made, of_others, refreshes) == room


@given(of_others=st.integers(0, 2_000_000), refreshes=st.integers(1, 5_000))
def test_a_month_of_refreshes_that_use_their_room_stays_below_half_a_million(
    of_others: int, refreshes: int
) -> None:
    made = 0
    for _ in range(refreshes):
        room = room_of_a_refresh(made, of_others, refreshes)
        made += room
    assert made == 0 or made + of_others <= FREE_A_MONTH // 2


def test_getmetricdata_is_never_free_and_other_services_do_not_count() -> None:
    asked = [
        OperationCost(service=service, operation=operation, calls=7, low=Decimal(0), high=Decimal(0))
        for service, operation in (
            ("cloudwatch", "GetMetricData"),
            ("cloudwatch", "ListMetrics"),
            ("cloudwatch", "GetMetricStatistics"),
            ("s3", "ListBuckets"),
        )
    ]
    assert requests_of(asked) == 14


def test_requests_are_on_the_bill_under_any_region_and_free_ones_too() -> None:
    bill = [
        usage("CW:Requests", "ListMetrics", "1000", "0"),
        usage("EUW1-CW:Requests", "PutMetricData", "20", "0.0002"),
        usage("EUW1-CW:GMD-Metrics", "GetMetricData", "5000", "0.05"),
    ]
    assert billed_requests(bill) == 1020
