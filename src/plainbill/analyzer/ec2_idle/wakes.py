"""Wake events: the stretches of work in a mostly quiet life."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import isnan
from typing import overload

import numpy as np

from plainbill.analyzer.ec2_idle.load import MEGABYTE, Load

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


class WakeEvents(Sequence[WakeEvent]):
    """The wake events of a load, oldest first; each is worked out when somebody looks at it.

    ``network_bytes`` is what made an hour busy by its traffic. Equal to any sequence of the same events.
    """

    __slots__ = ("_begins", "_hours", "_load", "_network_bytes")

    def __init__(self, load: Load, network_bytes: float) -> None:
        self._load, self._network_bytes = load, network_bytes
        self._hours: list[int] | None = None
        self._begins: list[int] = []

    @overload
    def __getitem__(self, at: int) -> WakeEvent: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[WakeEvent]: ...
    def __getitem__(self, at: int | slice) -> WakeEvent | Sequence[WakeEvent]:
        number = range(len(self))[at]
        if isinstance(number, range):
            return tuple(self._event(one) for one in number)
        return self._event(number)

    def __len__(self) -> int:
        if self._hours is None:
            hours = np.flatnonzero(self._load.busy)
            pauses = np.flatnonzero(hours[1:] - hours[:-1] > 2)  # at most one quiet or unseen hour inside
            self._hours, self._begins = hours.tolist(), [0, *(pauses + 1).tolist()] if len(hours) else []
        return len(self._begins)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return f"{tuple(self)!r}"

    def _event(self, number: int) -> WakeEvent:
        load, every, begin = self._load, self._hours or [], self._begins[number]
        end = self._begins[number + 1] if number + 1 < len(self._begins) else len(every)
        first, last = every[begin], every[end - 1] + 1
        cpu, network = load.cpu[first:last], load.network[first:last]
        peak, sent = float(np.fmax.reduce(cpu)), float(np.where(np.isnan(network), 0.0, network).sum())
        by_cpu = bool((cpu >= load.cpu_threshold[first:last])[load.busy[first:last]].any())
        by_network = bool(np.fmax.reduce(network) >= self._network_bytes)
        return WakeEvent(
            start=load.at(first),
            end=load.at(last),
            hours=end - begin,
            peak_cpu=None if isnan(peak) else peak,
            megabytes=sent / MEGABYTE,
            cause=_CAUSES[by_cpu, by_network],
        )
