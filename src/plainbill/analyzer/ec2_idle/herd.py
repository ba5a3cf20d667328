"""Instances with hours of one period as arrays: busy days, coverage and grade of all of them at once.

Of each instance the highest CPU, the highest traffic and the hours seen are kept for every piece of a day:
days of UTC, cut once more at the hour at which the stored hours end, so that every look-back is made of whole
pieces. That tells busy days, coverage and grade exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from plainbill.analyzer.ec2_idle.acquittal import FEWEST_DAYS
from plainbill.analyzer.ec2_idle.facts import InstanceFacts
from plainbill.analyzer.ec2_idle.grading import grade_of
from plainbill.analyzer.ec2_idle.load import (
    HOUR,
    MOST_BUSY_DAYS,
    Flags,
    Floats,
    born,
    both_ways,
    first_hour,
    measured,
    other_signals,
    within,
)
from plainbill.analyzer.ec2_idle.verdict import Grade, IdlePolicy
from plainbill.model.period import Period
from plainbill.model.resources import Ec2Instance
from plainbill.model.utilization import Utilization

Places = NDArray[np.int64]
Counts = NDArray[np.uint8]
"""Hours of a piece of a day: at most 24."""
NO_GRADE = -1
GRADES = tuple(Grade)


@dataclass(frozen=True, slots=True)
class Row:
    """What is kept of one instance: its place in the fleet, its type and vCPUs, and a value a piece.

    ``since`` is the hour, counted from the period's start, from which on it is known to exist. ``off`` are
    the hours of a piece in which it did not run. The ``odd`` hour is one of these that has measurements all
    the same (the last start cut it in two): busy, it was one of running. It is -1 where there is none.
    """

    place: int
    kind: tuple[str, int | None]
    cpu: Floats
    network: Floats
    seen: Counts
    cpu_seen: Counts
    off: Counts
    since: float
    has_network: bool = True
    odd: int = -1
    odd_cpu: float = np.nan
    odd_network: float = np.nan
    is_odd_seen: bool = False
    is_odd_cpu_seen: bool = False


@dataclass(frozen=True, slots=True)
class Herd:
    """The rows of the instances of one period; arrays by piece and instance, or by instance.

    ``starts`` is the first hour of each piece, counted from the period's; ``types`` are the places of their
    types in ``kinds``. Where the network was not asked (``has_network``), ``seen`` is what has CPU.
    An hour that GPUs or CPU credits make busy has an infinite CPU.
    """

    period: Period
    starts: Places
    places: Places
    types: Places
    kinds: Sequence[tuple[str, int | None]]
    cpu: Floats
    network: Floats
    seen: Counts
    cpu_seen: Counts
    off: Counts
    since: Floats
    has_network: Flags
    odd: Places
    odd_cpu: Floats
    odd_network: Floats
    is_odd_seen: Flags
    is_odd_cpu_seen: Flags

    def graded(self, policy: IdlePolicy) -> tuple[Flags, Places, Flags]:
        """Return whether enough is known of each, its grade by the load alone, and its busy days of all.

        A grade is its place in ``GRADES``, or ``NO_GRADE``; busy days are a row a day of UTC, oldest first.
        """
        hours, enough = self.period.hours, policy.busy.network_bytes
        first = max(0, hours - policy.look_back_days * 24)
        tau = np.array([policy.busy.threshold_of(*kind) for kind in self.kinds])[self.types]
        is_odd = (self.odd >= first) & ((self.odd_cpu >= tau) | (self.odd_network >= enough))
        begin = np.where(self.since <= first + 1, first, np.minimum(hours, np.ceil(self.since)))
        piece = int(np.searchsorted(self.starts, first))
        running = hours - begin - self.off[piece:].sum(axis=0, dtype=np.int64) + is_odd
        pieces = (self.cpu >= tau) | (self.network >= enough)
        busy = self._by_day(pieces[piece:], piece).sum(axis=0, dtype=np.int64)
        in_use = busy > MOST_BUSY_DAYS
        all_seen = self.seen[piece:].sum(axis=0, dtype=np.int64) + (is_odd & self.is_odd_seen)
        cpu_seen = self.cpu_seen[piece:].sum(axis=0, dtype=np.int64) + (is_odd & self.is_odd_cpu_seen)
        seen = np.where(in_use, cpu_seen, all_seen)
        coverage = np.divide(seen, running, out=np.zeros(len(seen)), where=running > 0)
        days = (running // 24).astype(np.int64)
        known = (days >= FEWEST_DAYS) & (coverage >= policy.min_coverage) & (in_use | self.has_network)
        return known, _grades(days, busy, policy.look_back_days), self._by_day(pieces, 0)

    def _by_day(self, pieces: Flags, first: int) -> Flags:
        """Return whether any piece of each UTC day is set; the pieces begin with the ``first``."""
        days = (self.starts[first:] + self.period.start.hour) // 24
        by_day: Flags = np.zeros((days[-1] - days[0] + 1 if len(days) else 0, pieces.shape[1]), dtype=bool)
        for day, piece in zip(days.tolist(), pieces, strict=True):
            by_day[day - days[0]] |= piece
        return by_day


def row_of(
    place: int, instance: Ec2Instance, vcpus: int | None, facts: InstanceFacts, used: Utilization
) -> Row | None:
    """Return the row of an instance; None for one of which more is known than a row can hold."""
    period = used.period
    cpu, coming, going = measured(used)
    network = both_ways(coming, going)
    since = (born(first_hour(period, cpu, network), instance) - period.start) / HOUR
    has_network, has_cpu = used.network is not None, ~np.isnan(cpu)
    is_seen = ~np.isnan(cpu + coming + going) if has_network else has_cpu
    others = other_signals(instance.instance_type, period, facts)
    cpu = np.where(others, np.inf, cpu)
    kind, starts = (instance.instance_type, vcpus), starts_of(period)
    ran = None if facts.running is None else within(period, facts.running)
    odd = [] if ran is None else np.flatnonzero(~ran & ~(np.isnan(cpu) & np.isnan(network))).tolist()
    if facts.resizes or facts.metrics_complete is False or len(odd) > 1 or (ran is not None and since > 1):
        return None
    hour = odd[0] if odd else None
    return Row(
        place=place,
        kind=kind,
        cpu=np.fmax.reduceat(cpu, starts),
        network=np.fmax.reduceat(network, starts),
        seen=np.add.reduceat(is_seen if ran is None else is_seen & ran, starts, dtype=np.uint8),
        cpu_seen=np.add.reduceat(has_cpu if ran is None else has_cpu & ran, starts, dtype=np.uint8),
        off=np.zeros(len(starts), np.uint8) if ran is None else np.add.reduceat(~ran, starts, dtype=np.uint8),
        since=since,
        has_network=has_network,
        odd=-1 if hour is None else hour,
        odd_cpu=np.nan if hour is None else float(cpu[hour]),
        odd_network=np.nan if hour is None else float(network[hour]),
        is_odd_seen=hour is not None and bool(is_seen[hour]),
        is_odd_cpu_seen=hour is not None and bool(has_cpu[hour]),
    )


def starts_of(period: Period) -> Places:
    """Return the first hour of each piece of a day, counted from the period's start."""
    hours = np.arange(period.hours)
    is_start = ((hours + period.start.hour) % 24 == 0) | ((period.hours - hours) % 24 == 0) | (hours == 0)
    starts: Places = hours[is_start]
    return starts


