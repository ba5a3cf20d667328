"""The plain rules that others use: a fixed number of deviations, and change against the same weekday."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from plainbill.analyzer.anomaly.detector import Event
from plainbill.analyzer.daily_series import Floats

Detector = Callable[[Floats, int, float], list[Event]]
"""Takes values, the length of a season in steps and a floor in money; returns events."""

_WINDOW = 4  # seasons


def three_deviations(values: Floats, season: int, floor: float) -> list[Event]:
    """Alarm beyond three standard deviations from the mean of the last four seasons."""
    return _events(values, season, floor, lambda past, _step: (float(past.mean()), 3 * float(past.std())))


def same_step_last_season(values: Floats, season: int, floor: float) -> list[Event]:
    """Alarm at 40 % more or less than the same step of the last season."""

    def limit(past: Floats, _step: int) -> tuple[float, float]:
        return float(past[-season]), 0.4 * abs(float(past[-season]))

    return _events(values, season, floor, limit)


PLAIN: Mapping[str, Detector] = {
    "3 deviations, 4 seasons": three_deviations,
    "40 % off last season": same_step_last_season,
}


def _events(
    values: Floats, season: int, floor: float, limit: Callable[[Floats, int], tuple[float, float]]
) -> list[Event]:
    events: list[Event] = []
    for step in range(_WINDOW * season, len(values)):
        past = values[step - _WINDOW * season : step]
        if np.isnan(values[step]) or np.isnan(past[-season]):
            continue
        expected, most = limit(past[~np.isnan(past)] if np.isnan(past).any() else past, step)
        error = float(values[step]) - expected
        if abs(error) > max(most, floor):
            direction = 1 if error > 0 else -1
            if not events or step > events[-1].end or events[-1].direction != direction:
                events.append(Event(step, step, direction))
            events[-1].end = step + 1
    return events
