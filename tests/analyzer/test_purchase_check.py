"""A purchase that AWS recommends is held against what would be left: never is bought for what should stop."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from plainbill.analyzer.compute_usage import Usage
from plainbill.analyzer.purchase_check import Advice, check_plan, check_reservation
from plainbill.analyzer.removal import Removal
from plainbill.model.cost_answers import PlanOffer, ReservationOffer
from plainbill.model.money import Money

EC2 = "Amazon Elastic Compute Cloud - Compute"
# 0.75 an hour buys what costs 1 an hour on demand: AWS expects to save a quarter of 730.
PLAN = PlanOffer(
    plan_type="COMPUTE_SP",
    term_months=12,
    payment="No Upfront",
    lookback_days=30,
    hourly=Decimal("7.5"),
    upfront=Decimal(0),
    monthly_saving=Decimal(1825),
    currency="USD",
    utilization=Decimal(100),
    lowest=Decimal(10),
)
RESERVATION = ReservationOffer(
    service=EC2,
    instance_type="m5.large",
    region="us-east-1",
    count=Decimal(4),
    term_months=12,
    payment="No Upfront",
    lookback_days=30,
    upfront=Decimal(0),
    monthly_fee=Decimal(180),
    monthly_saving=Decimal(60),
    currency="USD",
    platform="Linux/UNIX",
    lowest=Decimal(4),
)


def removal(monthly: str = "730", **changes: Any) -> Removal:
    money = Money(Decimal(monthly))
    return replace(Removal(finding_id="f", saving=money, leaves=money), **changes)


def machine(instance_type: str = "m5.large", region: str = "us-east-1") -> Usage:
    return Usage(
        account_id="111122223333",
        region=region,
        zone=None,
        instance_type=instance_type,
        platform="Linux/UNIX",
        tenancy="default",
        count=1,
        monthly=None,
    )


# --- what must not be advised ------------------------------------------------------------------


def test_of_a_use_that_is_not_known_nothing_is_advised() -> None:
    found = check_plan(replace(PLAN, lowest=None), [], None, Decimal(1))
    assert (found.advice, found.safe, found.monthly_saving) == (Advice.UNKNOWN, None, None)
    found = check_reservation(replace(RESERVATION, lowest=None), [], None)
    assert (found.advice, found.safe) == (Advice.UNKNOWN, None)


def test_of_a_service_whose_findings_are_not_counted_in_instances_nothing_is_advised() -> None:
    other = replace(RESERVATION, service="Amazon Relational Database Service", instance_type="db.r5.large")
    assert check_reservation(other, [], None).advice is Advice.UNKNOWN


def test_nothing_is_bought_for_what_should_all_be_stopped() -> None:
    assert check_plan(PLAN, [removal("7300")], None, None).advice is Advice.NOT
    stopped = removal(usage=machine(), instances=Decimal(4))
    found = check_reservation(RESERVATION, [stopped], None)
    assert (found.advice, found.safe, found.monthly_saving) == (Advice.NOT, Decimal(0), Decimal(0))


# --- what is advised ---------------------------------------------------------------------------


def test_a_plan_that_what_stays_would_fill_holds_with_awss_own_saving() -> None:
    found = check_plan(PLAN, [], None, Decimal("1.3"))
    assert (found.advice, found.safe) == (Advice.BUY, PLAN.hourly)
    assert found.monthly_saving == PLAN.monthly_saving
    assert found.break_even_months == 9  # of 12, at three quarters of the price


@pytest.mark.parametrize(
    ("removals", "lowest_day", "trend", "safe"),
    [
        ([removal("1460")], None, None, "6"),  # 2 of the 10 an hour go
        ([], Decimal(4), None, "3"),  # the lowest day counts, not AWS's look-back
        ([], None, Decimal("0.5"), "3.75"),
        ([removal("730")], Decimal(4), Decimal("0.5"), "0.75"),
    ],
)
def test_of_a_plan_as_much_is_advised_as_the_lowest_use_that_stays_would_fill(
    removals: list[Removal], lowest_day: Decimal | None, trend: Decimal | None, safe: str
) -> None:
    found = check_plan(PLAN, removals, lowest_day, trend)
    assert (found.advice, found.safe) == (Advice.LESS, Decimal(safe))
    assert found.monthly_saving
    assert found.monthly_saving.quantize(Decimal("0.01")) == (Decimal(safe) / 3 * 730).quantize(
        Decimal("0.01")
    )


def test_a_plan_of_one_family_is_not_for_what_is_removed_of_another() -> None:
    offer = replace(PLAN, plan_type="EC2_INSTANCE_SP", family="c6i", region="us-east-1")
    gone = removal("7300", usage=machine(), instances=Decimal(1))
    assert check_plan(offer, [gone], None, None).advice is Advice.BUY


def test_instances_of_other_sizes_of_the_family_count_by_their_units_elsewhere_not_at_all() -> None:
    twice = removal(usage=machine("m5.xlarge"), instances=Decimal(1))
    found = check_reservation(RESERVATION, [twice], None)
    assert (found.advice, found.safe, found.removed) == (Advice.LESS, Decimal(2), Decimal(2))
    away = removal(usage=machine(region="eu-west-1"), instances=Decimal(4))
    assert check_reservation(RESERVATION, [away], None).advice is Advice.BUY


def test_the_months_until_a_reservation_pays_are_those_of_its_whole_fee() -> None:
    assert check_reservation(RESERVATION, [], None).break_even_months == 9
