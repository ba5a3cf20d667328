"""What a step of a series is expected to be, from nothing but the steps before it."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from plainbill.analyzer.bill_rhythm import Rhythm, rhythm_of
from plainbill.analyzer.daily_series import DailySeries, Floats

_WEEK = 7
_WARM_UP = 14


class Baseline(Protocol):
    """Says what to expect; learns only what it is told to."""

    @property
    def season(self) -> int:
        """After how many steps the rhythm begins anew."""

    def expected(self, step: int) -> float | None:
        """Return what a step is expected to be; None while too little has been learned."""

    def fee(self, step: int) -> float:
        """Return what of it is a fee that comes on fixed days, 0 for none."""

    def learn(self, step: int) -> None:
        """Count a step among the usual ones."""

    def accept(self, start: int, end: int) -> None:
        """Take steps that were left out for the new level: what was before them counts no more for it."""

    def level(self, end: int) -> float | None:
        """Return the level of the usual steps in the week before the step after ``end``; None: too few."""

    def usual(self, level: float, steps: slice) -> Floats:
        """Return what steps cost at a level."""


class BillBaseline:
    """Days of a bill: the level of the last week, given its weekdays and the fees of the month.

    The rhythm is learned again every week, from all days: a fee that came twice on its day is none the less
    usual for having been an alarm at first, and lone spikes do not move it.
    """

    def __init__(self, series: DailySeries) -> None:
        self._series = series
        self._levels = np.full(len(series), np.nan)
        self._calendar = series.calendar
        self._rhythm: Rhythm | None = None
        self._learned_at = -_WEEK
        self._recent: list[int] = []

    season = _WEEK

    def expected(self, step: int) -> float | None:
        """Return the median level of the last seven usual days, in the rhythm of the bill."""
        if len(self._recent) < _WARM_UP:
            return None
        rhythm = self._rhythm_at(step)
        level = float(np.median(self._levels[self._recent[-_WEEK:]]))
        return level * float(rhythm.weekdays[self._calendar.weekday[step]]) + self.fee(step)

    def fee(self, step: int) -> float:
        """Return the monthly fee of a day."""
        fees = {} if self._rhythm is None else self._rhythm.fees
        return fees.get(int(self._calendar.day_of_month[step]), 0.0)

    def learn(self, step: int) -> None:
        """Count a day among the usual ones."""
        self._levels[step] = self._level_of(step)
        self._recent.append(step)

    def accept(self, start: int, end: int) -> None:
        """Take the days of an event for usual ones."""
        for step in range(start, end):
            if not np.isnan(self._series.values[step]):
                self.learn(step)

    def level(self, end: int) -> float | None:
        """Return the median level of the usual days in the week that ends with the day ``end``."""
        week = self._levels[max(0, end - _WEEK + 1) : end + 1]
        week = week[~np.isnan(week)]
        return float(np.median(week)) if len(week) > _WEEK // 2 else None

    def usual(self, level: float, steps: slice) -> Floats:
        """Return what days cost at a level, fees included."""
        calendar = self._calendar[steps]
        levels = np.full(len(calendar.weekday), level)
        return levels if self._rhythm is None else self._rhythm.on(levels, calendar)

    def _rhythm_at(self, step: int) -> Rhythm:
        if self._rhythm is None or step - self._learned_at >= _WEEK:
            self._rhythm, self._learned_at = rhythm_of(self._series, step), step
            for day in self._recent[-_WEEK:]:
                self._levels[day] = self._level_of(day)
        return self._rhythm

    def _level_of(self, step: int) -> float:
        value = float(self._series.values[step])
        if self._rhythm is None:
            return value
        return (value - self.fee(step)) / float(self._rhythm.weekdays[self._calendar.weekday[step]])
