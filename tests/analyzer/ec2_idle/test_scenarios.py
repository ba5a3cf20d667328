"""Well-known false alarms, each with its class. What must be left alone comes first."""

from __future__ import annotations

import calendar
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from analyzer.ec2_idle.histories import classified, history, missing_as_zero, never, without
from factories import NOW
from plainbill.analyzer.ec2_idle import Grade, IdleClass, InstanceFacts, Resize

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
OF_IDLE = (Grade.HIGH, Grade.MEDIUM, Grade.REVIEW)


def nightly(hour: datetime) -> bool:
    return hour.hour == 2


def office_hours(hour: datetime) -> bool:
    return hour.weekday() < 5 and 9 <= hour.hour < 18


def first_of_month(hour: datetime) -> bool:
    return hour.day == 1 and hour.hour in {3, 4}


def last_business_day(hour: datetime) -> bool:
    last = calendar.monthrange(hour.year, hour.month)[1]
    days = [d for d in range(1, last + 1) if calendar.weekday(hour.year, hour.month, d) < 5]
    return hour.day == days[-1] and hour.hour == 22


def quarter_end(hour: datetime) -> bool:
    return hour.month % 3 == 0 and (hour + timedelta(days=1)).day == 1 and 18 <= hour.hour < 23


def patch_tuesday(hour: datetime) -> bool:
    return hour.weekday() == 1 and 8 <= hour.day <= 14 and hour.hour == 23


# --- not judged at all ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param({"lifecycle": "spot"}, "Spot", id="Spot"),
        pytest.param({"managed_by": ("autoscaling",)}, "size of the group", id="minimum of a group"),
        pytest.param({"managed_by": ("eks",)}, "EKS", id="EKS"),
        pytest.param({"managed_by": ("ecs",)}, "ECS", id="ECS"),
        pytest.param({"managed_by": ("batch",)}, "AWS Batch", id="Batch"),
        pytest.param({"managed_by": ("emr",)}, "EMR", id="EMR"),
        pytest.param(
            {"tags": {"elasticbeanstalk:environment-name": "shop"}}, "Elastic Beanstalk", id="Beanstalk"
        ),
        pytest.param({"tenancy": "host"}, "Dedicated Host", id="Dedicated Host"),
        pytest.param({"tags": {"Keep": "yes"}}, "tagged it to be kept", id="keep"),
        pytest.param({"state": "stopped"}, "it is stopped", id="stopped"),
    ],
)
def test_what_is_not_ours_to_judge_is_excluded_with_its_reason(changes: dict[str, Any], told: str) -> None:
    found = classified(history(), **changes)
    assert (found.kind, found.grade) == (IdleClass.EXCLUDED, None)
    assert told in found.reason


def test_a_snoozed_instance_is_excluded_until_its_day_has_come() -> None:
    tomorrow = InstanceFacts(snoozed_until=NOW + timedelta(days=1))
    yesterday = InstanceFacts(snoozed_until=NOW - timedelta(days=1))
    assert classified(history(), facts=tomorrow).kind is IdleClass.EXCLUDED
    assert classified(history(), facts=yesterday).is_idle


def test_a_tag_that_says_not_to_keep_it_keeps_nothing() -> None:
    assert classified(history(), tags={"keep": "false"}).is_idle


# --- nobody can tell -----------------------------------------------------------------------


def test_a_freshly_launched_instance_is_insufficient_data() -> None:
    since = NOW - timedelta(days=3)
    used = without(history(days=28), lambda hour: hour < since)
    found = classified(used, launched_at=since, first_launched_at=since)
    assert found.kind is IdleClass.INSUFFICIENT_DATA
    assert "launched 3 days ago; 7 days are needed" in found.reason


def test_an_instance_without_metrics_is_insufficient_data() -> None:
    assert classified(None).kind is IdleClass.INSUFFICIENT_DATA


def test_gaps_in_the_metrics_are_insufficient_data() -> None:
    used = without(history(), lambda hour: hour.hour < 6)  # a quarter of every day
    found = classified(used)
    assert found.kind is IdleClass.INSUFFICIENT_DATA
    assert found.reason == "Cannot tell: CPU and network were seen in 504 of 672 hours; 80% are needed."


