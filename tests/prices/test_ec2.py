"""An instance's month, from the bill where the bill tells it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from factories import instance
from plainbill.model.money import Money
from plainbill.prices import ListPrices, Origin, PriceBook, Rate, RateLadder, Unit, UsageKey, UsageRates
from plainbill.prices.ec2 import monthly_ec2_instance

BUILT_IN = ListPrices.load()


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"platform": "Red Hat Enterprise Linux"}, id="RHEL"),
        pytest.param({"platform": "Windows with SQL Server Web"}, id="SQL Server"),
        pytest.param({"platform": "Windows", "instance_type": "m5.large"}, id="Windows, a type not held"),
        pytest.param({"tenancy": "dedicated"}, id="dedicated hardware"),
        pytest.param({"lifecycle": "spot"}, id="Spot"),
        pytest.param({"region": "eu-west-1"}, id="a region without a list"),
    ],
)
def test_what_is_not_known_has_no_monthly_price(changes: dict[str, Any]) -> None:
    assert monthly_ec2_instance(BUILT_IN, instance(**changes)) is None


def test_linux_costs_what_the_price_book_says() -> None:
    for region in ("us-east-1", "cn-north-1"):
        one = instance(instance_type="c5.large", region=region)
        assert monthly_ec2_instance(BUILT_IN, one) == PriceBook.load().monthly(one)


def test_windows_is_priced_with_its_licence() -> None:
    one = instance(instance_type="t3.medium", platform="Windows", region="us-east-1")
    assert monthly_ec2_instance(BUILT_IN, one) == Money(Decimal("43.80"))


def test_the_bill_s_own_rate_is_used_first() -> None:
    key = UsageKey("eu-west-1", "AmazonEC2", "BoxUsage:m5.large", "RunInstances")
    rate = Rate(Money(Decimal("0.09")), Unit.HOUR, date(2026, 11, 1), "bill", Origin.BILLED)
    rates = RateLadder([UsageRates({key: rate}), BUILT_IN])
    one = instance(instance_type="m5.large", region="eu-west-1")
    assert monthly_ec2_instance(rates, one) == Money(Decimal("65.70"))
