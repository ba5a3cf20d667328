"""Wake events: the stretches of work in a mostly quiet life."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import isnan
from typing import overload

import numpy as np
from numpy.typing import NDArray

from plainbill.analyzer.ec2_idle.load import MEGABYTE, Flags
from plainbill.analyzer.ec2_idle.measuring import Loads

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
    """The wake events of one row of loads, oldest first; each is worked out when somebody looks at it.

    ``count`` is how many they are, as ``count_events`` says; ``network_bytes`` is what made an hour busy by
    its traffic. Equal to any sequence of the same events.
    """

    __slots__ = ("_count", "_loads", "_network_bytes", "_row", "_spans")

    def __init__(self, loads: Loads, row: int, count: int, network_bytes: float) -> None:
        self._loads, self._row, self._count, self._network_bytes = loads, row, count, network_bytes
        self._spans: Sequence[range] | None = None

    @overload
    def __getitem__(self, at: int) -> WakeEvent: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[WakeEvent]: ...
    def __getitem__(self, at: int | slice) -> WakeEvent | Sequence[WakeEvent]:
        found = self.spans[at]
        return self._event(found) if isinstance(found, range) else tuple(map(self._event, found))

    def __len__(self) -> int:
        return self._count

    @property
    def spans(self) -> Sequence[range]:
        """The hours of each event by their places in the period, those of its gaps included."""
        if self._spans is None:
            busy = self._loads.busy[self._row]
            firsts, lasts = np.flatnonzero(_begins(busy)), np.flatnonzero(_begins(busy[::-1])[::-1])
            self._spans = [
                range(first, last + 1) for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True)
            ]
        return self._spans

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return f"{tuple(self)!r}"

    def _event(self, span: range) -> WakeEvent:
        load, hours = self._loads.of(self._row), slice(span.start, span.stop)
        cpu, network, busy = load.cpu[hours], load.network[hours], load.busy[hours]
        peak, sent = float(np.fmax.reduce(cpu)), float(np.where(np.isnan(network), 0.0, network).sum())
        by_cpu = bool((cpu >= load.cpu_threshold[hours])[busy].any())
        by_network = bool(np.fmax.reduce(network) >= self._network_bytes)
        return WakeEvent(
            start=load.at(span.start),
            end=load.at(span.stop),
            hours=int(np.count_nonzero(busy)),
            peak_cpu=None if isnan(peak) else peak,
            megabytes=sent / MEGABYTE,
            cause=_CAUSES[by_cpu, by_network],
        )


def count_events(busy: Flags) -> NDArray[np.int64]:
    """Return how many wake events each row of busy hours has."""
    count: NDArray[np.int64] = _begins(busy).sum(axis=1)
    return count


def _begins(busy: Flags) -> Flags:
    """Return the busy hours that begin an event, inside which at most one is quiet or unseen at a time."""
    begins = busy.copy()
    begins[..., 1:] &= ~busy[..., :-1]
    begins[..., 2:] &= ~busy[..., :-2]
    return begins
