"""The parts that a class is made of: thresholds, wakes, rhythms, schedules, sizes, odds, guards."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import inf, nan

import pytest

from analyzer.ec2_idle.histories import classified, history, without
from factories import NOW, instance
from plainbill.analyzer.ec2_idle import NO_FACTS, PRESETS, Grade, IdleClass, IdlePolicy, InstanceFacts
from plainbill.analyzer.ec2_idle.calibration import probability_unused, wilson
from plainbill.analyzer.ec2_idle.grading import lowered
from plainbill.analyzer.ec2_idle.guards import Guard, guards
from plainbill.analyzer.ec2_idle.instance_types import has_gpu, may_have_own_disk
from plainbill.analyzer.ec2_idle.load import BusyRule
from plainbill.analyzer.ec2_idle.measuring import measure
from plainbill.analyzer.ec2_idle.periodic import rhythms
from plainbill.analyzer.ec2_idle.schedule import find_schedule
from plainbill.model.period import Period

MONDAY = datetime(2026, 11, 2, 2)  # noqa: DTZ001 - rhythms are in wall-clock time


# --- busy or not ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("vcpus", "percent"), [(1, 10.0), (2, 5.0), (4, 2.5), (5, 2.0), (96, 2.0), (None, 5.0), (0, 5.0)]
)
def test_the_threshold_is_a_tenth_of_a_vcpu_within_bounds(vcpus: int | None, percent: float) -> None:
    assert BusyRule().cpu_threshold(vcpus) == percent


def test_unknown_vcpus_are_told() -> None:
    found = classified(history(), vcpus=None)
    assert found.is_idle
    assert found.notes == ("vCPUs unknown: an hour counts as busy from 5 % CPU on",)
    assert classified(history(), vcpus=2).notes == ()


@pytest.mark.parametrize(("mb", "busy"), [(19.99, False), (20.0, True)])
def test_twenty_megabytes_make_an_hour_busy(mb: float, busy: bool) -> None:
    load = measure(instance(), history(days=1, quiet_mb=mb), 2)
    assert all(load.busy) is busy


def test_one_direction_alone_can_acquit_but_is_not_a_seen_hour() -> None:
    used = replace(history(days=1, quiet_mb=40.0), network_in=(None,) * 24)
    load = measure(instance(), used, 2)
    assert all(load.busy)
    assert not any(load.seen)


@pytest.mark.parametrize("value", [nan, inf])
def test_what_is_no_number_is_no_measurement(value: float) -> None:
    used = replace(history(days=28), cpu_average=(value,) * 672)
    assert classified(used).kind is IdleClass.INSUFFICIENT_DATA


def test_a_series_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="3 values for a period of 24 hours"):
        measure(instance(), history(days=1), 2, InstanceFacts(gpu_percent=(1.0, 2.0, 3.0)))


def test_known_hours_of_running_are_what_coverage_is_measured_on() -> None:
    """Stopped for all but the last 15 days, and known to be: seen in every hour that it ran."""
    since = NOW - timedelta(days=15)
    used = without(history(days=60), lambda hour: hour < since)
    found = classified(used, facts=InstanceFacts(running=(Period(since, NOW),)))
    assert (found.grade, found.look_back_days, found.coverage) == (Grade.MEDIUM, 15, 1.0)
    assert classified(used).kind is IdleClass.INSUFFICIENT_DATA


def test_a_datapoint_from_before_the_last_start_proves_age() -> None:
    """Restarted yesterday, and nobody knows when it was first launched: its metrics do."""
    restarted = NOW - timedelta(days=1)
    found = classified(history(days=60), launched_at=restarted, first_launched_at=None)
    assert found.grade is Grade.HIGH


# --- wakes ---------------------------------------------------------------------------------


def test_busy_hours_with_a_gap_of_one_are_one_event() -> None:
    at = {NOW - timedelta(days=3, hours=n) for n in (0, 2, 3, 6)}
    events = classified(history(lambda hour: hour in at, busy_cpu=30.0, busy_mb=5.0)).wake_events
    assert [(event.hours, event.cause) for event in events] == [(1, "CPU"), (3, "CPU")]
    assert (events[1].start, events[1].end) == (
        NOW - timedelta(days=3, hours=3),
        NOW - timedelta(days=3, hours=-1),
    )
    assert events[1].peak_cpu == 30.0
    assert events[1].megabytes == pytest.approx(15.1)


def test_traffic_alone_is_named_as_the_cause() -> None:
    (event,) = classified(
        history(lambda hour: hour == NOW - timedelta(days=1), busy_cpu=1.0, busy_mb=90.0)
    ).wake_events
    assert event.cause == "network"


# --- rhythms -------------------------------------------------------------------------------


def names(back: list[timedelta], hits: int = 3) -> set[str]:
    busy = {MONDAY - one for one in back}
    return {rhythm.name for rhythm in rhythms(busy, MONDAY + timedelta(hours=5), hits)}


def test_two_hits_are_no_rhythm() -> None:
    assert names([timedelta(days=7 * n) for n in range(2)]) == set()


def test_three_hits_at_odd_times_are_no_rhythm() -> None:
    assert names([timedelta(0), timedelta(days=6), timedelta(days=17)]) == set()


def test_an_hour_early_or_late_still_fits() -> None:
    assert names([timedelta(0), timedelta(days=7, hours=1), timedelta(days=14, hours=-1)]) == {"every week"}
    assert names([timedelta(0), timedelta(days=7, hours=2), timedelta(days=14)]) == set()


def test_a_rhythm_that_ended_is_over() -> None:
    busy = {MONDAY - timedelta(days=7 * n) for n in range(3)}
    assert list(rhythms(busy, MONDAY + timedelta(days=9))) == []


def test_the_second_tuesday_is_when_patches_come() -> None:
    tuesdays = {datetime(2026, month, day, 3) for month, day in ((8, 11), (9, 8), (10, 13))}  # noqa: DTZ001 - wall clock
    wednesdays = {hour + timedelta(days=1) for hour in tuesdays}
    end = datetime(2026, 10, 20)  # noqa: DTZ001 - wall clock
    assert [rhythm for rhythm in rhythms(tuesdays, end) if "Tuesday" in rhythm.name] == []
    assert {rhythm.name for rhythm in rhythms({h for h in wednesdays if h.day != 9}, end)} == set()


def test_the_last_day_of_short_and_long_months_is_one_rhythm() -> None:
    busy = {datetime(2026, month, day, 23) for month, day in ((1, 31), (2, 28), (3, 31))}  # noqa: DTZ001 - wall clock
    found = list(rhythms(busy, datetime(2026, 4, 2)))  # noqa: DTZ001 - wall clock
    assert [rhythm.name for rhythm in found] == ["every month on the last day"]
    assert found[0].next_due == datetime(2026, 4, 30, 23)  # noqa: DTZ001 - wall clock


def test_two_wakes_a_week_apart_are_not_taken_for_a_monthly_job() -> None:
    wakes = [NOW - timedelta(days=2), NOW - timedelta(days=9)]
    found = classified(history(lambda hour: hour in wakes))
    assert (found.grade, found.guards) == (Grade.REVIEW, ())


def test_a_rarely_used_instance_with_a_rhythm_and_more_is_active() -> None:
    def busy(hour: datetime) -> bool:
        fortnightly = (NOW - hour) in {timedelta(days=2 + 14 * n) for n in range(4)}
        return fortnightly or (NOW - hour) in {timedelta(days=n, hours=n) for n in (31, 35, 40, 47)}

    found = classified(history(busy))
    assert found.kind is IdleClass.ACTIVE
    assert found.reason.endswith("It wakes every second week, among other times.")


# --- schedules -----------------------------------------------------------------------------


def test_five_weeks_are_too_few_for_a_schedule() -> None:
    used = history(lambda hour: hour.weekday() < 5 and 9 <= hour.hour < 18, days=39)
    assert find_schedule(measure(instance(), used, 2)) is None


@pytest.mark.parametrize(("nights", "held"), [(2, True), (3, False)])
def test_a_schedule_may_be_broken_on_a_quarter_day_a_week(nights: int, held: bool) -> None:
    """Each night is of another week and another hour: eight held-out weeks, so many broken days."""
    late = [datetime(2026, 11, 10, 22, tzinfo=UTC), datetime(2026, 11, 4, 2, tzinfo=UTC)]
    late.append(datetime(2026, 10, 29, 23, tzinfo=UTC))
    chosen = late[:nights]

    def busy(hour: datetime) -> bool:
        return (hour.weekday() < 5 and 9 <= hour.hour < 18) or hour in chosen

    assert (find_schedule(measure(instance(), history(busy), 2)) is not None) is held


def test_off_hours_that_are_often_broken_are_no_schedule() -> None:
    def busy(hour: datetime) -> bool:
        return (hour.weekday() < 5 and 9 <= hour.hour < 18) or (hour.hour + hour.day) % 31 == 0

    assert find_schedule(measure(instance(), history(busy), 2)) is None


def test_a_rare_violation_is_counted_and_told() -> None:
    def busy(hour: datetime) -> bool:
        late = hour == datetime(2026, 11, 10, 22, tzinfo=UTC)
        return (hour.weekday() < 5 and 9 <= hour.hour < 18) or late

    schedule = find_schedule(measure(instance(), history(busy), 2))
    assert schedule is not None
    assert (schedule.weeks, schedule.violation_days) == (8, 0.125)
    assert schedule.violations_a_month == pytest.approx(3.585, abs=0.001)


# --- sizes ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("peaks", "highest", "level"),
    [(0, 39.9, "SAFE"), (3, 90.0, "BALANCED"), (4, 90.0, None), (3, 39.9, "SAFE"), (672, 40.0, None)],
)
def test_the_level_follows_from_the_highest_hours(peaks: int, highest: float, level: str | None) -> None:
    cpu = (30.0,) * (672 - peaks) + (highest,) * peaks
    used = replace(history(lambda _: True, days=28), cpu_average=cpu, cpu_maximum=cpu)
    found = classified(used, vcpus=4).rightsizing
    assert (found.level if found else None) == level


@pytest.mark.parametrize("vcpus", [None, 1])
def test_nothing_smaller_is_known_of_an_instance_of_one_or_unknown_vcpus(vcpus: int | None) -> None:
    assert classified(history(lambda _: True, busy_cpu=30.0), vcpus=vcpus).kind is IdleClass.ACTIVE


def test_memory_in_use_forbids_a_smaller_size() -> None:
    used = history(lambda _: True, busy_cpu=30.0)
    assert classified(used, 4, InstanceFacts(memory_percent=40.1)).kind is IdleClass.ACTIVE
    assert "memory at most 40 % used" in classified(used, 4, InstanceFacts(memory_percent=40.0)).reason


# --- odds ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("held", "of", "low", "high"),
    [(383, 386, 0.977, 0.997), (209, 221, 0.908, 0.969), (81, 90, 0.821, 0.946), (0, 5, 0.0, 0.434)],
)
def test_wilsons_interval(held: int, of: int, low: float, high: float) -> None:
    assert list(wilson(held, of)) == pytest.approx([low, high], abs=0.0006)


@pytest.mark.parametrize(("held", "of"), [(1, 0), (-1, 5), (6, 5), (0, 0)])
def test_an_interval_of_nothing_is_refused(held: int, of: int) -> None:
    with pytest.raises(ValueError, match="got"):
        wilson(held, of)


def test_the_odds_are_of_the_longest_look_back_that_was_had() -> None:
    for days, row in ((7, 7), (13, 7), (28, 28), (41, 28), (400, 56)):
        found = probability_unused(days, 0)
        assert found is not None
        assert found.look_back_days == row
    assert probability_unused(6, 0) is None
    assert probability_unused(28, 6) is None


def test_odds_lie_within_their_intervals_and_more_busy_days_are_worse_odds() -> None:
    for days in (7, 14, 28, 42, 56):
        found = [one for k in range(6) if (one := probability_unused(days, k))]
        assert len(found) == 6
        for one in found:
            assert one.low is None or one.high is None or one.low <= one.value <= one.high
        assert found[0].value >= found[1].value


# --- guards --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        (InstanceFacts(source_dest_check=False), "routes"),
        (InstanceFacts(healthy_target_requests=1.0), "serves"),
        (InstanceFacts(instance_store=True), "instance-store"),
        (InstanceFacts(elastic_ip_in_dns=True), "dns"),
        (InstanceFacts(termination_protection=True), "protected"),
        (InstanceFacts(memory_percent=50.1), "possible-cache"),
    ],
)
def test_each_fact_that_speaks_for_the_instance_guards_it(facts: InstanceFacts, name: str) -> None:
    assert [guard.name for guard in guards(instance(), facts, NOW)] == [name]


def test_facts_that_say_nothing_or_were_not_looked_up_guard_nothing() -> None:
    plain = InstanceFacts(
        source_dest_check=True, healthy_target_requests=0.0, instance_store=False, memory_percent=50.0
    )
    assert guards(instance(), NO_FACTS, NOW) == guards(instance(), plain, NOW) == ()


@pytest.mark.parametrize(
    "name", ["web", "drone", "natural", "background", "jumper", "android", "validate", "backups-ui-test1x"]
)
def test_a_word_inside_a_word_guards_nothing(name: str) -> None:
    assert guards(instance(tags={"Name": name}), NO_FACTS, NOW) == ()


def test_a_backup_plan_in_a_tag_is_not_a_role() -> None:
    assert guards(instance(tags={"Backup": "daily", "team": "dr"}), NO_FACTS, NOW) == ()


def test_a_stack_of_this_month_is_new() -> None:
    tags = {"aws:cloudformation:stack-name": "shop"}
    young = instance(tags=tags, first_launched_at=NOW - timedelta(days=29))
    old = instance(tags=tags, first_launched_at=NOW - timedelta(days=30))
    assert [guard.name for guard in guards(young, NO_FACTS, NOW)] == ["new-stack"]
    assert guards(old, NO_FACTS, NOW) == ()


def test_guards_lower_by_one_step_however_many_hold() -> None:
    one, other = Guard(name="a", reason="a"), Guard(name="b", reason="b")
    assert lowered(Grade.HIGH, []) is Grade.HIGH
    assert lowered(Grade.HIGH, [one]) is lowered(Grade.HIGH, [one, other]) is Grade.MEDIUM
    assert lowered(Grade.MEDIUM, [one]) is Grade.REVIEW
    assert lowered(Grade.REVIEW, [one]) is None
    to_review = Guard(name="gpu", reason="gpu", to_review=True)
    assert lowered(Grade.HIGH, [to_review]) is lowered(Grade.REVIEW, [to_review]) is Grade.REVIEW


def test_probably_idle_with_a_guard_is_left_alone() -> None:
    found = classified(history(days=10), tags={"Name": "dr"})
    assert (found.kind, found.grade) == (IdleClass.ACTIVE, None)
    assert found.reason.startswith("Left alone.")


@pytest.mark.parametrize(
    ("instance_type", "gpu", "disk"),
    [
        ("g5.xlarge", True, False), ("p4d.24xlarge", True, True), ("gr6.4xlarge", True, False),
        ("m5.large", False, False), ("m5d.large", False, True), ("m6gd.large", False, True),
        ("c5dn.large", False, True), ("i4i.large", False, True), ("im4gn.large", False, True),
        ("d3.xlarge", False, True), ("h1.2xlarge", False, True), ("inf2.xlarge", False, False),
        ("t3.micro", False, False), ("dl1.24xlarge", False, False),
    ],
)  # fmt: skip
def test_the_name_of_a_type_tells_gpus_and_disks(instance_type: str, gpu: bool, disk: bool) -> None:
    assert (has_gpu(instance_type), may_have_own_disk(instance_type)) == (gpu, disk)


@pytest.mark.parametrize(("days", "coverage"), [(0, 0.8), (28, 0.0), (28, 1.1)])
def test_a_policy_that_can_mean_nothing_is_refused(days: int, coverage: float) -> None:
    with pytest.raises(ValueError, match="got"):
        IdlePolicy(look_back_days=days, min_coverage=coverage)


def test_the_presets_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        PRESETS["mine"] = PRESETS["seed"]  # type: ignore[index]
