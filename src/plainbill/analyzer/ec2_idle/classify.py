"""One instance, one class: the first of seven questions that is answered with yes.

Excluded? Too little seen? Idle (and how sure)? Woken by a rhythm? Off at regular hours? Too large? Else
it is active. Any wake event must be tried for a rhythm before an instance is called idle: a monthly job
has one busy day in 28.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
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
from plainbill.analyzer.ec2_idle.load import Load, LookBack, born, first_running, look_back, measure
from plainbill.analyzer.ec2_idle.periodic import (
    Rhythm,
    explained,
    local_hour,
    local_hours,
    rhythms,
)
from plainbill.analyzer.ec2_idle.rightsize import find_rightsizing
from plainbill.analyzer.ec2_idle.schedule import find_schedule
from plainbill.analyzer.ec2_idle.verdict import Classification, Grade, IdleClass, IdlePolicy
from plainbill.analyzer.ec2_idle.wakes import WakeEvent, WakeEvents
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """Everything that the questions are asked about."""

    instance: Ec2Instance
    vcpus: int | None
    now: datetime
    facts: InstanceFacts
    zone: tzinfo
    load: Load
    seen: LookBack
    events: Sequence[WakeEvent]
    notes: tuple[str, ...] = field(default=())

    def answer(self, kind: IdleClass, reason: str, **more: Any) -> Classification:
        return Classification(
            kind=kind,
            reason=reason,
            busy_days=self.seen.busy_days,
            look_back_days=self.seen.days,
            coverage=self.seen.coverage,
            days_since_busy=self.seen.days_since_busy,
            wake_events=self.events,
            notes=self.notes,
            is_network_asked=self.load.has_network,
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
    *,
    is_acquitted: bool = False,
) -> Classification:
    """Classify one instance by its stored hours; 28 days are needed for the surest grade.

    Rhythms and schedules look at every stored hour (60 days are good, 455 find monthly jobs), in the
    wall-clock time of ``zone``. ``vcpus`` None makes do with the plain CPU threshold and says so.
    ``is_acquitted`` is for who knows already that CPU alone acquits it (``surely``). Raises ``ValueError``
    where a series of ``facts`` does not cover the utilization's period.
    """
    excluded = exclusion(instance, facts, now)
    if utilization is None:
        kind = IdleClass.EXCLUDED if excluded else IdleClass.INSUFFICIENT_DATA
        return _unseen(kind, excluded or "none of its CloudWatch metrics were read")
    load = measure(instance.instance_type, utilization, vcpus, facts, policy.busy)
    case = _Case(
        instance=instance,
        vcpus=vcpus,
        now=now,
        facts=facts,
        zone=zone,
        load=load,
        seen=look_back(load, instance, facts, policy.look_back_days),
        events=WakeEvents(load, policy.busy.network_bytes),
        notes=_notes(vcpus, policy),
    )
    if excluded:
        return case.answer(IdleClass.EXCLUDED, f"Not judged: {excluded}.")
    if missing := _missing(case, policy):
        return case.answer(IdleClass.INSUFFICIENT_DATA, f"Cannot tell: {missing}.")
    if not (load.has_network or is_acquitted or _is_acquitted(case, policy)):
        return case.answer(IdleClass.INSUFFICIENT_DATA, f"Cannot tell: {NEEDS_NETWORK}.", lacks_network=True)
    return _by_load(case, policy)


def _is_acquitted(case: _Case, policy: IdlePolicy) -> bool:
    """Say whether the network, which was not asked, could change nothing."""
    load, period = case.load, case.load.period
    if case.facts.running is not None:
        return False
    since = born(load.first_seen, case.instance)
    begin = first_running(period, max(0, period.hours - policy.look_back_days * 24), since)
    found = acquitted(
        load.busy[None, :],
        load.seen[None, :],
        np.array([begin]),
        period,
        policy.look_back_days,
        policy.min_coverage,
        case.zone,
    )
    return bool(found[0])


def _notes(vcpus: int | None, policy: IdlePolicy) -> tuple[str, ...]:
    if vcpus is not None or policy.busy.cpu_percent is not None:
        return ()
    return (f"vCPUs unknown: an hour counts as busy from {policy.busy.cpu_threshold(None):g} % CPU on",)


def _missing(case: _Case, policy: IdlePolicy) -> str | None:
    """Say what a verdict lacks, if anything."""
    seen, end = case.seen, case.load.end
    if case.facts.metrics_complete is False:
        return "CloudWatch did not give all of its metrics"
    if case.now - end > STALE:
        return f"its metrics end {ago(end, case.now)}"
    if seen.days < FEWEST_DAYS:
        since = born(case.load.first_seen, case.instance)
        young = f", launched {ago(since, end)}" if end - since < timedelta(days=FEWEST_DAYS) else ""
        return f"it is known to run for {days_text(seen.days)}{young}; {days_text(FEWEST_DAYS)} are needed"
    if seen.coverage < policy.min_coverage:
        return (
            f"{_what_is_seen(case)} in {seen.hours_known} of {seen.hours_running} hours; "
            f"{policy.min_coverage:.0%} are needed"
        )
    return None


def _what_is_seen(case: _Case) -> str:
    by_cpu = case.seen.is_in_use or not case.load.has_network
    return "CPU was seen" if by_cpu else "CPU and network were seen"


def _by_load(case: _Case, policy: IdlePolicy) -> Classification:
    """Ask whether it is idle and, if not, what else."""
    grade = grade_of(case.seen.days, case.seen.busy_days, policy.look_back_days)
    if grade is None:
        return _in_use(case)
    return _woken(case) if has_rhythm(case.load, case.zone) else _idle(case, grade)


def has_rhythm(load: Load, zone: tzinfo = UTC) -> bool:
    """Say whether an instance wakes by a rhythm, whatever else it does."""
    return next(rhythms(*_wall_clock(load, zone)), None) is not None


def guards_of(
    instance: Ec2Instance, facts: InstanceFacts, now: datetime, load: Load, zone: tzinfo = UTC
) -> tuple[Guard, ...]:
    """Return what makes it less sure that an instance is idle, a monthly wake that came twice included."""
    twice = (rhythm for rhythm in rhythms(*_wall_clock(load, zone), hits=2) if rhythm.is_monthly)
    return guards(instance, facts, now, twice)


def _wall_clock(load: Load, zone: tzinfo) -> tuple[set[datetime], datetime]:
    return local_hours(load, zone), local_hour(load.end, zone)


def _idle(case: _Case, grade: Grade) -> Classification:
    """Lower the grade by what speaks for the instance."""
    held = guards_of(case.instance, case.facts, case.now, case.load, case.zone)
    final = lowered(grade, held)
    if final is None:
        return case.answer(IdleClass.ACTIVE, sentences.guarded_text(case.seen, held), guards=held)
    probability = probability_unused(case.seen.days, case.seen.busy_days)
    reason = sentences.idle_text(final, case.seen, case.events, probability, held)
    return case.answer(IdleClass.IDLE, reason, grade=final, guards=held, probability=probability)


def _woken(case: _Case) -> Classification:
    """Say that a rarely busy instance has a job; where other wakes remain unexplained it is just active."""
    found = list(rhythms(*_wall_clock(case.load, case.zone)))
    if _explained(case, found):
        reason = sentences.periodic_text(found[0], case.seen, case.events)
        return case.answer(IdleClass.PERIODIC, reason, rhythm=found[0])
    return case.answer(IdleClass.ACTIVE, sentences.active_text(case.seen, found[0]), rhythm=found[0])


def _in_use(case: _Case) -> Classification:
    """Ask what could be saved on an instance that works."""
    seen = case.seen
    if seen.busy_hours <= MOST_BURST * seen.hours_running:
        found = list(rhythms(*_wall_clock(case.load, case.zone)))
        if found and _explained(case, found):
            reason = sentences.periodic_text(found[0], seen, case.events)
            return case.answer(IdleClass.PERIODIC, reason, rhythm=found[0])
    if seen.busy_days >= _FEWEST_WORKDAYS * seen.days and (schedule := find_schedule(case.load, case.zone)):
        reason = sentences.schedulable_text(schedule, seen)
        return case.answer(IdleClass.SCHEDULABLE, reason, schedule=schedule)
    baseline = baseline_percent(case.instance.instance_type, case.vcpus)
    smaller = find_rightsizing(case.load, case.vcpus, case.facts.memory_percent, baseline)
    if smaller:
        reason = sentences.rightsizable_text(smaller, seen)
        return case.answer(IdleClass.RIGHTSIZABLE, reason, rightsizing=smaller)
    return case.answer(IdleClass.ACTIVE, sentences.active_text(seen, None))


def _explained(case: _Case, found: Sequence[Rhythm]) -> bool:
    """Say whether four of five wake events lie in a rhythm."""
    fitting = explained((_hours_of(event, case.zone) for event in case.events), found)
    return fitting >= _FEWEST_EXPLAINED * len(case.events)


def _hours_of(event: WakeEvent, zone: tzinfo) -> list[datetime]:
    count = int((event.end - event.start) / timedelta(hours=1))
    return [local_hour(event.start + n * timedelta(hours=1), zone) for n in range(count)]


def _unseen(kind: IdleClass, reason: str) -> Classification:
    text = f"Not judged: {reason}." if kind is IdleClass.EXCLUDED else f"Cannot tell: {reason}."
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
        reason=text,
    )
