"""NAT gateways with little traffic: a hint, with the free ways that their route tables lack."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from factories import NOW, context, days_of, flat_days, gap
from network_factories import endpoint, nat_gateway, route_table
from plainbill.analyzer.checks.nat_gateway_low_traffic import NatGatewayLowTraffic
from plainbill.analyzer.nat_traffic import BYTES_BACK, BYTES_OUT
from plainbill.model.findings import Confidence, Ok, Unknown, Verdict, Waste
from plainbill.model.metrics import Series
from plainbill.model.resources import Resource
from plainbill.model.resources.vpc import NatGateway, RouteTable, VpcEndpoint

GB = 1e9
ROUTED = route_table(nat_gateway_ids=("nat-1",))
S3 = endpoint(
    endpoint_id="vpce-s3",
    endpoint_type="Gateway",
    service_name="com.amazonaws.us-east-1.s3",
    subnet_ids=(),
    route_table_ids=("rtb-1",),
)
DYNAMODB = endpoint(
    endpoint_id="vpce-ddb",
    endpoint_type="Gateway",
    service_name="com.amazonaws.us-east-1.dynamodb",
    subnet_ids=(),
    route_table_ids=("rtb-1",),
)


def judge(
    out: Series | None,
    back: Series | None,
    *beside: Resource,
    gateway: NatGateway | None = None,
    **changes: Any,
) -> Verdict:
    gateway = gateway or nat_gateway()
    read = {BYTES_OUT: out, BYTES_BACK: back}
    series = {(gateway.arn, metric): values for metric, values in read.items() if values is not None}
    known = context(gateway, *beside, asked=[RouteTable, VpcEndpoint], series=series, **changes)
    return NatGatewayLowTraffic().evaluate(gateway, known)


def test_a_gigabyte_a_day_both_ways_together_acquits() -> None:
    assert isinstance(judge(flat_days(0.4 * GB), flat_days(0.6 * GB), ROUTED), Ok)


def test_one_busy_day_of_the_look_back_acquits_by_its_average() -> None:
    assert isinstance(judge(days_of(*[0.0] * 13, 14 * GB), flat_days(0.0, 14), ROUTED), Ok)


def test_seen_traffic_acquits_also_where_days_are_missing() -> None:
    assert isinstance(judge(days_of(*[None] * 10, *[9 * GB] * 4), None, ROUTED), Ok)


def test_one_without_any_traffic_is_another_check_s() -> None:
    assert isinstance(judge(flat_days(0.0), flat_days(0.0), ROUTED), Ok)


def test_one_that_is_silent_since_lately_only_is_little_traffic() -> None:
    lately = days_of(GB, *[0.0] * 20)
    assert isinstance(judge(lately, flat_days(0.0, 21), ROUTED), Waste)


@pytest.mark.parametrize("state", ["pending", "failed", "deleting", "deleted"])
def test_one_that_is_not_in_service_is_left_alone(state: str) -> None:
    assert isinstance(judge(flat_days(1.0), flat_days(1.0), gateway=nat_gateway(state=state)), Ok)


@pytest.mark.parametrize(
    ("out", "back"),
    [
        pytest.param(None, flat_days(1.0), id="one way was not read"),
        pytest.param(flat_days(1.0, 13), flat_days(1.0, 13), id="13 days"),
        pytest.param(flat_days(None), flat_days(1.0), id="no datapoint"),
        pytest.param(days_of(*[None] * 3, *[1.0] * 11), flat_days(1.0), id="11 of 14 days"),
    ],
)
def test_what_was_not_measured_is_not_little(out: Series | None, back: Series | None) -> None:
    assert isinstance(judge(out, back, ROUTED), Unknown)


def test_a_young_or_a_regional_one_is_not_judged() -> None:
    young = nat_gateway(created_at=NOW - timedelta(days=13))
    assert isinstance(judge(flat_days(1.0), flat_days(1.0), gateway=young), Unknown)
    assert isinstance(judge(flat_days(1.0), flat_days(1.0), gateway=nat_gateway(is_regional=True)), Unknown)


@pytest.mark.parametrize("source", ["route_tables", "vpc_endpoints"])
def test_without_route_tables_or_endpoints_nothing_is_said(source: str) -> None:
    verdict = judge(flat_days(1.0), flat_days(1.0), ROUTED, gaps=[gap(source=source)])
    assert isinstance(verdict, Unknown)


def test_little_traffic_is_a_hint_of_the_hours_and_the_traffic_stays() -> None:
    found = judge(flat_days(0.1 * GB), flat_days(0.2 * GB), ROUTED, S3)
    assert isinstance(found, Waste)
    assert found.confidence is Confidence.REVIEW
    assert found.monthly_saving is not None
    assert found.monthly_cost is not None
    assert found.monthly_saving.amount == Decimal("32.85")  # $0.045 x 730 h
    # 0.3 GB a day are 0.27940 GiB, 8.4984 GiB in 30.4167 days, $0.045 each
    assert found.monthly_cost.amount.quantize(Decimal("0.0001")) == Decimal("33.2324")
    assert found.reason == (
        "0.30 GB a day on average in 14 days (less than 1 is little); "
        "the way to DynamoDB leads through it, without a free gateway endpoint."
    )


@pytest.mark.parametrize(
    ("beside", "missing"),
    [
        pytest.param((ROUTED, S3, DYNAMODB), (), id="both are there"),
        pytest.param((ROUTED,), ("S3 and DynamoDB",), id="none is there"),
        pytest.param(
            (ROUTED, S3, DYNAMODB, route_table(route_table_id="rtb-2", nat_gateway_ids=("nat-1",))),
            ("S3 and DynamoDB",),
            id="one of two tables is without",
        ),
        pytest.param(
            (ROUTED, endpoint(service_name="com.amazonaws.us-east-1.s3", route_table_ids=("rtb-1",))),
            ("S3 and DynamoDB",),
            id="an interface endpoint is not free",
        ),
        pytest.param((route_table(),), (), id="no table leads to it"),
    ],
)
def test_only_the_free_ways_that_are_not_there_yet_are_named(
    beside: tuple[Resource, ...], missing: tuple[str, ...]
) -> None:
    found = judge(flat_days(1000.0), flat_days(1000.0), *beside)
    assert isinstance(found, Waste)
    assert ("gateway endpoint" in found.reason) == bool(missing)
    assert all(name in found.reason for name in missing)
