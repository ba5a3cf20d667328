"""Small bills for the tests of forecasts and anomalies."""

from __future__ import annotations

from datetime import date

import numpy as np

from plainbill.analyzer.daily_series import Calendar, DailySeries

FIRST = date(2025, 11, 1)


def even(days: int, cost: float = 100.0, noise: float = 0.02, first: date = FIRST) -> DailySeries:
    """A bill that goes on as it is, with a little noise."""
    dice = np.random.default_rng(days)
    return DailySeries(first, cost * (1 + noise * dice.standard_normal(days)))


def with_fees(series: DailySeries, amount: float, day_of_month: int = 1) -> DailySeries:
    """The same with a fee on one day of every month."""
    values = series.values.copy()
    values[series.calendar.day_of_month == day_of_month] += amount
    return DailySeries(series.first, values)


def with_weekends(series: DailySeries, factor: float) -> DailySeries:
    """The same with weekends that cost a part of a working day."""
    values = series.values.copy()
    values[series.calendar.weekday >= 5] *= factor
    return DailySeries(series.first, values)


def changed(series: DailySeries, start: int, end: int, factor: float) -> DailySeries:
    """The same with the days from ``start`` up to ``end`` multiplied."""
    values = series.values.copy()
    values[start:end] *= factor
    return DailySeries(series.first, values)


def calendar(days: int) -> Calendar:
    """The calendar of so many days."""
    return Calendar.of(FIRST, days)
