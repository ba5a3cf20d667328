"""Second NAT gateways: only of the same kind, in the same zone of the same VPC, and never the busiest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from factories import NOW, context, flat_days, gap
from network_factories import nat_gateway, subnet
from plainbill.analyzer.checks.nat_gateway_redundant import NatGatewayRedundant
from plainbill.analyzer.nat_traffic import PROCESSED
from plainbill.model.findings import Confidence, Ok, Unknown, Verdict, Waste
from plainbill.model.metrics import Metric, Series
from plainbill.model.resources.vpc import NatGateway

GB = 1e9
BUSY, QUIET = nat_gateway(), nat_gateway(nat_gateway_id="nat-2", subnet_id="subnet-a2")
SUBNETS = (
    subnet(),
    subnet(subnet_id="subnet-a2"),
    subnet(subnet_id="subnet-b", availability_zone="us-east-1b"),
)


def carried(gateway: NatGateway, gigabytes: float, days: int = 63) -> dict[tuple[str, Metric], Series]:
    """As much on each of 14 days, half of it each way."""
    return {(gateway.arn, metric): flat_days(gigabytes * GB / 28, days) for metric in PROCESSED}


def judge(
    one: NatGateway, gateways: Sequence[NatGateway], amounts: dict[str, float] | None = None, **changes: Any
) -> Verdict:
    loads = {"nat-1": 140.0, "nat-2": 14.0} | (amounts or {})
    series: dict[tuple[str, Metric], Series] = {}
    for gateway in gateways:
        series |= carried(gateway, loads.get(gateway.nat_gateway_id, 0.0))
    known = context(*gateways, *SUBNETS, **({"series": series} | changes))
    return NatGatewayRedundant().evaluate(one, known)


def changed(**changes: Any) -> NatGateway:
    return nat_gateway(**({"nat_gateway_id": "nat-2", "subnet_id": "subnet-a2"} | changes))


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(changed(subnet_id="subnet-b"), id="in another zone"),
        pytest.param(changed(vpc_id="vpc-2"), id="in another VPC"),
        pytest.param(changed(connectivity="private"), id="private, while the first is public"),
        pytest.param(changed(region="eu-west-1"), id="in another Region"),
        pytest.param(changed(state="deleting"), id="being deleted"),
        pytest.param(changed(is_regional=True), id="regional"),
    ],
)
def test_a_second_one_that_could_not_do_its_work_makes_neither_redundant(other: NatGateway) -> None:
    assert isinstance(judge(BUSY, [BUSY, other]), Ok)


def test_the_only_one_is_left_alone() -> None:
    assert isinstance(judge(BUSY, [BUSY]), Ok)


def test_the_busiest_is_left_alone_and_of_equals_always_the_same_one() -> None:
    assert isinstance(judge(BUSY, [BUSY, QUIET]), Ok)
    equal = {"nat-1": 5.0, "nat-2": 5.0}
    for order in ([BUSY, QUIET], [QUIET, BUSY]):
        assert isinstance(judge(BUSY, order, equal), Ok)
        assert isinstance(judge(QUIET, order, equal), Waste)


@pytest.mark.parametrize("source", ["subnets", "nat_gateways"])
def test_without_all_subnets_and_gateways_nothing_is_said(source: str) -> None:
    assert isinstance(judge(QUIET, [BUSY, QUIET], gaps=[gap(source=source)]), Unknown)


def test_one_in_a_subnet_of_another_account_is_not_judged() -> None:
    assert isinstance(judge(nat_gateway(subnet_id="subnet-theirs"), [BUSY]), Unknown)


def test_which_one_to_keep_is_not_guessed() -> None:
    unread = judge(QUIET, [BUSY, QUIET], series=carried(QUIET, 14))
    assert isinstance(unread, Unknown)
    young = nat_gateway(nat_gateway_id="nat-2", subnet_id="subnet-a2", created_at=NOW - timedelta(days=3))
    replacing = judge(BUSY, [BUSY, young])
    assert isinstance(replacing, Unknown)
    assert "3 days old" in replacing.reason


def test_the_quieter_of_two_in_one_zone_is_a_hint() -> None:
    found = judge(QUIET, [BUSY, QUIET])
    assert isinstance(found, Waste)
    assert found.confidence is Confidence.REVIEW
    assert found.monthly_saving is not None
    assert found.monthly_saving.amount == Decimal("32.85")  # $0.045 x 730 h
    assert found.reason == (
        "nat-1 is in us-east-1a of the same VPC too and carried 140.0 GB in 14 days, this one 14.0 GB."
    )


def test_of_three_two_are_hints() -> None:
    third = nat_gateway(nat_gateway_id="nat-3")
    said = [judge(one, [BUSY, QUIET, third]) for one in (BUSY, QUIET, third)]
    assert [type(one) for one in said] == [Ok, Waste, Waste]
