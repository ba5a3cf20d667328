"""A refresh reads the days of the metrics that costs are divided by, once, and says which are missing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from aws import connected
from factories import NOW, TODAY
from faults import Call, Fault
from pipeline.desk import PAYER, Desk
from plainbill.data_fetcher.cost_explorer import history_start
from plainbill.demo.call import Options
from plainbill.demo.fault_catalogue import OF_METRICS
from plainbill.demo.injection import Injected
from plainbill.demo.units import requests
from plainbill.model.inventory import NO_DATAPOINT, Gap
from plainbill.model.period import midnight
from plainbill.model.resources.aws_advice import is_hole
from plainbill.model.units import UnitMetric
from plainbill.pipeline.units import read_units

DAY = timedelta(days=1)
METRIC = requests(NOW)


def read(desk: Desk, now: datetime = NOW) -> Sequence[Gap]:
    desk.proxy.calls.clear()
    with connected(desk.demo.environment, desk.proxy.url) as connector:
        return read_units(connector, desk.state, now, lambda _: None)


def numbers(desk: Desk) -> dict[date, Decimal]:
    (series,) = desk.state.units()
    return {day: value for (day, _), value in series.values.items()}


def publish(desk: Desk, *days: date) -> None:
    """Let the metric have a datapoint of 1,000 on these days and on no other."""

    def body(call: Call) -> bytes:
        times = [int(midnight(day).timestamp()) for day in days]
        query = {"Id": call.parameters["MetricDataQueries"][0]["Id"], "Label": METRIC.metric}
        result = {**query, "Timestamps": times, "Values": [1000.0] * len(times), "StatusCode": "Complete"}
        return json.dumps({"MetricDataResults": [result], "Messages": []}).encode()

    desk.proxy.faults.append(Fault(lambda call: call.operation == "GetMetricData", 200, body))


# --- leaves alone -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "kind"), [("AccessDeniedException", "AccessDenied"), ("InternalServerFault", "ServerFailure")]
)
def test_a_call_that_is_refused_or_fails_leaves_the_refresh_incomplete(
    desk: Desk, code: str, kind: str
) -> None:
    desk.state.name_unit_metric(METRIC)
    desk.proxy.refuse("GetMetricData", code, status=500 if kind == "ServerFailure" else 400)
    (gap,) = read(desk)
    assert (gap.kind, is_hole(gap), numbers(desk)) == (kind, True, {})


def test_days_that_were_published_are_not_remarked_on(desk: Desk) -> None:
    desk.state.name_unit_metric(METRIC)
    publish(desk, *(TODAY - ago * DAY for ago in range(1, 6)))
    assert read(desk) == []
    assert len(numbers(desk)) == 5


def test_where_no_metric_is_named_nothing_is_asked(desk: Desk) -> None:
    assert read(desk) == ()
    assert desk.proxy.count("GetMetricData") == 0


@pytest.mark.parametrize(
    ("metric", "kind", "said"),
    [
        (replace(METRIC, account_id="999988887777"), "AccountNotEntered", "999988887777"),
        (replace(METRIC, dimensions=(("LoadBalancer", "app/none/1"),)), NO_DATAPOINT, "at all"),
        (replace(METRIC, account_id=PAYER), NO_DATAPOINT, "at all"),
        (replace(METRIC, region="eu-west-1"), NO_DATAPOINT, "AWS/ApplicationELB RequestCount"),
    ],
)
def test_what_is_not_there_is_said_and_never_zero(
    desk: Desk, metric: UnitMetric, kind: str, said: str
) -> None:
    desk.state.name_unit_metric(metric)
    (gap,) = read(desk)
    assert (gap.source, gap.kind, gap.account_id) == ("unit_metrics", kind, metric.account_id)
    assert said in gap.reason
    assert is_hole(gap) == (kind == "AccountNotEntered")
    assert numbers(desk) == {}


def test_all_days_that_are_over_are_read_with_one_call(desk: Desk) -> None:
    desk.state.name_unit_metric(METRIC)
    assert read(desk) == []
    days = numbers(desk)
    assert min(days) >= history_start(TODAY)
    assert sorted(days) == [min(days) + number * DAY for number in range(len(days))]
    assert max(days) == TODAY - DAY
    assert min(days.values()) > 0
    assert {str(number).isdecimal() for number in days.values()} == {True}
    assert desk.proxy.count("GetMetricData") == 1
    assert desk.state.unit_metrics()[0].asked_until == TODAY


def test_a_day_that_has_just_ended_waits_for_its_last_datapoints(desk: Desk) -> None:
    desk.state.name_unit_metric(METRIC)
    read(desk, midnight(TODAY) + timedelta(minutes=5))
    assert max(numbers(desk)) == TODAY - 2 * DAY


def test_closed_days_are_kept_and_only_later_ones_are_asked_for(desk: Desk) -> None:
    desk.state.name_unit_metric(METRIC)
    then = TODAY - 30 * DAY
    read(desk, NOW - 30 * DAY)
    (metric,) = desk.state.unit_metrics()
    closed, late = then - 17 * DAY, then - 3 * DAY
    told = numbers(desk)[late]
    desk.state.keep_unit_days(metric, {closed: Decimal(1), late: Decimal(1)}, then, NOW)
    assert read(desk) == []
    assert numbers(desk)[closed] == 1
    assert numbers(desk)[late] == told
    assert max(numbers(desk)) == TODAY - DAY


def test_days_that_an_answer_lacks_are_named_and_those_it_has_are_kept(desk: Desk) -> None:
    desk.state.name_unit_metric(METRIC)
    loses = Injected(effect=OF_METRICS["metrics_partial"], page=1)
    desk.demo.change(datapoints_page=150, injected=(loses,))
    try:
        (gap,) = read(desk)
    finally:
        desk.demo.change(datapoints_page=Options().datapoints_page, injected=())
    assert gap.kind == NO_DATAPOINT
    days = numbers(desk)
    missing = [min(days) + number * DAY for number in range((TODAY - min(days)).days)]
    missing = [day for day in missing if day not in days]
    assert missing
    assert str(missing[0]) in gap.reason


def test_idle_days_without_a_datapoint_are_named_unknown_and_the_refresh_is_whole(desk: Desk) -> None:
    desk.state.name_unit_metric(METRIC)
    publish(desk, *(TODAY - ago * DAY for ago in (9, 8, 5, 1)))
    (remark,) = read(desk)
    assert (remark.kind, is_hole(remark)) == (NO_DATAPOINT, False)
    assert [str(TODAY - ago * DAY) in remark.reason for ago in (10, 9, 7, 5, 2)] == [
        False, False, True, False, True,
    ]  # fmt: skip
    assert sorted(numbers(desk)) == [TODAY - ago * DAY for ago in (9, 8, 5, 1)]


def test_a_metric_that_falls_silent_says_what_to_check(desk: Desk) -> None:
    desk.state.name_unit_metric(METRIC)
    read(desk, NOW - 30 * DAY)
    known = numbers(desk)
    publish(desk)
    (remark,) = read(desk)
    assert (remark.kind, is_hole(remark)) == (NO_DATAPOINT, False)
    assert f"since {TODAY - 46 * DAY}" in remark.reason
    assert "list-metrics" in remark.remedy
    assert numbers(desk) == known


def test_a_metric_that_is_removed_meanwhile_stays_removed(desk: Desk) -> None:
    desk.state.name_unit_metric(METRIC)
    desk.state.remove_units(METRIC.name)
    assert not desk.state.keep_unit_days(METRIC, {TODAY: Decimal(1)}, TODAY, NOW)
    assert desk.state.units() == []


def test_a_refresh_reads_them_and_pays_for_one_metric(desk: Desk) -> None:
    desk.state.name_unit_metric(METRIC)
    run = desk.refresh()
    assert max(numbers(desk)) == TODAY - DAY
    assert "unit_metrics" in {step.source for step in desk.steps}
    assert not [gap for gap in run.gaps if gap.source == "unit_metrics"]
