"""How long an answer of the price list is good, and how usages are written in each region."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from plainbill.prices import FRESH_FOR, Listed, PriceBook, UsageKey
from plainbill.prices.billing_regions import spellings
from plainbill.prices.usage_types import bare

TODAY = date(2026, 11, 24)
KEY = UsageKey("eu-west-1", "AmazonEC2", "NatGateway-Hours")


@pytest.mark.parametrize(
    ("days", "is_fresh"), [(0, True), (30, True), (31, False), (400, False), (-1, False)]
)
def test_an_answer_is_asked_for_again_after_a_month_or_when_it_is_of_the_future(
    days: int, *, is_fresh: bool
) -> None:
    assert timedelta(days=30) == FRESH_FOR
    assert Listed(KEY, TODAY - timedelta(days=days), None).is_fresh(TODAY) is is_fresh


def test_a_region_nobody_knows_the_code_of_has_no_spelling() -> None:
    assert spellings("xx-moon-1", "NatGateway-Hours") == ()


def test_the_two_oldest_regions_are_written_both_ways() -> None:
    assert spellings("us-east-1", "BoxUsage:m5.large") == ("BoxUsage:m5.large", "USE1-BoxUsage:m5.large")
    assert spellings("eu-west-1", "BoxUsage:m5.large") == ("EU-BoxUsage:m5.large", "EUW1-BoxUsage:m5.large")


@pytest.mark.parametrize(
    "region", [*PriceBook.load().regions, "eu-central-1", "ap-southeast-4", "il-central-1", "mx-central-1"]
)
def test_every_code_is_taken_off_again(region: str) -> None:
    found = spellings(region, "NatGateway-Hours")
    assert found
    assert {bare(one) for one in found} == {"NatGateway-Hours"}
