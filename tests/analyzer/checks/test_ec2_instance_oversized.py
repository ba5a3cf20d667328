"""One size down is proposed for what works and never needed half of its CPU."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from ec2_factories import agent_metric
from factories import context, days_of, flat_days, instance, utilization
from plainbill.analyzer.checks.ec2_instance_oversized import Ec2InstanceOversized
from plainbill.model.findings import Confidence, Ok, Unknown, Verdict, Waste
from plainbill.model.metrics import Series
from plainbill.model.resources import Ec2Instance
from plainbill.model.resources.agent_metric import MEMORY
from plainbill.model.utilization import Utilization

BIG = instance(instance_type="m5.2xlarge")
CALM = utilization(average=20.0, maximum=35.0, network=50e6, days=60)


def judge(box: Ec2Instance, load: Utilization | None, memory: Series | None = None) -> Verdict:
    sent = agent_metric(box)
    series = {} if memory is None else {(sent.arn, MEMORY[0]): memory}
    known = context(box, *([sent] if series else []), series=series)
    return Ec2InstanceOversized().evaluate(
        box, replace(known, utilization={} if load is None else {box.arn: load})
    )


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


@pytest.mark.parametrize(
    "memory",
    [
        pytest.param(flat_days(41.0), id="always"),
        pytest.param(days_of(*[10.0] * 27, 41.0), id="on one day"),
        pytest.param(days_of(*[None] * 27, 41.0), id="on the one day that was seen"),
    ],
)
def test_memory_that_half_the_size_could_not_hold_forbids_it(memory: Series) -> None:
    assert isinstance(judge(BIG, CALM, memory), Ok)


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


def test_memory_that_fits_makes_it_surer_and_is_in_the_evidence() -> None:
    found = judge(BIG, CALM, flat_days(38.0))
    assert isinstance(found, Waste)
    assert found.confidence is Confidence.MEDIUM
    assert not any("emory" in doubt for doubt in found.doubts)
    told = {one.label: (one.value, one.threshold) for one in found.evidence}
    assert told["memory in use, at the most"] == (38.0, 40)
    assert told["CPU of the highest hour"] == (20.0, 40)
    assert told["CPU that 99.5 % of the hours stayed within"] == (20.0, 40)
    assert told["CPU of the highest sample"] == (35.0, None)
    assert "memory at most 38 % used" in found.reason


def test_memory_that_was_seen_on_few_days_leaves_it_to_be_checked() -> None:
    found = judge(BIG, CALM, days_of(*[None] * 6, *[20.0] * 22))
    assert isinstance(found, Waste)
    assert found.confidence is Confidence.REVIEW
    assert found.doubts[0] == "Memory was seen on 22 of 28 days only: check that half of it is enough."