@pytest.mark.parametrize("metric", ["cpu_average", "network_in", "network_out"])
def test_one_missing_metric_is_insufficient_data(metric: str) -> None:
    changes: dict[str, Any] = {metric: (None,) * 1440}
    used = replace(history(), **changes)
    assert classified(used).kind is IdleClass.INSUFFICIENT_DATA


def test_incomplete_answers_of_cloudwatch_are_insufficient_data() -> None:
    assert classified(history(), facts=InstanceFacts(metrics_complete=False)).kind is (
        IdleClass.INSUFFICIENT_DATA
    )


def test_metrics_that_ended_days_ago_are_insufficient_data() -> None:
    found = classified(history(end=NOW - timedelta(days=3)))
    assert found.kind is IdleClass.INSUFFICIENT_DATA
    assert "its metrics end 3 days ago" in found.reason


def test_an_instance_that_is_stopped_and_started_is_not_idle_by_its_gaps() -> None:
    """It runs on weekdays from 9 to 18; the rest of the week has no datapoints."""
    used = without(history(), lambda hour: not office_hours(hour))
    assert classified(used).kind is IdleClass.INSUFFICIENT_DATA


def test_the_mutant_that_takes_missing_for_zero_calls_it_idle() -> None:
    """Guards the tests above: filled with zeros these very lives would be idle with high confidence."""
    gaps = without(history(), lambda hour: not office_hours(hour))
    quarter = without(history(), lambda hour: hour.hour < 6)
    for used in (gaps, quarter):
        assert classified(missing_as_zero(used)).grade is Grade.HIGH
        assert classified(used).grade is None


# --- it works ------------------------------------------------------------------------------


def test_a_nightly_backup_is_periodic_and_never_high() -> None:
    for days in (28, 60):
        found = classified(history(nightly, days))
        assert found.kind is IdleClass.PERIODIC
        assert "it wakes every day, next 25 Nov 02:00" in found.reason


@pytest.mark.parametrize(
    ("job", "rhythm", "due"),
    [
        (first_of_month, "every month on day 1", "01 Dec"),
        (last_business_day, "every month on the last business day", "30 Nov"),
        (quarter_end, "every quarter on the last day", "31 Dec"),
    ],
)
def test_a_monthly_batch_is_periodic_and_says_when_it_is_due(job: Any, rhythm: str, due: str) -> None:
    found = classified(history(job, days=455))
    assert found.kind is IdleClass.PERIODIC
    assert rhythm in found.reason
    assert f"next about {due}" in found.reason


def test_a_monthly_batch_seen_twice_lowers_the_grade() -> None:
    """60 days hold two wakes at most: too few for a rhythm, too many to be overlooked."""
    found = classified(history(first_of_month, days=60))
    assert found.busy_days == 1
    assert found.grade is Grade.REVIEW
    assert "perhaps a monthly job, due about 01 Dec" in found.reason


def test_a_gpu_at_work_is_active_however_idle_the_cpu() -> None:
    facts = InstanceFacts(gpu_percent=(90.0,) * 1440)
    found = classified(history(), vcpus=8, facts=facts, instance_type="g5.2xlarge")
    assert found.grade is None
    assert found.wake_events[-1].cause == "GPU or CPU credits"


def test_a_burstable_instance_at_its_baseline_is_active() -> None:
    """A t2.nano may use 5 % for long: a tenth of a vCPU would be the double of what it has."""
    found = classified(history(quiet_cpu=5.0), vcpus=1, instance_type="t2.nano")
    assert found.kind is IdleClass.ACTIVE
    assert classified(history(quiet_cpu=20.0), instance_type="t3.medium").kind is IdleClass.ACTIVE


def test_a_burstable_instance_that_spends_credits_is_active() -> None:
    facts = InstanceFacts(credit_usage=(6.0,) * 1440)  # a quarter of the 24 that a t3.small earns
    quiet = InstanceFacts(credit_usage=(1.0,) * 1440)
    assert classified(history(), facts=facts, instance_type="t3.small").grade is None
    assert classified(history(), facts=quiet, instance_type="t3.small").grade is Grade.HIGH


def test_an_unlimited_burstable_instance_over_its_baseline_is_active() -> None:
    used = history(lambda hour: hour.hour % 2 == 0, busy_cpu=80.0, busy_mb=0.1)
    assert classified(used, instance_type="t3.micro").kind is IdleClass.ACTIVE


