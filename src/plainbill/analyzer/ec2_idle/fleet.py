"""What the idle check comes to for all instances at once, under any thresholds: for what-if questions.

Of each instance the highest CPU, the highest traffic and the hours seen are kept for every piece of a day:
days of UTC, cut once more at the hour at which the stored hours end, so that every look-back is made of whole
pieces. That tells busy days, coverage and grade exactly. Whether wakes follow a rhythm needs their hours:
where their days could, the instance is classified as always.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import inf

import numpy as np
from numpy.typing import NDArray

from plainbill.analyzer.ec2_idle.acquittal import FEWEST_DAYS, running_since
from plainbill.analyzer.ec2_idle.classify import STALE
from plainbill.analyzer.ec2_idle.exclusions import exclusion
from plainbill.analyzer.ec2_idle.grading import grade_of, lowered
from plainbill.analyzer.ec2_idle.guards import Guard, guards
from plainbill.analyzer.ec2_idle.in_context import facts_of, idleness
from plainbill.analyzer.ec2_idle.instance_types import credits_an_hour
from plainbill.analyzer.ec2_idle.load import (
    CREDITS_BUSY,
    HOUR,
    MOST_BUSY_DAYS,
    Flags,
    Floats,
    born,
    both_ways,
    first_hour,
    measured,
)
from plainbill.analyzer.ec2_idle.rhythm_days import may_have_rhythm
from plainbill.analyzer.ec2_idle.verdict import Classification, Grade, IdlePolicy
from plainbill.analyzer.waste_check import Context
from plainbill.model.findings import Confidence, Head, Ok, Unknown, Waste
from plainbill.model.money import Money
from plainbill.model.period import Period
from plainbill.model.resources import Ec2Instance
from plainbill.model.utilization import Utilization

Measured = tuple[int, Ec2Instance, int | None, Utilization]
"""An instance's place in the fleet, itself, its vCPUs and its load."""
_OK, _UNKNOWN = Head(Ok), Head(Unknown)
_NO_GRADE = -1
_GRADES = tuple(Grade)


def heads(context: Context, policy: IdlePolicy) -> Sequence[Head]:
    """Return what ``Ec2InstanceIdle`` comes to for each instance, in the order of the inventory."""
    fleet = fleet_of(context)
    found = list(fleet.unmeasured)
    for herd in fleet.herds:
        herd.judge(found, fleet, context, policy)
    for place in fleet.exactly:
        found[place] = _exactly(fleet.instances[place], fleet.savings[place], context, policy)
    return found


def fleet_of(context: Context) -> Fleet:
    """Return what is kept of all instances of a context, made when it is first asked for."""
    return context.once("ec2_idle_fleet", lambda: _fleet(context))


@dataclass(frozen=True, slots=True)
class Fleet:
    """All instances in their order; those of one period are together in a herd.

    ``unmeasured`` has the answer about those without load, and Ok for the others. ``savings`` are
    those of a month.
    """

    instances: Sequence[Ec2Instance]
    savings: Sequence[Money | None]
    guards: Mapping[int, tuple[Guard, ...]]
    unmeasured: Sequence[Head]
    herds: Sequence[Herd]
    exactly: Sequence[int]
    """The places of those of which more is known than these arrays hold: they are classified as always."""


