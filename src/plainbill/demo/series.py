"""CloudWatch's buckets: which datapoints a metric of a resource has between two instants."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from plainbill.demo.load import HOUR, SAMPLE, Curve, is_percentile, percentile, together

_DAY = 24 * HOUR
_FINE_DAYS, _MINUTE_DAYS, _KEPT_DAYS = 63, 15, 455
"""How long CloudWatch keeps 5-minute, 1-minute and hourly datapoints."""
STATISTICS = ("Average", "Maximum", "Minimum", "SampleCount", "Sum")


Span = tuple[int, int | None]
"""Hours since the epoch, from and to (exclusive); None for an end that is yet to come."""
ALWAYS: tuple[Span, ...] = ((0, None),)


@dataclass(frozen=True, slots=True)
class Series:
    """One metric of one resource: its formula, and the hours in which CloudWatch has data of it.

    A sparse one has no datapoint where it is zero, as metrics that count events have none without events.
    """

    curve: Curve
    unit: str = "Count"
    spans: tuple[Span, ...] = ALWAYS
    is_sparse: bool = False

    def measured_spans(self, first: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield the parts of ``[first, end)`` (hours since the epoch) that have data."""
        return clipped(self.spans, first, end)


def clipped(spans: tuple[Span, ...], first: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield what of the spans is in ``[first, end)``."""
    for start, stop in spans:
        low, high = max(start, first), min(end if stop is None else stop, end)
        if low < high:
            yield low, high


def is_statistic(name: str) -> bool:
    """Say whether CloudWatch knows a statistic: one of its five, or a percentile (``p99.5``)."""
    return name in STATISTICS or is_percentile(name)


@dataclass(frozen=True, slots=True)
class Window:
    """Buckets of ``period`` seconds from ``start`` up to ``end`` (exclusive), known at ``now``, seconds."""

    start: int
    end: int
    period: int
    now: int

    @classmethod
    def of(cls, start: datetime, end: datetime, period: int, now: datetime) -> Window:
        """Round the start down as CloudWatch does: to the minute, five minutes or the hour by its age.

        Raises ``ValueError`` for an empty span or a period that data of that age does not have.
        """
        if start >= end:
            raise ValueError("The parameter StartTime must be less than the parameter EndTime.")
        first, present = int(start.timestamp()), int(now.timestamp())
        age = present - first
        grain = 60 if age <= _MINUTE_DAYS * _DAY else SAMPLE if age <= _FINE_DAYS * _DAY else HOUR
        if period < 60 or period % grain:
            raise ValueError(f"The parameter Period must be a multiple of {grain} for a StartTime this old.")
        return cls(first - first % grain, int(end.timestamp()), period, present - present % SAMPLE)

    @property
    def buckets(self) -> range:
        """The first second of each bucket, of those too that are yet to come."""
        return range(self.start, self.end, self.period)


def datapoints(series: Series, statistic: str, window: Window) -> tuple[list[int], list[float]]:
    """Return timestamps (epoch seconds) and values, oldest first; a bucket without a sample is absent."""
    if window.period == HOUR and window.start % HOUR == 0 and not series.is_sparse:
        return _hourly(series, statistic, window)
    times: list[int] = []
    values: list[float] = []
    for start in range(window.start, min(window.end, window.now), window.period):
        value = _bucket(series, statistic, start, min(start + window.period, window.now))
        if value is not None:
            times.append(start)
            values.append(value)
    return times, values


def _hourly(series: Series, statistic: str, window: Window) -> tuple[list[int], list[float]]:
    first = max(window.start, window.now - _KEPT_DAYS * _DAY) // HOUR
    whole = min(-(-window.end // HOUR), window.now // HOUR)
    times: list[int] = []
    values: list[float] = []
    for low, high in series.measured_spans(first, whole):
        times += _hours(low, high)
        values += series.curve.hours(low, high, statistic)
    current = window.now - window.now % HOUR
    if window.start <= current < window.end:
        value = _bucket(series, statistic, current, window.now)
        if value is not None:
            times.append(current)
            values.append(value)
    return times, values


@lru_cache(maxsize=64)
def _hours(first: int, end: int) -> list[int]:
    return list(range(first * HOUR, end * HOUR, HOUR))


def _bucket(series: Series, statistic: str, start: int, end: int) -> float | None:
    curve = series.curve
    spans = list(_measured(series, start, end))
    parts = [part for low, high in spans if (part := curve.between(low, high)) is not None]
    if not parts or (series.is_sparse and not any(part.maximum for part in parts)):
        return None
    if statistic in STATISTICS:
        whole = parts[0] if len(parts) == 1 else together(parts)
        return whole.of(statistic)
    return percentile([value for span in spans for value in curve.samples(*span)], statistic)


def _measured(series: Series, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the parts of ``[start, end)`` seconds that have samples."""
    for low, high in series.measured_spans(start // HOUR, -(-end // HOUR)):
        first, stop = max(start, low * HOUR), min(end, high * HOUR)
        if first < stop:
            yield first, stop