def test_four_percent_of_96_vcpus_is_work() -> None:
    full = InstanceFacts(memory_percent=90.0)
    used = history(quiet_cpu=4.0)
    assert classified(used, vcpus=96, facts=full).kind is IdleClass.ACTIVE
    assert classified(used, vcpus=96).kind is IdleClass.RIGHTSIZABLE  # in use; its memory is not known
    assert classified(used, vcpus=2).is_idle


def test_each_hour_is_judged_by_the_size_that_the_instance_had_then() -> None:
    """4 % of 32 vCPUs was work; since it was made small 4 % of 2 is not."""
    shrunk = InstanceFacts(resizes=(Resize(until=NOW - timedelta(days=10), vcpus=32),))
    found = classified(history(quiet_cpu=4.0), vcpus=2, facts=shrunk)
    assert found.grade is None
    assert found.days_since_busy == 10
    assert found.wake_events[-1].cause == "CPU"
    long_ago = InstanceFacts(resizes=(Resize(until=NOW - timedelta(days=40), vcpus=32),))
    assert classified(history(quiet_cpu=4.0), vcpus=2, facts=long_ago).grade is Grade.HIGH


# --- is less sure, by a guard --------------------------------------------------------------


def test_patch_tuesday_is_medium_at_most_and_shows_the_wake() -> None:
    found = classified(history(patch_tuesday, days=60))
    assert found.grade in {Grade.MEDIUM, Grade.REVIEW}
    assert "Last wake: 10 Nov 23:00 UTC, 1 hour" in found.reason
    assert classified(history(patch_tuesday, days=455)).grade is not Grade.HIGH


@pytest.mark.parametrize(
    "name",
    ["shop-dr", "pg-standby-2", "db-replica", "kafka-zookeeper-3", "etcd0", "quorum_node", "witness",
     "bastion", "jump-host", "prod-nat", "vpn01", "license-server", "ldap.corp", "DC01", "backup", "eastDC"],
)  # fmt: skip
def test_machines_that_are_quiet_by_design_are_guarded_by_their_names(name: str) -> None:
    found = classified(history(), tags={"Name": name})
    assert found.grade is Grade.MEDIUM
    assert [guard.name for guard in found.guards] == ["standby"]
    assert "quiet by design" in found.reason


def test_a_bastion_with_short_sessions_is_guarded_or_active() -> None:
    def sessions(hour: datetime) -> bool:
        return hour.day % 9 == 0 and hour.hour == 14

    used = history(sessions, busy_cpu=12.0, busy_mb=3.0)
    found = classified(used, tags={"Name": "bastion"})
    assert found.busy_days == 3
    assert found.grade is None
    twice = classified(history(lambda hour: hour.day == 20 and hour.hour == 14), tags={"Name": "bastion"})
    assert twice.grade is Grade.REVIEW


def test_a_cache_in_memory_is_guarded() -> None:
    found = classified(history(), facts=InstanceFacts(memory_percent=83.0))
    assert found.grade is Grade.MEDIUM
    assert "83 % of its memory is in use: possible cache" in found.reason


def test_what_a_stop_would_destroy_is_copied_first() -> None:
    found = classified(history(), instance_type="m5d.large")
    assert found.grade is Grade.MEDIUM
    assert "copy what is on its instance store, stop" in found.reason


def test_a_gpu_that_nobody_measures_is_at_most_review() -> None:
    found = classified(history(), vcpus=8, instance_type="p4d.24xlarge")
    assert found.grade is Grade.REVIEW


def test_a_gpu_that_was_measured_now_and_then_is_at_most_review() -> None:
    """An agent that ran on five of seven days saw no work; what the other days were like nobody knows."""
    week = (0.0,) * (5 * 24) + (None,) * (2 * 24)
    patchy, whole = InstanceFacts(gpu_percent=(week * 9)[-1440:]), InstanceFacts(gpu_percent=(0.0,) * 1440)
    found = classified(history(), vcpus=8, facts=patchy, instance_type="g5.2xlarge")
    assert found.grade is Grade.REVIEW
    assert "its GPUs were measured in 480 of 672 hours" in found.reason
    assert classified(history(), vcpus=8, facts=whole, instance_type="p4d.24xlarge").grade is Grade.MEDIUM


