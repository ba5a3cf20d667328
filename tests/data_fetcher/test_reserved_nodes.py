"""Reservations of RDS, ElastiCache, OpenSearch and Redshift as each of them describes them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from plainbill.aws_connector import Scope
from plainbill.data_fetcher.elasticache_reserved_nodes import ElastiCacheReservedNodes
from plainbill.data_fetcher.opensearch_reserved_instances import OpenSearchReservedInstances
from plainbill.data_fetcher.rds_reserved_instances import RdsReservedInstances
from plainbill.data_fetcher.redshift_reserved_nodes import RedshiftReservedNodes
from plainbill.data_fetcher.reserved_nodes import ReservedNodesCollector
from plainbill.model.resources.reserved_nodes import ReservedNodes

SCOPE = Scope("111122223333", "us-east-1")
TERMS: dict[str, Any] = {"StartTime": "2026-03-02T08:00:00.000Z", "Duration": 31_536_000, "State": "active"}
LEAST: dict[type[ReservedNodesCollector], dict[str, Any]] = {
    RdsReservedInstances: {"ReservedDBInstanceId": "it", "DBInstanceClass": "type", "DBInstanceCount": 2},
    ElastiCacheReservedNodes: {"ReservedCacheNodeId": "it", "CacheNodeType": "type", "CacheNodeCount": 2},
    OpenSearchReservedInstances: {"ReservedInstanceId": "it", "InstanceType": "type", "InstanceCount": 2},
    RedshiftReservedNodes: {"ReservedNodeId": "it", "NodeType": "type", "NodeCount": 2},
}
each = pytest.mark.parametrize("collector", LEAST)


def parsed(collector: type[ReservedNodesCollector], **more: Any) -> list[ReservedNodes]:
    return list(collector.parse({collector.answered: [LEAST[collector] | TERMS | more]}, SCOPE))


@each
def test_no_reservations_are_an_empty_page(collector: type[ReservedNodesCollector]) -> None:
    assert list(collector.parse({}, SCOPE)) == []


@each
@pytest.mark.parametrize("state", ["retired", "payment-failed"])
def test_what_is_over_or_never_was_commits_nobody(
    collector: type[ReservedNodesCollector], state: str
) -> None:
    assert parsed(collector, State=state) == []


@each
def test_what_aws_does_not_say_is_not_known_and_never_zero(collector: type[ReservedNodesCollector]) -> None:
    (one,) = parsed(collector)
    assert (one.hourly, one.upfront, one.payment, one.currency, one.product, one.is_multi_az) == (None,) * 6


@each
def test_its_end_follows_from_its_start_and_how_long_it_lasts(
    collector: type[ReservedNodesCollector],
) -> None:
    (one,) = parsed(collector, State="payment-pending")
    assert (one.reservation_id, one.node_type, one.count) == ("it", "type", 2)
    assert one.end_at == datetime(2027, 3, 2, 8, tzinfo=UTC)
    assert one.arn.startswith("arn:aws:")
    assert one.arn.endswith("it")


@each
def test_the_price_is_the_recurring_charge_with_that_of_used_hours(
    collector: type[ReservedNodesCollector],
) -> None:
    charges = [
        {"RecurringChargeAmount": 0.121, "RecurringChargeFrequency": "Hourly"},
        {"RecurringChargeAmount": 9.0, "RecurringChargeFrequency": "Monthly"},
    ]
    (one,) = parsed(collector, RecurringCharges=charges, UsagePrice=0.01, FixedPrice=1102.0)
    assert (one.hourly, one.upfront) == ("0.131", "1102.00")


def test_payment_is_in_the_same_words_everywhere() -> None:
    (rds,) = parsed(RdsReservedInstances, OfferingType="No Upfront", MultiAZ=True)
    (search,) = parsed(OpenSearchReservedInstances, PaymentOption="NO_UPFRONT")
    assert rds.payment == search.payment == "No Upfront"
    assert rds.is_multi_az
