"""Which running instances do nothing. What must be left alone comes first."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from math import inf, nan
from typing import Any

import pytest

from factories import NOW, instance, utilization, with_hours
from plainbill.analyzer.idle import IdleRule, judge
from plainbill.model.findings import Ok, Unknown, Verdict, Waste
from plainbill.model.utilization import Utilization

SEED = IdleRule()
BUSY_LAST_DAY = dict.fromkeys(range(312, 336), 60.0)


def verdict(used: Utilization | None, rule: IdleRule = SEED, **changes: Any) -> Verdict:
    return judge(instance(**changes), used, rule).verdict


def reason(used: Utilization | None, rule: IdleRule = SEED, **changes: Any) -> str:
    return verdict(used, rule, **changes).reason


def days_ago(days: float) -> dict[str, Any]:
    return {"launched_at": NOW - timedelta(days=days), "first_launched_at": NOW - timedelta(days=days)}


# --- is left alone: it works ---------------------------------------------------------------


@pytest.mark.parametrize(
    "used",
    [
        pytest.param(
            utilization(1.0, cpu_maximum=with_hours(2.0, {100: 97.0})), id="a short peak in a quiet hour"
        ),
        pytest.param(utilization(1.0, cpu_maximum=with_hours(2.0, {0: 10.0})), id="a peak in the first hour"),
        pytest.param(
            utilization(1.0, cpu_maximum=with_hours(2.0, {335: 10.0})), id="a peak in the last hour"
        ),
        pytest.param(utilization(1.0, 10.0), id="the maximum exactly at its threshold"),
        pytest.param(utilization(5.0, 9.9), id="the average exactly at its threshold"),
        pytest.param(utilization(7.0, 9.0), id="a steady low load"),
        pytest.param(
            utilization(cpu_average=with_hours(1.0, BUSY_LAST_DAY), cpu_maximum=with_hours(2.0, {330: 95.0})),
            id="quiet for 13 days, busy on the last",
        ),
    ],
)
def test_an_instance_that_works_is_left_alone(used: Utilization) -> None:
    assert isinstance(verdict(used), Ok)


def test_the_maximum_of_the_averages_is_not_the_maximum() -> None:
    """The hour's average stays at 1 %: only the statistic Maximum knows of the five minutes at 60 %."""
    hidden = utilization(1.0, cpu_maximum=with_hours(2.0, {200: 60.0}))
    assert max(value for value in hidden.cpu_average if value is not None) < SEED.cpu_average
    assert "reached 60.0 %" in reason(hidden)


def test_a_peak_acquits_the_youngest_instance() -> None:
    used = utilization(cpu_average=with_hours(None, {335: 40.0}), cpu_maximum=with_hours(None, {335: 90.0}))
    assert isinstance(verdict(used, **days_ago(0.05)), Ok)


def test_a_peak_acquits_however_patchy_the_data() -> None:
    used = utilization(cpu_average=with_hours(None), cpu_maximum=with_hours(None, {7: 10.0}))
    assert isinstance(verdict(used), Ok)


def test_a_peak_acquits_where_less_is_stored_than_asked_for() -> None:
    used = utilization(days=7, cpu_maximum=with_hours(2.0, {7: 10.0}, 168))
    assert isinstance(verdict(used), Ok)


def test_an_hour_without_a_maximum_held_a_sample_of_at_least_its_average() -> None:
    used = utilization(cpu_average=with_hours(1.0, {7: 30.0}), cpu_maximum=with_hours(2.0, {7: None}))
    assert isinstance(verdict(used), Ok)


# --- is left alone: nobody can tell --------------------------------------------------------


