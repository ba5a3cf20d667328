"""Which days a period is compared with, and how it falls into months."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainbill.analyzer.cost_periods import Compare, compared_period, months_of
from plainbill.model.period import Period

DAYS = st.dates(date(2015, 1, 1), date(2035, 1, 1))
PERIODS = st.builds(
    lambda first, length: Period.of_days(first, first + timedelta(days=length)), DAYS, st.integers(1, 400)
)


def days(first: str, end: str) -> Period:
    return Period.of_days(date.fromisoformat(first), date.fromisoformat(end))


@pytest.mark.parametrize(
    ("period", "compare", "expected"),
    [
        (days("2026-11-10", "2026-11-24"), Compare.PREVIOUS, days("2026-10-27", "2026-11-10")),
        (days("2026-11-01", "2026-11-24"), Compare.PREVIOUS, days("2026-10-01", "2026-10-24")),
        (days("2026-04-01", "2026-05-01"), Compare.PREVIOUS, days("2026-03-01", "2026-04-01")),
        (days("2026-03-01", "2026-04-01"), Compare.PREVIOUS, days("2026-02-01", "2026-03-01")),
        (days("2026-03-01", "2026-03-31"), Compare.PREVIOUS, days("2026-02-01", "2026-03-01")),
        (days("2026-01-01", "2026-04-01"), Compare.PREVIOUS, days("2025-10-01", "2026-01-01")),
        (days("2026-10-01", "2026-11-24"), Compare.PREVIOUS, days("2026-08-08", "2026-10-01")),
        (days("2026-11-01", "2026-11-24"), Compare.LAST_YEAR, days("2025-11-01", "2025-11-24")),
        (days("2028-02-29", "2028-03-01"), Compare.LAST_YEAR, days("2027-02-28", "2027-03-01")),
        (days("2028-02-01", "2028-03-01"), Compare.LAST_YEAR, days("2027-02-01", "2027-03-01")),
        (days("2026-11-01", "2026-11-24"), Compare.NOTHING, None),
    ],
)
def test_a_period_is_compared_with(period: Period, compare: Compare, expected: Period | None) -> None:
    assert compared_period(period, compare) == expected


@given(PERIODS)
def test_no_period_is_compared_with_days_of_its_own(period: Period) -> None:
    before = compared_period(period, Compare.PREVIOUS)
    assert before is not None
    assert before.end <= period.start
    assert before.days == period.days or period.first_day.day == 1


@given(PERIODS)
def test_the_months_of_a_period_have_every_day_once(period: Period) -> None:
    months = list(months_of(period))
    assert [day for month in months for day in month.dates()] == list(period.dates())
    assert all(month.first_day.month == (month.end_day - timedelta(days=1)).month for month in months)
    assert len({(month.first_day.year, month.first_day.month) for month in months}) == len(months)
