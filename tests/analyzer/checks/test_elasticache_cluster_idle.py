"""Idle caches: no client, no command, no work, on every node of a group."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from databases_factories import cache
from factories import NOW, context, days_of, flat_days, gap
from plainbill.analyzer.checks.elasticache_cluster_idle import (
    ENGINE_CPU,
    GETS,
    NEW,
    OPEN,
    READS,
    SETS,
    WRITES,
    ElastiCacheClusterIdle,
)
from plainbill.model.findings import Confidence, Ok, Unknown, Verdict, Waste
from plainbill.model.inventory import Gap
from plainbill.model.metrics import Metric, Series
from plainbill.model.resources.elasticache import ElastiCacheCluster

REDIS = {
    NEW: flat_days(0),
    OPEN: flat_days(4),
    READS: flat_days(0),
    WRITES: flat_days(0),
    ENGINE_CPU: flat_days(0.3),
}
MEMCACHED = {NEW: flat_days(0), OPEN: flat_days(4), GETS: flat_days(0), SETS: flat_days(0)}
PRIMARY = cache(cluster_id="shop-001", replication_group="shop")
REPLICA = cache(cluster_id="shop-002", replication_group="shop")
ONE_BUSY_DAY = days_of(*[0] * 57, 3, *[0] * 5)


def judge(
    one: ElastiCacheCluster,
    *others: ElastiCacheCluster,
    changed: dict[Metric, Series | None] | None = None,
    of: ElastiCacheCluster | None = None,
    gaps: tuple[Gap, ...] = (),
) -> Verdict:
    """Judge one where all are idle but for what is ``changed`` ``of`` one of them (None: it was not read)."""
    series: dict[tuple[str, Metric], Series] = {}
    for each in (one, *others):
        known: dict[Metric, Series | None] = {**(MEMCACHED if each.engine == "memcached" else REDIS)}
        known |= (changed or {}) if each == (of or one) else {}
        series |= {(each.arn, metric): values for metric, values in known.items() if values is not None}
    here = context(one, *others, series=series, gaps=gaps, asked=[ElastiCacheCluster])
    return ElastiCacheClusterIdle().evaluate(one, here)


@pytest.mark.parametrize("metric", [NEW, READS, WRITES])
def test_one_connection_or_command_on_one_day_is_use(metric: Metric) -> None:
    assert isinstance(judge(cache(), changed={metric: ONE_BUSY_DAY}), Ok)


@pytest.mark.parametrize("metric", [NEW, GETS, SETS])
def test_memcached_counts_its_own_commands(metric: Metric) -> None:
    memcached = cache(engine="memcached")
    assert isinstance(judge(memcached, changed={metric: ONE_BUSY_DAY}), Ok)
    assert isinstance(judge(memcached), Waste)


def test_work_without_a_command_is_work() -> None:
    assert isinstance(judge(cache(), changed={ENGINE_CPU: flat_days(1.0)}), Ok)


@pytest.mark.parametrize("metric", REDIS)
@pytest.mark.parametrize(
    "values", [None, flat_days(0, days=13), flat_days(None), days_of(*[0] * 60, None, 0, 0)]
)
def test_every_metric_must_be_known_on_every_day(metric: Metric, values: Series | None) -> None:
    assert isinstance(judge(cache(), changed={metric: values}), Unknown)


def test_a_young_one_is_not_judged() -> None:
    assert isinstance(judge(cache(created_at=NOW - timedelta(days=3))), Unknown)
    assert isinstance(judge(cache(created_at=None)), Unknown)


def test_an_idle_one_costs_its_nodes() -> None:
    verdict = judge(cache(engine="memcached", nodes=3))
    assert isinstance(verdict, Waste)
    assert verdict.confidence is Confidence.HIGH
    assert verdict.monthly_saving is not None
    assert verdict.monthly_saving.amount == Decimal("341.64")  # 3 x 730 h x $0.156
    assert verdict.reason == "0 new connections and 0 commands in 14 days (every day was measured)."


def test_a_replica_nobody_reads_stands_by_for_its_primary() -> None:
    assert isinstance(judge(REPLICA, PRIMARY, changed={READS: ONE_BUSY_DAY}, of=PRIMARY), Ok)


def test_a_group_is_idle_with_all_its_nodes_and_another_group_has_no_say() -> None:
    other = cache(cluster_id="cart-001", replication_group="cart")
    verdict = judge(REPLICA, PRIMARY, other, changed={READS: ONE_BUSY_DAY}, of=other)
    assert isinstance(verdict, Waste)
    assert verdict.reason.endswith(", like all 2 nodes of shop.")
    assert verdict.monthly_saving is not None
    assert verdict.monthly_saving.amount == Decimal("113.88")
    assert any("global datastore" in doubt for doubt in verdict.doubts)


def test_without_the_whole_group_nothing_is_said() -> None:
    assert isinstance(judge(REPLICA, PRIMARY, gaps=(gap(source="elasticache_clusters"),)), Unknown)
    assert isinstance(judge(REPLICA, PRIMARY, changed={NEW: None}, of=PRIMARY), Unknown)


def test_connections_that_clients_hold_are_to_be_reviewed() -> None:
    verdict = judge(cache(), changed={OPEN: flat_days(30)})
    assert isinstance(verdict, Waste)
    assert verdict.confidence is Confidence.REVIEW


def test_a_price_that_is_not_held_is_not_zero() -> None:
    verdict = judge(cache(node_type="cache.r7g.large", engine="valkey"))
    assert isinstance(verdict, Waste)
    assert verdict.monthly_saving is None
