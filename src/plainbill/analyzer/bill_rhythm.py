"""The rhythm of a bill: what each weekday is of the level, and what is charged on fixed days of a month.

Support plans, subscriptions, reservations paid by the month and tax come on one day of the month, mostly the
first. A forecast that takes them for a trend, and an alarm that takes them for a surprise, are both wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from plainbill.analyzer.daily_series import Calendar, DailySeries, Floats

LOOK_BACK = 126
"""Days that the rhythm is learned from: four months, so that a monthly fee has come at least three times."""
FEE_VARIES = 0.5
"""A monthly fee may change by so much of itself: two lone days of other sizes are no fee."""
_WEEK = 7
_FEE_DEVIATIONS = 5.0  # robust deviations above the level around it, on its day of the month
_FEE_SHARE = 0.08  # and so much of the level
_LATEST_FEES = 3
_DEVIATION_OF_MAD = 1.4826  # of normal noise


@dataclass(frozen=True, eq=False, slots=True)
class Rhythm:
    """``weekdays`` are factors around 1, Monday first; ``fees`` are amounts by day of the month.

    ``level`` is the cost of each of the learned days without both; a day that is not known, or stands alone
    (a spike), has the level of the week around it. ``noise`` is the robust deviation of a known day.
    """

    weekdays: Floats
    fees: Mapping[int, float]
    level: Floats
    noise: float

    def on(self, level: Floats, calendar: Calendar) -> Floats:
        """Return the costs that a level has on the days of a calendar."""
        costs: Floats = level * self.weekdays[calendar.weekday]
        for day, fee in self.fees.items():
            costs[calendar.day_of_month == day] += fee
        return costs


def rhythm_of(series: DailySeries, end: int) -> Rhythm:
    """Learn from the last ``LOOK_BACK`` days before the index ``end``; at least one of them is known."""
    start = max(0, end - LOOK_BACK)
    values, calendar = series.values[start:end], series.calendar[start:end]
    known = ~np.isnan(values)
    around = level_around(filled(values))
    weekdays = _weekday_factors(values, around, calendar)
    apart = np.where(known, values / weekdays[calendar.weekday] - around, np.nan)
    noise = robust_deviation(apart[known])
    fees = _fees(apart, around, calendar, noise)
    level = np.where(known, apart + around, around)
    for day, fee in fees.items():
        on_day = (calendar.day_of_month == day) & known
        level[on_day] -= fee / weekdays[calendar.weekday[on_day]]
    lone = np.abs(level - around) > np.maximum(_FEE_DEVIATIONS * noise, _FEE_SHARE * np.abs(around))
    return Rhythm(weekdays, fees, np.where(lone, around, level), noise)


def robust_deviation(values: Floats) -> float:
    """Return the standard deviation that normal noise of the same median distance from its median has."""
    if not len(values):
        return 0.0
    return float(np.median(np.abs(values - np.median(values)))) * _DEVIATION_OF_MAD


def filled(values: Floats) -> Floats:
    """Return the values with each gap holding the last known one before it, or the first after."""
    known = ~np.isnan(values)
    if known.all():
        return values
    last = np.maximum.accumulate(np.where(known, np.arange(len(values)), -1))
    first = int(np.argmax(known))
    result: Floats = values[np.where(last < 0, first, last)]
    return result


def level_around(values: Floats) -> Floats:
    """Return the median of the week around each day; at the ends, of the first and of the last week."""
    if len(values) < _WEEK:
        return np.full(len(values), np.median(values))
    windows = np.lib.stride_tricks.sliding_window_view(values, _WEEK)
    middle = np.median(windows, axis=1)
    half = _WEEK // 2
    level: Floats = np.concatenate([np.full(half, middle[0]), middle, np.full(half, middle[-1])])
    return level


def _weekday_factors(values: Floats, around: Floats, calendar: Calendar) -> Floats:
    """Return each weekday's median part of the level, of the last eight weeks; 1 where that says nothing."""
    factors = np.ones(_WEEK)
    recent = slice(max(0, len(values) - 8 * _WEEK), None)
    values, around, weekday = values[recent], around[recent], calendar.weekday[recent]
    usable = ~np.isnan(values) & (around > 0) & (values > 0)
    if usable.sum() < 3 * _WEEK:
        return factors
    parts = values[usable] / around[usable]
    for day in range(_WEEK):
        of_day = parts[weekday[usable] == day]
        if len(of_day) >= 3:
            factors[day] = np.median(of_day)
    clipped: Floats = np.clip(factors, 0.05, 20.0)
    return clipped


def _fees(apart: Floats, around: Floats, calendar: Calendar, noise: float) -> dict[int, float]:
    """Return what is charged above the level on the same day of each of the latest months, about the same."""
    known = ~np.isnan(apart)
    least = np.maximum(_FEE_DEVIATIONS * noise, _FEE_SHARE * np.abs(around))
    high = known & (np.abs(apart) > np.maximum(least, 1e-9))
    fees: dict[int, float] = {}
    for day in np.unique(calendar.day_of_month[high]).tolist():
        on_day = known & (calendar.day_of_month == day)
        latest = apart[on_day][-_LATEST_FEES:]
        is_high = high[on_day][-_LATEST_FEES:]
        if len(latest) < 2 or not is_high[-2:].all():
            continue
        fee = float(np.median(latest[is_high]))
        if (np.abs(latest[is_high] - fee) <= FEE_VARIES * abs(fee)).sum() >= 2:
            fees[int(day)] = fee
    return fees
