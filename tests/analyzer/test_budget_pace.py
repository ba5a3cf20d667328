"""How a month goes against its budget."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from plainbill.analyzer.budget_pace import BudgetState, Pace, pace
from plainbill.analyzer.daily_series import DailySeries
from plainbill.analyzer.forecast import Forecast, forecast
from plainbill.model.findings import Unknown

YOUNG = Unknown("12 days are known; a forecast and its error need 70")


def days(count: int, last: date, cost: float = 10.0) -> DailySeries:
    first = date.fromordinal(last.toordinal() - count + 1)
    return DailySeries(first, np.full(count, cost))


def judged(amount: str, last: date, spent: str, count: int = 200) -> Pace:
    series = days(count, last)
    said = forecast(series, 1)
    assert isinstance(said, Forecast)
    return pace(Decimal(amount), series, Decimal(spent), said)


# --- what must not be claimed --------------------------------------------------------------


def test_without_a_forecast_a_month_within_its_budget_is_unknown_and_not_on_track() -> None:
    told = pace(Decimal(300), days(12, date(2026, 11, 12)), Decimal(120), YOUNG)
    assert (told.state, told.month, told.reason) == (BudgetState.UNKNOWN, None, YOUNG.reason)
    assert (told.days_gone, told.days, told.spent) == (12, 30, Decimal(120))


def test_a_day_that_is_not_known_is_counted_as_missing_and_not_as_free() -> None:
    series = days(200, date(2026, 11, 12))
    series.values[-3] = np.nan
    told = pace(Decimal(1000), series, Decimal(110), forecast(series, 1))
    assert (told.missing_days, told.days_gone) == (1, 12)
    assert told.month is not None
    assert told.month.expected > Decimal(290)  # the missing day is estimated, not left out


def test_days_before_the_history_begins_are_missing_too() -> None:
    told = pace(Decimal(300), days(12, date(2026, 11, 20)), Decimal(120), YOUNG)
    assert (told.days_gone, told.missing_days) == (20, 8)


def test_before_the_first_day_of_a_month_is_known_nothing_of_it_is_gone() -> None:
    told = judged("400", date(2026, 10, 31), "0")
    assert (told.start, told.end, told.days_gone, told.missing_days) == (
        date(2026, 11, 1),
        date(2026, 12, 1),
        0,
        0,
    )
    assert told.state == BudgetState.ON_TRACK


# --- what is said --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "spent", "state"),
    [
        ("400", "120", BudgetState.ON_TRACK),
        ("250", "120", BudgetState.AT_RISK),
        ("120", "120", BudgetState.AT_RISK),
        ("119.99", "120", BudgetState.OVER),
    ],
)
def test_the_state_follows_from_what_is_spent_and_from_the_forecast_s_upper_end(
    amount: str, spent: str, state: BudgetState
) -> None:
    assert judged(amount, date(2026, 11, 12), spent).state == state


def test_what_is_over_is_over_without_any_forecast() -> None:
    told = pace(Decimal(100), days(12, date(2026, 11, 12)), Decimal(120), YOUNG)
    assert told.state == BudgetState.OVER


def test_the_last_known_day_of_a_month_but_one_leaves_one_day_to_go() -> None:
    told = judged("400", date(2026, 2, 27), "270")
    assert (told.days_gone, told.days) == (27, 28)
    assert told.month is not None
    assert told.month.expected == Decimal("280.00")
