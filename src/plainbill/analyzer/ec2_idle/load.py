"""The hours of an instance: what makes one busy, and what is known of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from plainbill.analyzer.ec2_idle.facts import InstanceFacts
from plainbill.analyzer.ec2_idle.instance_types import baseline_percent, credits_an_hour
from plainbill.analyzer.evidence import GRACE, finite
from plainbill.model.period import Period
from plainbill.model.resources import Ec2Instance
from plainbill.model.utilization import Hours, Utilization

Floats = NDArray[np.float64]
"""Values by the hour; nan is an hour without a datapoint."""
Flags = NDArray[np.bool_]
MEGABYTE = 1e6
HOUR = timedelta(hours=1)
_PLAIN_CPU = 5.0
_GPU_BUSY = 5.0
MOST_BUSY_DAYS = 2
"""Of an idle instance: the lowest grade of ``grading.grade_of`` under any policy."""
CREDITS_BUSY = 0.25  # of what the type earns in an hour


@dataclass(frozen=True, slots=True, kw_only=True)
class BusyRule:
    """An hour is busy from this mean CPU on, or from this many bytes in and out on.

    ``cpu_percent`` None is the size-aware threshold: ``vcpus`` of work, as percent of the instance, between
    ``lowest_percent`` and ``highest_percent``. Where the number of vCPUs is not known it is 5 %, between the
    same. Raises ``ValueError`` where the lowest is above the highest.
    """

    cpu_percent: float | None = None
    network_bytes: float = 20 * MEGABYTE
    vcpus: float = 0.1
    lowest_percent: float = 2.0
    highest_percent: float = 10.0

    def __post_init__(self) -> None:
        if self.lowest_percent > self.highest_percent:
            raise ValueError(f"the lowest CPU is {self.lowest_percent} %, the highest {self.highest_percent}")

    def cpu_threshold(self, vcpus: int | None) -> float:
        """Return the percent of mean CPU that makes an hour busy."""
        if self.cpu_percent is not None:
            return self.cpu_percent
        percent = _PLAIN_CPU if not vcpus or vcpus < 1 else 100 * self.vcpus / vcpus
        return min(self.highest_percent, max(self.lowest_percent, percent))

    def threshold_of(self, instance_type: str, vcpus: int | None) -> float:
        """Return the same for a type: a burstable one at its baseline works as hard as it may for long."""
        tau, baseline = self.cpu_threshold(vcpus), baseline_percent(instance_type, vcpus)
        return tau if self.cpu_percent is not None or baseline is None else min(tau, baseline)


BUSY = BusyRule()


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """The hours of ``period``, oldest first: busy (at least one metric says so), seen (all three known).

    ``cpu`` (percent) and ``network`` (bytes in and out) are nan in hours without a datapoint; an hour
    that has one direction only holds at least those bytes. Where the network was not asked, all of its
    hours are nan, and seen is what has CPU. ``cpu_threshold`` is the percent of CPU that made each hour busy;
    ``first_seen`` is the first hour with any datapoint.
    """

    period: Period
    cpu: Floats
    network: Floats
    busy: Flags
    seen: Flags
    cpu_threshold: Floats
    first_seen: datetime | None
    has_network: bool = True

    def at(self, hour: int) -> datetime:
        """Return the start of an hour, by its place in the series."""
        return self.period.start + hour * HOUR

    @property
    def end(self) -> datetime:
        """The end of the last hour."""
        return self.at(len(self.busy))

    def busy_hours(self) -> list[int]:
        """Return the places of the busy hours."""
        return np.flatnonzero(self.busy).tolist()


@dataclass(frozen=True, slots=True, kw_only=True)
class LookBack:
    """What the last hours showed. ``days`` are whole days of running, ``busy_days`` days of UTC.

    ``days_since_busy`` counts from the end of the last busy hour of all that is stored, None without one.
    """

    days: int
    hours_running: int
    hours_seen: int
    cpu_hours_seen: int
    busy_hours: int
    busy_days: int
    days_since_busy: int | None
    highest_cpu: float | None
    highest_network: float | None

    @property
    def coverage(self) -> float:
        """The share of the running hours that were seen, 0 to 1: with all three metrics.

        What is in use already is made no less so by its network: then hours with CPU count.
        """
        return self.hours_known / self.hours_running if self.hours_running else 0.0

    @property
    def hours_known(self) -> int:
        """The hours that ``coverage`` counts."""
        return self.cpu_hours_seen if self.is_in_use else self.hours_seen

    @property
    def is_in_use(self) -> bool:
        """Whether it was busy on more days than any grade of idleness allows."""
        return self.busy_days > MOST_BUSY_DAYS


def measured(utilization: Utilization) -> tuple[Floats, Floats, Floats]:
    """Return CPU, network in and network out; what is no number is no measurement, nor what was not asked."""
    cpu = _numbers(utilization.cpu_average)
    if utilization.network is None:
        return cpu, np.full(len(cpu), np.nan), np.full(len(cpu), np.nan)
    coming, going = (_numbers(hours) for hours in utilization.network)
    return cpu, coming, going


def both_ways(coming: Floats, going: Floats) -> Floats:
    """Return bytes in and out; what one direction alone holds where the other is not known."""
    total: Floats = coming + going
    missing = np.isnan(total)
    total[missing] = np.fmax(coming[missing], going[missing])
    return total


def first_seen(utilization: Utilization) -> datetime | None:
    """Return the first hour with any datapoint, None without one."""
    cpu, coming, going = measured(utilization)
    return first_hour(utilization.period, cpu, both_ways(coming, going))


def born(first: datetime | None, instance: Ec2Instance) -> datetime:
    """Return since when the instance exists; a datapoint from before the last start proves that it did."""
    since = instance.first_launched_at or instance.launched_at
    return since if first is None else min(since, first)


def first_running(period: Period, first: int, since: datetime) -> int:
    """Return the first hour, from ``first`` on, of an instance that exists ``since`` then."""
    if since <= period.start + first * HOUR + GRACE:
        return first
    return min(period.hours, -((period.start - since) // HOUR))  # the next whole hour


def within(period: Period, spans: Iterable[Period]) -> Flags:
    """Return which hours of a period begin in one of these spans."""
    hours = np.zeros(period.hours, dtype=bool)
    for span in spans:
        begin, end = (-((period.start - at) // HOUR) for at in (span.start, span.end))  # the next whole hour
        hours[max(0, begin) : max(0, end)] = True
    return hours


def other_signals(instance_type: str, period: Period, facts: InstanceFacts) -> Flags:
    """Say for each hour whether GPU or CPU credits make it busy; they can only acquit."""
    busy = np.zeros(period.hours, dtype=bool)
    earned = credits_an_hour(instance_type)
    limits = ((facts.gpu_percent, _GPU_BUSY), (facts.credit_usage, earned and earned * CREDITS_BUSY))
    for series, limit in limits:
        if series is None or limit is None:
            continue
        if len(series) != period.hours:
            raise ValueError(f"{len(series)} values for a period of {period.hours} hours")
        busy |= np.array(series, dtype=np.float64) >= limit
    return busy


def _numbers(hours: Hours) -> Floats:
    """Return hours as an array; an hour without a datapoint, None, is nan, and so is what is infinite."""
    return finite(np.array(hours, dtype=np.float64))


def days_with(busy: Flags, start_hour: int) -> NDArray[np.int64]:
    """Return on how many days of UTC each row is busy; its first hour is the ``start_hour``-th of a day."""
    count = busy.shape[1]
    begins = np.flatnonzero((np.arange(count) + start_hour) % 24 == 0)
    if not len(begins) or begins[0] != 0:
        begins = np.insert(begins, 0, 0)
    if not count:
        return np.zeros(len(busy), dtype=np.int64)
    by_day: NDArray[np.int64] = np.logical_or.reduceat(busy, begins, axis=1).sum(axis=1)
    return by_day


def first_hour(period: Period, *series: Floats) -> datetime | None:
    """Return the first hour in which any of these series has a value, None without one."""
    if any(len(values) and values[0] == values[0] for values in series):
        return period.start  # as nearly always
    seen = np.logical_or.reduce([~np.isnan(values) for values in series])
    first = int(np.argmax(seen)) if len(seen) else 0
    return period.start + first * HOUR if len(seen) and seen[first] else None
