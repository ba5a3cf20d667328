"""What is said of days and weeks, said of the hours of a metric."""

from __future__ import annotations

import numpy as np
import pytest

from bench.anomalies.season import SeasonBaseline
from plainbill.analyzer.anomaly.detector import Event, Rule, Shape, detect
from plainbill.analyzer.daily_series import Floats

HOURS = 24 * 21


def metric(rise: float = 0.0, first: int = 400, end: int = 400) -> Floats:
    """A metric of about 100, lower by night, that rises in these hours."""
    hours = np.arange(HOURS)
    night = np.where(hours % 24 < 6, -20.0, 0.0)
    values: Floats = 100.0 + night + np.random.default_rng(7).normal(0, 2.0, HOURS)
    values[first:end] += rise
    return values


def found(values: Floats) -> list[Event]:
    return detect(SeasonBaseline(values, 24), values, Rule(floor=0.0))


def test_nights_are_no_anomaly() -> None:
    assert found(metric()) == []


@pytest.mark.parametrize(("hours", "is_level"), [(7, False), (23, False), (24, True), (60, True)])
def test_a_day_of_hours_is_a_new_level_and_less_is_not(hours: int, *, is_level: bool) -> None:
    (event,) = found(metric(80.0, 400, 400 + hours))[:1]
    assert event.start == 400
    assert event.is_accepted is is_level
    assert event.shape is (Shape.SHIFT_UP if is_level else Shape.SPIKE)


def test_alarms_a_few_hours_apart_are_one_event() -> None:
    values = metric(80.0, 400, 412)
    values[404:408] -= 80.0
    (event,) = found(values)
    assert (event.start, event.end, event.steps) == (400, 412, 8)
