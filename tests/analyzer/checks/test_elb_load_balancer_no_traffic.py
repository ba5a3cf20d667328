"""Load balancers without traffic: a silence counts only where it is shown to be measured."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from factories import NOW, context, days_of, flat_days, gap
from network_factories import AllSeries, interface, load_balancer, network_load_balancer, traffic
from plainbill.analyzer.checks.elb_load_balancer_no_traffic import ElbLoadBalancerNoTraffic
from plainbill.analyzer.load_balancing import PULSE, TRAFFIC
from plainbill.model.findings import Confidence, Ok, Unknown, Verdict, Waste
from plainbill.model.resources.addresses import NetworkInterface
from plainbill.model.resources.load_balancers import LoadBalancer

SHOP, FEED = load_balancer(), network_load_balancer()
WALL = load_balancer(
    load_balancer_arn=SHOP.arn.replace("/app/", "/gwy/"), load_balancer_type="gateway", scheme=None
)


def judge(
    balancer: LoadBalancer, series: AllSeries, *interfaces: NetworkInterface, **changes: Any
) -> Verdict:
    known = context(balancer, *interfaces, asked=[NetworkInterface], series=series, **changes)
    return ElbLoadBalancerNoTraffic().evaluate(balancer, known)


@pytest.mark.parametrize(
    ("balancer", "series"),
    [
        pytest.param(SHOP, traffic(SHOP, requests=1.0, volume=500.0), id="a request a day"),
        pytest.param(
            SHOP, traffic(SHOP, requests=0.0, volume=900.0), id="redirects: bytes, and no target chosen"
        ),
        pytest.param(FEED, traffic(FEED, requests=1.0, volume=0.0), id="one flow held open"),
        pytest.param(FEED, traffic(FEED, requests=0.0, volume=60.0), id="bytes of UDP"),
        pytest.param(WALL, traffic(WALL, volume=1.0), id="gateway"),
    ],
)
def test_any_request_flow_or_byte_acquits(balancer: LoadBalancer, series: AllSeries) -> None:
    assert isinstance(judge(balancer, series), Ok)


@pytest.mark.parametrize("day", [0, 13])
def test_one_request_on_one_day_of_the_look_back_acquits(day: int) -> None:
    days: list[float | None] = [None] * 14
    days[day] = 1.0
    series = {**traffic(SHOP), (SHOP.arn, TRAFFIC["application"][0]): days_of(*days)}
    assert isinstance(judge(SHOP, series), Ok)


@pytest.mark.parametrize("balancer", [SHOP, FEED, WALL], ids=lambda one: one.load_balancer_type)
def test_a_load_balancer_of_which_nothing_at_all_was_measured_is_not_silent(balancer: LoadBalancer) -> None:
    assert isinstance(judge(balancer, {}), Unknown)
    assert isinstance(judge(balancer, traffic(balancer, pulse=None)), Unknown)
    partly = {
        **traffic(balancer),
        (balancer.arn, PULSE[balancer.load_balancer_type]): days_of(*[None] * 3, *[0.0] * 11),
    }
    assert isinstance(judge(balancer, partly), Unknown)


def test_thirteen_days_are_too_few() -> None:
    assert isinstance(judge(SHOP, traffic(SHOP, days=13)), Unknown)
    young = load_balancer(created_at=NOW - timedelta(days=13))
    verdict = judge(young, traffic(young))
    assert isinstance(verdict, Unknown)
    assert "13 days old" in verdict.reason


def test_flows_that_are_always_reported_must_be_there() -> None:
    """A network load balancer reports zeros: that they are missing is no silence."""
    assert isinstance(judge(FEED, traffic(FEED, requests=None, volume=None)), Unknown)
    assert isinstance(judge(FEED, traffic(FEED, requests=0.0, volume=None)), Unknown)


def test_one_metric_that_was_not_read_is_not_zero() -> None:
    series = {key: values for key, values in traffic(SHOP).items() if key[1] is not TRAFFIC["application"][1]}
    verdict = judge(SHOP, series)
    assert isinstance(verdict, Unknown)
    assert "ProcessedBytes was not read" in verdict.reason


def test_a_type_that_does_not_exist_yet_is_not_judged() -> None:
    assert isinstance(judge(load_balancer(load_balancer_type="quantum"), {}), Unknown)


@pytest.mark.parametrize(
    ("balancer", "series", "asked"),
    [
        (SHOP, traffic(SHOP), "requests"),
        (SHOP, traffic(SHOP, requests=0.0), "requests"),
        (FEED, traffic(FEED, requests=0.0, volume=0.0), "flows"),
    ],
    ids=["nothing reported", "zeros reported", "network"],
)
def test_a_silence_that_is_shown_to_be_one_is_waste(
    balancer: LoadBalancer, series: AllSeries, asked: str
) -> None:
    found = judge(balancer, series)
    assert isinstance(found, Waste)
    assert found.confidence is Confidence.HIGH
    assert found.reason == f"No {asked} and no bytes in 14 days."
    assert found.monthly_saving is not None
    assert found.monthly_saving.amount.quantize(Decimal("0.001")) == Decimal("16.425")  # $0.0225 x 730 h


def test_a_gateway_load_balancer_s_price_is_not_known_here() -> None:
    found = judge(WALL, traffic(WALL))
    assert isinstance(found, Waste)
    assert found.monthly_saving is None


def test_the_addresses_that_aws_lent_it_go_with_it_and_elastic_ips_stay() -> None:
    lent = interface(
        description="ELB app/shop/50dc6c495c0c9188", requester_id="amazon-elb", is_service_managed=True
    )
    own = interface(
        interface_id="eni-2",
        description=lent.description,
        is_service_managed=True,
        assigned_ips=(),
        allocation_ids=("eipalloc-1",),
    )
    found = judge(SHOP, traffic(SHOP), lent, own)
    assert isinstance(found, Waste)
    assert found.monthly_saving is not None
    assert found.monthly_saving.amount.quantize(Decimal("0.001")) == Decimal("20.075")  # 16.425 + 3.65
    assert "1 Elastic IPs, until they are released" in found.keeps_billing


def test_an_interface_that_only_says_it_is_the_load_balancer_s_saves_nothing() -> None:
    forged = interface(description="ELB app/shop/50dc6c495c0c9188")
    found = judge(SHOP, traffic(SHOP), forged)
    assert isinstance(found, Waste)
    assert found.monthly_saving is not None
    assert found.monthly_saving.amount < Decimal(17)


def test_addresses_that_could_not_be_read_are_not_counted() -> None:
    found = judge(SHOP, traffic(SHOP), gaps=[gap(source="network_interfaces")])
    assert isinstance(found, Waste)
    assert found.monthly_saving is not None
    assert found.monthly_saving.amount < Decimal(17)


def test_one_that_kubernetes_made_is_less_certain_and_named_so() -> None:
    made = load_balancer(tags={"elbv2.k8s.aws/cluster": "<b>prod</b>"})
    found = judge(made, traffic(made))
    assert isinstance(found, Waste)
    assert found.confidence is Confidence.MEDIUM
    assert found.doubts[0].startswith("Kubernetes made it")


def test_zeros_of_another_type_say_nothing() -> None:
    series = {(SHOP.arn, metric): flat_days(0.0) for metric in TRAFFIC["network"]}
    assert isinstance(judge(SHOP, series), Unknown)
