"""Which hours of instances were busy, which were seen at all, and what that makes of their days.

Many at once, a row each: working with arrays costs nearly as much for one as for a hundred. One alone is one
row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from plainbill.analyzer.ec2_idle.facts import NO_FACTS, InstanceFacts
from plainbill.analyzer.ec2_idle.load import (
    BUSY,
    HOUR,
    BusyRule,
    Flags,
    Floats,
    Load,
    LookBack,
    born,
    both_ways,
    days_with,
    first_running,
    other_signals,
    within,
)
from plainbill.analyzer.evidence import finite
from plainbill.model.period import Period
from plainbill.model.resources import Ec2Instance
from plainbill.model.utilization import Utilization

Hours = NDArray[np.int64]
"""The place of an hour in the period."""


@dataclass(frozen=True, slots=True)
class Machine:
    """An instance and what is known of it besides its hours; ``vcpus`` None is a type that is not known."""

    instance: Ec2Instance
    vcpus: int | None
    facts: InstanceFacts = NO_FACTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Loads:
    """The hours of several instances of one period: as ``Load`` has them, with a row for each.

    ``first_seen`` is the place of the hour, -1 where an instance has no datapoint. The network was asked of
    all of them or of none.
    """

    period: Period
    cpu: Floats
    network: Floats
    busy: Flags
    seen: Flags
    cpu_threshold: Floats
    first_seen: Hours
    has_network: bool

    def of(self, row: int) -> Load:
        """Return the hours of one of them."""
        return Load(
            period=self.period,
            cpu=self.cpu[row],
            network=self.network[row],
            busy=self.busy[row],
            seen=self.seen[row],
            cpu_threshold=self.cpu_threshold[row],
            first_seen=self.first_at(row),
            has_network=self.has_network,
        )

    @property
    def end(self) -> datetime:
        """The end of the last hour."""
        return self.period.start + self.period.hours * HOUR

    def first_at(self, row: int) -> datetime | None:
        """Return the first hour in which one of them has a datapoint."""
        first = int(self.first_seen[row])
        return None if first < 0 else self.period.start + first * HOUR


def measure(
    instance: Ec2Instance,
    utilization: Utilization,
    vcpus: int | None,
    facts: InstanceFacts = NO_FACTS,
    rule: BusyRule = BUSY,
) -> Load:
    """Tell busy hours of one instance from quiet and from unseen ones; raises as ``measure_all`` does."""
    return measure_all([Machine(instance, vcpus, facts)], [utilization], rule).of(0)


def measure_all(
    machines: Sequence[Machine], utilizations: Sequence[Utilization], rule: BusyRule = BUSY
) -> Loads:
    """Tell busy hours from quiet and from unseen ones, of one instance or more.

    All utilizations are of one period, and have a network or have none. Raises ``ValueError`` where a series
    of some ``facts`` does not cover the period.
    """
    period, is_asked = utilizations[0].period, utilizations[0].network is not None
    cpu = _stacked(used.cpu_average for used in utilizations)
    thresholds = _thresholds(machines, period, rule)
    busy: Flags = cpu >= thresholds
    seen = ~np.isnan(cpu)
    network: Floats = np.broadcast_to(np.nan, cpu.shape)
    if is_asked:
        coming = _stacked(used.network_in for used in utilizations)
        going = _stacked(used.network_out for used in utilizations)
        network = both_ways(coming, going)
        busy |= network >= rule.network_bytes
        seen &= ~np.isnan(coming + going)
    for row, one in enumerate(machines):
        if one.facts.gpu_percent is not None or one.facts.credit_usage is not None:
            busy[row] |= other_signals(one.instance.instance_type, period, one.facts)
    return Loads(
        period=period,
        cpu=cpu,
        network=network,
        busy=busy,
        seen=seen,
        cpu_threshold=thresholds,
        first_seen=_first_seen(cpu, network if is_asked else cpu),
        has_network=is_asked,
    )


def look_back(load: Load, instance: Ec2Instance, facts: InstanceFacts, days: int) -> LookBack:
    """Count over the last hours of one instance as ``look_backs`` does."""
    first = -1 if load.first_seen is None else (load.first_seen - load.period.start) // HOUR
    alone = Loads(
        period=load.period,
        cpu=load.cpu[None],
        network=load.network[None],
        busy=load.busy[None],
        seen=load.seen[None],
        cpu_threshold=load.cpu_threshold[None],
        first_seen=np.array([first]),
        has_network=load.has_network,
    )
    return look_backs(alone, [Machine(instance, None, facts)], days)[0]


def look_backs(loads: Loads, machines: Sequence[Machine], days: int) -> list[LookBack]:
    """Count over the last ``days`` x 24 hours, or as many as are stored and each instance has existed."""
    count = loads.busy.shape[1]
    first = max(0, count - days * 24)
    running = _running(loads, machines, first)
    cpu = np.where(running, loads.cpu[:, first:], np.nan)
    network = np.where(running, loads.network[:, first:], np.nan) if loads.has_network else cpu
    busy = loads.busy[:, first:] & running
    lasts = count - 1 - loads.busy[:, ::-1].argmax(axis=1)
    rows = zip(
        running.sum(axis=1).tolist(),
        (loads.seen[:, first:] & running).sum(axis=1).tolist(),
        (~np.isnan(cpu)).sum(axis=1).tolist(),
        busy.sum(axis=1).tolist(),
        days_with(busy, loads.period.start.hour + first).tolist(),
        np.where(loads.busy.any(axis=1), lasts, -1).tolist(),
        _highest(cpu),
        _highest(network),
        strict=True,
    )
    return [
        LookBack(
            days=hours // 24,
            hours_running=hours,
            hours_seen=seen,
            cpu_hours_seen=cpu_seen,
            busy_hours=busy_hours,
            busy_days=busy_days,
            days_since_busy=None if last < 0 else (count - 1 - last) // 24,
            highest_cpu=highest_cpu,
            highest_network=highest_network if loads.has_network else None,
        )
        for hours, seen, cpu_seen, busy_hours, busy_days, last, highest_cpu, highest_network in rows
    ]


def begins(loads: Loads, machines: Sequence[Machine], first: int) -> Hours:
    """Return the first hour, from ``first`` on, in which each instance is known to exist."""
    period = loads.period
    since = (born(loads.first_at(row), one.instance) for row, one in enumerate(machines))
    return np.array([first_running(period, first, instant) for instant in since])


def _running(loads: Loads, machines: Sequence[Machine], first: int) -> Flags:
    """Return the hours, from ``first`` on, in which each ran or, not knowing better, existed.

    A busy hour was one of running, whatever a list says.
    """
    hours = loads.busy.shape[1]
    running: Flags = np.arange(first, hours) >= begins(loads, machines, first)[:, None]
    for row, one in enumerate(machines):
        if one.facts.running is not None:
            running[row] &= (loads.busy[row] | within(loads.period, one.facts.running))[first:]
    return running


def _stacked(series: Any) -> Floats:
    """Return hours of several as an array, a row each; what is no number is no measurement."""
    return finite(np.stack([np.asarray(hours, dtype=np.float64) for hours in series]))


def _thresholds(machines: Sequence[Machine], period: Period, rule: BusyRule) -> Floats:
    """Return each hour's CPU threshold, by the size that each instance had then."""
    usual = np.array([[rule.threshold_of(one.instance.instance_type, one.vcpus)] for one in machines])
    if not any(one.facts.resizes for one in machines):
        return np.broadcast_to(usual, (len(machines), period.hours))
    thresholds = np.repeat(usual, period.hours, axis=1)
    for row, one in enumerate(machines):
        for resize in sorted(one.facts.resizes, key=lambda resize: resize.until, reverse=True):
            before = min(period.hours, max(0, -((period.start - resize.until) // HOUR)))
            thresholds[row, :before] = rule.cpu_threshold(resize.vcpus)
    return thresholds


def _first_seen(*series: Floats) -> Hours:
    """Return the first hour in which any of these series of each row has a value, -1 without one."""
    seen = np.logical_or.reduce([~np.isnan(values) for values in series])
    first: Hours = np.where(seen.any(axis=1), seen.argmax(axis=1), -1)
    return first


def _highest(values: Floats) -> list[float | None]:
    """Return the highest value of each row, None where it has none."""
    highest = np.fmax.reduce(values, axis=1, initial=-np.inf).tolist()
    return [None if value == -np.inf else value for value in highest]