@dataclass(frozen=True, slots=True)
class Herd:
    """Instances with hours of one period: a row each, of one column a piece of a day.

    ``starts`` is the first hour of each piece, counted from the period's; ``since`` is the hour from which on
    each instance is known to exist. Of one whose network was not asked (``has_network``) ``seen`` is what has
    CPU. ``places`` are theirs in the fleet; ``types`` those of their types in
    ``kinds``, each a type's name and vCPUs.
    """

    period: Period
    starts: NDArray[np.int64]
    places: NDArray[np.int64]
    types: NDArray[np.int64]
    kinds: Sequence[tuple[str, int | None]]
    cpu: Floats
    network: Floats
    seen: NDArray[np.uint8]
    cpu_seen: NDArray[np.uint8]
    has_network: Flags
    since: Floats

    def judge(self, found: list[Head], fleet: Fleet, context: Context, policy: IdlePolicy) -> None:
        """Write the answer about each of its instances into a list of all."""
        known, grades, busy = self._graded(policy)
        if context.now - (self.period.start + self.period.hours * HOUR) > STALE:
            known[:] = False
        for place in self.places[~known].tolist():
            found[place] = _UNKNOWN
        rows = np.flatnonzero(known & (grades != _NO_GRADE))
        rhythmic = set(rows[may_have_rhythm(busy[rows])].tolist())
        savings, held = fleet.savings, fleet.guards
        plain = dict(enumerate(_GRADES))
        for row, place, number in zip(
            rows.tolist(), self.places[rows].tolist(), grades[rows].tolist(), strict=True
        ):
            if row in rhythmic:
                found[place] = _exactly(fleet.instances[place], savings[place], context, policy)
                continue
            grade = lowered(plain[number], held[place]) if place in held else plain[number]
            found[place] = _OK if grade is None else Head(Waste, savings[place], Confidence(grade.value))

    def _graded(self, policy: IdlePolicy) -> tuple[Flags, NDArray[np.int64], Flags]:
        """Return whether enough is known of each, its grade by the load alone, and its busy days of all."""
        hours = self.period.hours
        first = max(0, hours - policy.look_back_days * 24)
        running = hours - running_since(self.since, first, hours)
        days = running // 24
        recent = self.starts >= first
        tau = np.array([policy.busy.threshold_of(*kind) for kind in self.kinds])[self.types]
        pieces = (self.cpu >= tau[:, None]) | (self.network >= policy.busy.network_bytes) | self._spent()
        count = self._by_day(pieces, recent).sum(axis=1)
        in_use = count > MOST_BUSY_DAYS
        seen = np.where(in_use[:, None], self.cpu_seen, self.seen)[:, recent].sum(axis=1, dtype=np.int64)
        coverage = np.divide(seen, running, out=np.zeros(len(seen)), where=running > 0)
        known = (days >= FEWEST_DAYS) & (coverage >= policy.min_coverage) & (in_use | self.has_network)
        return known, _grades(days, count, policy.look_back_days), self._by_day(pieces, self.starts >= 0)

    def _spent(self) -> Flags:
        """Return the pieces in which a burstable type spent enough CPU credits to be busy."""
        limits = [_credit_limit(*kind) for kind in self.kinds]
        vcpus = np.array([vcpus or 0 for _, vcpus in self.kinds])[self.types]
        spent: Flags = self.cpu / 100 * vcpus[:, None] * 60 >= np.array(limits)[self.types][:, None]
        return spent

    def _by_day(self, pieces: Flags, chosen: Flags) -> Flags:
        """Return whether any of the chosen pieces of each UTC day is set."""
        days = (self.starts[chosen] + self.period.start.hour) // 24
        begins = np.flatnonzero(np.diff(days, prepend=-1))
        by_day: Flags = np.logical_or.reduceat(pieces[:, chosen], begins, axis=1)
        return by_day


def _credit_limit(instance_type: str, vcpus: int | None) -> float:
    earned = credits_an_hour(instance_type)
    return inf if earned is None or vcpus is None else earned * CREDITS_BUSY


