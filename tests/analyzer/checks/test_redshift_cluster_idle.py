"""Idle warehouses: no connection on any day while it ran."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from databases_factories import warehouse
from factories import NOW, context, days_of, flat_days
from plainbill.analyzer.checks.redshift_cluster_idle import CONNECTIONS, RedshiftClusterIdle
from plainbill.model.findings import Confidence, Ok, Unknown, Verdict, Waste
from plainbill.model.metrics import Series
from plainbill.model.resources.redshift import RedshiftCluster

NOBODY = flat_days(0)


def judge(one: RedshiftCluster, connections: Series | None = NOBODY) -> Verdict:
    series = {} if connections is None else {(one.arn, CONNECTIONS): connections}
    return RedshiftClusterIdle().evaluate(one, context(one, series=series))


@pytest.mark.parametrize("status", ["paused", "pausing"])
def test_a_paused_one_is_left_alone(status: str) -> None:
    assert isinstance(judge(warehouse(status=status)), Ok)


@pytest.mark.parametrize("connections", [flat_days(20), days_of(*[0] * 49, 1, *[0] * 13)])
def test_one_connection_in_the_window_is_use(connections: Series) -> None:
    assert isinstance(judge(warehouse(), connections), Ok)


@pytest.mark.parametrize(
    "connections", [None, flat_days(0, days=13), flat_days(None), days_of(*[0] * 55, None, *[0] * 7)]
)
def test_what_was_not_measured_every_day_is_unknown(connections: Series | None) -> None:
    assert isinstance(judge(warehouse(), connections), Unknown)


def test_a_young_one_is_unknown() -> None:
    assert isinstance(judge(warehouse(created_at=NOW - timedelta(days=13))), Unknown)


def test_its_nodes_are_the_saving() -> None:
    verdict = judge(warehouse())
    assert isinstance(verdict, Waste)
    assert verdict.confidence is Confidence.HIGH
    assert verdict.monthly_saving is not None
    assert verdict.monthly_saving.amount == Decimal("365.00")  # 2 x 730 h x $0.25
    assert verdict.reason == (
        "0 connections in 14 days (every day was measured); its 2 dc2.large nodes are billed by the hour."
    )


def test_data_shares_make_managed_storage_less_sure_and_it_stays_billed() -> None:
    verdict = judge(warehouse(node_type="ra3.4xlarge", multi_az=True))
    assert isinstance(verdict, Waste)
    assert verdict.confidence is Confidence.MEDIUM
    assert verdict.monthly_saving is not None
    assert verdict.monthly_saving.amount == Decimal("9519.20")  # 2 x 2 x 730 h x $3.26
    assert "managed storage" in verdict.keeps_billing[0]


def test_a_price_that_is_not_held_is_not_zero() -> None:
    verdict = judge(warehouse(region="eu-west-1"))
    assert isinstance(verdict, Waste)
    assert verdict.monthly_saving is None


def test_metrics_of_a_paused_one_are_not_read() -> None:
    assert RedshiftClusterIdle().measures(warehouse())
    assert not RedshiftClusterIdle().measures(warehouse(status="paused"))
