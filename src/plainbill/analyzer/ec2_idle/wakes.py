"""Wake events: the stretches of work in a mostly quiet life."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import isnan

import numpy as np
from numpy.typing import NDArray

from plainbill.analyzer.ec2_idle.load import MEGABYTE, Floats, Load

_CAUSES: Mapping[tuple[bool, ...], str] = {
    (True, True): "CPU and network",
    (True, False): "CPU",
    (False, True): "network",
    (False, False): "GPU or CPU credits",
}
"""What made an event busy, by whether CPU and whether the network did."""


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
    hours = np.flatnonzero(load.busy)
    if not len(hours):
        return ()
    pauses = np.flatnonzero(hours[1:] - hours[:-1] > 2) + 1  # at most one quiet or unseen hour between them
    begins, ends = np.concatenate(([0], pauses)), np.concatenate((pauses, [len(hours)]))
    first, last = hours[begins], hours[ends - 1]
    by_cpu = np.logical_or.reduceat((load.cpu >= load.cpu_threshold)[hours], begins)
    cpu = _over(np.fmax, load.cpu, first, last)
    by_network = _over(np.fmax, load.network, first, last) >= network_bytes
    sent = _over(np.add, np.where(np.isnan(load.network), 0.0, load.network), first, last)
    columns = (first, last, ends - begins, cpu, sent, by_cpu, by_network)
    return tuple(_event(load, *row) for row in zip(*(column.tolist() for column in columns), strict=True))


def _over(how: np.ufunc, values: Floats, first: NDArray[np.intp], last: NDArray[np.intp]) -> Floats:
    """Return what ``how`` makes of the values of each span, both ends included."""
    bounds = np.empty(2 * len(first), dtype=np.intp)
    bounds[::2], bounds[1::2] = first, last + 1
    reduced: Floats = how.reduceat(np.append(values, np.nan), bounds)[::2]
    return reduced


def _event(
    load: Load, first: int, last: int, hours: int, cpu: float, sent: float, *causes: bool
) -> WakeEvent:
    return WakeEvent(
        start=load.at(first),
        end=load.at(last + 1),
        hours=hours,
        peak_cpu=None if isnan(cpu) else cpu,
        megabytes=sent / MEGABYTE,
        cause=_CAUSES[causes],
    )
