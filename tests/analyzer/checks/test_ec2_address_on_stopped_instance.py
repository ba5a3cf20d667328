"""The Elastic IP of a stopped instance: billed, but only waste once the instance stays stopped."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from factories import NOW, context, gap, instance
from network_factories import address
from plainbill.analyzer.checks.ec2_address_on_stopped_instance import Ec2AddressOnStoppedInstance
from plainbill.model.findings import Confidence, Ok, Unknown, Verdict, Waste
from plainbill.model.inventory import Gap
from plainbill.model.resources import Ec2Instance
from plainbill.model.resources.addresses import ElasticIp

DAY = timedelta(days=1)
STOPPED = instance(state="stopped", stopped_at=NOW - 40 * DAY)
ON_IT = address(instance_id=STOPPED.instance_id, association_id="eipassoc-1", network_interface_id="eni-1")


def judge(one: ElasticIp, *boxes: Ec2Instance, gaps: tuple[Gap, ...] = ()) -> Verdict:
    known = context(one, *boxes, gaps=gaps, asked=[Ec2Instance])
    return Ec2AddressOnStoppedInstance().evaluate(one, known)


@pytest.mark.parametrize(
    ("one", "box"),
    [
        pytest.param(address(), STOPPED, id="on nothing: another check's"),
        pytest.param(address(network_interface_id="eni-1"), STOPPED, id="on a NAT gateway or load balancer"),
        pytest.param(ON_IT, instance(), id="its instance is running"),
        pytest.param(ON_IT, instance(state="pending"), id="its instance is starting"),
        pytest.param(
            ON_IT, instance(state="stopped", stopped_at=NOW - 6 * DAY), id="stopped over a long weekend"
        ),
    ],
)
def test_an_address_that_may_be_needed_is_left_alone(one: ElasticIp, box: Ec2Instance) -> None:
    assert isinstance(judge(one, box), Ok)


def test_one_of_a_pool_of_the_account_s_own_is_not_billed() -> None:
    own = address(instance_id=STOPPED.instance_id, pool="ipv4pool-ec2-0123")
    assert isinstance(judge(own, STOPPED), Ok)


@pytest.mark.parametrize(
    ("boxes", "gaps", "says"),
    [
        pytest.param((STOPPED,), (gap(source="ec2_instances"),), "not read", id="instances not read"),
        pytest.param((), (), "not among those", id="of another account, or gone"),
        pytest.param((instance(state="stopped"),), (), "since when", id="stopped nobody knows when"),
    ],
)
def test_without_its_instance_nothing_is_said(
    boxes: tuple[Ec2Instance, ...], gaps: tuple[Gap, ...], says: str
) -> None:
    verdict = judge(ON_IT, *boxes, gaps=gaps)
    assert isinstance(verdict, Unknown)
    assert says in verdict.reason


def test_an_instance_of_another_region_is_not_its_own() -> None:
    assert isinstance(judge(ON_IT, instance(region="eu-west-1", state="stopped")), Unknown)


def test_the_address_of_an_instance_that_stays_stopped_is_billed_all_the_same() -> None:
    found = judge(ON_IT, STOPPED)
    assert isinstance(found, Waste)
    assert found.monthly_saving is not None
    assert found.monthly_saving.amount == Decimal("3.65")  # $0.005 x 730 h
    assert found.confidence is Confidence.MEDIUM
    assert found.reason == (
        f"203.0.113.7 is on {STOPPED.instance_id}, which has been stopped for 40 days (7 are allowed); "
        "the address is billed all the same."
    )
    assert "the disks of the stopped instance" in found.keeps_billing
