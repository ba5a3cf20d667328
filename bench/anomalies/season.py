"""What to expect of a series that has a season and no calendar, such as the hours of a metric."""

from __future__ import annotations

import numpy as np

from plainbill.analyzer.daily_series import Floats


class SeasonBaseline:
    """The median of the last season; a ``Baseline`` of ``plainbill.analyzer.anomaly``.

    Each step of the season is given its usual distance from that, the median of the last four seasons.
    """

    def __init__(self, values: Floats, season: int) -> None:
        self._values, self.season = values, season
        self._usual = np.full(len(values), np.nan)
        self._learned: list[int] = []

    def expected(self, step: int) -> float | None:
        """Return the level of the last usual steps and the usual distance of the step from it."""
        if len(self._learned) < 2 * self.season:
            return None
        level = float(np.median(self._values[self._learned[-self.season :]]))
        same = range(step - self.season, max(step - 5 * self.season, -1), -self.season)
        apart = [self._usual[each] - around for each in same if (around := self._around(each)) is not None]
        known = [each for each in apart if not np.isnan(each)]
        return level + (float(np.median(known)) if known else 0.0)

    def fee(self, step: int) -> float:  # noqa: ARG002  part of the protocol
        """Return 0: there are no fees."""
        return 0.0

    def learn(self, step: int) -> None:
        """Count a step among the usual ones."""
        self._usual[step] = self._values[step]
        self._learned.append(step)

    def accept(self, start: int, end: int) -> None:
        """Take the steps of an event for usual ones, and forget what was before them."""
        self._usual[:start] = np.nan
        self._usual[start:end] = self._values[start:end]
        self._learned.extend(step for step in range(start, end) if not np.isnan(self._values[step]))

    def level(self, end: int) -> float | None:
        """Return the median of the season that ends with the step ``end``."""
        recent = self._usual[max(0, end - self.season + 1) : end + 1]
        recent = recent[~np.isnan(recent)]
        return float(np.median(recent)) if len(recent) > self.season // 2 else None

    def usual(self, level: float, steps: slice) -> Floats:
        """Return the level for each step."""
        return np.full(len(self._values[steps]), level)

    def _around(self, step: int) -> float | None:
        return self.level(step + self.season // 2)
