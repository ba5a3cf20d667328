"""Idle databases: nobody connected on any day; agents, replicas, clusters and standbys are told apart."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

import pytest

from databases_factories import cluster, database, member
from factories import NOW, context, days_of, flat_days, gap
from plainbill.analyzer.checks.rds_instance_idle import READS, WRITES, RdsInstanceIdle
from plainbill.analyzer.rds_costs import CONNECTIONS
from plainbill.analyzer.waste_check import Context
from plainbill.model.findings import Confidence, Ok, Unknown, Verdict, Waste
from plainbill.model.inventory import Gap
from plainbill.model.metrics import Metric, Series
from plainbill.model.resources import Resource
from plainbill.model.resources.rds import RdsCluster, RdsInstance

QUIET = {CONNECTIONS: flat_days(0), READS: flat_days(0.1), WRITES: flat_days(1.2)}


def seen(*databases: RdsInstance, **changes: Series | None) -> dict[tuple[str, Metric], Series]:
    """The same metrics of every database; ``connections=`` and the like replace one, None leaves it out."""
    names = {"connections": CONNECTIONS, "reads": READS, "writes": WRITES}
    metrics: Mapping[Metric, Series | None] = QUIET | {names[name]: one for name, one in changes.items()}
    return {
        (one.arn, metric): series
        for one in databases
        for metric, series in metrics.items()
        if series is not None
    }


def world(
    *resources: Resource, series: Mapping[tuple[str, Metric], Series], gaps: tuple[Gap, ...] = ()
) -> Context:
    return context(*resources, series=series, gaps=gaps, asked=[RdsInstance, RdsCluster])


def judge(one: RdsInstance, **changes: Series | None) -> Verdict:
    return RdsInstanceIdle().evaluate(one, world(one, series=seen(one, **changes)))


@pytest.mark.parametrize(
    "left_alone",
    [
        pytest.param(database(replica_of="orders-primary"), id="a read replica"),
        pytest.param(
            database(replica_of="arn:aws:rds:eu-west-1:111122223333:db:orders"), id="of another Region"
        ),
        pytest.param(database(replicas=("orders-copy",)), id="one that replicas depend on"),
        pytest.param(database(db_class="db.serverless"), id="serverless"),
        pytest.param(database(status="stopped"), id="stopped"),
    ],
)
def test_what_has_a_reason_to_be_without_clients_is_left_alone(left_alone: RdsInstance) -> None:
    assert isinstance(judge(left_alone), Ok)


@pytest.mark.parametrize(
    "connections",
    [
        pytest.param(flat_days(12), id="busy"),
        pytest.param(days_of(*[0] * 56, 2, *[0] * 6), id="two clients on one day of the 14"),
        pytest.param(days_of(*[0] * 49, 3, *[0] * 13), id="on the first day of the window"),
    ],
)
def test_one_day_with_clients_in_the_window_is_use(connections: Series) -> None:
    assert isinstance(judge(database(), connections=connections), Ok)


def test_a_day_before_the_window_does_not_count() -> None:
    assert isinstance(judge(database(), connections=days_of(*[0] * 48, 30, *[0] * 14)), Waste)


def test_replication_from_outside_is_work_without_a_client() -> None:
    verdict = judge(database(), writes=flat_days(400.0))
    assert isinstance(verdict, Ok)
    assert "400" in verdict.reason


@pytest.mark.parametrize(
    "connections",
    [
        pytest.param(None, id="not read"),
        pytest.param(flat_days(0, days=13), id="13 days stored"),
        pytest.param(flat_days(None), id="no datapoint at all"),
        pytest.param(days_of(*[0] * 62, None), id="one day of the window without data"),
    ],
)
def test_a_metric_that_is_not_wholly_known_is_not_zero(connections: Series | None) -> None:
    assert isinstance(judge(database(), connections=connections), Unknown)


def test_a_database_younger_than_the_window_is_not_judged() -> None:
    assert isinstance(judge(database(created_at=NOW - timedelta(days=13))), Unknown)
    assert isinstance(judge(database(created_at=None)), Unknown)


def test_an_idle_database_costs_its_hours_and_storage_less_the_final_snapshot() -> None:
    verdict = judge(database())
    assert isinstance(verdict, Waste)
    assert verdict.confidence is Confidence.HIGH
    assert verdict.monthly_saving is not None
    assert verdict.monthly_cost is not None
    # 730 h x $0.171 = $124.83; 100 GiB x $0.115 = $11.50; a snapshot of at most 100 GiB x $0.095 = $9.50
    assert verdict.monthly_cost.amount == Decimal("136.33")
    assert verdict.monthly_saving.amount == Decimal("126.83")
    assert verdict.reason == (
        "Its highest number of connections in 14 days was 0 (allowed: 0; every day was measured)."
    )


def test_a_standby_is_a_part_of_what_is_billed() -> None:
    verdict = judge(database(db_class="db.t3.large", multi_az=True))
    assert isinstance(verdict, Waste)
    assert verdict.monthly_saving is not None
    # 730 h x $0.272 = $198.56; storage 100 GiB x $0.23 = $23.00 less $9.50
    assert verdict.monthly_saving.amount == Decimal("212.06")


@pytest.mark.parametrize(
    "unpriced",
    [
        pytest.param(database(region="eu-west-1"), id="a Region without prices"),
        pytest.param(database(db_class="db.m5.large.tpc2.mem2x"), id="a class that is not held"),
        pytest.param(
            database(engine="oracle-ee", licence_model="marketplace-license"), id="a licence not known"
        ),
    ],
)
def test_an_unknown_price_is_not_zero(unpriced: RdsInstance) -> None:
    verdict = judge(unpriced)
    assert isinstance(verdict, Waste)
    assert verdict.monthly_saving is None
    assert verdict.monthly_cost is None


def test_one_connection_all_day_may_be_a_monitoring_agent_and_is_to_be_reviewed() -> None:
    verdict = judge(database(), connections=flat_days(1))
    assert isinstance(verdict, Waste)
    assert verdict.confidence is Confidence.REVIEW
    assert any("agent" in doubt for doubt in verdict.doubts)


def test_without_reads_and_writes_it_is_said_with_less_confidence() -> None:
    verdict = judge(database(), reads=None)
    assert isinstance(verdict, Waste)
    assert verdict.confidence is Confidence.MEDIUM


def members(writer: Series, reader: Series) -> dict[tuple[str, Metric], Series]:
    return seen(member(1), connections=writer) | seen(member(2), connections=reader)


def test_a_reader_without_clients_stands_by_for_a_writer_that_has_some() -> None:
    here = world(member(1), member(2), cluster(), series=members(flat_days(9), flat_days(0)))
    assert isinstance(RdsInstanceIdle().evaluate(member(2), here), Ok)


def test_a_cluster_nobody_connects_to_is_idle_with_each_of_its_members() -> None:
    here = world(member(1), member(2), cluster(), series=members(flat_days(0), flat_days(0)))
    found = [RdsInstanceIdle().evaluate(member(number), here) for number in (1, 2)]
    assert [isinstance(one, Waste) and one.monthly_saving and one.monthly_saving.amount for one in found] == [
        Decimal("59.86"),  # 730 h x $0.082; the storage is the cluster's
        Decimal("59.86"),
    ]


@pytest.mark.parametrize(
    "abroad",
    [
        pytest.param(cluster(global_cluster_id="world"), id="a member of a global database"),
        pytest.param(cluster(replica_of="arn:aws:rds:eu-west-1:111122223333:cluster:shop"), id="a replica"),
    ],
)
def test_a_cluster_that_stands_by_for_another_region_is_left_alone(abroad: RdsCluster) -> None:
    here = world(member(1), member(2), abroad, series=members(flat_days(0), flat_days(0)))
    assert isinstance(RdsInstanceIdle().evaluate(member(1), here), Ok)


@pytest.mark.parametrize("source", ["rds_clusters", "rds_instances"])
def test_without_all_clusters_and_members_nothing_is_said_of_a_member(source: str) -> None:
    quiet = members(flat_days(0), flat_days(0))
    here = world(member(1), member(2), cluster(), series=quiet, gaps=(gap(source=source),))
    assert isinstance(RdsInstanceIdle().evaluate(member(1), here), Unknown)
    gone = world(member(1), member(2), series=quiet)
    assert isinstance(RdsInstanceIdle().evaluate(member(1), gone), Unknown)


def test_one_member_that_was_not_measured_leaves_all_undecided() -> None:
    here = world(member(1), member(2), cluster(), series=seen(member(1)))
    assert isinstance(RdsInstanceIdle().evaluate(member(1), here), Unknown)


def test_where_storage_is_optimized_for_io_the_plain_price_by_the_hour_is_not_used() -> None:
    dear = member(1, storage_type="aurora-iopt1", cluster_id=None)
    verdict = judge(dear)
    assert isinstance(verdict, Waste)
    assert verdict.monthly_saving is None


def test_metrics_are_read_only_where_they_decide() -> None:
    check = RdsInstanceIdle()
    assert check.measures(database())
    assert check.measures(member(2, db_class="db.serverless"))  # the others of its cluster need it
    assert not check.measures(database(db_class="db.serverless"))
    assert not check.measures(database(status="stopped"))
