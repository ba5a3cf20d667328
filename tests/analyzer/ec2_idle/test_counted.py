"""What arrays tell of hours is what counting them one after the other tells."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import isfinite

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analyzer.ec2_idle.histories import HOUR
from analyzer.fleets import Life, lives, read
from plainbill.analyzer.ec2_idle import Classification
from plainbill.analyzer.ec2_idle.facts import InstanceFacts
from plainbill.analyzer.ec2_idle.in_context import classified, facts_of
from plainbill.analyzer.ec2_idle.load import BUSY, BusyRule, LookBack
from plainbill.analyzer.ec2_idle.measuring import look_back, measure
from plainbill.analyzer.ec2_idle.schedule import find_schedules
from plainbill.model.period import Period
from plainbill.model.resources import Ec2Instance
from plainbill.model.utilization import Utilization

RULES = st.sampled_from([BUSY, BusyRule(cpu_percent=20.0), BusyRule(network_bytes=1e5, vcpus=1.0)])
PATTERNS = st.tuples(st.integers(0, 23), st.integers(1, 23), st.integers(1, 7), st.integers(0, 1343))
MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
Weeks = list[tuple[set[int], set[int]]]
"""The busy and the seen hours of each week."""


def number(value: float | None) -> float | None:
    return value if value is not None and isfinite(value) else None


def counted(
    one: Ec2Instance, used: Utilization, vcpus: int | None, facts: InstanceFacts, rule: BusyRule, days: int
) -> LookBack:
    """The look-back of an instance, hour after hour."""
    limit, hours = rule.threshold_of(one.instance_type, vcpus), used.period.hours
    cpu = [number(value) for value in used.cpu_average]
    ways = [[number(value) for value in series] for series in used.network or ()]
    sent = [[value for value in both if value is not None] for both in zip(*ways, strict=True)]
    network = [sum(some) if some else None for some in sent] or [None] * hours
    whole = [len(some) == 2 for some in sent] or [True] * hours
    busy = [
        (cpu[n] or -1.0) >= limit or (network[n] or -1.0) >= rule.network_bytes or other(one, facts, n)
        for n in range(hours)
    ]
    known = [n for n in range(hours) if cpu[n] is not None or network[n] is not None]
    since = one.first_launched_at or one.launched_at
    since = min([since, *(used.period.start + n * HOUR for n in known[:1])])
    first = max(0, hours - days * 24)
    running = [n for n in range(first, hours) if ran(used.period.start + n * HOUR, n == first, since)]
    if facts.running is not None:
        running = [n for n in running if busy[n] or inside(used.period.start + n * HOUR, facts.running)]
    worked = [n for n in running if busy[n]]
    last = max((n for n in range(hours) if busy[n]), default=None)
    return LookBack(
        days=len(running) // 24,
        hours_running=len(running),
        hours_seen=sum(cpu[n] is not None and whole[n] for n in running),
        cpu_hours_seen=sum(cpu[n] is not None for n in running),
        busy_hours=len(worked),
        busy_days=len({(used.period.start + n * HOUR).date() for n in worked}),
        days_since_busy=None if last is None else (hours - 1 - last) // 24,
        highest_cpu=max((value for n in running if (value := cpu[n]) is not None), default=None),
        highest_network=max((value for n in running if (value := network[n]) is not None), default=None),
    )


def other(one: Ec2Instance, facts: InstanceFacts, hour: int) -> bool:
    """Whether GPUs or the credits of a burstable instance make an hour busy."""
    gpu = None if facts.gpu_percent is None else facts.gpu_percent[hour]
    spent = None if facts.credit_usage is None else facts.credit_usage[hour]
    return (gpu or 0.0) >= 5 or (one.instance_type == "t3.micro" and (spent or 0.0) >= 3)


def ran(hour: datetime, is_first: bool, since: datetime) -> bool:
    """Whether it existed; of the first hour a part is enough, for the start may have cut it short."""
    return since <= hour or (is_first and since <= hour + HOUR)


def inside(hour: datetime, spans: tuple[Period, ...]) -> bool:
    return any(hour in span for span in spans)


@settings(max_examples=120)
@given(life=lives(), rule=RULES, days=st.sampled_from([7, 14, 28, 60]))
def test_a_look_back_is_what_counting_hour_after_hour_tells(life: Life, rule: BusyRule, days: int) -> None:
    one, used, _ = life
    if used is None:
        return
    known = read([life])
    vcpus, facts = facts_of(next(iter(instances(known.inventory.resources[Ec2Instance]))), known)
    found = look_back(measure(one, used, vcpus, facts, rule), one, facts, days)
    assert found == counted(one, used, vcpus, facts, rule, days)


def instances(found: object) -> Iterator[Ec2Instance]:
    assert isinstance(found, list | tuple)
    yield from (one for one in found if isinstance(one, Ec2Instance))


@settings(max_examples=60)
@given(life=lives())
def test_wake_events_are_as_many_as_they_are_and_hold_every_busy_hour(life: Life) -> None:
    known = read([life])
    (one,) = instances(known.inventory.resources[Ec2Instance])
    found = classified(one, known)
    if not isinstance(found, Classification):
        return
    events = list(found.wake_events)
    assert len(found.wake_events) == len(events)
    assert [event.start for event in events] == sorted(event.start for event in events)
    gaps = [after.start - before.end for before, after in pairwise(events)]
    assert all(gap > timedelta(hours=1) for gap in gaps)


# --- off-hours ----------------------------------------------------------------------------------


def off_hours(weeks: Weeks) -> set[int]:
    """The hours seen and never busy in these weeks, in runs of six or more, without the first and last."""
    seen = set[int]().union(*(seen for _, seen in weeks))
    free = seen - set[int]().union(*(busy for busy, _ in weeks))
    if len(free) == 168:
        return free
    found = set[int]()
    for start in (hour for hour in free if (hour - 1) % 168 not in free):
        run = [start]
        while (run[-1] + 1) % 168 in free:
            run.append((run[-1] + 1) % 168)
        found |= set(run[1:-1]) if len(run) >= 6 else set()
    return found


def held(weeks: Weeks) -> tuple[set[int], float] | None:
    """The off-hours and how many days a week broke them, each week left out in turn."""
    weeks = [week for week in weeks if len(week[1]) >= 0.8 * 168]
    off = off_hours(weeks)
    if len(weeks) < 6 or len(off) < 42:
        return None
    missed = 0
    for left_out, (busy, _) in enumerate(weeks):
        predicted = off_hours([week for number, week in enumerate(weeks) if number != left_out])
        missed += len({hour // 24 for hour in predicted & busy})
    return None if missed / len(weeks) > 0.25 else (off, missed / len(weeks))


@pytest.mark.parametrize("weeks", [5, 6, 8])
@settings(max_examples=60)
@example(pattern=(8, 10, 5, 0), odd=[], gone=[])
@example(pattern=(8, 10, 5, 0), odd=[2, 700], gone=[(0, 23, 1, 500)])
@given(pattern=PATTERNS, odd=st.lists(st.integers(0, 1343), max_size=3), gone=st.lists(PATTERNS, max_size=2))
def test_off_hours_are_what_looking_at_each_week_tells(
    weeks: int, pattern: tuple[int, int, int, int], odd: list[int], gone: list[tuple[int, int, int, int]]
) -> None:
    hours = weeks * 168
    period = Period(
        datetime.fromisoformat("2026-01-05T00:00:00Z"),
        datetime.fromisoformat("2026-01-05T00:00:00Z") + hours * HOUR,
    )
    start, length, workdays, _ = pattern
    at = np.arange(hours)
    busy = ((at - start) % 24 < length) & (at // 24 % 7 < workdays)
    busy[[hour for hour in odd if hour < hours]] = True
    seen = np.ones(hours, dtype=bool)
    for _, long, few, first in gone:
        seen[first : first + long * few] = False
    by_week = [slice(first, first + 168) for first in range(0, hours, 168)]
    told: Weeks = [
        (set(np.flatnonzero(busy[week]).tolist()), set(np.flatnonzero((busy | seen)[week]).tolist()))
        for week in by_week
    ]
    quiet = np.zeros_like(busy)
    _, found, _ = find_schedules(np.stack([quiet, busy, ~quiet]), np.stack([seen, seen, seen]), period)
    assert (None if found is None else (set(found.off_hours), found.violation_days)) == held(told)
