"""How a family publishes metrics: a provider for its CloudWatch namespace, and formulas for its series.

A module ``metrics_<family>.py`` exports ``METRICS = {"AWS/EBS": Provider(find, listed)}``; that is all.
``find`` answers None for a metric that CloudWatch does not have, which then has no datapoints: that is
not the same as a series of zeros. Levels are those of one 5-minute sample; ``Sum`` of an hour is 12 of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from plainbill.demo.company import Company
from plainbill.demo.habits import WEEK
from plainbill.demo.load import HOUR, SAMPLES, Curve
from plainbill.demo.series import ALWAYS, Series, Span

_SCALE = 1_000_000
"""Parts of one in which levels are counted, in whole numbers: statistics of all periods agree."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A metric somebody asks for: of which account and region, its name and exactly these dimensions."""

    company: Company
    account: str
    region: str
    metric: str
    dimensions: Mapping[str, str]

    def only(self, name: str) -> str | None:
        """Return the value of the one dimension ``name``; None when there are others or it is not there."""
        return self.dimensions.get(name) if len(self.dimensions) == 1 else None


Listed = Iterable[tuple[str, Mapping[str, str]]]
"""Metric names with their dimensions."""


@dataclass(frozen=True, slots=True)
class Provider:
    """Who knows a namespace: ``find`` one series, and what is ``listed`` of an account in a region.

    ``find`` is asked once a day for each metric. ``listed`` may name what ``find`` has nothing of; only what
    had data in the last two weeks is told.
    """

    find: Callable[[Wanted], Series | None]
    listed: Callable[[Company, str, str], Listed]


def flat(level: float, unit: str = "Count", spans: tuple[Span, ...] = ALWAYS) -> Series:
    """Return a series whose every sample is ``level``, which is rounded to a millionth."""
    return Series(Curve([round(level * _SCALE)] * WEEK, [0] * WEEK, _SCALE, 0, is_exact=True), unit, spans)


def zero(unit: str = "Count", spans: tuple[Span, ...] = ALWAYS) -> Series:
    """Return a series of zeros: measured, and nothing happened."""
    return flat(0, unit, spans)


def weekly(
    level: Callable[[int, int], float],
    *,
    unit: str = "Count",
    spans: tuple[Span, ...] = ALWAYS,
    seed: int = 0,
    peak: float = 1.6,
    is_sparse: bool = False,
    is_whole: bool = False,
) -> Series:
    """Return a series that follows ``level`` (day of the week 0-6 from Monday, hour 0-23; UTC), with noise.

    An hour's mean is 81 to 106 percent of the level, its highest sample up to ``peak`` times the level; a
    level of zero stays zero. ``is_sparse`` leaves out hours of zero, as metrics that count events do. Samples
    that are ``is_whole`` are of what comes in ones, such as requests: no sum of them has a fraction.
    """
    scale = 1 if is_whole else _SCALE
    means = [round(level(*divmod(hour, 24)) * scale) for hour in range(WEEK)]
    gaps = [round(mean * (peak - 1)) for mean in means]
    return Series(Curve(means, gaps, scale, seed), unit, spans, is_sparse)


def daily(
    low: float,
    high: float,
    hours: tuple[int, int] = (8, 18),
    *,
    unit: str = "Count",
    spans: tuple[Span, ...] = ALWAYS,
    seed: int = 0,
    is_sparse: bool = False,
    is_whole: bool = False,
) -> Series:
    """Return a series around ``high`` from the first to the second hour of every day (UTC), else ``low``."""
    first, end = hours

    def level(_day: int, hour: int) -> float:
        return high if first <= hour < end else low

    return weekly(level, unit=unit, spans=spans, seed=seed, is_sparse=is_sparse, is_whole=is_whole)


def per_hour(amount: float) -> float:
    """Return the level of which an hour's Sum is ``amount``."""
    return amount / SAMPLES


def since(start: datetime, end: datetime | None = None) -> tuple[Span, ...]:
    """Return the whole hours from an instant on (up to another), for a resource that lived then."""
    first = -(-int(start.timestamp()) // HOUR)
    stop = None if end is None else -(-int(end.timestamp()) // HOUR)
    return ((first, stop),)
