"""Addresses in use: a hint to look, by what they are on, and each is counted once."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from factories import NOW, context, gap, instance
from network_factories import address, interface
from plainbill.analyzer.checks.ec2_address_in_use import Ec2AddressInUse
from plainbill.analyzer.checks.ec2_address_on_stopped_instance import Ec2AddressOnStoppedInstance
from plainbill.analyzer.engine import run_checks
from plainbill.analyzer.registry import Check
from plainbill.model.findings import Confidence, Ok, Unknown, Verdict, Waste
from plainbill.model.resources import Ec2Instance, Resource
from plainbill.model.resources.addresses import ElasticIp, NetworkInterface

BOX = instance()


def judge(one: NetworkInterface, *beside: Resource, **changes: Any) -> Verdict:
    known = context(one, *beside, asked=[Ec2Instance, ElasticIp], **changes)
    return Ec2AddressInUse().evaluate(one, known)


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(interface(interface_type="natGateway", is_service_managed=True), id="NAT gateway"),
        pytest.param(interface(interface_type="network_load_balancer"), id="network load balancer"),
        pytest.param(
            interface(requester_id="amazon-elb", is_service_managed=True), id="application load balancer"
        ),
        pytest.param(interface(interface_type="global_accelerator_managed"), id="Global Accelerator"),
    ],
)
def test_what_cannot_work_without_an_address_is_left_alone(one: NetworkInterface) -> None:
    assert isinstance(judge(one), Ok)


def test_somebody_who_calls_himself_a_load_balancer_is_none() -> None:
    named = interface(requester_id="amazon-elb", description="ELB app/shop/1", tags={"Name": "natGateway"})
    assert isinstance(judge(named), Waste)


def test_an_address_of_a_stopped_instance_is_another_check_s() -> None:
    box = instance(state="stopped")
    assert isinstance(judge(interface(instance_id=box.instance_id), box), Ok)


def test_addresses_that_the_account_brought_are_not_billed() -> None:
    own = address(allocation_id="eipalloc-2", pool="ipv4pool-ec2-0123")
    assert isinstance(judge(interface(assigned_ips=(), allocation_ids=("eipalloc-2",)), own), Ok)


def test_without_the_instances_or_the_elastic_ips_nothing_is_said() -> None:
    on_box = interface(instance_id=BOX.instance_id)
    assert isinstance(judge(on_box, BOX, gaps=[gap(source="ec2_instances")]), Unknown)
    elastic = interface(allocation_ids=("eipalloc-1",))
    assert isinstance(judge(elastic, address(), gaps=[gap(source="elastic_ips")]), Unknown)


def test_every_address_on_an_instance_is_billed_and_named() -> None:
    one = interface(instance_id=BOX.instance_id, allocation_ids=("eipalloc-1",))
    found = judge(one, BOX, address())
    assert isinstance(found, Waste)
    assert found.confidence is Confidence.REVIEW
    assert found.reason == "2 public IPv4 addresses on an EC2 instance, billed by the hour while in use."
    assert found.monthly_saving is not None
    assert found.monthly_saving.amount == Decimal("7.30")  # 2 x $0.005 x 730 h
    assert {arn: part.amount for arn, part in found.parts.items()} == {
        address().arn: Decimal("3.65"),
        one.arn: Decimal("3.65"),
    }


def test_two_lent_addresses_of_one_interface_are_two_times_the_price() -> None:
    found = judge(interface(assigned_ips=("203.0.113.1", "203.0.113.2")))
    assert isinstance(found, Waste)
    assert {part.amount for part in found.parts.values()} == {Decimal("7.30")}


@pytest.mark.parametrize(
    ("one", "holder"),
    [
        (interface(instance_id=BOX.instance_id), "an EC2 instance"),
        (interface(requester_id="amazon-rds", is_service_managed=True), "a database"),
        (interface(requester_id="amazon-redshift", is_service_managed=True), "a service's network interface"),
        (interface(), "a network interface"),
        (interface(is_attached=False), "a network interface that is attached to nothing"),
    ],
)
def test_the_reason_says_what_the_address_is_on(one: NetworkInterface, holder: str) -> None:
    found = judge(one, BOX)
    assert isinstance(found, Waste)
    assert found.reason.startswith(f"1 public IPv4 address on {holder}, ")


def test_its_price_is_unknown_where_no_list_holds_it() -> None:
    found = judge(interface(region="af-south-1"))
    assert isinstance(found, Waste)
    assert (found.monthly_saving, found.parts) == (None, {})


@pytest.mark.parametrize(
    "box", [BOX, instance(state="stopped", stopped_at=NOW - timedelta(days=40))], ids=["running", "stopped"]
)
def test_one_address_is_never_saved_by_two_checks(box: Ec2Instance) -> None:
    elastic = address(instance_id=box.instance_id, network_interface_id="eni-1")
    on_it = interface(instance_id=box.instance_id, assigned_ips=(), allocation_ids=("eipalloc-1",))
    place = [("111122223333", "us-east-1")]
    checks: list[Check] = [Ec2AddressInUse(), Ec2AddressOnStoppedInstance()]
    report = run_checks(checks, context(box, elastic, on_it), place)
    assert {money.amount for money in report.monthly_saving.values()} == {Decimal("3.65")}
