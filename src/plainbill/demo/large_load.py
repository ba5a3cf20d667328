"""The load of many instances at once: the formulas of ``load.Curve``, over arrays of instances by hours.

Every number is a whole one of the metric's units, exactly as ``Curve`` computes it for one instance.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from plainbill.demo.habits import WEEK
from plainbill.demo.large_lives import Lives
from plainbill.demo.large_shape import Numbers
from plainbill.demo.large_ways import WAYS
from plainbill.demo.load import (
    HOUR,
    LOWS,
    METRICS,
    MONDAY,
    PATTERNS,
    SAMPLE,
    SAMPLES,
    STEEPEST,
    TOP,
    Metric,
    is_percentile,
    noise_table,
    percentile,
)
from plainbill.demo.series import Window

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
_KEPT_HOURS = 455 * 24
_NOISE: Numbers = np.array(noise_table())
_PATTERNS: Numbers = np.array(PATTERNS)
_LOWS: Numbers = np.array(LOWS)
_AT_ONCE = 400_000
"""Hours or samples computed together: what keeps memory bounded."""


@dataclass(frozen=True, slots=True)
class _Hours:
    """By instance and hour: the mean, and the amount of which pattern that begins where in it."""

    mean: Numbers
    amount: Numbers
    pattern: Numbers
    turn: Numbers

    def samples(self) -> Numbers:
        """Return the 12 samples of every hour, by instance, hour and sample."""
        at = (np.arange(SAMPLES) + self.turn[:, :, None]) % SAMPLES
        shapes = _PATTERNS[self.pattern[:, :, None], at]
        found: Numbers = self.mean[:, :, None] + self.amount[:, :, None] * shapes
        return found


@dataclass(frozen=True, slots=True)
class _Pieces:
    """What was measured, by instance and stretch of time; ``starts`` are the stretches' seconds."""

    starts: Numbers
    count: Numbers
    total: Numbers
    high: Numbers
    low: Numbers

    def merged(self, window: Window) -> _Pieces:
        """Return the pieces of each bucket of the window taken together."""
        bucket = (self.starts - window.start) // window.period
        first = np.flatnonzero(np.diff(bucket, prepend=-1))
        if len(first) == len(bucket):
            return _Pieces(window.start + bucket * window.period, self.count, self.total, self.high, self.low)
        seen = self.count > 0
        return _Pieces(
            window.start + bucket[first] * window.period,
            np.add.reduceat(self.count, first, axis=1),
            np.add.reduceat(self.total, first, axis=1),
            np.maximum.reduceat(np.where(seen, self.high, -1), first, axis=1),
            np.minimum.reduceat(np.where(seen, self.low, np.iinfo(np.int64).max), first, axis=1),
        )


@dataclass(frozen=True, slots=True)
class Points:
    """Datapoints: ``values`` by statistic, by instance and time; ``is_there`` says where there is one."""

    times: Numbers
    is_there: Flags
    values: Mapping[str, Floats]


def points(
    lives: Lives, metric: Metric, local_time: int, window: Window, statistics: tuple[str, ...]
) -> Points:
    """Compute statistics of a metric of one Region's instances in the buckets of a window, oldest first."""
    until = min(window.start + len(_begun(window)) * window.period, window.now)
    is_by_hour = window.period % HOUR == 0 and window.start % HOUR == 0
    if any(map(is_percentile, statistics)):
        return _percentiles(lives, metric, local_time, window, statistics)
    measure = _by_hour if is_by_hour else _by_sample
    pieces = measure(lives, metric, local_time, window.start, until).merged(window)
    seen = pieces.count > 0
    values = {name: _STATISTICS[name](pieces, metric.scale, seen) for name in statistics}
    return Points(pieces.starts, seen, values)


