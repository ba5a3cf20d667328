"""Elastic IPs: one that is on anything, or is not billed by the address, is left alone."""

from __future__ import annotations

from decimal import Decimal

import pytest

from factories import context
from network_factories import address
from plainbill.analyzer.checks.ec2_address_unassociated import Ec2AddressUnassociated
from plainbill.model.findings import Confidence, Ok, Verdict, Waste
from plainbill.model.resources.addresses import ElasticIp


def judge(one: ElasticIp) -> Verdict:
    return Ec2AddressUnassociated().evaluate(one, context(one))


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(address(association_id="eipassoc-1"), id="associated"),
        pytest.param(address(network_interface_id="eni-1"), id="on an interface"),
        pytest.param(address(instance_id="i-1", allocation_id=None), id="on an instance, from before VPCs"),
        pytest.param(address(pool="ipv4pool-ec2-0123"), id="brought by the account, which is not billed"),
        pytest.param(address(service_managed="alb"), id="a load balancer's, which it may use later"),
    ],
)
def test_what_is_in_use_or_costs_nothing_is_left_alone(one: ElasticIp) -> None:
    assert isinstance(judge(one), Ok)


def test_an_address_on_nothing_costs_3_65_dollars_a_month() -> None:
    found = judge(address())
    assert isinstance(found, Waste)
    assert found.monthly_saving is not None
    assert found.monthly_saving.amount == Decimal("3.65")  # $0.005 x 730 h
    assert found.monthly_cost == found.monthly_saving
    assert found.confidence is Confidence.HIGH
    assert found.reason == (
        "203.0.113.7 is associated with nothing; every public IPv4 address is billed by the hour, "
        "used or not."
    )


def test_its_price_is_unknown_where_no_list_holds_it() -> None:
    found = judge(address(region="af-south-1"))
    assert isinstance(found, Waste)
    assert found.monthly_saving is None


def test_an_address_whose_pool_aws_does_not_tell_is_amazon_s() -> None:
    assert isinstance(judge(address(pool=None)), Waste)


def test_no_tag_makes_it_more_certain_or_less() -> None:
    plain, tagged = judge(address()), judge(address(tags={"Name": "in use, do not release"}))
    assert plain == tagged
