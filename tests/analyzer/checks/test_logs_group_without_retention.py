"""A log group that keeps everything is flagged, and only what is surely old counts as saved."""

from __future__ import annotations

from decimal import Decimal

import pytest

from apps_factories import GIB, days_ago, log_group
from factories import context, flat_days, gap
from plainbill.analyzer.checks.logs_group_without_retention import LogsGroupWithoutRetention
from plainbill.model.findings import Confidence, Ok, Unknown, Verdict, Waste
from plainbill.model.metrics import Series
from plainbill.model.resources.logs import LogGroup

CHECK = LogsGroupWithoutRetention()
(INCOMING,) = CHECK.metrics


def judge(group: LogGroup, incoming: Series | None = None, other: Series | None = None) -> Verdict:
    neighbour = log_group(log_group_name="/app/other")
    measured = {(group.arn, INCOMING): incoming, (neighbour.arn, INCOMING): other}
    series = {key: values for key, values in measured.items() if values is not None}
    return CHECK.evaluate(group, context(group, neighbour, series=series))


@pytest.mark.parametrize(
    "group",
    [
        pytest.param(log_group(retention_days=3653), id="kept for ten years, but not for ever"),
        pytest.param(log_group(log_class="DELIVERY"), id="of a class that keeps two days"),
        pytest.param(log_group(stored_bytes=0), id="empty"),
        pytest.param(log_group(stored_bytes=GIB - 1), id="less than a GiB"),
    ],
)
def test_a_group_that_deletes_or_holds_next_to_nothing_is_left_alone(group: LogGroup) -> None:
    assert isinstance(judge(group), Ok)


def test_a_group_younger_than_what_would_be_kept_is_not_judged() -> None:
    assert isinstance(judge(log_group(created_at=days_ago(29)), flat_days(1.0)), Unknown)


def test_what_came_in_lately_stays_and_all_else_is_saved() -> None:
    found = judge(log_group(), flat_days(float(GIB)))  # 100 GiB, 30 of them of the last 30 days
    assert isinstance(found, Waste)
    assert found.monthly_cost is not None
    assert found.monthly_saving is not None
    assert found.monthly_cost.amount == Decimal("3.00")
    assert found.monthly_saving.amount == Decimal("2.10")
    assert found.confidence is Confidence.MEDIUM
    assert "taking in new logs" in found.keeps_billing
    assert "100.0 GiB stored and no retention; 30.0 GiB came in" in found.reason


def test_more_that_came_in_than_is_stored_leaves_the_saving_unknown_never_negative() -> None:
    found = judge(log_group(), flat_days(5.0 * GIB))  # before it is compressed
    assert isinstance(found, Waste)
    assert found.monthly_saving is None


def test_silence_is_zero_only_where_cloudwatch_publishes_the_metric_of_another_group() -> None:
    proven = judge(log_group(), flat_days(None), other=flat_days(1.0))
    assert isinstance(proven, Waste)
    assert proven.monthly_saving == proven.monthly_cost
    for unproven in (judge(log_group(), flat_days(None)), judge(log_group())):
        assert isinstance(unproven, Waste)
        assert unproven.monthly_saving is None


def test_a_neighbour_in_another_region_proves_nothing() -> None:
    group, far = log_group(), log_group(log_group_name="/app/far", region="eu-west-1")
    series = {(group.arn, INCOMING): flat_days(None), (far.arn, INCOMING): flat_days(1.0)}
    found = CHECK.evaluate(group, context(group, far, series=series))
    assert isinstance(found, Waste)
    assert found.monthly_saving is None


def test_where_the_groups_were_not_all_read_silence_proves_nothing() -> None:
    group, near = log_group(), log_group(log_group_name="/app/near")
    series = {(group.arn, INCOMING): flat_days(None), (near.arn, INCOMING): flat_days(1.0)}
    found = CHECK.evaluate(group, context(group, near, series=series, gaps=[gap(source="log_groups")]))
    assert isinstance(found, Waste)
    assert found.monthly_saving is None


def test_a_region_without_a_price_has_none() -> None:
    found = judge(log_group(region="sa-east-1"), flat_days(1.0))
    assert isinstance(found, Waste)
    assert found.monthly_cost is None
    assert found.monthly_saving is None
