"""What was seen of an instance's load in the window that a rule looks at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from plainbill.model.load_block import Floats, HourArray
from plainbill.model.period import Period
from plainbill.model.utilization import Hours, Utilization

_HOUR = timedelta(hours=1)
GRACE = timedelta(hours=1)
"""The first hour of an instance may be cut short."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The measurements that a verdict rests on; None is "not measured".

    ``cpu_average`` is the mean of the hourly averages in percent, each hour weighing the same: a
    verdict is about hours in which somebody may have needed the machine, and an hour is an hour whether
    CloudWatch drew it from 60 samples (detailed monitoring), 12 (basic) or 3 (it was just started).
    ``cpu_maximum`` is the highest single sample in percent. ``network_bytes_per_day`` is in and out
    together, None where less than the asked coverage of the hours has both, or where it was not asked.
    ``coverage`` is the share of the window's hours that have both CPU values. ``window`` is None where no
    metrics were read at all.
    """

    window: Period | None
    cpu_average: float | None
    cpu_maximum: float | None
    network_bytes_per_day: float | None
    hours_seen: int
    hours_expected: int
    is_network_asked: bool
    first_seen: datetime | None  # the hour of the first CPU value that is stored, also before the window

    @property
    def coverage(self) -> float:
        """The share of the hours with both CPU values, 0 to 1."""
        return self.hours_seen / self.hours_expected


def no_evidence(days: int) -> Evidence:
    """Return what is known of an instance whose metrics were not read."""
    return Evidence(
        window=None,
        cpu_average=None,
        cpu_maximum=None,
        network_bytes_per_day=None,
        hours_seen=0,
        hours_expected=days * 24,
        is_network_asked=True,
        first_seen=None,
    )


def gather(utilization: Utilization, days: int, min_coverage: float) -> Evidence:
    """Measure the last ``days`` x 24 hours; where fewer are stored, those, still of as many expected."""
    expected = days * 24
    stored = utilization.period.hours
    averages = numbers_of(utilization.cpu_average[-expected:])
    maxima = numbers_of(utilization.cpu_maximum[-expected:])
    known = [average for average in averages if average is not None]
    end = utilization.period.start + stored * _HOUR
    return Evidence(
        window=Period(end - expected * _HOUR, end),
        cpu_average=sum(known) / len(known) if known else None,
        cpu_maximum=_peak(averages, maxima),
        network_bytes_per_day=_bytes_per_day(utilization, expected, min_coverage),
        hours_seen=cpu_hours_seen(utilization, days),
        hours_expected=expected,
        is_network_asked=utilization.network is not None,
        first_seen=_first_seen(utilization),
    )


def cpu_hours_seen(utilization: Utilization, days: int) -> int:
    """Count the hours of the last ``days`` x 24 that have both CPU values."""
    average, maximum = (
        np.isfinite(np.asarray(hours[-days * 24 :], dtype=np.float64))
        for hours in (utilization.cpu_average, utilization.cpu_maximum)
    )
    return int(np.count_nonzero(average & maximum))


def numbers_of(hours: Hours) -> list[float | None]:
    """Return the hours in Python's own numbers; a value that is no number is no measurement."""
    return list(HourArray(finite(np.asarray(hours, dtype=np.float64))))


def finite(values: Floats) -> Floats:
    """Return values where what is no number is no measurement."""
    infinite = np.isinf(values)
    return np.where(infinite, np.nan, values) if infinite.any() else values


def _peak(averages: Iterable[float | None], maxima: Iterable[float | None]) -> float | None:
    """Return the highest sample; an hour that lacks its Maximum held one of at least its Average."""
    pairs = zip(averages, maxima, strict=True)
    known = [a if m is None else m for a, m in pairs if a is not None or m is not None]
    return max((value for value in known if value is not None), default=None)


def _bytes_per_day(utilization: Utilization, expected: int, min_coverage: float) -> float | None:
    if utilization.network is None:
        return None
    coming, going = (numbers_of(hours[-expected:]) for hours in utilization.network)
    both = [i + o for i, o in zip(coming, going, strict=True) if i is not None and o is not None]
    return sum(both) / len(both) * 24 if both and len(both) >= min_coverage * expected else None


def _first_seen(utilization: Utilization) -> datetime | None:
    seen = np.isfinite(np.asarray(utilization.cpu_average, dtype=np.float64))
    return utilization.period.start + int(seen.argmax()) * _HOUR if seen.any() else None
