"""One size down is proposed for what works and never needed half of its CPU."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from factories import context, instance, utilization
from plainbill.analyzer.checks.ec2_instance_oversized import Ec2InstanceOversized
from plainbill.model.findings import Confidence, Ok, Unknown, Verdict, Waste
from plainbill.model.resources import Ec2Instance
from plainbill.model.utilization import Utilization

BIG = instance(instance_type="m5.2xlarge")
CALM = utilization(average=20.0, maximum=35.0, network=50e6, days=60)


def judge(box: Ec2Instance, load: Utilization | None) -> Verdict:
    known = replace(context(box), utilization={} if load is None else {box.arn: load})
    return Ec2InstanceOversized().evaluate(box, known)


@pytest.mark.parametrize(
    ("box", "load"),
    [
        pytest.param(BIG, utilization(average=60.0, maximum=90.0, days=60), id="needs its CPU"),
        pytest.param(BIG, utilization(average=1.0, maximum=2.0, days=60), id="idle: that is another finding"),
        pytest.param(replace(BIG, lifecycle="spot"), CALM, id="Spot"),
        pytest.param(replace(BIG, managed_by=("eks",)), CALM, id="a member of a group"),
        pytest.param(replace(BIG, state="stopped"), None, id="stopped"),
        pytest.param(instance(instance_type="m5.large"), CALM, id="the smallest of its family"),
    ],
)
def test_what_needs_its_size_or_has_no_smaller_one_is_left_alone(
    box: Ec2Instance, load: Utilization | None
) -> None:
    assert isinstance(judge(box, load), Ok)


def test_without_metrics_or_prices_nothing_is_said() -> None:
    assert isinstance(judge(BIG, None), Unknown)
    assert isinstance(judge(replace(BIG, region="sa-east-1"), CALM), Unknown)


def test_half_the_size_is_half_the_price_and_memory_is_to_be_checked() -> None:
    found = judge(BIG, CALM)
    assert isinstance(found, Waste)
    assert found.confidence is Confidence.REVIEW
    assert found.monthly_saving is not None
    assert found.monthly_saving.amount == Decimal("0.192") * 730
    assert "m5.xlarge" in found.reason
    assert found.doubts[0].startswith("Memory unknown")
