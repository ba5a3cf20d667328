from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainbill.model.period import Period, midnight, month_start

DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))
LENGTHS = st.integers(min_value=1, max_value=400)

# --- what must not happen ------------------------------------------------------------------


def test_a_period_is_never_empty() -> None:
    with pytest.raises(ValueError, match="ends after it starts"):
        Period.of_days(date(2026, 2, 1), date(2026, 2, 1))


def test_a_period_never_runs_backwards() -> None:
    with pytest.raises(ValueError, match="ends after it starts"):
        Period.of_days(date(2026, 2, 2), date(2026, 2, 1))


@pytest.mark.parametrize("zone", [None, timezone(timedelta(hours=1))])
def test_a_period_knows_no_time_but_utc(zone: timezone | None) -> None:
    start = datetime(2026, 2, 1, tzinfo=zone)
    with pytest.raises(ValueError, match="UTC"):
        Period(start, start + timedelta(days=1))


@given(DAYS, LENGTHS)
def test_a_period_and_the_one_before_it_tile_without_gap_or_overlap(start: date, length: int) -> None:
    period = Period.of_days(start, start + timedelta(days=length))
    before = period.previous()
    assert before.end == period.start
    assert before.days == period.days == length
    assert period.start not in before
    assert list(before.dates()) + list(period.dates()) == [
        start + timedelta(days=n) for n in range(-length, length)
    ]


@given(DAYS, LENGTHS)
def test_every_day_of_a_period_is_inside_it_and_its_end_is_not(start: date, length: int) -> None:
    period = Period.of_days(start, start + timedelta(days=length))
    assert all(midnight(day) in period for day in period.dates())
    assert period.end not in period
    assert midnight(period.end_day) == period.end


# --- the calendar --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "end", "days"),
    [
        (date(2026, 1, 1), date(2026, 2, 1), 31),
        (date(2026, 2, 1), date(2026, 3, 1), 28),
        (date(2028, 2, 1), date(2028, 3, 1), 29),
        (date(2100, 2, 1), date(2100, 3, 1), 28),
        (date(2026, 4, 1), date(2026, 5, 1), 30),
        (date(2026, 12, 1), date(2027, 1, 1), 31),
    ],
)
def test_a_month_has_all_its_days(first: date, end: date, days: int) -> None:
    month = Period.of_days(first, end)
    assert month.days == len(list(month.dates())) == days
    assert list(month.dates())[-1] == end - timedelta(days=1)


def test_the_leap_day_is_a_day_of_the_days_before_march() -> None:
    assert list(Period.last_days(2, date(2028, 3, 1)).dates()) == [date(2028, 2, 28), date(2028, 2, 29)]


@given(DAYS, LENGTHS)
def test_the_last_days_end_yesterday(today: date, length: int) -> None:
    period = Period.last_days(length, before=today)
    assert period.days == length
    assert list(period.dates())[-1] == today - timedelta(days=1)


def test_a_period_that_ends_within_a_day_touches_that_day() -> None:
    noon = datetime(2026, 2, 1, 12, tzinfo=UTC)
    period = Period(noon, noon + timedelta(days=1))
    assert (period.first_day, period.end_day, period.days) == (date(2026, 2, 1), date(2026, 2, 3), 2)
    assert period.hours == 24


def test_part_of_an_hour_is_no_hour() -> None:
    start = datetime(2026, 2, 1, tzinfo=UTC)
    assert Period(start, start + timedelta(minutes=119)).hours == 1


# --- coverage ------------------------------------------------------------------------------


def test_a_period_covers_itself_and_what_lies_inside() -> None:
    month = Period.of_days(date(2026, 2, 1), date(2026, 3, 1))
    assert month.covers(month)
    assert month.covers(Period.of_days(date(2026, 2, 27), date(2026, 3, 1)))
    assert not month.covers(Period.of_days(date(2026, 2, 27), date(2026, 3, 2)))
    assert not month.covers(Period.of_days(date(2026, 1, 31), date(2026, 2, 3)))


@given(DAYS, st.integers(-600, 600))
def test_months_begin_on_the_first_each_the_day_after_the_one_before_ended(day: date, months: int) -> None:
    start = month_start(day, months)
    before = month_start(start - timedelta(days=1))
    assert start.day == 1
    assert before == month_start(day, months - 1) < start
    assert month_start(start, -months) == month_start(day) == day.replace(day=1)
