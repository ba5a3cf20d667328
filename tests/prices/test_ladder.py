"""The bill is asked first, the price list next, the built-in table last; and nobody ever says zero."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainbill.model.money import Money
from plainbill.prices import (
    Item,
    ListPrices,
    Origin,
    Rate,
    RateLadder,
    RateSource,
    Receipt,
    Unit,
    UsageKey,
    UsageRates,
    items,
)
from plainbill.prices.usage_types import usage_key

HOME = "us-east-1"
DAY = date(2026, 11, 1)
BUILT_IN = ListPrices.load()
GP3 = items.ebs_storage("gp3")
GP3_KEY = UsageKey(HOME, "AmazonEC2", "EBS:VolumeUsage.gp3")
BILLED = sorted(
    (item for region, item in BUILT_IN.items if usage_key(region, item) is not None),
    key=str,
)


def rate(price: str, *, origin: Origin = Origin.BILLED, unit: Unit = Unit.GB_MONTH) -> Rate:
    return Rate(Money(Decimal(price)), unit, DAY, "bill of October", origin)


def ladder(billed: RateSource, listed: RateSource | None = None) -> RateLadder:
    return RateLadder([billed, listed or UsageRates({}), BUILT_IN])


# --- unknown stays unknown --------------------------------------------------------------------


def test_what_nobody_knows_is_none() -> None:
    asked = ladder(UsageRates({}))
    assert asked.rate("eu-west-1", GP3) is None
    assert asked.rate(HOME, items.workspace("VALUE", "ALWAYS_ON")) is None
    assert RateLadder([]).rate(HOME, GP3) is None


@pytest.mark.parametrize("price", ["0", "0.00", "-0.08"])
def test_usage_billed_at_nothing_does_not_make_the_next_unit_free(price: str) -> None:
    billed = UsageRates({GP3_KEY: rate(price)})
    assert billed.rate(HOME, GP3) is None
    answer = ladder(billed).rate(HOME, GP3)
    assert answer is not None
    assert answer.price.amount == Decimal("0.08")
    assert answer.origin is Origin.BUILT_IN


def test_a_rate_of_another_unit_is_not_used() -> None:
    per_gibps = UsageRates(
        {UsageKey(HOME, "AmazonEC2", "EBS:VolumeP-Throughput.gp3"): rate("40.96", unit=Unit.MONTH)}
    )
    answer = ladder(per_gibps).rate(HOME, items.ebs_throughput("gp3"))
    assert answer is not None
    assert answer.price.amount == Decimal("0.04")


def test_the_bill_of_another_region_says_nothing() -> None:
    elsewhere = UsageRates({UsageKey("eu-west-1", "AmazonEC2", "EBS:VolumeUsage.gp3"): rate("0.07")})
    answer = ladder(elsewhere).rate(HOME, GP3)
    assert answer is not None
    assert answer.origin is Origin.BUILT_IN


def keys() -> st.SearchStrategy[UsageKey]:
    named = [usage_key(region, item) for region in (HOME, "eu-west-1") for item in BILLED]
    return st.sampled_from([key for key in named if key is not None])


def rungs(origin: Origin) -> st.SearchStrategy[dict[UsageKey, Rate]]:
    prices = st.sampled_from(["0", "0.00", "-1", "0.0001", "2.5"])
    rates = st.builds(
        lambda price, unit: rate(price, origin=origin, unit=unit), prices, st.sampled_from(Unit)
    )
    return st.dictionaries(keys(), rates, max_size=60)


@given(rungs(Origin.BILLED), rungs(Origin.PRICE_LIST), st.sampled_from(BILLED))
def test_whatever_the_rungs_hold_no_answer_is_zero_and_the_best_rung_that_knows_wins(
    billed: dict[UsageKey, Rate], listed: dict[UsageKey, Rate], item: Item
) -> None:
    asked = ladder(UsageRates(billed), UsageRates(listed))
    for region in (HOME, "eu-west-1"):
        answer = asked.rate(region, item)
        assert answer == _by_hand(region, item, [billed, listed])
        assert answer is None or (answer.price.amount > 0 and answer.unit is item.unit)


@given(rungs(Origin.BILLED))
def test_an_item_no_rung_holds_is_none_whatever_else_is_billed(billed: dict[UsageKey, Rate]) -> None:
    asked = ladder(UsageRates(billed))
    assert asked.rate("ap-south-1", GP3) is None
    assert asked.rate(HOME, items.workspace("VALUE", "ALWAYS_ON")) is None


def _by_hand(region: str, item: Item, rungs: Sequence[dict[UsageKey, Rate]]) -> Rate | None:
    key = usage_key(region, item)
    for rung in rungs:
        held = rung.get(key) if key else None
        if held and held.price.amount > 0 and held.unit == item.unit:
            return held
    return BUILT_IN.rate(region, item)


# --- and says where it comes from --------------------------------------------------------------


def test_the_account_s_own_rate_comes_before_the_list() -> None:
    asked = ladder(
        UsageRates({GP3_KEY: rate("0.0712")}), UsageRates({GP3_KEY: rate("0.08", origin=Origin.PRICE_LIST)})
    )
    answer = asked.rate(HOME, GP3)
    assert answer == rate("0.0712")
    assert answer.origin is Origin.BILLED
    assert (answer.source, answer.as_of) == ("bill of October", DAY)


def test_the_price_list_comes_before_the_built_in_table() -> None:
    listed = UsageRates({GP3_KEY: rate("0.081", origin=Origin.PRICE_LIST)})
    answer = ladder(UsageRates({}), listed).rate(HOME, GP3)
    assert answer is not None
    assert answer.origin is Origin.PRICE_LIST


def test_a_receipt_holds_every_answer_once_and_every_question_without_one() -> None:
    receipt = Receipt(BUILT_IN)
    for region in (HOME, HOME, "eu-west-1"):
        receipt.rate(region, GP3)
    assert [(region, item) for region, item, _ in receipt.used] == [(HOME, GP3)]
    assert receipt.unknown == (("eu-west-1", GP3),)
