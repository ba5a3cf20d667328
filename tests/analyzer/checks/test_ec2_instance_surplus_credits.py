"""Surplus credits are waste only where a type without credits is cheaper than the two prices together."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from factories import context, days_of, flat_days, instance
from plainbill.analyzer.checks.ec2_instance_surplus_credits import CHARGED, Ec2InstanceSurplusCredits
from plainbill.model.findings import Confidence, Ok, Unknown, Verdict, Waste
from plainbill.model.metrics import Series
from plainbill.model.resources import Ec2Instance
from plainbill.prices import PriceBook
from plainbill.prices.specs import InstanceSpecs

BURST = instance(instance_type="t3.medium")
BUSY = flat_days(1440.0)
"""A vCPU-hour beyond the baseline in each hour of the day: 24 x 60 credits."""


def judge(box: Ec2Instance, series: Series | None) -> Verdict:
    known = {} if series is None else {(box.arn, CHARGED): series}
    return Ec2InstanceSurplusCredits().evaluate(box, context(box, series=known))


@pytest.mark.parametrize(
    ("box", "series"),
    [
        pytest.param(instance(), None, id="no credits"),
        pytest.param(BURST, flat_days(0.0), id="nothing charged"),
        pytest.param(replace(BURST, region="sa-east-1"), flat_days(0.0), id="nothing charged, no prices"),
        pytest.param(BURST, days_of(*[9000.0] * 49, *[0.0] * 14), id="charged long ago"),
        pytest.param(BURST, flat_days(144.0), id="a tenth of a vCPU: cheaper than a steady type"),
        pytest.param(replace(BURST, state="stopped"), BUSY, id="stopped"),
        pytest.param(replace(BURST, lifecycle="spot"), BUSY, id="Spot"),
        pytest.param(replace(BURST, managed_by=("autoscaling",)), BUSY, id="a member of a group"),
    ],
)
def test_what_is_cheaper_with_its_credits_is_left_alone(box: Ec2Instance, series: Series | None) -> None:
    assert isinstance(judge(box, series), Ok)


@pytest.mark.parametrize(
    ("box", "series"),
    [
        pytest.param(BURST, None, id="not read"),
        pytest.param(BURST, flat_days(1440.0, 13), id="13 days"),
        pytest.param(BURST, flat_days(None), id="nothing published"),
        pytest.param(BURST, days_of(*[None] * 3, *[1440.0] * 11), id="3 of 14 days without data"),
        pytest.param(instance(instance_type="t9.medium"), BUSY, id="a type that nobody knows"),
        pytest.param(replace(BURST, region="sa-east-1"), BUSY, id="no price in the region"),
    ],
)
def test_too_little_knowledge_is_unknown(box: Ec2Instance, series: Series | None) -> None:
    assert isinstance(judge(box, series), Unknown)


@pytest.mark.parametrize(
    "box",
    [
        pytest.param(instance(instance_type="t4g.medium"), id="another family"),
        pytest.param(replace(BURST, platform="Windows"), id="Windows has a price of its own"),
    ],
)
def test_a_surplus_without_a_price_is_named_and_not_judged(box: Ec2Instance) -> None:
    found = judge(box, BUSY)
    assert found == Unknown("it pays for 730 vCPU-hours of surplus credits a month, whose price is not known")


def test_a_vcpu_beyond_the_baseline_all_day_costs_more_than_a_steady_instance() -> None:
    """730 vCPU-hours at $0.05 are $36.50 a month; t3.medium $0.0416 an hour, c6a.large $0.0765."""
    found = judge(BURST, BUSY)
    assert isinstance(found, Waste)
    prices = PriceBook.load().instance_types("us-east-1")
    assert InstanceSpecs.load().steady("t3.medium", "us-east-1", PriceBook.load()) == "c6a.large"
    assert prices["c6a.large"].amount == Decimal("0.0765")
    assert found.monthly_cost is not None
    assert found.monthly_cost.amount == Decimal("0.0416") * 730 + Decimal("36.50")
    assert found.monthly_saving is not None
    assert found.monthly_saving.amount == Decimal("66.868") - Decimal("0.0765") * 730
    assert found.confidence is Confidence.MEDIUM
    assert "730 vCPU-hours" in found.reason
    assert "c6a.large" in found.reason


def test_a_missing_day_is_no_day_without_surplus() -> None:
    found = judge(BURST, days_of(*[None] * 2, *[1440.0] * 12))
    whole = judge(BURST, BUSY)
    assert isinstance(found, Waste)
    assert isinstance(whole, Waste)
    assert found.monthly_saving == whole.monthly_saving
    assert "12 of them seen" in found.reason


def test_it_is_asked_only_of_what_earns_credits_and_is_judged_by_itself() -> None:
    check = Ec2InstanceSurplusCredits()
    assert check.measures(BURST)
    for other in (
        instance(),
        replace(BURST, state="stopped"),
        replace(BURST, lifecycle="spot"),
        replace(BURST, managed_by=("eks",)),
        instance(instance_type="t9.medium"),
    ):
        assert not check.measures(other)
