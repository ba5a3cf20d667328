"""How many hours the instances of a large estate ran on each day, summed by place and instance type."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from plainbill.demo.large_estate import LargeEstate
from plainbill.demo.large_lives import TYPES
from plainbill.demo.large_shape import Numbers

Hours = NDArray[np.int32]
_AT_ONCE = 20_000
"""Instances looked at together; of none of them is anything kept."""


@dataclass(frozen=True, slots=True)
class RunningHours:
    """``hours`` by row and day; a row is a place of ``Shape.places`` and a type of ``TYPES``."""

    place: Numbers
    type: Numbers
    hours: Hours


def running_hours(estate: LargeEstate, first_day: int, days: int, until: int) -> RunningHours:
    """Count the hours on ``days`` days from ``first_day`` (since the epoch), none from hour ``until`` on."""
    keys = np.unique(np.concatenate([np.unique(_keys(estate, part)) for part in _parts(estate)]))
    hours = np.zeros((len(keys), days), dtype=np.int32)
    for part in _parts(estate):
        row = np.searchsorted(keys, _keys(estate, part))
        for start, end in estate.lives(part).runs:
            hours += _before(np.minimum(end, until) - first_day * 24, row, hours.shape)
            hours -= _before(np.minimum(start, until) - first_day * 24, row, hours.shape)
    return RunningHours(keys // len(TYPES), keys % len(TYPES), hours)


def _parts(estate: LargeEstate) -> list[range]:
    count = estate.shape.instances
    return [range(start, min(start + _AT_ONCE, count)) for start in range(0, count, _AT_ONCE)]


def _keys(estate: LargeEstate, numbers: range) -> Numbers:
    lives = estate.lives(numbers)
    keys: Numbers = lives.places * len(TYPES) + lives.type
    return keys


def _before(hour: Numbers, row: Numbers, shape: tuple[int, int]) -> Hours:
    """Count by row and day the day's hours that are before each of the hours, which are counted from day 0.

    A day before that of the hour counts 24, the hour's own day what of it has passed, a later one nothing.
    """
    rows, days = shape
    is_known = hour > 0
    day, passed = np.minimum(hour[is_known] // 24, days), hour[is_known] % 24
    ends, rest = (np.zeros((rows, days + 1), dtype=np.int32) for _ in range(2))
    np.add.at(ends, (row[is_known], day), 1)
    np.add.at(rest, (row[is_known], day), passed.astype(np.int32))
    later = ends.sum(axis=1, keepdims=True, dtype=np.int32) - np.cumsum(ends, axis=1, dtype=np.int32)
    found: Hours = 24 * later[:, :days] + rest[:, :days]
    return found
