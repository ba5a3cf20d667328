"""Stopped databases: the storage is the waste, unless it is stopped at night only."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from databases_factories import cluster, database, member
from factories import NOW, context, days_of, flat_days, gap
from plainbill.analyzer.checks.rds_instance_stopped import RdsInstanceStopped
from plainbill.analyzer.rds_costs import CONNECTIONS
from plainbill.model.findings import Ok, Unknown, Verdict, Waste
from plainbill.model.inventory import Gap
from plainbill.model.metrics import Series
from plainbill.model.resources import Resource
from plainbill.model.resources.rds import RdsCluster, RdsInstance

STOPPED = database(status="stopped", restarts_at=datetime(2026, 11, 28, 9, 30, tzinfo=UTC))
NEVER_RAN = flat_days(None)


def judge(
    one: RdsInstance, connections: Series | None, *others: Resource, gaps: tuple[Gap, ...] = ()
) -> Verdict:
    series = {} if connections is None else {(one.arn, CONNECTIONS): connections}
    here = context(one, *others, series=series, gaps=gaps, asked=[RdsInstance, RdsCluster])
    return RdsInstanceStopped().evaluate(one, here)


@pytest.mark.parametrize(
    ("one", "connections"),
    [
        pytest.param(database(), flat_days(0), id="running"),
        pytest.param(database(status="stopping"), flat_days(0), id="being stopped"),
        pytest.param(STOPPED, days_of(*[None] * 40, *[5.0] * 23), id="stopped at night only"),
        pytest.param(STOPPED, days_of(*[None] * 34, 1.0, *[None] * 28), id="used on one day"),
    ],
)
def test_what_runs_or_is_used_by_day_is_left_alone(one: RdsInstance, connections: Series) -> None:
    assert isinstance(judge(one, connections), Ok)


def test_without_connections_or_age_nothing_is_said() -> None:
    assert isinstance(judge(STOPPED, None), Unknown)
    young = database(status="stopped", created_at=NOW - timedelta(days=5))
    assert isinstance(judge(young, NEVER_RAN), Unknown)


def test_storage_is_billed_while_it_is_stopped() -> None:
    verdict = judge(STOPPED, days_of(*[None] * 54, 0.0, *[None] * 6, 0.0, None))
    assert isinstance(verdict, Waste)
    assert verdict.monthly_cost is not None
    assert verdict.monthly_saving is not None
    assert verdict.monthly_cost.amount == Decimal("11.50")  # 100 GiB of gp2 at $0.115
    assert verdict.monthly_saving.amount == Decimal("2.00")  # less a snapshot of at most 100 GiB at $0.095
    assert verdict.reason == (
        "Stopped since 2026-11-21, its 100 GiB are billed all the same. It ran on 2 of the last 30 days, "
        "and nobody connected."
    )


def test_a_price_that_is_not_known_is_not_zero() -> None:
    verdict = judge(database(status="stopped", storage_type="standard"), NEVER_RAN)
    assert isinstance(verdict, Waste)
    assert (verdict.monthly_saving, verdict.monthly_cost) == (None, None)


def test_the_storage_of_a_cluster_is_looked_at_once() -> None:
    writer, reader = (member(number, status="stopped") for number in (1, 2))
    found = judge(writer, NEVER_RAN, reader, cluster(status="stopped"))
    assert isinstance(found, Waste)
    assert found.monthly_saving is None
    assert isinstance(judge(reader, NEVER_RAN, writer, cluster(status="stopped")), Ok)


def test_without_its_cluster_nothing_is_said_of_a_member() -> None:
    writer = member(1, status="stopped")
    assert isinstance(judge(writer, NEVER_RAN), Unknown)
    assert isinstance(judge(writer, NEVER_RAN, cluster(), gaps=(gap(source="rds_clusters"),)), Unknown)


def test_metrics_are_read_of_stopped_ones_only() -> None:
    assert RdsInstanceStopped().measures(STOPPED)
    assert not RdsInstanceStopped().measures(database())
