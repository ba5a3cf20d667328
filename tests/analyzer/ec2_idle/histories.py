"""Generated lives of instances: quiet but for the hours that a test names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from factories import NOW, instance, last_hours
from plainbill.analyzer.ec2_idle import NO_FACTS, Classification, InstanceFacts, classify
from plainbill.model.utilization import Hours, Utilization

MB = 1e6
HOUR = timedelta(hours=1)

When = Callable[[datetime], bool]
"""Says of an hour, in wall-clock time, whether it is busy."""


def never(hour: datetime) -> bool:
    return hour.year == 0


def history(
    busy: When = never,
    days: int = 60,
    zone: tzinfo = UTC,
    quiet_cpu: float = 1.0,
    quiet_mb: float = 0.1,
    busy_cpu: float = 50.0,
    busy_mb: float = 60.0,
    end: datetime = NOW,
) -> Utilization:
    """An instance at ``quiet_cpu`` % and ``quiet_mb`` MB an hour, and at the busy values when ``busy``."""
    period = last_hours(days * 24, end)
    at = [busy((period.start + n * HOUR).astimezone(zone)) for n in range(days * 24)]
    cpu = tuple(busy_cpu if is_busy else quiet_cpu for is_busy in at)
    half = tuple((busy_mb if is_busy else quiet_mb) * MB / 2 for is_busy in at)
    return Utilization(period=period, cpu_average=cpu, cpu_maximum=cpu, network_in=half, network_out=half)


def without(used: Utilization, gone: When) -> Utilization:
    """The same life with no datapoint at all in some hours."""
    missing = [gone(used.period.start + n * HOUR) for n in range(used.period.hours)]

    def cut(hours: Hours) -> Hours:
        return tuple(None if hole else value for value, hole in zip(hours, missing, strict=True))

    assert used.network is not None
    coming, going = used.network
    return Utilization(
        period=used.period,
        cpu_average=cut(used.cpu_average),
        cpu_maximum=cut(used.cpu_maximum),
        network_in=cut(coming),
        network_out=cut(going),
    )


def missing_as_zero(used: Utilization) -> Utilization:
    """The mutant: an hour without a datapoint is taken for an hour of nothing."""

    def filled(hours: Hours) -> Hours:
        return tuple(0.0 if value is None else value for value in hours)

    assert used.network is not None
    coming, going = used.network
    return Utilization(
        period=used.period,
        cpu_average=filled(used.cpu_average),
        cpu_maximum=filled(used.cpu_maximum),
        network_in=filled(coming),
        network_out=filled(going),
    )


def classified(
    used: Utilization | None,
    vcpus: int | None = 2,
    facts: InstanceFacts = NO_FACTS,
    zone: tzinfo = UTC,
    now: datetime = NOW,
    **changes: Any,
) -> Classification:
    """The class of a plain instance, two years old, with these changes."""
    born = {"launched_at": now - timedelta(days=730), "first_launched_at": now - timedelta(days=730)}
    return classify(instance(**{**born, **changes}), used, vcpus, now, facts, zone)
