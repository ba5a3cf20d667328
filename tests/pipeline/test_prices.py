"""A refresh asks AWS's price list for what nobody knows, once a month, and goes on without it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from aws import connected
from factories import NOW, TODAY, instance
from pipeline.desk import ACCOUNTS, PAYER, Desk
from plainbill.analyzer.checks.ec2_instance_idle import Ec2InstanceIdle
from plainbill.analyzer.checks.ec2_instance_previous_generation import Ec2InstancePreviousGeneration
from plainbill.analyzer.checks.nat_gateway_unused import NatGatewayUnused
from plainbill.data_fetcher.crew import Crew
from plainbill.model.resources.aws_advice import is_hole
from plainbill.model.run import RunState
from plainbill.pipeline.prices import ask_for_prices
from plainbill.prices import Listed, Origin, UsageKey
from storage.keeping import collected

CHECKS = (NatGatewayUnused(), Ec2InstancePreviousGeneration(), Ec2InstanceIdle())
OREGON_NAT = UsageKey("us-west-2", "AmazonEC2", "NatGateway-Hours")
OREGON_MACHINE = UsageKey("us-west-2", "AmazonEC2", "BoxUsage:m5.large", "RunInstances")
MONTH = timedelta(days=31)


@pytest.fixture(autouse=True)
def small_bill(desk: Desk) -> None:
    desk.answer_a_dollar_a_day(*ACCOUNTS)


def test_what_the_tables_know_is_not_asked_for(desk: Desk) -> None:
    desk.refresh(checks=CHECKS)
    asked = [one.key for one in desk.snapshot.listed()]
    assert {one.region for one in asked} == {"ap-southeast-2", "eu-west-1", "us-east-1", "us-west-2"}
    here = {(one.usage_type.partition(":")[0], one.operation) for one in asked if one.region == "us-east-1"}
    assert here == {("DedicatedUsage", "RunInstances"), ("BoxUsage", "RunInstances:0002")}


def test_prices_of_other_regions_are_asked_for_with_few_calls_and_noted_with_their_day(desk: Desk) -> None:
    run = desk.refresh(checks=CHECKS)
    assert run.state is RunState.COMPLETE
    assert 0 < desk.proxy.count("GetProducts") < 15
    rate = desk.snapshot.listed_rates()[OREGON_NAT]
    assert (rate.origin, rate.as_of) == (Origin.PRICE_LIST, TODAY)
    (asked,) = (one for one in run.operations if one.service == "pricing")
    assert asked.high == 0


def test_once_a_type_has_a_price_the_prices_of_its_successors_are_asked_for_too(desk: Desk) -> None:
    desk.refresh(checks=CHECKS)
    types = {one.key.usage_type for one in desk.snapshot.listed() if one.key.region == "eu-west-1"}
    mine = {f"BoxUsage:{one.instance_type}" for one in desk.snapshot.instances() if one.region == "eu-west-1"}
    assert types & mine
    assert {one for one in types if one.startswith("BoxUsage:")} - mine


def test_an_answer_is_good_for_a_month(desk: Desk) -> None:
    desk.refresh(checks=CHECKS)
    first = desk.snapshot.listed()
    assert first
    desk.refresh(NOW + timedelta(days=29), checks=CHECKS)
    assert desk.proxy.count("GetProducts") == 0
    assert set(first) <= set(desk.snapshot.listed())


def test_what_is_not_sold_is_not_asked_for_again_and_again(desk: Desk) -> None:
    desk.proxy.answer("GetProducts", lambda _: {"FormatVersion": "aws_v1", "PriceList": []})
    assert desk.refresh(checks=CHECKS).state is RunState.COMPLETE
    assert desk.snapshot.listed_rates() == {}
    assert Listed(OREGON_NAT, TODAY, None) in desk.snapshot.listed()
    desk.refresh(NOW + timedelta(days=1), checks=CHECKS)
    assert desk.proxy.count("GetProducts") == 0


def test_an_old_answer_that_cannot_be_asked_for_again_stays_with_its_day(desk: Desk) -> None:
    desk.refresh(checks=CHECKS)
    desk.proxy.refuse("GetProducts", "AccessDeniedException")
    run = desk.refresh(NOW + MONTH, checks=CHECKS)
    assert run.state is RunState.PARTIAL
    assert desk.proxy.count("GetProducts") > 0
    assert desk.snapshot.listed_rates()[OREGON_MACHINE].as_of == TODAY


def test_an_old_answer_is_replaced_by_the_new_one(desk: Desk) -> None:
    desk.refresh(checks=CHECKS)
    old = [replace(one, asked_on=TODAY - MONTH) for one in desk.snapshot.listed()]
    found = asked_again(desk, old)
    nat = next(one for one in found if one.key.usage_type == "BoxUsage:m5.large")
    assert nat.asked_on == TODAY
    assert {one.key.usage_type for one in found} == {"BoxUsage:m5.large"}  # the rest is not needed any more


def test_a_refusal_is_a_gap_that_says_what_to_allow_and_the_rest_goes_on(desk: Desk) -> None:
    desk.proxy.refuse("GetProducts", "AccessDeniedException")
    run = desk.refresh(checks=CHECKS)
    assert run.state is RunState.PARTIAL
    holes = [gap for gap in run.gaps if is_hole(gap)]
    assert {(gap.source, gap.kind, gap.action, gap.account_id) for gap in holes} == {
        ("price_list", "AccessDenied", "pricing:GetProducts", PAYER)
    }
    assert len(holes) == len({gap.region for gap in holes})
    assert all("pricing:GetProducts" in gap.remedy for gap in holes)
    assert desk.snapshot.listed() == ()
    assert desk.state.findings()


def test_the_bound_on_calls_is_told_and_what_it_left_is_asked_for_next_time(desk: Desk) -> None:
    assert asked_again(desk, (), calls=0) == ()
    assert len(asked_again(desk, (), calls=1)) == 1


def asked_again(desk: Desk, before: Sequence[Listed], calls: int = 5) -> tuple[Listed, ...]:
    """Ask for what one plain instance in Ireland costs."""
    one = instance(instance_type="m5.large", region="eu-west-1", state="running")
    read = collected(instances=[one], places=((one.account_id, one.region),))
    with connected(desk.demo.environment, desk.proxy.url) as connector, Crew(lambda _: None) as crew:
        found = ask_for_prices(crew, connector, read, before, (), calls)
        assert [gap.kind for gap in crew.gaps] == ([] if calls else ["NotAsked"])
        assert all("1 price" in gap.reason for gap in crew.gaps)
    return found
