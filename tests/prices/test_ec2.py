"""An instance's month, from the bill where the bill tells it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from factories import instance
from plainbill.model.money import Money
from plainbill.prices import ListPrices, Origin, PriceBook, Rate, RateLadder, Unit, UsageKey, UsageRates
from plainbill.prices.ec2 import InstancePrices, instance_item, monthly_ec2_instance

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


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"platform": "Windows BYOL"}, id="a licence that is brought along"),
        pytest.param({"platform": "Red Hat BYOL Linux"}, id="a subscription that is brought along"),
        pytest.param({"platform": "Linux/UNIX (Marketplace)"}, id="a system nobody knows"),
        pytest.param({"tenancy": "host"}, id="a Dedicated Host, which is billed itself"),
        pytest.param({"lifecycle": "spot"}, id="Spot"),
        pytest.param({"lifecycle": "capacity-block"}, id="a Capacity Block"),
    ],
)
def test_what_has_no_name_of_its_own_is_not_priced_as_plain_linux(changes: dict[str, Any]) -> None:
    assert instance_item(instance(**changes)) is None
    assert InstancePrices(BUILT_IN).monthly(instance(**changes)) is None


@pytest.mark.parametrize(
    ("platform", "tenancy", "usage_type", "operation"),
    [
        ("Red Hat Enterprise Linux", "default", "BoxUsage:m5.large", "RunInstances:0010"),
        ("SUSE Linux", "default", "BoxUsage:m5.large", "RunInstances:000g"),
        ("Windows", "dedicated", "DedicatedUsage:m5.large", "RunInstances:0002"),
        ("Windows with SQL Server Enterprise", "default", "BoxUsage:m5.large", "RunInstances:0102"),
        ("SQL Server Web", "default", "BoxUsage:m5.large", "RunInstances:0200"),
        ("Linux/UNIX", "dedicated", "DedicatedUsage:m5.large", "RunInstances"),
    ],
)
def test_a_system_and_a_tenancy_are_priced_under_their_own_name(
    platform: str, tenancy: str, usage_type: str, operation: str
) -> None:
    key = UsageKey("eu-west-1", "AmazonEC2", usage_type, operation)
    rate = Rate(Money(Decimal("0.2")), Unit.HOUR, date(2026, 11, 1), "list", Origin.PRICE_LIST)
    one = instance(instance_type="m5.large", region="eu-west-1", platform=platform, tenancy=tenancy)
    assert InstancePrices(UsageRates({key: rate})).monthly(one) == Money(Decimal(146))
    assert InstancePrices(UsageRates({key: rate})).of_type("eu-west-1", "m5.large") is None


def test_the_bill_s_own_rate_is_used_first() -> None:
    key = UsageKey("eu-west-1", "AmazonEC2", "BoxUsage:m5.large", "RunInstances")
    rate = Rate(Money(Decimal("0.09")), Unit.HOUR, date(2026, 11, 1), "bill", Origin.BILLED)
    rates = RateLadder([UsageRates({key: rate}), BUILT_IN])
    one = instance(instance_type="m5.large", region="eu-west-1")
    assert monthly_ec2_instance(rates, one) == Money(Decimal("65.70"))