@pytest.mark.parametrize(
    "used",
    [
        pytest.param(None, id="no metrics at all"),
        pytest.param(
            utilization(cpu_average=with_hours(None), cpu_maximum=with_hours(None)), id="only holes"
        ),
        pytest.param(utilization(nan, nan), id="no numbers"),
        pytest.param(utilization(inf, inf), id="infinities"),
        pytest.param(utilization(cpu_average=with_hours(None)), id="no averages"),
        pytest.param(utilization(cpu_maximum=with_hours(None)), id="no maxima"),
        pytest.param(
            utilization(cpu_average=(1.0,) * 168 + (None,) * 168, cpu_maximum=(2.0,) * 168 + (None,) * 168),
            id="stopped for a week",
        ),
        pytest.param(
            utilization(cpu_average=(1.0,) * 169 + (None,) * 167, cpu_maximum=(None,) * 167 + (2.0,) * 169),
            id="averages and maxima of different hours",
        ),
    ],
)
def test_missing_data_is_unknown_and_never_idle(used: Utilization | None) -> None:
    assert isinstance(verdict(used), Unknown)


def test_a_busy_instance_with_holes_is_not_averaged_down_to_idle() -> None:
    used = utilization(cpu_average=(5.2,) * 303 + (None,) * 33, cpu_maximum=(9.0,) * 303 + (None,) * 33)
    assert isinstance(verdict(used), Ok)


@pytest.mark.parametrize(("seen", "expected"), [(302, Unknown), (303, Waste)])
def test_nine_of_ten_hours_must_have_been_seen(seen: int, expected: type) -> None:
    values = (1.0,) * seen + (None,) * (336 - seen)
    assert isinstance(verdict(utilization(cpu_average=values, cpu_maximum=values)), expected)


def test_a_gap_says_how_many_hours_were_seen_and_how_many_are_needed() -> None:
    values = (1.0,) * 200 + (None,) * 136
    used = utilization(cpu_average=values, cpu_maximum=values)
    assert reason(used) == "CPU was seen in 200 of 336 hours; 303 are needed"


@pytest.mark.parametrize(
    ("age", "told"),
    [
        (3.0, "launched 3 days ago; 14 days are needed"),
        (3.99, "launched 3 days ago; 14 days are needed"),
        (1.0, "launched 1 day ago; 14 days are needed"),
        (0.25, "launched 6 hours ago; 14 days are needed"),
        (0.05, "launched 1 hour ago; 14 days are needed"),
        (0.01, "launched less than an hour ago; 14 days are needed"),
        (-0.5, "launched less than an hour ago; 14 days are needed"),
        (13.9, "launched 13 days ago; 14 days are needed"),
    ],
)
def test_a_young_instance_is_unknown(age: float, told: str) -> None:
    hours = max(0, int(age * 24))
    values = (None,) * (336 - hours) + (1.0,) * hours
    assert reason(utilization(cpu_average=values, cpu_maximum=values), **days_ago(age)) == told


@pytest.mark.parametrize(
    ("late", "expected"), [(timedelta(hours=1), Waste), (timedelta(minutes=61), Unknown)]
)
def test_the_first_hour_of_the_window_may_be_the_hour_of_the_launch(late: timedelta, expected: type) -> None:
    born = NOW - timedelta(days=14) + late
    values = with_hours(1.0, {0: None, 1: None})
    used = utilization(cpu_average=values, cpu_maximum=values)
    assert isinstance(verdict(used, launched_at=born, first_launched_at=born), expected)


def test_more_days_than_are_stored_are_unknown() -> None:
    used = utilization(days=14)
    assert reason(used, IdleRule(days=15)) == "only 336 hours of metrics are stored; 360 are needed"


# --- a start is not a birth ----------------------------------------------------------------


def test_an_instance_that_was_restarted_yesterday_is_not_young() -> None:
    assert isinstance(verdict(utilization(), launched_at=NOW - timedelta(days=1)), Waste)


def test_an_instance_that_was_off_when_the_window_began_is_not_young() -> None:
    values = with_hours(1.0, dict.fromkeys(range(20)))
    used = utilization(cpu_average=values, cpu_maximum=values)
    assert isinstance(verdict(used, launched_at=NOW - timedelta(days=14) + timedelta(hours=20)), Waste)


