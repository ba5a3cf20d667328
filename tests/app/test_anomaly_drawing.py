"""The days around an anomaly: an unknown day is a hole, nothing leaves the box."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from plainbill.analyzer.anomaly import anomalies_of
from plainbill.analyzer.daily_series import DailySeries
from plainbill.app.anomaly_drawing import HEIGHT, WIDTH, anomaly_drawing
from plainbill.app.views.anomaly_days import AnomalyDay, days_around

FIRST = date(2026, 6, 1)
DAY = timedelta(days=1)


def day(number: int, cost: str | None, *, is_odd: bool = False) -> AnomalyDay:
    return AnomalyDay(day=FIRST + number * DAY, cost=None if cost is None else Decimal(cost), is_odd=is_odd)


def test_an_unknown_day_is_a_hole_and_no_column_of_nothing() -> None:
    drawn = anomaly_drawing([day(0, None), day(1, "0"), day(2, "5", is_odd=True)], 1.0)
    assert len(drawn.missing) == len(drawn.usual) == len(drawn.odd) == 1
    assert drawn.usual[0][3] > 0  # a day that is known to have cost nothing is seen


@given(
    st.lists(st.none() | st.decimals(-1000, 100_000, places=2), min_size=1, max_size=60),
    st.floats(-1000, 100_000),
)
def test_all_days_are_drawn_once_and_inside_the_box(costs: list[Decimal | None], expected: float) -> None:
    days = [AnomalyDay(day=FIRST + n * DAY, cost=cost, is_odd=n % 3 == 0) for n, cost in enumerate(costs)]
    drawn = anomaly_drawing(days, expected)
    columns = (*drawn.usual, *drawn.odd)
    assert len(columns) + len(drawn.missing) == len(days)
    for x, y, width, height in columns:
        assert -0.1 <= x <= x + width <= WIDTH + 0.1
        assert -0.1 <= y <= y + height <= HEIGHT + 0.1
    assert drawn.expected is not None
    assert -0.1 <= drawn.expected[2] <= HEIGHT + 0.1


def test_the_days_are_of_the_service_or_account_alone_and_sum_over_its_parts() -> None:
    usual = np.full(150, 100.0)
    odd = usual.copy()
    odd[140] = 400.0
    odd[130] = np.nan
    parts = {
        ("EC2", "1"): DailySeries(FIRST, odd),
        ("EC2", "2"): DailySeries(FIRST, np.where(np.isnan(odd), np.nan, usual)),
        ("S3", "1"): DailySeries(FIRST, np.where(np.isnan(odd), np.nan, usual)),
    }
    [found] = [one for one in anomalies_of(parts, FIRST) if one.name == "EC2"]
    days = days_around(parts, found)
    costs = {one.day: one.cost for one in days}
    assert [one.day for one in days if one.is_odd] == [FIRST + 140 * DAY]
    assert costs[FIRST + 140 * DAY] == Decimal("500.00")
    assert costs[FIRST + 139 * DAY] == Decimal("200.00")
    assert costs[FIRST + 130 * DAY] is None
    assert days[-1].day == FIRST + 147 * DAY
