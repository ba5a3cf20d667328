"""What became of the other advice: one size down, and off-hours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import fmean

from bench.idle_accuracy.rules import VM, grade, load
from bench.idle_accuracy.trace import AHEAD, Case
from plainbill.analyzer.ec2_idle.load import BUSY
from plainbill.analyzer.ec2_idle.measuring import measure
from plainbill.analyzer.ec2_idle.rightsize import find_rightsizing
from plainbill.analyzer.ec2_idle.schedule import Schedule, find_schedule

_HALF_FULL = 95 / 2  # 95 % of half the size
_MOST_SATURATED = 0.005  # of the hours
_WEEKS = 8
_AHEAD_WEEKS = 4
_WORKDAYS = 8


@dataclass(frozen=True)
class Sized:
    """How many cases got this advice, and how many of them were saturated afterwards."""

    cases: int
    saturated: int


@dataclass(frozen=True)
class Scheduled:
    """What became of schedules in the four weeks that followed.

    ``days`` holds for each the days with work in hours predicted off, ``vms`` is of how many VMs they are,
    ``foreseen`` the mean number of such days by the held-out weeks.
    """

    days: Sequence[int]
    vms: int
    foreseen: float
    off_hours: int
    violated_hours: int


def sized(cases: Sequence[Case]) -> dict[str, Sized]:
    """Return the advice by level, and everybody who could have got it; idle ones get none."""
    counts = {"SAFE": [0, 0], "BALANCED": [0, 0], "neither": [0, 0]}
    for case in cases:
        if grade(case) is not None or case.vcpus < 2:
            continue
        found = find_rightsizing(load(case, BUSY), case.vcpus, None)
        counts[found.level if found else "neither"][0] += 1
        counts[found.level if found else "neither"][1] += _saturated(case)
    return {level: Sized(*pair) for level, pair in counts.items()}


def _saturated(case: Case) -> bool:
    """Whether more than 0.5 % of the next 30 days' hours would have filled half the size."""
    after = [row[0] >= _HALF_FULL for _, row in case.hours(case.origin, case.origin + AHEAD)]
    return sum(after) > _MOST_SATURATED * len(after)


def scheduled(cases: Sequence[Case]) -> Scheduled:
    """Try every schedule that the product would propose on the four weeks that followed."""
    days, vms, foreseen, off, violated = [], set(), [], 0, 0
    for case in cases:
        if case.origin < 7 * 6 or grade(case) is not None:
            continue
        before = case.utilization(7 * _WEEKS)
        found = measure(VM, before, case.vcpus, case.facts)
        schedule = find_schedule(found)
        recent = {found.at(hour).date() for hour in found.busy_hours() if hour >= len(found.busy) - 672}
        if schedule is None or len(recent) < _WORKDAYS:
            continue
        hits = _violations(case, schedule)
        days.append(len({hour // 24 for hour in hits}))
        vms.add(case.vm)
        foreseen.append(schedule.violation_days * _AHEAD_WEEKS)
        violated += len(hits)
        off += len(schedule.off_hours) * _AHEAD_WEEKS
    return Scheduled(days, len(vms), fmean(foreseen), off, violated)


def _violations(case: Case, schedule: Schedule) -> list[int]:
    """Return the busy hours of the next four weeks that were predicted off, counted from the origin."""
    tau = BUSY.cpu_threshold(case.vcpus)
    hits = []
    for hour in range(_AHEAD_WEEKS * 168):
        row = case.rows.get(case.origin * 24 + hour)
        at = case.now + timedelta(hours=hour)
        if row is None or at.weekday() * 24 + at.hour not in schedule.off_hours:
            continue
        if row[0] >= tau or row[2] >= BUSY.network_bytes:
            hits.append(hour)
    return hits
