"""NAT gateways: any packet acquits, nothing that was not measured condemns, a route makes it a hint."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from factories import NOW, context, days_of, flat_days, gap
from network_factories import AllSeries, nat_gateway, route_table
from plainbill.analyzer.checks.nat_gateway_unused import NatGatewayUnused
from plainbill.analyzer.nat_traffic import ACTIVE_CONNECTIONS, PACKETS_BACK, PACKETS_OUT
from plainbill.model.findings import Confidence, Ok, Unknown, Verdict, Waste
from plainbill.model.metrics import Metric, Series
from plainbill.model.resources.vpc import NatGateway, RouteTable

ALL = (ACTIVE_CONNECTIONS, PACKETS_OUT, PACKETS_BACK)
SILENT = dict.fromkeys(ALL, flat_days(0.0))
ROUTED = route_table(nat_gateway_ids=("nat-1",), subnet_ids=("subnet-b",))


def of(gateway: NatGateway, series: Mapping[Metric, Series]) -> AllSeries:
    return {(gateway.arn, metric): values for metric, values in series.items()}


def judge(
    series: Mapping[Metric, Series] = SILENT,
    *tables: RouteTable,
    gateway: NatGateway | None = None,
    **changes: Any,
) -> Verdict:
    gateway = gateway or nat_gateway()
    known = context(gateway, *tables, asked=[RouteTable], series=of(gateway, series), **changes)
    return NatGatewayUnused().evaluate(gateway, known)


@pytest.mark.parametrize("metric", ALL, ids=lambda metric: metric.name)
@pytest.mark.parametrize("day", [0, 31], ids=["the first day", "the last day"])
def test_one_packet_or_connection_on_one_day_acquits(metric: Metric, day: int) -> None:
    days: list[float | None] = [0.0] * 32
    days[day] = 1.0
    assert isinstance(judge(SILENT | {metric: days_of(*days)}), Ok)


def test_traffic_acquits_also_where_most_days_are_missing() -> None:
    gappy = days_of(*[None] * 30, 5.0, None)
    assert isinstance(judge({PACKETS_OUT: gappy}), Ok)


def test_traffic_before_the_look_back_does_not_acquit() -> None:
    assert isinstance(judge(SILENT | {PACKETS_OUT: days_of(9.0, *[0.0] * 32)}), Waste)


@pytest.mark.parametrize("state", ["pending", "failed", "deleting", "deleted"])
def test_one_that_is_not_in_service_is_left_alone(state: str) -> None:
    assert isinstance(judge(gateway=nat_gateway(state=state)), Ok)


@pytest.mark.parametrize(
    ("series", "says"),
    [
        pytest.param({}, "was not read", id="nothing was read"),
        pytest.param({**SILENT, PACKETS_BACK: flat_days(None)}, "0 of 32 days", id="no datapoint at all"),
        pytest.param(
            {**SILENT, ACTIVE_CONNECTIONS: days_of(*[None] * 7, *[0.0] * 25)}, "25 of 32 days", id="78 %"
        ),
        pytest.param(dict.fromkeys(ALL, flat_days(0.0, 31)), "was not read for 32 days", id="31 days"),
    ],
)
def test_what_was_not_measured_is_not_zero(series: Mapping[Metric, Series], says: str) -> None:
    """Thrifty calls a gateway without a datapoint fine; others call it idle."""
    verdict = judge(series)
    assert isinstance(verdict, Unknown)
    assert says in verdict.reason


def test_one_younger_than_the_look_back_is_not_judged() -> None:
    young = nat_gateway(created_at=NOW - timedelta(days=31, hours=23))
    verdict = judge(gateway=young)
    assert isinstance(verdict, Unknown)
    assert verdict.reason == "it is 31 days old, younger than the 32 days to look back on"
    assert isinstance(judge(SILENT | {PACKETS_OUT: flat_days(1.0)}, gateway=young), Ok)


def test_a_regional_one_is_not_measured_as_a_whole() -> None:
    assert isinstance(judge({}, gateway=nat_gateway(is_regional=True, subnet_id=None)), Unknown)


def test_without_all_route_tables_nothing_is_said() -> None:
    assert isinstance(judge(SILENT, gaps=[gap(source="route_tables")]), Unknown)


def test_a_silent_one_in_no_route_table_is_waste() -> None:
    found = judge(SILENT, route_table(nat_gateway_ids=("nat-other",)))
    assert isinstance(found, Waste)
    assert found.confidence is Confidence.HIGH
    assert found.reason == "No connection and no packet in 32 days; it is in no route table."
    assert found.monthly_saving is not None
    assert found.monthly_saving.amount == Decimal("32.85")  # $0.045 x 730 h
    assert found.keeps_billing == ("its Elastic IP, until it is released",)


def test_a_silent_one_that_a_route_table_leads_to_is_a_hint_only() -> None:
    found = judge(SILENT, ROUTED, route_table(route_table_id="rtb-2", nat_gateway_ids=("nat-1",)))
    assert isinstance(found, Waste)
    assert found.confidence is Confidence.REVIEW
    assert found.reason == "No connection and no packet in 32 days; it is in 2 route tables."
    assert "standby" in found.doubts[0]


def test_a_route_in_another_region_is_none_of_its_own() -> None:
    elsewhere = route_table(region="eu-west-1", nat_gateway_ids=("nat-1",))
    found = judge(SILENT, elsewhere)
    assert isinstance(found, Waste)
    assert found.confidence is Confidence.HIGH


def test_a_private_one_has_no_elastic_ip_to_release() -> None:
    found = judge(gateway=nat_gateway(connectivity="private", public_ips=(), allocation_ids=()))
    assert isinstance(found, Waste)
    assert found.keeps_billing == ()


def test_its_price_is_unknown_where_no_list_holds_it() -> None:
    found = judge(gateway=nat_gateway(region="af-south-1"))
    assert isinstance(found, Waste)
    assert found.monthly_saving is None
