"""Defects that other cost tools have or had when they ask AWS, one test each: we do not have them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aws import connected
from data_fetcher.answers import cost_day, cost_page, group, hourly, metric_result, total_day
from factories import NOW, instance, last_hours
from faults import FaultProxy
from load import read_load, utilizations
from pipeline.desk import ACCOUNTS, Desk
from plainbill.aws_connector import Connector, Scope
from plainbill.data_fetcher import cloudwatch, cost_explorer, ec2_instances
from plainbill.data_fetcher.crew import Crew, Reading, Unit
from plainbill.demo.server import DemoEndpoint
from plainbill.model.cost import CostMetric, CostTable
from plainbill.model.period import Period
from plainbill.pipeline import Manner
from plainbill.storage.snapshot.asked import BASE_TABLES

PAYER = "111122223333"
VIRGINIA = Scope("444455556666", "us-east-1")
WEEK = Period.of_days(date(2026, 11, 10), date(2026, 11, 17))
MONTH_ENDS = [
    date(2026, month, 28) + timedelta(days=extra) for month in range(1, 13) for extra in range(-1, 5)
]


@pytest.fixture(scope="module")
def running() -> Iterator[DemoEndpoint]:
    with DemoEndpoint(now=NOW) as endpoint:
        yield endpoint


@pytest.fixture
def proxy(running: DemoEndpoint) -> Iterator[FaultProxy]:
    with FaultProxy(running.url) as between:
        yield between


@pytest.fixture
def connector(running: DemoEndpoint, proxy: FaultProxy) -> Iterator[Connector]:
    with connected(running.environment, proxy.url) as opened:
        yield opened


def asked(period: Period) -> list[date]:
    """The days Cost Explorer answers for a request: its ``End`` is exclusive."""
    bounds = cost_explorer.request(period, CostTable.CONTROL)["TimePeriod"]
    first, end = date.fromisoformat(bounds["Start"]), date.fromisoformat(bounds["End"])
    return [first + timedelta(days=n) for n in range((end - first).days)]


@pytest.mark.parametrize("month", range(1, 13))
def test_t1_the_last_day_of_a_month_is_not_left_out(month: int) -> None:
    """A whole month was asked for with its last day as the (exclusive) end."""
    first = date(2028, month, 1)
    after = date(2028 + month // 12, month % 12 + 1, 1)
    days = asked(Period.of_days(first, after))
    assert (days[0], days[-1]) == (first, after - timedelta(days=1))
    assert len(days) == (after - first).days


@given(st.dates(date(2024, 1, 1), date(2030, 1, 1)), st.integers(1, 366))
def test_t2_periods_that_follow_each_other_leave_no_day_out_and_count_none_twice(
    end: date, days: int
) -> None:
    """ "The last 30 days" and the 30 before them left a day between them."""
    period = Period.last_days(days, end)
    assert asked(period.previous())[-1] + timedelta(days=1) == asked(period)[0]
    assert len(asked(period.previous())) == len(asked(period)) == days


def test_t3_a_day_is_stored_under_the_day_it_starts_not_the_day_it_ends() -> None:
    """Each day was stored under ``TimePeriod.End``: everything was a day late."""
    answer = cost_explorer.parse([cost_page(total_day("2026-10-31", "7"))], CostTable.CONTROL)
    assert [record.day for record in answer.records] == [date(2026, 10, 31)]


@given(st.dates(date(2026, 1, 1), date(2026, 12, 31)))
def test_t4_seven_days_back_are_seven_days_on_every_weekday(today: date) -> None:
    """ "The last 7 days" were a calendar week."""
    days = asked(Period.last_days(7, today))
    assert days == [today - timedelta(days=back) for back in range(7, 0, -1)]


@pytest.mark.parametrize("today", MONTH_ENDS)
def test_t5_and_t7_every_day_of_the_year_asks_for_a_period_that_cost_explorer_accepts(today: date) -> None:
    """On the 1st the period was empty (an error); on the 31st "a month ago" was in the same month."""
    for oldest in (None, today, today.replace(day=1)):
        period = cost_explorer.open_period(today, oldest)
        assert asked(period)[-1] == today
        assert asked(period)[0] <= today
    whole = asked(cost_explorer.open_period(today, None))
    months = {(day.year, day.month) for day in whole}
    assert len(months) == 14
    assert whole[0].day == 1


def test_t6_and_t8_costs_that_arrive_late_are_found_and_closed_days_stay_as_they_are(
    running: DemoEndpoint, proxy: FaultProxy, tmp_path: Path
) -> None:
    """A cache of costs never expired; services that report a day or more late were never seen."""
    desk = Desk(tmp_path / "home", running, proxy)
    october, november = (Period.of_days(date(2026, m, 1), date(2026, m + 1, 1)) for m in (10, 11))
    try:
        for accounts in (1, 3):
            proxy.faults.clear()
            desk.answer_a_dollar_a_day(*ACCOUNTS[:accounts])
            desk.refresh(how=Manner(costs_again=True))
            assert desk.total(CostTable.SERVICE, october) == 31
            assert desk.total(CostTable.SERVICE, november) == 24 * accounts
    finally:
        desk.close()


def test_c1_every_page_of_costs_and_instances_is_read(running: DemoEndpoint, connector: Connector) -> None:
    """Neither instances nor costs were paged: all that was not on the first page was missing."""
    bill, truth = running.company.bill, running.company.instances_in(VIRGINIA.account_id, VIRGINIA.region)
    running.change(cost_groups_page=5, instances_page=5)
    try:
        reading, _ = cost_explorer.read(connector, PAYER, WEEK, CostTable.SERVICE, "USD")
        instances, _ = ec2_instances.read(connector, VIRGINIA)
    finally:
        running.change(cost_groups_page=5000, instances_page=1000)
    assert reading
    total = sum((r.amounts[CostMetric.UNBLENDED] for r in reading.records), Decimal(0))
    assert total == bill.total(WEEK, CostMetric.UNBLENDED)
    assert len(instances) == len(truth)


def test_c2_and_m3_a_request_never_asks_for_more_datapoints_than_one_answer_holds() -> None:
    """500 queries of 336 hours are 168,000 datapoints: the rest was dropped; 60 days crashed."""
    fleet = [instance(instance_id=f"i-{number}") for number in range(1000)]
    for days in (14, 60, 61):
        period = last_hours(days * 24)
        sizes = [4 * len(batch) * period.hours for batch in cloudwatch.batches(fleet, period)]
        assert max(sizes) <= 100_800
        assert sum(sizes) == 1000 * 4 * period.hours


REFUSALS = [
    ("AccessDeniedException", 400),
    ("UnauthorizedOperation", 403),
    ("InternalFailure", 400),
    ("SomethingNew", 418),
    ("ValidationException", 400),
    ("DataUnavailableException", 400),
    ("OptInRequired", 403),
    ("ExpiredTokenException", 400),
    ("SignatureDoesNotMatch", 403),
]


@pytest.mark.parametrize(("code", "status"), REFUSALS)
@pytest.mark.parametrize("operation", ["GetCostAndUsage", "DescribeInstances", "GetMetricData"])
def test_c3_c4_and_c7_a_failed_call_is_a_gap_never_zero_and_never_nothing_to_save(
    connector: Connector, proxy: FaultProxy, operation: str, code: str, status: int
) -> None:
    """A failed cost call was shown as $0; any exception became an empty list, and so "no waste"."""
    proxy.refuse(operation, code, status=status)

    def read() -> Reading[Any]:
        if operation == "GetCostAndUsage":
            costs, gaps = cost_explorer.read(connector, PAYER, WEEK, CostTable.CONTROL, None)
            return Reading(costs, 0, gaps)
        if operation == "DescribeInstances":
            instances, gaps = ec2_instances.read(connector, VIRGINIA)
            return Reading(instances, 0, gaps)
        usage, gaps = read_load(connector, VIRGINIA, (instance(),), last_hours(24))
        return Reading(usage, 0, gaps)

    with Crew(lambda _: None) as crew:
        unit = Unit(operation, VIRGINIA.account_id, VIRGINIA.region, read)
        assert crew.results(crew.start([unit])) == []
    (gap,) = crew.gaps
    assert (gap.source, gap.account_id, gap.region) == (operation, VIRGINIA.account_id, VIRGINIA.region)
    assert gap.reason
    assert gap.remedy


def test_c6_hours_without_a_datapoint_are_not_filled_with_zero() -> None:
    """Missing CloudWatch data became ``[0]``, and so an idle instance."""
    period = last_hours(3)
    page = {"MetricDataResults": [metric_result("q0_0", list(hourly(period.start, [None, 4.0, None])))]}
    assert cloudwatch.parse([page], period).hours["q0_0"] == [None, 4.0, None]


def test_c8_credits_are_a_line_of_their_own_so_that_the_net_cannot_hide_the_cost() -> None:
    """Net cost was the default: an account with credits saw $0 and no reason."""
    page = cost_page(cost_day("2026-11-10", group("80", "Usage", PAYER), group("-80", "Credit", PAYER)))
    records = cost_explorer.parse([page], CostTable.RECORD_TYPE).records
    assert [(r.key, r.amounts[CostMetric.UNBLENDED]) for r in records] == [
        ("Usage", Decimal(80)),
        ("Credit", Decimal(-80)),
    ]


def test_c9_services_and_record_types_add_up_to_awss_own_total_to_the_last_digit(
    connector: Connector,
) -> None:
    """Totals did not match the bill, by 28 % or by a factor of two."""
    for metric in CostMetric:
        totals = set()
        for table in BASE_TABLES:
            reading, _ = cost_explorer.read(connector, PAYER, WEEK, table, "USD")
            assert reading
            totals.add(sum((record.amounts[metric] for record in reading.records), Decimal(0)))
        assert len(totals) == 1


def test_c10_an_account_without_any_cost_or_instance_is_read_without_a_gap() -> None:
    """Views failed for accounts that never used a service."""
    answer = cost_explorer.parse([cost_page(cost_day("2026-11-10"))], CostTable.SERVICE)
    assert answer.records == ()
    assert answer.days_answered == {date(2026, 11, 10)}
    assert ec2_instances.parse({"Reservations": []}, VIRGINIA) == []


def test_c12_the_regions_are_those_of_the_account_not_a_list_of_ours(
    running: DemoEndpoint, connector: Connector
) -> None:
    """One Region, or a built-in list of some, was reported as all."""
    assert connector.regions(PAYER) == running.company.enabled_regions


def test_m1_every_datapoint_counts_not_only_the_first() -> None:
    """Only the first datapoint was tested against the threshold."""
    period = last_hours(336)
    values = [0.5] * 335 + [97.0]
    page = {"MetricDataResults": [metric_result("q0_1", list(hourly(period.start, values)))]}
    assert max(value or 0.0 for value in cloudwatch.parse([page], period).hours["q0_1"]) == 97.0


def test_m5_and_m15_network_is_asked_for_and_kept_as_bytes_of_the_hour() -> None:
    """A sum of five minutes was divided by 60 seconds; bytes were compared with megabytes."""
    network = [series for series in cloudwatch.SERIES if series.field.startswith("network")]
    assert {(series.metric, series.statistic) for series in network} == {
        ("NetworkIn", "Sum"),
        ("NetworkOut", "Sum"),
    }
    period = last_hours(1)
    page = {
        "MetricDataResults": [metric_result(f"q0_{n}", [(period.start.timestamp(), 3.6e6)]) for n in range(4)]
    }
    found = utilizations([instance()], cloudwatch.parse([page], period), period)
    assert found[instance().arn].network_in == (3.6e6,)


def test_m7_the_peak_is_cloudwatchs_maximum_not_the_highest_average(connector: Connector) -> None:
    """The peak was the highest hourly average: a busy five minutes in a quiet hour went unseen."""
    instances, _ = ec2_instances.read(connector, VIRGINIA)
    found, _ = read_load(connector, VIRGINIA, instances[:20], cloudwatch.window(NOW, 7))
    peaks = [
        max(v for v in usage.cpu_maximum if v is not None)
        - max(v for v in usage.cpu_average if v is not None)
        for usage in found.values()
        if any(value is not None for value in usage.cpu_average)
    ]
    assert peaks
    assert all(difference > 0 for difference in peaks)


def test_r1_a_refresh_of_closed_days_costs_three_requests_and_no_instance_costs_one(
    connector: Connector, proxy: FaultProxy
) -> None:
    """71 Cost Explorer requests a day cost $24 a month, unnoticed."""
    for table in BASE_TABLES:
        cost_explorer.read(connector, PAYER, WEEK, table, "USD")
    instances, _ = ec2_instances.read(connector, VIRGINIA)
    window = cloudwatch.window(NOW, 14)
    for batch in cloudwatch.batches(instances, window):
        read_load(connector, VIRGINIA, batch, window)
    assert proxy.count("GetCostAndUsage") == 3
    assert proxy.count("DescribeInstances") == 1
    assert proxy.count("GetMetricData") == 1 < len(instances)
    prices = {cost.operation: cost.high for cost in connector.meter.operations()}
    assert prices["GetCostAndUsage"] == Decimal("0.03")


@pytest.mark.parametrize("days", [1, 14, 60])
def test_r2_no_more_hours_are_asked_for_than_are_judged(days: int) -> None:
    """A year of five statistics was read for a control of 30 days."""
    period = cloudwatch.window(datetime(2026, 11, 24, 12, 34, tzinfo=UTC), days)
    assert period.hours == 24 * days
    assert len(cloudwatch.queries([instance()])) == 4
