"""What an instance costs by the list, and what the list must not be asked."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from factories import instance
from plainbill.errors import CurrencyMismatchError, PlainbillError
from plainbill.model.money import Money, total
from plainbill.prices import HOURS_PER_MONTH, PriceBook
from plainbill.prices.price_book import parse


@pytest.fixture
def prices() -> PriceBook:
    return PriceBook.load()


# --- what has no price ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"region": "mars-north-1"}, id="a region that is not in the list"),
        pytest.param({"region": ""}, id="no region"),
        pytest.param({"instance_type": "m99.large"}, id="a type that is not in the list"),
        pytest.param({"instance_type": "p5.48xlarge", "region": "cn-north-1"}, id="a type of another region"),
        pytest.param({"platform": "Windows"}, id="Windows"),
        pytest.param({"platform": "Red Hat Enterprise Linux"}, id="RHEL"),
        pytest.param({"platform": "Linux with SQL Server Standard"}, id="SQL Server on Linux"),
        pytest.param({"tenancy": "dedicated"}, id="dedicated hardware"),
        pytest.param({"tenancy": "host"}, id="a dedicated host"),
        pytest.param({"lifecycle": "spot"}, id="Spot"),
        pytest.param({"lifecycle": "scheduled"}, id="scheduled"),
        pytest.param({"lifecycle": "capacity-block"}, id="a capacity block"),
    ],
)
def test_what_the_list_does_not_hold_has_no_price(prices: PriceBook, changes: dict[str, Any]) -> None:
    assert prices.hourly(instance(**changes)) is None
    assert prices.monthly(instance(**changes)) is None


def test_yuan_are_never_added_to_dollars(prices: PriceBook) -> None:
    in_china = prices.monthly(instance(region="cn-north-1"))
    at_home = prices.monthly(instance(region="us-east-1"))
    assert in_china is not None
    assert at_home is not None
    with pytest.raises(CurrencyMismatchError):
        total([at_home, in_china])


def test_no_price_is_zero_and_none_is_a_float(prices: PriceBook) -> None:
    every = [money for region in prices.regions for money in prices.instance_types(region).values()]
    assert len(every) == 3002
    assert all(isinstance(money.amount, Decimal) and money.amount > 0 for money in every)


def test_a_region_without_a_list_has_no_types_and_no_day(prices: PriceBook) -> None:
    assert prices.instance_types("mars-north-1") == {}
    assert prices.as_of_region("mars-north-1") is None


def test_a_price_without_the_day_of_its_list_is_refused() -> None:
    with pytest.raises(PlainbillError, match="no day for eu-west-1"):
        parse("region,instance_type,hourly\neu-west-1,m5.large,0.107\n")


# --- golden prices -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("region", "instance_type", "hourly", "currency"),
    [
        ("us-east-1", "m5.large", "0.096", "USD"),
        ("us-east-1", "m6g.large", "0.077", "USD"),
        ("us-east-1", "t3.medium", "0.0416", "USD"),
        ("us-east-1", "t2.medium", "0.0464", "USD"),
        ("us-east-1", "t4g.nano", "0.0042", "USD"),
        ("us-east-1", "r3.xlarge", "0.333", "USD"),
        ("us-east-1", "g4dn.xlarge", "0.526", "USD"),
        ("us-gov-west-1", "m5.large", "0.121", "USD"),
        ("cn-north-1", "m5.large", "1.013", "CNY"),
    ],
)
def test_a_known_price(
    prices: PriceBook, region: str, instance_type: str, hourly: str, currency: str
) -> None:
    box = instance(region=region, instance_type=instance_type)
    assert prices.hourly(box) == Money(Decimal(hourly), currency)


@pytest.mark.parametrize(
    ("instance_type", "month"),
    [("t3.medium", "30.37"), ("t2.medium", "33.87"), ("m3.large", "97.09"), ("m5.large", "70.08")],
)
def test_a_month_agrees_with_an_independent_estimate_to_the_cent(
    prices: PriceBook, instance_type: str, month: str
) -> None:
    """The months are those of infracost's published estimates (us-east-1, 730 hours, 2024)."""
    monthly = prices.monthly(instance(instance_type=instance_type))
    assert monthly is not None
    assert monthly.rounded() == Money(Decimal(month))


def test_a_month_has_730_hours(prices: PriceBook) -> None:
    assert HOURS_PER_MONTH == 365 * 24 / 12
    assert prices.monthly(instance()) == Money(Decimal("0.096") * 730)


# --- what the prices say about themselves --------------------------------------------------


def test_each_region_says_of_which_day_its_prices_are(prices: PriceBook) -> None:
    assert prices.as_of_region("us-east-1") == date(2026, 7, 20)
    assert prices.as_of_region("cn-north-1") == date(2024, 11, 6)
    assert prices.regions == ("cn-north-1", "us-east-1", "us-gov-east-1", "us-gov-west-1")


def test_the_file_is_read_once() -> None:
    assert PriceBook.load() is PriceBook.load()
