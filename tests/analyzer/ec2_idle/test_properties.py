"""What no history, name or fact can do: make a verdict surer than the load alone makes it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from analyzer.ec2_idle.histories import HOUR, classified, history, without
from factories import NOW
from plainbill.analyzer.ec2_idle import Classification, Grade, InstanceFacts
from plainbill.model.utilization import Utilization

RANK = {Grade.HIGH: 3, Grade.MEDIUM: 2, Grade.REVIEW: 1, None: 0}
DAYS = st.sampled_from([8, 14, 20, 28, 29, 45, 60, 100])
STEPS = st.sampled_from([1, 24, 25, 168, 336, 672, 720, 744])
BURSTS = st.lists(st.tuples(st.integers(0, 2399), STEPS, st.integers(1, 5)), max_size=4)
HOLES = st.lists(st.tuples(st.integers(0, 2399), st.integers(1, 200)), max_size=4)
NAMES = st.sampled_from(["web", "dr", "bastion", "IDLE please delete", "test", "unused", "DC-1", ""])
KEYS = st.sampled_from(["Name", "role", "keep", "idle", "plainbill:idle", "aws:cloudformation:stack-name"])
FACTS = st.builds(
    InstanceFacts,
    metrics_complete=st.sampled_from([None, True, False]),
    memory_percent=st.none() | st.floats(0, 100),
    source_dest_check=st.sampled_from([None, True, False]),
    healthy_target_requests=st.none() | st.floats(0, 1e6),
    instance_store=st.sampled_from([None, True, False]),
    elastic_ip_in_dns=st.sampled_from([None, True, False]),
    termination_protection=st.sampled_from([None, True, False]),
)

Bursts = list[tuple[int, int, int]]


def rank(found: Classification) -> int:
    return RANK[found.grade]


def life(days: int, bursts: Bursts) -> Utilization:
    """Busy ``count`` times from ``hour`` hours before the end on, every ``step`` hours back."""
    back = {hour + n * step for hour, step, count in bursts for n in range(count)}
    return history(lambda hour: int((NOW - hour) / HOUR) - 1 in back, days)


def hidden(used: Utilization, holes: list[tuple[int, int]], *, quiet_only: bool) -> Utilization:
    """The same life with holes; with ``quiet_only`` busy hours stay seen."""
    busy = {used.period.start + n * HOUR for n, value in enumerate(used.cpu_average) if value and value > 10}
    back = {hour + n for hour, length in holes for n in range(length)}

    def gone(hour: datetime) -> bool:
        is_hole = int((NOW - hour) / HOUR) - 1 in back
        return is_hole and not (quiet_only and hour in busy)

    return without(used, gone)


@settings(max_examples=60)
@given(days=DAYS, bursts=BURSTS, tags=st.dictionaries(KEYS, NAMES, max_size=3), facts=FACTS)
def test_no_name_tag_or_fact_raises_a_grade(
    days: int, bursts: Bursts, tags: dict[str, str], facts: InstanceFacts
) -> None:
    used = life(days, bursts)
    assert rank(classified(used, facts=facts, tags=tags)) <= rank(classified(used))


@settings(max_examples=60)
@given(days=DAYS, bursts=BURSTS, changes=st.sampled_from([
    {"instance_type": "g4dn.xlarge"}, {"managed_by": ("ecs",)}, {"lifecycle": "spot"},
    {"instance_type": "m5d.large"}, {"tenancy": "host"}, {"state": "stopping"},
]))  # fmt: skip
def test_no_kind_of_instance_is_surer_than_a_plain_one(
    days: int, bursts: Bursts, changes: dict[str, Any]
) -> None:
    used = life(days, bursts)
    assert rank(classified(used, **changes)) <= rank(classified(used))


@settings(max_examples=120)
@given(days=DAYS, bursts=BURSTS, more=BURSTS, holes=HOLES)
@example(days=100, bursts=[(30, 720, 3)], more=[(1000, 24, 1)], holes=[])  # a rhythm, then noise around it
@example(days=100, bursts=[(30, 672, 3)], more=[(29, 1, 3)], holes=[])
def test_more_load_never_makes_a_verdict_more_idle(
    days: int, bursts: Bursts, more: Bursts, holes: list[tuple[int, int]]
) -> None:
    seen = hidden(life(days, bursts), holes, quiet_only=False)
    loaded = hidden(life(days, bursts + more), holes, quiet_only=False)
    assert rank(classified(loaded)) <= rank(classified(seen))


@settings(max_examples=60)
@given(days=DAYS, quiet=st.floats(0, 20), more=st.floats(0, 20), vcpus=st.sampled_from([None, 1, 2, 8, 96]))
def test_a_higher_level_of_load_never_makes_a_verdict_more_idle(
    days: int, quiet: float, more: float, vcpus: int | None
) -> None:
    little = classified(history(days=days, quiet_cpu=quiet), vcpus)
    much = classified(history(days=days, quiet_cpu=quiet + more), vcpus)
    assert rank(much) <= rank(little)


@settings(max_examples=120)
@given(days=DAYS, bursts=BURSTS, holes=HOLES)
@example(days=28, bursts=[(10, 24, 3)], holes=[(100, 134)])
def test_hours_that_go_missing_never_make_a_verdict_more_idle(
    days: int, bursts: Bursts, holes: list[tuple[int, int]]
) -> None:
    """Busy hours are seen or not seen; what nobody saw of the rest is no evidence of quiet."""
    used = life(days, bursts)
    assert rank(classified(hidden(used, holes, quiet_only=True))) <= rank(classified(used))


@settings(max_examples=60)
@given(days=DAYS, bursts=BURSTS, gone=st.integers(0, 23), length=st.integers(5, 24))
def test_a_fifth_of_the_hours_missing_is_never_idle(
    days: int, bursts: Bursts, gone: int, length: int
) -> None:
    """Whichever hours they are, also the busy ones: too little was seen."""
    used = without(life(days, bursts), lambda hour: (hour.hour - gone) % 24 < length)
    assert rank(classified(used)) == 0


@settings(max_examples=30)
@given(days=DAYS, bursts=BURSTS, age=st.integers(0, 6))
def test_an_instance_younger_than_a_week_is_never_idle(days: int, bursts: Bursts, age: int) -> None:
    since = NOW - timedelta(days=age)
    used = without(life(days, bursts), lambda hour: hour < since)
    assert rank(classified(used, launched_at=since, first_launched_at=since)) == 0
