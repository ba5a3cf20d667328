"""VPC endpoints: free ones are left alone, and a silence counts only where others beside it are heard."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from factories import NOW, context, days_of, flat_days
from network_factories import endpoint
from plainbill.analyzer.checks.vpc_endpoint_unused import BYTES, VpcEndpointUnused
from plainbill.model.findings import Confidence, Ok, Unknown, Verdict, Waste
from plainbill.model.metrics import Series
from plainbill.model.resources.vpc import VpcEndpoint

SILENT = flat_days(None)
HEARD = endpoint(endpoint_id="vpce-2", service_name="com.amazonaws.us-east-1.logs")


def judge(
    one: VpcEndpoint,
    own: Series | None = SILENT,
    beside: VpcEndpoint | None = HEARD,
    heard: Series | None = None,
    **changes: Any,
) -> Verdict:
    series = {} if own is None else {(one.arn, BYTES): own}
    if beside:
        series[beside.arn, BYTES] = heard or flat_days(5e6)
    known = context(one, *([beside] if beside else []), series=series, **changes)
    return VpcEndpointUnused().evaluate(one, known)


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(endpoint(endpoint_type="Gateway", subnet_ids=()), id="gateway endpoints are free"),
        pytest.param(endpoint(is_service_managed=True), id="Network Firewall's own"),
        pytest.param(endpoint(is_paid_by_service=True), id="the service pays"),
    ],
)
def test_what_is_free_or_not_ours_is_left_alone(one: VpcEndpoint) -> None:
    assert isinstance(judge(one, None), Ok)


@pytest.mark.parametrize("day", [0, 29])
def test_one_byte_on_one_day_acquits(day: int) -> None:
    days: list[float | None] = [None] * 30
    days[day] = 1.0
    assert isinstance(judge(endpoint(), days_of(*days)), Ok)


def test_traffic_before_the_look_back_does_not_acquit() -> None:
    assert isinstance(judge(endpoint(), days_of(9e9, *[None] * 30)), Waste)


@pytest.mark.parametrize(
    ("one", "own"),
    [
        pytest.param(endpoint(), None, id="not read"),
        pytest.param(endpoint(), flat_days(None, 29), id="29 days"),
        pytest.param(endpoint(created_at=NOW - timedelta(days=29)), SILENT, id="29 days old"),
        pytest.param(endpoint(created_at=None), SILENT, id="of unknown age"),
        pytest.param(endpoint(state="pendingAcceptance"), SILENT, id="not accepted yet"),
        pytest.param(endpoint(endpoint_type="ServiceNetwork"), None, id="of a type without these metrics"),
        pytest.param(endpoint(service_region="eu-west-1"), None, id="to another Region, not measured"),
    ],
)
def test_what_was_not_measured_is_not_silent(one: VpcEndpoint, own: Series | None) -> None:
    assert isinstance(judge(one, own), Unknown)


@pytest.mark.parametrize(
    ("beside", "heard"),
    [
        pytest.param(None, None, id="the only one"),
        pytest.param(HEARD, SILENT, id="the other is silent too"),
        pytest.param(
            endpoint(endpoint_id="vpce-2", endpoint_type="GatewayLoadBalancer"), None, id="of another type"
        ),
        pytest.param(endpoint(endpoint_id="vpce-2", region="eu-west-1"), None, id="in another Region"),
    ],
)
def test_a_silence_that_nothing_beside_it_breaks_is_unknown(
    beside: VpcEndpoint | None, heard: Series | None
) -> None:
    verdict = judge(endpoint(), SILENT, beside, heard)
    assert isinstance(verdict, Unknown)
    assert "nothing shows that any is measured" in verdict.reason


def test_zeros_of_its_own_show_that_it_is_measured() -> None:
    assert isinstance(judge(endpoint(), flat_days(0.0), None), Waste)


def test_a_silent_one_costs_its_hours_in_each_zone() -> None:
    found = judge(endpoint(state="Available"))
    assert isinstance(found, Waste)
    assert found.confidence is Confidence.MEDIUM
    assert found.reason == "Not one byte to or from com.amazonaws.us-east-1.sqs in 30 days, in 2 zones."
    assert found.monthly_saving is not None
    assert found.monthly_saving.amount == Decimal("14.60")  # 2 x $0.01 x 730 h


def test_a_gateway_load_balancer_endpoint_is_in_one_zone() -> None:
    wall = endpoint(endpoint_type="GatewayLoadBalancer", subnet_ids=("subnet-a",))
    beside = endpoint(endpoint_id="vpce-2", endpoint_type="GatewayLoadBalancer")
    found = judge(wall, SILENT, beside)
    assert isinstance(found, Waste)
    assert found.monthly_saving is not None
    assert found.monthly_saving.amount == Decimal("7.30")  # $0.01 x 730 h


def test_without_its_zones_the_price_is_unknown() -> None:
    found = judge(endpoint(subnet_ids=()))
    assert isinstance(found, Waste)
    assert found.monthly_saving is None
