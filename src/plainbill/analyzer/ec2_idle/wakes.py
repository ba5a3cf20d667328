"""Wake events: the stretches of work in a mostly quiet life."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from plainbill.analyzer.ec2_idle.load import HOUR, MEGABYTE, Load


@dataclass(frozen=True, slots=True, kw_only=True)
class WakeEvent:
    """Busy hours with gaps of at most one hour, ``[start, end)`` in UTC.

    ``peak_cpu`` is the highest hourly mean in percent, None where CPU was not seen; ``megabytes`` is what
    went in and out, as far as seen. ``cause`` is "CPU", "network", "CPU and network" or, where neither
    was enough, "GPU or CPU credits".
    """

    start: datetime
    end: datetime
    hours: int
    peak_cpu: float | None
    megabytes: float
    cause: str


def wake_events(load: Load, network_bytes: float) -> tuple[WakeEvent, ...]:
    """Return the events, oldest first; ``network_bytes`` is what made an hour busy by its traffic."""
    runs: list[list[int]] = []
    for hour in load.busy_hours():
        if runs and hour - runs[-1][-1] <= 2:  # at most one quiet or unseen hour between them
            runs[-1].append(hour)
        else:
            runs.append([hour])
    return tuple(_event(load, network_bytes, run) for run in runs)


def _event(load: Load, network_bytes: float, run: list[int]) -> WakeEvent:
    within = range(run[0], run[-1] + 1)
    cpu = [value for hour in within if (value := load.cpu[hour]) is not None]
    network = [value for hour in within if (value := load.network[hour]) is not None]
    by_cpu = any((load.cpu[hour] or 0.0) >= load.cpu_threshold[hour] for hour in run)
    by_network = max(network, default=0.0) >= network_bytes
    causes = {"CPU": by_cpu, "network": by_network}
    return WakeEvent(
        start=load.at(run[0]),
        end=load.at(run[-1]) + HOUR,
        hours=len(run),
        peak_cpu=max(cpu, default=None),
        megabytes=sum(network) / MEGABYTE,
        cause=" and ".join(name for name, held in causes.items() if held) or "GPU or CPU credits",
    )
