"""Which hours of an instance were busy, which were seen at all, and what that makes of its days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from plainbill.analyzer.ec2_idle.facts import NO_FACTS, InstanceFacts
from plainbill.analyzer.ec2_idle.instance_types import baseline_percent, credits_an_hour
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
_GRACE = timedelta(hours=1)  # the first hour of an instance may be cut short


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


def measure(
    instance_type: str,
    utilization: Utilization,
    vcpus: int | None,
    facts: InstanceFacts = NO_FACTS,
    rule: BusyRule = BUSY,
) -> Load:
    """Tell busy hours from quiet and from unseen ones.

    Raises ``ValueError`` where a series of ``facts`` does not cover the utilization's period.
    """
    cpu, coming, going = measured(utilization)
    has_network = utilization.network is not None
    network = both_ways(coming, going) if has_network else coming
    thresholds = _thresholds(instance_type, utilization.period, vcpus, facts, rule)
    others = other_signals(instance_type, utilization.period, facts)
    return Load(
        period=utilization.period,
        cpu=cpu,
        network=network,
        busy=others | (cpu >= thresholds) | (network >= rule.network_bytes),
        seen=~(np.isnan(cpu) | np.isnan(coming) | np.isnan(going)) if has_network else ~np.isnan(cpu),
        cpu_threshold=thresholds,
        first_seen=first_hour(utilization.period, cpu, network),
        has_network=has_network,
    )


def measured(utilization: Utilization) -> tuple[Floats, Floats, Floats]:
    """Return CPU, network in and network out; what is no number is no measurement, nor what was not asked."""
    cpu = _numbers(utilization.cpu_average)
    if utilization.network is None:
        return cpu, np.full(len(cpu), np.nan), np.full(len(cpu), np.nan)
    coming, going = (_numbers(hours) for hours in utilization.network)
    return cpu, coming, going


def both_ways(coming: Floats, going: Floats) -> Floats:
    """Return bytes in and out; what one direction alone holds where the other is not known."""
    total = coming + going
    return np.where(np.isnan(total), np.fmax(coming, going), total)


def look_back(load: Load, instance: Ec2Instance, facts: InstanceFacts, days: int) -> LookBack:
    """Count over the last ``days`` x 24 hours, or as many as are stored and the instance has existed."""
    count = len(load.busy)
    every = load.busy.nonzero()[0]
    running, busy = _running(load, instance, facts, max(0, count - days * 24), every)
    cpu, offset = load.cpu[running], load.period.start.hour
    return LookBack(
        days=len(cpu) // 24,
        hours_running=len(cpu),
        hours_seen=int(np.count_nonzero(load.seen[running])),
        cpu_hours_seen=len(cpu) - int(np.count_nonzero(np.isnan(cpu))),
        busy_hours=len(busy),
        busy_days=len({(hour + offset) // 24 for hour in busy.tolist()}),
        days_since_busy=(count - 1 - int(every[-1])) // 24 if len(every) else None,
        highest_cpu=_highest(cpu),
        highest_network=_highest(load.network[running]) if load.has_network else None,
    )


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
    if since <= period.start + first * HOUR + _GRACE:
        return first
    return min(period.hours, -((period.start - since) // HOUR))  # the next whole hour


def _running(
    load: Load, instance: Ec2Instance, facts: InstanceFacts, first: int, busy: NDArray[np.intp]
) -> tuple[slice | NDArray[np.intp], NDArray[np.intp]]:
    """Return the hours, from ``first`` on, in which the instance ran or, not knowing better, existed.

    And which of them were ``busy``. A busy hour was one of running, whatever a list says.
    """
    begin = first_running(load.period, first, born(load.first_seen, instance))
    busy = busy[busy.searchsorted(begin) :]
    if facts.running is None:
        return slice(begin, None), busy
    return begin + (load.busy | within(load.period, facts.running))[begin:].nonzero()[0], busy


def within(period: Period, spans: Iterable[Period]) -> Flags:
    """Return which hours of a period begin in one of these spans."""
    hours = np.zeros(period.hours, dtype=bool)
    for span in spans:
        begin, end = (-((period.start - at) // HOUR) for at in (span.start, span.end))  # the next whole hour
        hours[max(0, begin) : max(0, end)] = True
    return hours


def _thresholds(
    instance_type: str, period: Period, vcpus: int | None, facts: InstanceFacts, rule: BusyRule
) -> Floats:
    """Return each hour's CPU threshold, by the size that the instance had then."""
    thresholds = np.full(period.hours, rule.threshold_of(instance_type, vcpus))
    for resize in sorted(facts.resizes, key=lambda one: one.until, reverse=True):
        before = min(period.hours, max(0, -((period.start - resize.until) // HOUR)))
        thresholds[:before] = rule.cpu_threshold(resize.vcpus)
    return thresholds


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
    values: Floats = np.array(hours, dtype=np.float64)
    values[np.isinf(values)] = np.nan
    return values


def first_hour(period: Period, *series: Floats) -> datetime | None:
    """Return the first hour in which any of these series has a value, None without one."""
    if any(len(values) and values[0] == values[0] for values in series):
        return period.start  # as nearly always
    seen = np.logical_or.reduce([~np.isnan(values) for values in series])
    first = int(np.argmax(seen)) if len(seen) else 0
    return period.start + first * HOUR if len(seen) and seen[first] else None


def _highest(values: Floats) -> float | None:
    highest = np.fmax.reduce(values, initial=-np.inf)
    return None if highest == -np.inf else float(highest)
