"""A newer type is proposed only where it is surely known, alike and cheaper."""

from __future__ import annotations

from decimal import Decimal

import pytest

from factories import context, instance
from plainbill.analyzer.checks.ec2_instance_previous_generation import Ec2InstancePreviousGeneration
from plainbill.model.findings import Ok, Unknown, Verdict, Waste
from plainbill.model.resources import Ec2Instance
from plainbill.prices import HOURS_PER_MONTH, PriceBook

OLD = instance(instance_type="m4.xlarge")


def judge(box: Ec2Instance) -> Verdict:
    return Ec2InstancePreviousGeneration().evaluate(box, context(box))


@pytest.mark.parametrize(
    "box",
    [
        pytest.param(instance(instance_type="m7i.large"), id="current"),
        pytest.param(instance(instance_type="m4.xlarge", state="stopped"), id="stopped"),
        pytest.param(instance(instance_type="m4.xlarge", lifecycle="spot"), id="Spot"),
        pytest.param(instance(instance_type="m4.xlarge", managed_by=("autoscaling",)), id="of a group"),
        pytest.param(instance(instance_type="m4.xlarge", tenancy="host"), id="on a host of its own"),
    ],
)
def test_what_needs_no_other_type_is_left_alone(box: Ec2Instance) -> None:
    assert isinstance(judge(box), Ok)


@pytest.mark.parametrize(
    "box",
    [
        pytest.param(instance(instance_type="z99.large"), id="a type nobody knows"),
        pytest.param(instance(instance_type="m4.xlarge", region="sa-east-1"), id="a Region without prices"),
    ],
)
def test_what_is_not_known_is_not_proposed(box: Ec2Instance) -> None:
    assert isinstance(judge(box), Unknown)


def test_the_saving_is_the_difference_of_the_list_prices() -> None:
    found = judge(OLD)
    assert isinstance(found, Waste)
    proposed = str(found.evidence[1].value)
    prices = PriceBook.load().instance_types("us-east-1")
    assert found.monthly_saving is not None
    assert found.monthly_saving.amount == Decimal(HOURS_PER_MONTH) * (
        prices["m4.xlarge"].amount - prices[proposed].amount
    )
    assert found.monthly_cost == prices["m4.xlarge"].times(HOURS_PER_MONTH)
    assert proposed.startswith(("m5", "m6"))
    assert proposed in found.reason


def test_less_bandwidth_a_licence_and_a_commitment_are_doubts() -> None:
    found = judge(instance(instance_type="m4.xlarge", platform="Windows"))
    assert isinstance(found, Waste)
    assert any("Savings Plan" in doubt for doubt in found.doubts)
    assert any("Windows" in doubt for doubt in found.doubts)
