"""Graviton is proposed for Linux on x86 where the same size is cheaper, and always to be reviewed."""

from __future__ import annotations

import pytest

from factories import context, instance
from plainbill.analyzer.checks.ec2_instance_graviton import Ec2InstanceGraviton
from plainbill.model.findings import Confidence, Ok, Unknown, Verdict, Waste
from plainbill.model.resources import Ec2Instance


def judge(box: Ec2Instance) -> Verdict:
    return Ec2InstanceGraviton().evaluate(box, context(box))


@pytest.mark.parametrize(
    "box",
    [
        pytest.param(instance(instance_type="m6g.large"), id="is one already"),
        pytest.param(instance(platform="Windows"), id="Windows"),
        pytest.param(instance(platform="Windows with SQL Server Standard"), id="SQL Server"),
        pytest.param(instance(instance_type="g4dn.xlarge"), id="a GPU type"),
        pytest.param(instance(lifecycle="spot"), id="Spot"),
        pytest.param(instance(managed_by=("eks",)), id="of a group"),
    ],
)
def test_what_cannot_move_or_has_moved_is_left_alone(box: Ec2Instance) -> None:
    assert isinstance(judge(box), Ok)


def test_a_region_without_prices_is_not_judged() -> None:
    assert isinstance(judge(instance(region="sa-east-1")), Unknown)


def test_an_x86_type_with_a_cheaper_arm_twin_is_to_be_reviewed() -> None:
    found = judge(instance(instance_type="m6i.large"))
    assert isinstance(found, Waste)
    assert found.confidence is Confidence.REVIEW
    assert found.evidence[1].value == "m6g.large"
    assert found.monthly_saving is not None
    assert found.monthly_cost is not None
    assert 0 < found.monthly_saving.amount < found.monthly_cost.amount
