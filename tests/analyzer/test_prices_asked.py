"""What checks say they may ask of the rates is all that judging asks: few need to be judged for it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.fleets import Life, lives, read
from plainbill.analyzer.checks.ec2_instance_graviton import Ec2InstanceGraviton
from plainbill.analyzer.checks.ec2_instance_idle import Ec2InstanceIdle
from plainbill.analyzer.checks.ec2_instance_oversized import Ec2InstanceOversized
from plainbill.analyzer.checks.ec2_instance_schedulable import Ec2InstanceSchedulable
from plainbill.analyzer.compute_usage import all_usage
from plainbill.analyzer.engine import pairs, verdict_of
from plainbill.analyzer.registry import Check
from plainbill.analyzer.wanted_prices import wanted_prices
from plainbill.prices import ListPrices, RateLadder
from plainbill.prices.usage_types import usage_key

CHECKS: tuple[Check, ...] = (
    Ec2InstanceGraviton(),
    Ec2InstanceIdle(),
    Ec2InstanceOversized(),
    Ec2InstanceSchedulable(),
)
REGIONS = ("us-east-1", "eu-west-1", "us-east-1", "ap-southeast-2", "eu-west-1")


def elsewhere(some: list[Life]) -> list[Life]:
    """The same in several Regions: the tables have the prices of some."""
    return [
        (replace(one, region=region), used, gpu)
        for region, (one, used, gpu) in zip(REGIONS, some, strict=False)
    ]


@settings(max_examples=60)
@given(some=st.lists(lives(), min_size=1, max_size=5), has_table=st.booleans())
def test_what_judging_everything_asks_is_wanted_and_nothing_else(some: list[Life], has_table: bool) -> None:
    rates = RateLadder([ListPrices.load()] if has_table else [])
    judged, asked = (replace(read(elsewhere(some)), rates=rates) for _ in range(2))
    noting, receipt = judged.noting()
    for check, resource in pairs(CHECKS, judged):
        verdict_of(check, resource, noting)
    for _ in all_usage(noting):
        pass
    keys = {usage_key(region, item) for region, item in receipt.unknown}
    assert wanted_prices(asked, pairs(CHECKS, asked)).unknown.keys() == keys - {None}


@pytest.mark.parametrize("check", [one for one in CHECKS if one.id != "ec2_instance_graviton"])
@settings(max_examples=40)
@given(some=st.lists(lives(), min_size=1, max_size=5))
def test_a_check_asks_for_nothing_that_it_does_not_say(check: Check, some: list[Life]) -> None:
    known = read(elsewhere(some))
    noting, receipt = known.noting()
    for one, resource in pairs([check], known):
        receipt.begin()
        verdict_of(one, resource, noting)
        asked = {(region, item) for region, item, _ in receipt.used} | set(receipt.unknown)
        assert asked <= set(check.prices_asked(resource) or ())
