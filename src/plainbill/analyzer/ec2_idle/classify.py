"""One instance, one class: the first of seven questions that is answered with yes.

Excluded? Too little seen? Idle (and how sure)? Woken by a rhythm? Off at regular hours? Too large? Else
it is active. Any wake event must be tried for a rhythm before an instance is called idle: a monthly job
has one busy day in 28.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cached_property
from typing import Any

import numpy as np

from plainbill.analyzer.ec2_idle import sentences
from plainbill.analyzer.ec2_idle.acquittal import FEWEST_DAYS, MOST_BURST, acquitted
from plainbill.analyzer.ec2_idle.calibration import probability_unused
from plainbill.analyzer.ec2_idle.exclusions import exclusion
from plainbill.analyzer.ec2_idle.facts import NO_FACTS, InstanceFacts
from plainbill.analyzer.ec2_idle.grading import grade_of, lowered
from plainbill.analyzer.ec2_idle.guards import Guard, guards
from plainbill.analyzer.ec2_idle.instance_types import baseline_percent
from plainbill.analyzer.ec2_idle.load import Flags, Floats, Load, LookBack, born
from plainbill.analyzer.ec2_idle.measuring import Loads, Machine, begins, look_backs, measure_all
from plainbill.analyzer.ec2_idle.periodic import (
    Rhythm,
    clock_of,
    explained,
    local_hour,
    local_hours,
    rhythms,
)
from plainbill.analyzer.ec2_idle.rhythm_days import busy_days, may_have_rhythm
from plainbill.analyzer.ec2_idle.rightsize import recent_sorted, rightsizing_of
from plainbill.analyzer.ec2_idle.schedule import Schedule, find_schedules
from plainbill.analyzer.ec2_idle.verdict import Classification, Grade, IdleClass, IdlePolicy
from plainbill.analyzer.ec2_idle.wakes import WakeEvents, count_events
from plainbill.analyzer.wording import ago, days_text
from plainbill.model.resources import Ec2Instance
from plainbill.model.utilization import Utilization

PLAINBILL = IdlePolicy()
STALE = timedelta(days=2)
"""Of metrics that end longer ago nothing follows."""
NEEDS_NETWORK = (
    "its network was not asked, and CPU alone does not show that it is used under these thresholds; "
    "the next refresh under a policy of them reads it"
)
_FEWEST_EXPLAINED = 0.8
_FEWEST_WORKDAYS = 8 / 28


@dataclass(frozen=True, kw_only=True)
class _Measured:
    """What arrays tell of several instances at once, a row each, so that the questions need not measure.

    What only some of them are asked is worked out for all of these when the first is.
    """

    machines: Sequence[Machine]
    loads: Loads
    seen: Sequence[LookBack]
    now: datetime
    zone: tzinfo
    policy: IdlePolicy

    @cached_property
    def may_wake(self) -> Sequence[bool]:
        """Of which the busy days could hold a rhythm."""
        days = busy_days(self.loads.busy, self.loads.period, self.zone)
        may: list[bool] = may_have_rhythm(days).tolist()
        return may

    @cached_property
    def wakes(self) -> Sequence[int]:
        """How often each was busy, with gaps of an hour at the most."""
        counts: list[int] = count_events(self.loads.busy).tolist()
        return counts

    @cached_property
    def schedules(self) -> Sequence[Schedule | None]:
        """The off-hours of each, None where they did not hold."""
        return find_schedules(self.loads.busy, self.loads.seen, self.loads.period, self.zone)

    @cached_property
    def sorted_cpu(self) -> Sequence[Floats]:
        """The CPU that would tell whether one size down would do, the lowest first."""
        return recent_sorted(self.loads.cpu)

    @cached_property
    def acquitted(self) -> Flags:
        """Of which the network, which was not asked, could change nothing."""
        loads, policy = self.loads, self.policy
        first = max(0, loads.period.hours - policy.look_back_days * 24)
        found = acquitted(
            loads.busy,
            loads.seen,
            begins(loads, self.machines, first),
            loads.period,
            policy.look_back_days,
            policy.min_coverage,
            self.zone,
        )
        found &= np.array([one.facts.running is None for one in self.machines])
        return found


class _Case:
    """Everything that the questions are asked about: a row of what was measured."""

    def __init__(self, measured: _Measured, row: int) -> None:
        machine = measured.machines[row]
        self.measured, self.row = measured, row
        self.instance, self.vcpus, self.facts = machine.instance, machine.vcpus, machine.facts
        self.now, self.zone, self.seen = measured.now, measured.zone, measured.seen[row]
        count, enough = measured.wakes[row], measured.policy.busy.network_bytes
        self.events = WakeEvents(measured.loads, row, count, enough)

    @cached_property
    def rhythms(self) -> Sequence[Rhythm]:
        """Every rhythm of its wakes, latest first."""
        if not self.measured.may_wake[self.row]:
            return ()
        return tuple(rhythms(*_wall_clock(self.measured.loads.of(self.row), self.zone)))

    def answer(self, kind: IdleClass, reason: str, **more: Any) -> Classification:
        return Classification(
            kind=kind,
            reason=reason,
            busy_days=self.seen.busy_days,
            look_back_days=self.seen.days,
            coverage=self.seen.coverage,
            days_since_busy=self.seen.days_since_busy,
            wake_events=self.events,
            notes=_notes(self.vcpus, self.measured.policy),
            is_network_asked=self.measured.loads.has_network,
            **{"grade": None, "guards": (), "probability": None, **more},
        )


def classify(
    instance: Ec2Instance,
    utilization: Utilization | None,
    vcpus: int | None,
    now: datetime,
    facts: InstanceFacts = NO_FACTS,
    zone: tzinfo = UTC,
    policy: IdlePolicy = PLAINBILL,
) -> Classification:
    """Classify one instance by its stored hours; 28 days are needed for the surest grade.

    Rhythms and schedules look at every stored hour (60 days are good, 455 find monthly jobs), in the
    wall-clock time of ``zone``. ``vcpus`` None makes do with the plain CPU threshold and says so. Raises
    ``ValueError`` where a series of ``facts`` does not cover the utilization's period.
    """
    machine = Machine(instance, vcpus, facts)
    if utilization is None:
        return unmeasured(machine, now)
    return classify_all([machine], [utilization], now, zone, policy)[0]


def classify_all(
    machines: Sequence[Machine],
    utilizations: Sequence[Utilization],
    now: datetime,
    zone: tzinfo = UTC,
    policy: IdlePolicy = PLAINBILL,
) -> list[Classification]:
    """Classify several instances, whose hours are measured at once; the same for each as ``classify``.

    All utilizations are of one period, and have a network or have none.
    """
    loads = measure_all(machines, utilizations, policy.busy)
    measured = _Measured(
        machines=machines,
        loads=loads,
        seen=look_backs(loads, machines, policy.look_back_days),
        now=now,
        zone=zone,
        policy=policy,
    )
    return [_classified(_Case(measured, row)) for row in range(len(machines))]


def unmeasured(machine: Machine, now: datetime) -> Classification:
    """Say what an instance is of which no load was read."""
    if excluded := exclusion(machine.instance, machine.facts, now):
        return _unseen(IdleClass.EXCLUDED, f"Not judged: {excluded}.")
    return _unseen(IdleClass.INSUFFICIENT_DATA, "Cannot tell: none of its CloudWatch metrics were read.")


def _classified(case: _Case) -> Classification:
    if excluded := exclusion(case.instance, case.facts, case.now):
        return case.answer(IdleClass.EXCLUDED, f"Not judged: {excluded}.")
    if missing := _missing(case):
        return case.answer(IdleClass.INSUFFICIENT_DATA, f"Cannot tell: {missing}.")
    if not (case.measured.loads.has_network or case.measured.acquitted[case.row]):
        return case.answer(IdleClass.INSUFFICIENT_DATA, f"Cannot tell: {NEEDS_NETWORK}.", lacks_network=True)
    return _by_load(case)


def _notes(vcpus: int | None, policy: IdlePolicy) -> tuple[str, ...]:
    if vcpus is not None or policy.busy.cpu_percent is not None:
        return ()
    return (f"vCPUs unknown: an hour counts as busy from {policy.busy.cpu_threshold(None):g} % CPU on",)


def _missing(case: _Case) -> str | None:
    """Say what a verdict lacks, if anything."""
    seen, end, least = case.seen, case.measured.loads.end, case.measured.policy.min_coverage
    if case.facts.metrics_complete is False:
        return "CloudWatch did not give all of its metrics"
    if case.now - end > STALE:
        return f"its metrics end {ago(end, case.now)}"
    if seen.days < FEWEST_DAYS:
        since = born(case.measured.loads.first_at(case.row), case.instance)
        young = f", launched {ago(since, end)}" if end - since < timedelta(days=FEWEST_DAYS) else ""
        return f"it is known to run for {days_text(seen.days)}{young}; {days_text(FEWEST_DAYS)} are needed"
    if seen.coverage < least:
        return (
            f"{_what_is_seen(case)} in {seen.hours_known} of {seen.hours_running} hours; "
            f"{least:.0%} are needed"
        )
    return None


def _what_is_seen(case: _Case) -> str:
    by_cpu = case.seen.is_in_use or not case.measured.loads.has_network
    return "CPU was seen" if by_cpu else "CPU and network were seen"


def _by_load(case: _Case) -> Classification:
    """Ask whether it is idle and, if not, what else."""
    grade = grade_of(case.seen.days, case.seen.busy_days, case.measured.policy.look_back_days)
    if grade is None:
        return _in_use(case)
    return _woken(case) if case.rhythms else _idle(case, grade)


def has_rhythm(load: Load, zone: tzinfo = UTC) -> bool:
    """Say whether an instance wakes by a rhythm, whatever else it does."""
    return next(rhythms(*_wall_clock(load, zone)), None) is not None


def guards_of(
    instance: Ec2Instance, facts: InstanceFacts, now: datetime, load: Load, zone: tzinfo = UTC
) -> tuple[Guard, ...]:
    """Return what makes it less sure that an instance is idle, a monthly wake that came twice included."""
    return guards(instance, facts, now, _twice(load, zone))


def _twice(load: Load, zone: tzinfo) -> Iterator[Rhythm]:
    return (rhythm for rhythm in rhythms(*_wall_clock(load, zone), hits=2) if rhythm.is_monthly)


def _wall_clock(load: Load, zone: tzinfo) -> tuple[set[datetime], datetime]:
    return local_hours(load, zone), local_hour(load.end, zone)


def _idle(case: _Case, grade: Grade) -> Classification:
    """Lower the grade by what speaks for the instance."""
    twice: Iterable[Rhythm] = ()
    if case.measured.may_wake[case.row]:
        twice = _twice(case.measured.loads.of(case.row), case.zone)
    held = guards(case.instance, case.facts, case.now, twice)
    final = lowered(grade, held)
    if final is None:
        return case.answer(IdleClass.ACTIVE, sentences.guarded_text(case.seen, held), guards=held)
    probability = probability_unused(case.seen.days, case.seen.busy_days)
    reason = sentences.idle_text(final, case.seen, case.events, probability, held)
    return case.answer(IdleClass.IDLE, reason, grade=final, guards=held, probability=probability)


def _woken(case: _Case) -> Classification:
    """Say that a rarely busy instance has a job; where other wakes remain unexplained it is just active."""
    found = case.rhythms[0]
    if _is_explained(case):
        reason = sentences.periodic_text(found, case.seen, case.events)
        return case.answer(IdleClass.PERIODIC, reason, rhythm=found)
    return case.answer(IdleClass.ACTIVE, sentences.active_text(case.seen, found), rhythm=found)


def _in_use(case: _Case) -> Classification:
    """Ask what could be saved on an instance that works."""
    seen = case.seen
    if seen.busy_hours <= MOST_BURST * seen.hours_running and case.rhythms and _is_explained(case):
        reason = sentences.periodic_text(case.rhythms[0], seen, case.events)
        return case.answer(IdleClass.PERIODIC, reason, rhythm=case.rhythms[0])
    works = seen.busy_days >= _FEWEST_WORKDAYS * seen.days
    if works and (schedule := case.measured.schedules[case.row]):
        reason = sentences.schedulable_text(schedule, seen)
        return case.answer(IdleClass.SCHEDULABLE, reason, schedule=schedule)
    baseline = baseline_percent(case.instance.instance_type, case.vcpus)
    cpu, memory = case.measured.sorted_cpu[case.row], case.facts.memory_percent
    if smaller := rightsizing_of(cpu, case.vcpus, memory, baseline):
        reason = sentences.rightsizable_text(smaller, seen)
        return case.answer(IdleClass.RIGHTSIZABLE, reason, rightsizing=smaller)
    return case.answer(IdleClass.ACTIVE, sentences.active_text(seen, None))


def _is_explained(case: _Case) -> bool:
    """Say whether four of five wake events lie in a rhythm."""
    clock = clock_of(case.measured.loads.period, case.zone)
    fitting = explained((clock[span.start : span.stop] for span in case.events.spans), case.rhythms)
    return fitting >= _FEWEST_EXPLAINED * len(case.events)


def _unseen(kind: IdleClass, reason: str) -> Classification:
    return Classification(
        kind=kind,
        grade=None,
        busy_days=0,
        look_back_days=0,
        coverage=0.0,
        days_since_busy=None,
        wake_events=(),
        guards=(),
        probability=None,
        reason=reason,
    )