def herd_of(period: Period, rows: Iterable[Row]) -> Herd:
    """Return the arrays of some rows, at least one."""
    some = list(rows)
    kinds = {kind: number for number, kind in enumerate(dict.fromkeys(row.kind for row in some))}
    return Herd(
        period=period,
        starts=starts_of(period),
        places=np.array([row.place for row in some], dtype=np.int64),
        types=np.array([kinds[row.kind] for row in some], dtype=np.int64),
        kinds=list(kinds),
        cpu=np.stack([row.cpu for row in some], axis=1),
        network=np.stack([row.network for row in some], axis=1),
        seen=np.stack([row.seen for row in some], axis=1),
        cpu_seen=np.stack([row.cpu_seen for row in some], axis=1),
        off=np.stack([row.off for row in some], axis=1),
        since=np.array([row.since for row in some]),
        has_network=np.array([row.has_network for row in some]),
        odd=np.array([row.odd for row in some], dtype=np.int64),
        odd_cpu=np.array([row.odd_cpu for row in some]),
        odd_network=np.array([row.odd_network for row in some]),
        is_odd_seen=np.array([row.is_odd_seen for row in some]),
        is_odd_cpu_seen=np.array([row.is_odd_cpu_seen for row in some]),
    )


def _grades(days: Places, busy: Places, look_back: int) -> Places:
    """Return the place of each grade in ``GRADES``, and -1 for none."""
    most = int(busy.max(initial=0)) + 1
    pairs, which = np.unique(days * most + busy, return_inverse=True)
    graded = [grade_of(pair // most, pair % most, look_back) for pair in pairs.tolist()]
    numbers = [NO_GRADE if grade is None else GRADES.index(grade) for grade in graded]
    return np.array(numbers, dtype=np.int64)[which]