def _grades(days: NDArray[np.int64], busy: NDArray[np.int64], look_back: int) -> NDArray[np.int64]:
    """Return the place of each grade in ``Grade``, and -1 for none."""
    most = int(busy.max(initial=0)) + 1
    pairs, which = np.unique(days * most + busy, return_inverse=True)
    graded = [grade_of(pair // most, pair % most, look_back) for pair in pairs.tolist()]
    numbers = [_NO_GRADE if grade is None else _GRADES.index(grade) for grade in graded]
    return np.array(numbers, dtype=np.int64)[which]


def _exactly(instance: Ec2Instance, saving: Money | None, context: Context, policy: IdlePolicy) -> Head:
    found = idleness(instance, context, policy)
    if not isinstance(found, Classification):
        return Head(type(found))
    return _OK if found.grade is None else Head(Waste, saving, Confidence(found.grade.value))


def _fleet(context: Context) -> Fleet:
    found = context.inventory.resources.get(Ec2Instance, ())
    instances = [one for one in found if isinstance(one, Ec2Instance)]
    held: dict[int, tuple[Guard, ...]] = {}
    exactly: list[int] = []
    unmeasured: list[Head] = []
    by_period: dict[Period, list[Measured]] = {}
    for place, one in enumerate(instances):
        vcpus, facts = facts_of(one, context)
        is_excluded = exclusion(one, facts, context.now) is not None
        used = None if is_excluded else context.utilization.get(one.arn)
        unmeasured.append(_UNKNOWN if used is None and not is_excluded else _OK)
        if used is None:
            continue
        if facts.running is not None or facts.gpu_percent is not None:
            exactly.append(place)
            continue
        by_period.setdefault(used.period, []).append((place, one, vcpus, used))
        if reasons := guards(one, facts, context.now):
            held[place] = reasons
    return Fleet(
        instances=instances,
        savings=_savings(instances, context),
        guards=held,
        unmeasured=unmeasured,
        herds=[_herd(period, some) for period, some in by_period.items()],
        exactly=exactly,
    )


def _savings(instances: Sequence[Ec2Instance], context: Context) -> list[Money | None]:
    """Return what each costs a month; the same object for the same kind of instance."""
    known: dict[tuple[str, ...], Money | None] = {}
    savings: list[Money | None] = []
    for one in instances:
        kind = (one.region, one.instance_type, one.platform, one.tenancy, one.lifecycle)
        if kind not in known:
            known[kind] = context.prices.monthly(one)
        savings.append(known[kind])
    return savings


def _herd(period: Period, some: Sequence[Measured]) -> Herd:
    hours = np.arange(period.hours)
    is_start = ((hours + period.start.hour) % 24 == 0) | ((period.hours - hours) % 24 == 0) | (hours == 0)
    starts = hours[is_start]
    shape = (len(some), len(starts))
    cpu, network, seen = np.empty(shape), np.empty(shape), np.empty(shape, dtype=np.uint8)
    cpu_seen, has_network = np.empty(shape, dtype=np.uint8), np.ones(len(some), dtype=bool)
    since = np.empty(len(some))
    kinds: dict[tuple[str, int | None], int] = {}
    types = []
    for row, (_, instance, vcpus, used) in enumerate(some):
        one, coming, going = measured(used)
        both = both_ways(coming, going)
        np.fmax.reduceat(one, starts, out=cpu[row])
        np.fmax.reduceat(both, starts, out=network[row])
        has_network[row] = used.network is not None
        cpu_seen[row] = np.add.reduceat(~np.isnan(one), starts, dtype=np.uint8)
        all_three = ~np.isnan(one + coming + going)
        seen[row] = np.add.reduceat(all_three, starts, dtype=np.uint8) if has_network[row] else cpu_seen[row]
        since[row] = _since(period, first_hour(period, one, both), instance)
        types.append(kinds.setdefault((instance.instance_type, vcpus), len(kinds)))
    places = np.array([place for place, *_ in some], dtype=np.int64)
    return Herd(
        period=period,
        starts=starts,
        places=places,
        types=np.array(types),
        kinds=list(kinds),
        cpu=cpu,
        network=network,
        seen=seen,
        cpu_seen=cpu_seen,
        has_network=has_network,
        since=since,
    )


def _since(period: Period, first: datetime | None, instance: Ec2Instance) -> float:
    return (born(first, instance) - period.start) / HOUR
