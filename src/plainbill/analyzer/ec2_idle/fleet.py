"""What the idle check comes to for all instances at once, under any thresholds: for what-if questions.

Busy days, coverage and grade come from the arrays of ``herd``. Whether wakes follow a rhythm needs their
hours: where their days could, they are looked at, and what was found is kept for all questions that make the
same hours busy.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from plainbill.analyzer.ec2_idle.classify import STALE, guards_of, has_rhythm
from plainbill.analyzer.ec2_idle.exclusions import exclusion
from plainbill.analyzer.ec2_idle.grading import lowered
from plainbill.analyzer.ec2_idle.guards import Guard, guards
from plainbill.analyzer.ec2_idle.herd import GRADES, NO_GRADE, Herd, Row, herd_of, row_of
from plainbill.analyzer.ec2_idle.in_context import facts_of, idleness
from plainbill.analyzer.ec2_idle.load import HOUR, BusyRule, Floats
from plainbill.analyzer.ec2_idle.measuring import measure
from plainbill.analyzer.ec2_idle.rhythm_days import may_have_rhythm
from plainbill.analyzer.ec2_idle.verdict import Classification, IdlePolicy
from plainbill.analyzer.waste_check import Context
from plainbill.model.findings import Confidence, Head, Ok, Unknown, Waste
from plainbill.model.money import Money
from plainbill.model.period import Period
from plainbill.model.resources import Ec2Instance

Held = tuple[Guard, ...] | None
"""What makes an idle instance less sure; None where a rhythm wakes it, so that it is not idle."""
_OK, _UNKNOWN = Head(Ok), Head(Unknown)
_MOST_WAKES = 2  # of an instance: under the usual thresholds, and under those that are being tried


def heads(context: Context, policy: IdlePolicy) -> Sequence[Head]:
    """Return what ``Ec2InstanceIdle`` comes to for each instance, in the order of the inventory."""
    fleet = fleet_of(context)
    found = list(fleet.unmeasured)
    for herd in fleet.herds:
        _judge(herd, found, fleet, context, policy)
    for place in fleet.exactly:
        found[place] = _exactly(fleet.instances[place], fleet.savings[place], context, policy)
    return found


def prepare(context: Context, policy: IdlePolicy) -> None:
    """Make what all questions are answered from, by answering that of the thresholds in force; once."""
    context.once("ec2_idle_prepared", lambda: len(heads(context, policy)))


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
    wakes: MutableMapping[int, list[Wakes]] = field(default_factory=dict)
    """What the hours of those whose days could have a rhythm say, by place: the first look and the latest."""

    def held(self, place: int, vcpus: int | None, context: Context, rule: BusyRule) -> Held:
        """Return what the hours of an instance say, looked at where no earlier look tells."""
        one = self.instances[place]
        known = self.wakes.setdefault(place, [])
        cpu = rule.threshold_of(one.instance_type, vcpus)
        for wakes in known:
            if wakes.holds(cpu, rule.network_bytes):
                return wakes.held
        del known[_MOST_WAKES - 1 :]
        known.append(_wakes(one, cpu, context, rule))
        return known[-1].held


@dataclass(frozen=True, slots=True)
class Wakes:
    """What the busy hours of an instance say: the same under all limits that part the same hours.

    Those are the limits above the highest ``quiet`` value, up to the lowest ``busy`` one.
    """

    quiet_cpu: float
    busy_cpu: float
    quiet_network: float
    busy_network: float
    held: Held

    def holds(self, cpu: float, network: float) -> bool:
        """Say whether limits of CPU and of traffic make the same hours busy."""
        return self.quiet_cpu < cpu <= self.busy_cpu and self.quiet_network < network <= self.busy_network


def _judge(herd: Herd, found: list[Head], fleet: Fleet, context: Context, policy: IdlePolicy) -> None:
    """Write the answer about each instance of a herd into a list of all."""
    known, grades, busy = herd.graded(policy)
    if context.now - (herd.period.start + herd.period.hours * HOUR) > STALE:
        known[:] = False
    for place in herd.places[~known].tolist():
        found[place] = _UNKNOWN
    rows = np.flatnonzero(known & (grades != NO_GRADE))
    rhythmic = frozenset(rows[may_have_rhythm(busy[:, rows].T)].tolist())
    wastes, places, types = _Wastes(), herd.places[rows].tolist(), herd.types[rows].tolist()
    for row, place, kind, number in zip(rows.tolist(), places, types, grades[rows].tolist(), strict=True):
        held: Held = fleet.guards.get(place, ())
        if row in rhythmic:
            held = fleet.held(place, herd.kinds[kind][1], context, policy.busy)
        grade = None if held is None else lowered(GRADES[number], held) if held else GRADES[number]
        if grade is not None:
            found[place] = wastes.of(fleet.savings[place], Confidence(grade.value))


class _Wastes:
    """The heads of findings: one object for all of the same saving and confidence."""

    def __init__(self) -> None:
        self._made: dict[tuple[int, Confidence], Head] = {}

    def of(self, saving: Money | None, confidence: Confidence) -> Head:
        key = (id(saving), confidence)  # the head keeps the saving, so that the identity stays its own
        if key not in self._made:
            self._made[key] = Head(Waste, saving, confidence)
        return self._made[key]


def _wakes(instance: Ec2Instance, limit: float, context: Context, rule: BusyRule) -> Wakes:
    """Look at the hours of an instance whose days could have a rhythm; ``limit`` is its limit of CPU."""
    vcpus, facts = facts_of(instance, context)
    load = measure(instance, context.utilization[instance.arn], vcpus, facts, rule)
    return Wakes(
        *_parted(load.cpu, limit),
        *_parted(load.network, rule.network_bytes),
        held=None if has_rhythm(load) else guards_of(instance, facts, context.now, load),
    )


def _parted(values: Floats, limit: float) -> tuple[float, float]:
    """Return the highest value below a limit and the lowest from it on; infinite where there is none."""
    below, above = values[values < limit], values[values >= limit]
    return float(below.max(initial=-np.inf)), float(above.min(initial=np.inf))


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
    by_period: dict[Period, list[Row]] = {}
    for place, one in enumerate(instances):
        vcpus, facts = facts_of(one, context)
        is_excluded = exclusion(one, facts, context.now) is not None
        used = None if is_excluded else context.utilization.get(one.arn)
        unmeasured.append(_UNKNOWN if used is None and not is_excluded else _OK)
        if used is None:
            continue
        row = row_of(place, one, vcpus, facts, used)
        if row is None:
            exactly.append(place)
            continue
        by_period.setdefault(used.period, []).append(row)
        if reasons := guards(one, facts, context.now):
            held[place] = reasons
    return Fleet(
        instances=instances,
        savings=_savings(instances, context),
        guards=held,
        unmeasured=unmeasured,
        herds=[herd_of(period, some) for period, some in by_period.items()],
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