def rows_at_once(window: Window) -> int:
    """Return how many instances may be computed together for a window without much memory."""
    seconds = len(_begun(window)) * window.period
    is_by_hour = window.period % HOUR == 0 and window.start % HOUR == 0
    return max(1, _AT_ONCE // max(1, seconds // (HOUR if is_by_hour else SAMPLE)))


def _begun(window: Window) -> range:
    """Return the buckets that have begun."""
    return range(window.start, min(window.end, window.now), window.period)


_STATISTICS: Mapping[str, Callable[[_Pieces, int, Flags], Floats]] = {
    "Average": lambda one, scale, seen: one.total / scale / np.where(seen, one.count, 1),
    "Sum": lambda one, scale, _seen: one.total / scale,
    "Maximum": lambda one, scale, _seen: one.high / scale,
    "Minimum": lambda one, scale, _seen: one.low / scale,
    "SampleCount": lambda one, _scale, _seen: one.count.astype(np.float64),
}


def _by_hour(lives: Lives, metric: Metric, local_time: int, start: int, end: int) -> _Pieces:
    first, stop = start // HOUR, -(-end // HOUR)
    hours = _hours(lives, metric, local_time, first, stop)
    count = SAMPLES * measured(lives, first, stop, end).astype(np.int64)
    total, high = count * hours.mean, hours.mean + hours.amount * TOP
    low = hours.mean + hours.amount * _LOWS[hours.pattern]
    if end % HOUR:
        reached = end % HOUR // SAMPLE
        column = slice(stop - first - 1, stop - first)
        part = _Hours(*(array[:, column] for array in (hours.mean, hours.amount, hours.pattern, hours.turn)))
        samples = part.samples()[:, 0, :reached]
        count[:, -1] = count[:, -1] // SAMPLES * reached
        if reached:
            total[:, -1] = samples.sum(axis=1) * (count[:, -1] > 0)
            high[:, -1], low[:, -1] = samples.max(axis=1), samples.min(axis=1)
    return _Pieces(np.arange(first, stop) * HOUR, count, total, high, low)


def _by_sample(lives: Lives, metric: Metric, local_time: int, start: int, end: int) -> _Pieces:
    """Return the samples that begin in ``[start, end)``, each a piece of its own."""
    first, stop = start // HOUR, -(-end // HOUR)
    samples = _hours(lives, metric, local_time, first, stop).samples().reshape(len(lives.numbers), -1)
    count = np.repeat(measured(lives, first, stop, end), SAMPLES, axis=1).astype(np.int64)
    low, high = -(-start // SAMPLE) - first * SAMPLES, -(-end // SAMPLE) - first * SAMPLES
    samples, count = samples[:, low:high], count[:, low:high]
    starts = (np.arange(low, high) + first * SAMPLES) * SAMPLE
    return _Pieces(starts, count, samples * count, samples, samples)


def _percentiles(
    lives: Lives, metric: Metric, local_time: int, window: Window, statistics: tuple[str, ...]
) -> Points:
    """Compute statistics of which some are percentiles: they take every sample of a bucket."""
    until = min(window.start + len(_begun(window)) * window.period, window.now)
    pieces = _by_sample(lives, metric, local_time, window.start, until)
    whole = pieces.merged(window)
    seen = whole.count > 0
    bucket = (pieces.starts - window.start) // window.period
    edges = [*np.flatnonzero(np.diff(bucket, prepend=-1)), len(bucket)]
    values: dict[str, Floats] = {}
    for name in statistics:
        if not is_percentile(name):
            values[name] = _STATISTICS[name](whole, metric.scale, seen)
            continue
        values[name] = np.zeros(seen.shape)
        for row, column in zip(*np.nonzero(seen), strict=True):
            cut = slice(edges[column], edges[column + 1])
            samples = pieces.high[row, cut][pieces.count[row, cut] > 0] / metric.scale
            values[name][row, column] = percentile(list(samples), name)
    return Points(whole.starts, seen, values)


def measured(lives: Lives, first: int, stop: int, now: int) -> Flags:
    """Say by instance and hour of ``[first, stop)`` whether CloudWatch has data of it."""
    hours = np.arange(first, stop)
    seen = np.zeros((len(lives.numbers), len(hours)), dtype=np.bool_)
    for start, end in lives.runs:
        seen |= (hours >= start[:, None]) & (hours < end[:, None])
    missing, stretch, is_measured = (traits[lives.way] for traits in _gaps())
    holes = np.flatnonzero(missing)
    if len(holes):
        turn = hours // stretch[holes, None] + lives.seed[holes, None]
        seen[holes] &= turn % missing[holes, None] != 0
    seen[is_measured == 0] = False
    return seen & (hours >= now // HOUR - _KEPT_HOURS)


@cache
def _gaps() -> tuple[Numbers, Numbers, Numbers]:
    """Return by way: which stretch has no metrics, its hours, and whether there are metrics at all."""
    missing, stretch = (np.array([getattr(way, name) for way in WAYS]) for name in ("missing", "stretch"))
    return missing, stretch, np.array([int(way.habit.is_measured) for way in WAYS])


@cache
def _levels() -> tuple[Floats, Floats]:
    """Return the levels by way, hour of the local week and part; and each way's spread."""
    levels = [[way.habit.level(*divmod(hour, 24)) for hour in range(WEEK)] for way in WAYS]
    return np.array(levels), np.array([way.habit.spread for way in WAYS])


def _hours(lives: Lives, metric: Metric, local_time: int, first: int, stop: int) -> _Hours:
    hours = np.arange(first, stop)
    noise = _NOISE[(hours * 31 + (lives.seed ^ zlib.crc32(metric.name.encode()))[:, None]) & 4095]
    means, gaps = _units(lives, metric, (hours + MONDAY + local_time) % WEEK)
    mean = means * (208 + (noise & 63)) >> 8
    amount = (gaps * (160 + (noise >> 6 & 63)) >> 8) // TOP
    is_steep = amount * STEEPEST > mean
    return _Hours(
        mean,
        np.where(is_steep, np.minimum(amount, mean), amount),
        np.where(is_steep, 0, 1 + (noise >> 12 & 1)),
        (noise >> 14) % SAMPLES,
    )


def _units(lives: Lives, metric: Metric, slots: Numbers) -> tuple[Numbers, Numbers]:
    """Return the means and how far the peaks are above, before any noise, by instance and hour."""
    levels, spreads = _levels()
    vigour = 1 - spreads[lives.way] * (lives.seed % 997) / 997
    per_sample = 1_000_000 / SAMPLES if metric.part else 1
    factor = (metric.factor * metric.scale * per_sample * vigour)[:, None]
    here = levels[:, slots]
    peak = here[:, :, 2] * 1.8 if metric.part else here[:, :, 1]
    means = (here[:, :, metric.part][lives.way] * factor).astype(np.int64)
    return means, (peak[lives.way] * factor).astype(np.int64) - means


__all__ = ["METRICS", "Points", "measured", "points", "rows_at_once"]