# --- is idle -------------------------------------------------------------------------------


def test_an_idle_instance_says_what_was_measured_and_what_became_of_others_like_it() -> None:
    found = classified(history(quiet_cpu=1.9, quiet_mb=3.1))
    assert found.grade is Grade.HIGH
    assert found.reason == (
        "Idle, high confidence. 0 busy hours in 28 days (672 of 672 hours seen). "
        "Highest hour: CPU 1.9 %, 3.1 MB. Last wake: none. "
        "Of comparable VMs in public traces 99.2 % (97.7 to 99.7 %) stayed unused for the next 30 days. "
        "To be sure: stop, wait 14 days, then delete."
    )


def test_the_chatter_of_agents_is_idle_all_the_same() -> None:
    """0.4 MB an hour is 9.6 MB a day: enough to hide it from a rule of 5 MB a day."""
    found = classified(history(quiet_mb=0.4))
    assert found.grade is Grade.HIGH


@pytest.mark.parametrize(
    ("days", "busy_days", "expected"),
    [
        (28, 0, Grade.HIGH), (28, 1, Grade.MEDIUM), (28, 2, Grade.REVIEW), (28, 3, None),
        (27, 0, Grade.MEDIUM), (27, 1, None), (14, 0, Grade.MEDIUM), (13, 0, Grade.REVIEW),
        (7, 0, Grade.REVIEW), (7, 1, None), (6, 0, None),
    ],
)  # fmt: skip
def test_the_grade_follows_from_the_days_seen_and_the_busy_ones(
    days: int, busy_days: int, expected: Grade | None
) -> None:
    wakes = {NOW - timedelta(days=2, hours=5), NOW - timedelta(days=3), NOW - timedelta(days=5, hours=7)}
    chosen = sorted(wakes)[:busy_days]
    found = classified(history(lambda hour: hour in chosen, days))
    assert found.grade is expected
    assert found.look_back_days == days


# --- schedules, sizes, clocks --------------------------------------------------------------


def test_office_hours_are_schedulable_and_say_what_to_expect() -> None:
    found = classified(history(office_hours))
    assert found.kind is IdleClass.SCHEDULABLE
    assert found.schedule is not None
    assert found.schedule.violation_days == 0
    assert "expect about 3 days a month on which it is wanted all the same" in found.reason
    assert len(found.schedule.off_hours) == 168 - 5 * 9 - 10  # an hour on both sides of each working day
    assert "Mon 19:00 to Tue 08:00" in found.reason


@pytest.mark.parametrize("zone", [BERLIN, NEW_YORK, UTC])
@pytest.mark.parametrize("end", [datetime(2026, 4, 20, tzinfo=UTC), datetime(2026, 11, 20, 7, tzinfo=UTC)])
def test_a_change_to_or_from_summer_time_leaves_a_schedule_alone(zone: Any, end: datetime) -> None:
    found = classified(history(office_hours, zone=zone, end=end), zone=zone, now=end)
    assert found.kind is IdleClass.SCHEDULABLE
    assert found.schedule is not None
    assert (found.schedule.violation_days, len(found.schedule.off_hours)) == (0, 113)


@pytest.mark.parametrize("zone", [BERLIN, NEW_YORK, UTC])
def test_the_zone_does_not_change_a_class(zone: Any) -> None:
    end = datetime(2026, 11, 20, 7, tzinfo=UTC)
    lives = {nightly: IdleClass.PERIODIC, office_hours: IdleClass.SCHEDULABLE, never: IdleClass.IDLE}
    for busy, expected in lives.items():
        used = history(busy, zone=BERLIN, end=end)
        assert classified(used, zone=zone, now=end).kind is expected


def test_a_smaller_size_would_do_where_no_hour_needed_more() -> None:
    found = classified(history(lambda _: True, busy_cpu=30.0), vcpus=4)
    assert found.kind is IdleClass.RIGHTSIZABLE
    assert found.rightsizing is not None
    assert found.rightsizing.level == "SAFE"
    assert "memory unknown: check that half of it is enough" in found.reason


def test_all_grades_of_idle_are_named() -> None:
    assert tuple(Grade) == OF_IDLE
