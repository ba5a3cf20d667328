"""How a month goes against its budget: what is spent, how far the month is, and what it will come to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

import numpy as np

from plainbill.analyzer.daily_series import DailySeries
from plainbill.analyzer.forecast import Forecast, MonthForecast
from plainbill.model.findings import Unknown
from plainbill.model.period import month_start


class BudgetState(StrEnum):
    """Over: more than the budget is spent. At risk: more than one chance in ten that it will be."""

    ON_TRACK = "on track"
    AT_RISK = "at risk"
    OVER = "over"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """The month from ``start`` to ``end`` (exclusive) after ``days_gone`` of its ``days``.

    ``spent`` is what the days that are known cost, ``missing_days`` of those gone are not known. ``month`` is
    the forecast; where there is none ``reason`` says why, and the state is unknown unless it is over already.
    """

    start: date
    end: date
    days_gone: int
    spent: Decimal
    missing_days: int
    month: MonthForecast | None
    state: BudgetState
    reason: str | None

    @property
    def until(self) -> date:
        """The first day of the month that is not gone."""
        return self.start + timedelta(days=self.days_gone)

    @property
    def days(self) -> int:
        """The days of the month."""
        return (self.end - self.start).days


def pace(amount: Decimal, series: DailySeries, spent: Decimal, said: Forecast | Unknown) -> Pace:
    """Return how the month after the last known day goes against an amount: on its first day nothing is gone.

    ``spent`` is the exact sum of the month's known days, ``said`` the forecast from the end of the series on.
    On track means that the upper end of the forecast's 80 % interval stays within the amount.
    """
    start, end = month_start(series.end), month_start(series.end, 1)
    days_gone = (series.end - start).days
    known = int(np.count_nonzero(~np.isnan(series.values[max(0, len(series) - days_gone) :])))
    month = said.months[0] if isinstance(said, Forecast) else None
    return Pace(
        start=start,
        end=end,
        days_gone=days_gone,
        spent=spent,
        missing_days=days_gone - known,
        month=month,
        state=_state(amount, spent, month),
        reason=said.reason if isinstance(said, Unknown) else None,
    )


def _state(amount: Decimal, spent: Decimal, month: MonthForecast | None) -> BudgetState:
    if spent > amount:
        return BudgetState.OVER
    if month is None:
        return BudgetState.UNKNOWN
    return BudgetState.AT_RISK if month.high_80 > amount else BudgetState.ON_TRACK