def test_a_datapoint_from_before_the_last_start_proves_age() -> None:
    restarted = NOW - timedelta(days=2)
    assert isinstance(verdict(utilization(), launched_at=restarted, first_launched_at=None), Waste)


def test_a_datapoint_from_before_the_window_counts_as_age() -> None:
    values = with_hours(None, hours=40 * 24)
    sparse = values[:10] + (1.0,) + values[11:-336] + (None,) * 20 + (1.0,) * 316
    used = utilization(days=40, cpu_average=sparse, cpu_maximum=sparse)
    assert isinstance(verdict(used, launched_at=NOW - timedelta(days=2), first_launched_at=None), Waste)


# --- is idle -------------------------------------------------------------------------------


def test_two_quiet_weeks_are_waste_and_the_reason_states_the_numbers() -> None:
    used = utilization(1.2, 4.8)
    assert verdict(used) == Waste(
        "CPU averaged 1.2 % and never passed 4.8 % in 14 days (336 of 336 hours seen); "
        "idle means under 5 % on average and under 10 % at the most.",
        monthly_saving=None,
    )


@pytest.mark.parametrize(
    ("average", "maximum", "told"),
    [
        (4.99, 9.99, "averaged 4.99 % and never passed 9.99 %"),
        (4.96, 9.951, "averaged 4.96 % and never passed 9.96 %"),
        (4.9996, 9.94, "averaged 4.9996 % and never passed 9.94 %"),
        (1.2, 4.25, "averaged 1.2 % and never passed 4.3 %"),
        (0.0, 0.0, "averaged 0.0 % and never passed 0.0 %"),
    ],
)
def test_a_value_under_a_threshold_is_never_rounded_up_to_it(
    average: float, maximum: float, told: str
) -> None:
    assert told in reason(utilization(average, maximum))


def test_missing_network_does_not_block_the_verdict() -> None:
    used = utilization(network_in=(None,) * 336, network_out=(None,) * 336)
    judged = judge(instance(), used, SEED)
    assert isinstance(judged.verdict, Waste)
    assert judged.evidence.network_bytes_per_day is None


def test_a_few_missing_hours_are_no_obstacle_and_are_told() -> None:
    values = with_hours(1.0, {4: None, 5: None})
    used = utilization(cpu_average=values, cpu_maximum=values)
    assert "(334 of 336 hours seen)" in reason(used)


# --- the window ----------------------------------------------------------------------------


def test_a_shorter_rule_looks_at_the_most_recent_hours() -> None:
    values = (60.0,) * 168 + (1.0,) * 168
    used = utilization(cpu_average=values, cpu_maximum=values)
    assert isinstance(verdict(used, IdleRule(days=7)), Waste)
    assert isinstance(verdict(used, IdleRule(days=8)), Ok)


def test_a_shorter_rule_does_not_overlook_a_busy_last_day() -> None:
    used = utilization(cpu_average=with_hours(1.0, BUSY_LAST_DAY), cpu_maximum=with_hours(2.0, {335: 70.0}))
    assert isinstance(verdict(used, IdleRule(days=1)), Ok)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (IdleRule(cpu_average=1.0), Ok),
        (IdleRule(cpu_average=1.01), Waste),
        (IdleRule(cpu_maximum=2.0), Ok),
        (IdleRule(cpu_maximum=2.01), Waste),
        (IdleRule(cpu_average=0.0, cpu_maximum=0.0), Ok),
        (IdleRule(cpu_average=100.0, cpu_maximum=100.0), Waste),
    ],
)
def test_the_thresholds_are_the_rules(rule: IdleRule, expected: type) -> None:
    assert isinstance(verdict(utilization(1.0, 2.0), rule), expected)


@pytest.mark.parametrize(
    "changes",
    [{"days": 0}, {"cpu_average": -1.0}, {"cpu_maximum": 101.0}, {"cpu_average": nan}, {"min_coverage": 0.0}],
)
def test_a_rule_that_can_mean_nothing_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="got"):
        replace(SEED, **changes)
