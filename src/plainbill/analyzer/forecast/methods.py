"""The candidates: small ways to go on with a series, from the plainest up.

All but the first three know the rhythm of the bill. On month totals of bills with month-start fees that
counts for more than any refinement of the method.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from plainbill.analyzer.bill_rhythm import filled, rhythm_of
from plainbill.analyzer.daily_series import Calendar, DailySeries, Floats

Level = Callable[[Floats, int], Floats]
"""Makes the levels of so many days from those of the days before."""

_WEEK = 7
_MONTH = 28


def paths(series: DailySeries, end: int, days: int) -> dict[str, Floats]:
    """Return what each candidate says of the ``days`` days from the index ``end`` on, seeing none of them."""
    recent = filled(series.values[max(0, end - 2 * _MONTH) : end])
    calendar = _calendar_after(series, end, days)
    rhythm = rhythm_of(series, end)
    said: dict[str, Floats] = {
        "last day": np.full(days, recent[-1]),
        "last seven days": np.full(days, recent[-_WEEK:].mean()),
        "same weekday": np.resize(recent[-_WEEK:], days),
    }
    for name, level in LEVELS.items():
        said[name] = rhythm.on(level(rhythm.level, days), calendar)
    said["middle"] = np.median([said[name] for name in _MIDDLE], axis=0)
    return said


def _flat(levels: Floats, days: int) -> Floats:
    return np.full(days, levels[-_WEEK:].mean())


def _three_days(levels: Floats, days: int) -> Floats:
    return np.full(days, np.median(levels[-3:]))


def _median(levels: Floats, days: int) -> Floats:
    return np.full(days, np.median(levels[-_MONTH:]))


def _smoothed(levels: Floats, weight: float) -> float:
    """Return simple exponential smoothing's last level, begun with the mean of what is there."""
    age = np.arange(len(levels))[::-1]
    weights = weight * (1 - weight) ** age
    rest = 1 - float(weights.sum())
    return float(weights @ levels) + rest * float(levels[:_WEEK].mean())


def _theta(levels: Floats, days: int) -> Floats:
    """Go on as the Theta method does: smoothing's level, and half of the slope.

    Assimakopoulos and Nikolopoulos (2000), in the form of Hyndman and Billah (2003); the slope is the one
    between the medians of the first and the last third, which a spike or a shift moves less.
    """
    third = len(levels) // 3
    slope = 0.0
    if third >= _WEEK:
        slope = float(np.median(levels[-third:]) - np.median(levels[:third])) / (len(levels) - third)
    ahead = np.arange(1, days + 1)
    least = 0.0 if levels.min() >= 0 else -np.inf
    going: Floats = np.maximum(_smoothed(levels, 0.3) + slope / 2 * ahead, least)
    return going


LEVELS: Mapping[str, Level] = {
    "last week and the calendar": _flat,
    "last three days and the calendar": _three_days,
    "median of four weeks and the calendar": _median,
    "theta and the calendar": _theta,
}
_MIDDLE = tuple(LEVELS)
CANDIDATES = ("last day", "last seven days", "same weekday", *LEVELS, "middle")


def _calendar_after(series: DailySeries, end: int, days: int) -> Calendar:
    start = np.datetime64(series.first, "D") + end
    return Calendar.of(start.item(), days)
