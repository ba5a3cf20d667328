"""Which hours of an instance were busy, which were seen at all, and what that makes of its days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import isfinite

from plainbill.analyzer.ec2_idle.facts import NO_FACTS, InstanceFacts
from plainbill.analyzer.ec2_idle.instance_types import baseline_percent, credits_an_hour
from plainbill.model.period import Period
from plainbill.model.resources import Ec2Instance
from plainbill.model.utilization import Hours, Utilization

MEGABYTE = 1e6
HOUR = timedelta(hours=1)
_PLAIN_CPU = 5.0
_GPU_BUSY = 5.0
_CREDITS_BUSY = 0.25  # of what the type earns in an hour
_GRACE = timedelta(hours=1)  # the first hour of an instance may be cut short


@dataclass(frozen=True, slots=True, kw_only=True)
class BusyRule:
    """An hour is busy from this mean CPU on, or from this many bytes in and out on.

    ``cpu_percent`` None is the size-aware threshold: a tenth of a vCPU, as percent of the instance,
    between 2 and 10 %. Where the number of vCPUs is not known it is 5 %.
    """

    cpu_percent: float | None = None
    network_bytes: float = 20 * MEGABYTE

    def cpu_threshold(self, vcpus: int | None) -> float:
        """Return the percent of mean CPU that makes an hour busy."""
        if self.cpu_percent is not None:
            return self.cpu_percent
        return _PLAIN_CPU if not vcpus or vcpus < 1 else min(10.0, max(2.0, 10.0 / vcpus))


BUSY = BusyRule()


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """The hours of ``period``, oldest first: busy (at least one metric says so), seen (all three known).

    ``cpu`` (percent) and ``network`` (bytes in and out) are None in hours without a datapoint; an hour
    that has one direction only holds at least those bytes. ``cpu_threshold`` is the percent of CPU that made
    each hour busy; ``first_seen`` is the first hour with any datapoint.
    """

    period: Period
    cpu: Hours
    network: Hours
    busy: Sequence[bool]
    seen: Sequence[bool]
    cpu_threshold: Sequence[float]
    first_seen: datetime | None

    def at(self, hour: int) -> datetime:
        """Return the start of an hour, by its place in the series."""
        return self.period.start + hour * HOUR

    @property
    def end(self) -> datetime:
        """The end of the last hour."""
        return self.at(len(self.busy))

    def busy_hours(self) -> list[int]:
        """Return the places of the busy hours."""
        return [hour for hour, is_busy in enumerate(self.busy) if is_busy]


@dataclass(frozen=True, slots=True, kw_only=True)
class LookBack:
    """What the last hours showed. ``days`` are whole days of running, ``busy_days`` days of UTC.

    ``days_since_busy`` counts from the end of the last busy hour of all that is stored, None without one.
    """

    days: int
    hours_running: int
    hours_seen: int
    busy_hours: int
    busy_days: int
    days_since_busy: int | None
    highest_cpu: float | None
    highest_network: float | None

    @property
    def coverage(self) -> float:
        """The share of the running hours with all three metrics, 0 to 1."""
        return self.hours_seen / self.hours_running if self.hours_running else 0.0


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
    cpu = [_number(value) for value in utilization.cpu_average]
    coming = [_number(value) for value in utilization.network_in]
    going = [_number(value) for value in utilization.network_out]
    network = [_bytes(i, o) for i, o in zip(coming, going, strict=True)]
    thresholds = _thresholds(instance_type, utilization.period, vcpus, facts, rule)
    others = _other_signals(instance_type, utilization.period, facts)
    busy = [
        other or (c is not None and c >= tau) or (n is not None and n >= rule.network_bytes)
        for c, n, tau, other in zip(cpu, network, thresholds, others, strict=True)
    ]
    seen = [
        c is not None and i is not None and o is not None for c, i, o in zip(cpu, coming, going, strict=True)
    ]
    return Load(
        period=utilization.period,
        cpu=cpu,
        network=network,
        busy=busy,
        seen=seen,
        cpu_threshold=thresholds,
        first_seen=first_seen(utilization),
    )


def look_back(load: Load, instance: Ec2Instance, facts: InstanceFacts, days: int) -> LookBack:
    """Count over the last ``days`` x 24 hours, or as many as are stored and the instance has existed."""
    count = len(load.busy)
    running = _running(load, instance, facts, max(0, count - days * 24))
    busy = [hour for hour in running if load.busy[hour]]
    last = next((hour for hour in range(count - 1, -1, -1) if load.busy[hour]), None)
    cpu = [value for hour in running if (value := load.cpu[hour]) is not None]
    network = [value for hour in running if (value := load.network[hour]) is not None]
    return LookBack(
        days=len(running) // 24,
        hours_running=len(running),
        hours_seen=sum(load.seen[hour] for hour in running),
        busy_hours=len(busy),
        busy_days=len(busy_dates(load, busy)),
        days_since_busy=None if last is None else (count - 1 - last) // 24,
        highest_cpu=max(cpu, default=None),
        highest_network=max(network, default=None),
    )


def busy_dates(load: Load, hours: Sequence[int]) -> set[date]:
    """Return the UTC days of these hours."""
    return {load.at(hour).date() for hour in hours}


def first_seen(utilization: Utilization) -> datetime | None:
    """Return the first hour with any datapoint, None without one."""
    series = (utilization.cpu_average, utilization.network_in, utilization.network_out)
    for hour, values in enumerate(zip(*series, strict=True)):
        if any(_number(value) is not None for value in values):
            return utilization.period.start + hour * HOUR
    return None


def born(first: datetime | None, instance: Ec2Instance) -> datetime:
    """Return since when the instance exists; a datapoint from before the last start proves that it did."""
    since = instance.first_launched_at or instance.launched_at
    return since if first is None else min(since, first)


def _running(load: Load, instance: Ec2Instance, facts: InstanceFacts, first: int) -> Sequence[int]:
    """Return the hours, from ``first`` on, in which the instance ran or, not knowing better, existed.

    A busy hour was one of running, whatever a list says.
    """
    since = born(load.first_seen, instance)
    if since > load.at(first) + _GRACE:
        first = min(len(load.busy), -((load.period.start - since) // HOUR))  # the next whole hour
    hours = range(first, len(load.busy))
    if facts.running is None:
        return hours
    spans = facts.running
    return [h for h in hours if load.busy[h] or any(load.at(h) in span for span in spans)]


def _thresholds(
    instance_type: str, period: Period, vcpus: int | None, facts: InstanceFacts, rule: BusyRule
) -> list[float]:
    """Return each hour's CPU threshold, by the size that the instance had then.

    A burstable instance at its baseline works as hard as it may for long: never a quiet hour.
    """
    tau = rule.cpu_threshold(vcpus)
    baseline = baseline_percent(instance_type, vcpus)
    if rule.cpu_percent is None and baseline is not None:
        tau = min(tau, baseline)
    thresholds = [tau] * period.hours
    for resize in sorted(facts.resizes, key=lambda one: one.until, reverse=True):
        before = min(period.hours, max(0, -((period.start - resize.until) // HOUR)))
        thresholds[:before] = [rule.cpu_threshold(resize.vcpus)] * before
    return thresholds


def _other_signals(instance_type: str, period: Period, facts: InstanceFacts) -> list[bool]:
    """Say for each hour whether GPU or CPU credits make it busy; they can only acquit."""
    busy = [False] * period.hours
    earned = credits_an_hour(instance_type)
    limits = ((facts.gpu_percent, _GPU_BUSY), (facts.credit_usage, earned and earned * _CREDITS_BUSY))
    for series, limit in limits:
        if series is None or limit is None:
            continue
        if len(series) != period.hours:
            raise ValueError(f"{len(series)} values for a period of {period.hours} hours")
        busy = [
            was or (value is not None and value >= limit) for was, value in zip(busy, series, strict=True)
        ]
    return busy


def _number(value: float | None) -> float | None:
    """Return the value; what is no number is no measurement."""
    return value if value is not None and isfinite(value) else None


def _bytes(coming: float | None, going: float | None) -> float | None:
    if coming is None or going is None:
        return going if coming is None else coming
    return coming + going
