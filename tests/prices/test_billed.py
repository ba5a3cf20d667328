"""Prices from the account's own bill: none of a free tier, of a mix, or of a name that may be another's."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from billing_factories import BILL, in_october, span, usage
from plainbill.model.billing import UsageRecord
from plainbill.model.money import Money
from plainbill.prices import ListPrices, Origin, Rate, items
from plainbill.prices.billed import billed_rates
from plainbill.prices.items import Item, LoadBalancerKind, Unit
from plainbill.prices.usage_types import usage_key

HOME, IRELAND = "us-east-1", "eu-west-1"
NAT = usage("NatGateway-Hours", "NatGateway", "528", "23.76")  # 22 days
OCTOBER = in_october(NAT, quantity=Decimal(240), cost=Decimal("10.8"))


def rate(item: Item, *records: UsageRecord, region: str = HOME) -> Rate | None:
    return billed_rates(span(*records)).rate(region, item)


def both(usage_type: str, operation: str, unit: str, cost: str = "2") -> tuple[UsageRecord, UsageRecord]:
    """Ten units in either month."""
    record = usage(usage_type, operation, "10", cost, unit=unit)
    return record, in_october(record)


def nat_of(**changes: Any) -> Rate | None:
    """The price of a gateway's hour when October's part was another."""
    return rate(items.NAT_GATEWAY_HOUR, NAT, in_october(OCTOBER, **changes))


def test_a_bill_without_the_usage_has_no_price_of_it() -> None:
    assert rate(items.NAT_GATEWAY_HOUR) is None
    assert rate(items.NAT_GATEWAY_DATA, NAT, OCTOBER) is None


def test_the_price_of_one_region_is_none_of_another() -> None:
    assert rate(items.NAT_GATEWAY_HOUR, NAT, OCTOBER, region=IRELAND) is None


def test_a_free_tier_in_one_month_s_part_leaves_no_price() -> None:
    """Of 240 hours 24 were free: neither that month's price nor the whole's is that of the next hour."""
    assert nat_of(cost=Decimal("9.72")) is None
    assert nat_of(cost=Decimal(0)) is None


def test_a_price_that_changed_by_a_percent_at_most_is_one_price() -> None:
    assert nat_of(cost=Decimal("10.75")) is not None


def test_usage_of_one_month_only_is_not_believed() -> None:
    assert rate(items.NAT_GATEWAY_HOUR, NAT) is None


def test_less_than_a_cent_in_all_makes_no_price() -> None:
    few = usage("NatGateway-Hours", "NatGateway", "0.1", "0.0045")
    assert rate(items.NAT_GATEWAY_HOUR, few, in_october(few)) is None
    assert rate(items.NAT_GATEWAY_HOUR, few, in_october(NAT)) is not None


def test_what_a_correction_made_negative_is_no_price() -> None:
    assert nat_of(quantity=Decimal(-240), cost=Decimal("-10.8")) is None


@pytest.mark.parametrize("unit", ["N/A", "GB", "", "Requests"])
def test_another_unit_than_the_item_s_is_not_used(unit: str) -> None:
    """Cost Explorer says ``N/A`` where a group has several."""
    assert rate(items.NAT_GATEWAY_HOUR, *both("NatGateway-Hours", "NatGateway", unit)) is None


@pytest.mark.parametrize(
    ("item", "operation"),
    [(items.s3_storage("STANDARD"), "StandardStorage"), (items.DYNAMODB_STORAGE, "StandardStorage")],
)
def test_storage_that_two_products_bill_alike_has_no_price(item: Item, operation: str) -> None:
    assert rate(item, *both("TimedStorage-ByteHrs", operation, "GB-Mo")) is None


def test_usage_of_an_unknown_code_is_not_used_anywhere() -> None:
    rates = billed_rates(span(*both("LAX1-NatGateway-Hours", "NatGateway", "Hrs")))
    assert rates.rate(HOME, items.NAT_GATEWAY_HOUR) is None


def test_an_hour_of_one_kind_of_load_balancer_is_none_of_another() -> None:
    records = both("LoadBalancerUsage", "LoadBalancing:Network", "Hrs")
    assert rate(items.load_balancer(LoadBalancerKind.APPLICATION), *records) is None
    assert rate(items.load_balancer(LoadBalancerKind.NETWORK), *records) is not None


def test_a_regional_nat_gateway_s_hours_are_none_of_a_zonal_one_s() -> None:
    assert rate(items.NAT_GATEWAY_HOUR, *both("RegionalNatGateway-Hours", "NatGateway", "Hrs")) is None


def test_a_price_says_whose_it_is_of_which_day_and_usage() -> None:
    found = rate(items.NAT_GATEWAY_HOUR, NAT, OCTOBER)
    assert found == Rate(
        price=Money(Decimal("0.045"), "USD"),
        unit=Unit.HOUR,
        as_of=date(2026, 11, 22),
        source="the bill of 2026-10-22 to 2026-11-22: NatGateway-Hours",
        origin=Origin.BILLED,
    )
    assert found.as_of < BILL.end_day


def test_the_same_usage_with_and_without_its_code_is_added_up() -> None:
    """us-east-1 has both."""
    coded = [usage("USE1-NatGateway-Hours", "NatGateway", "528", "23.76"), in_october(OCTOBER)]
    assert rate(items.NAT_GATEWAY_HOUR, coded[0], OCTOBER) == rate(
        items.NAT_GATEWAY_HOUR, *coded
    )  # of October there is no second line
    found = rate(items.NAT_GATEWAY_HOUR, coded[0], NAT, OCTOBER)
    assert found is not None
    assert found.source.endswith("NatGateway-Hours, USE1-NatGateway-Hours")


def test_a_gibibyte_a_second_is_1024_of_what_the_item_is_sold_by() -> None:
    records = both("EU-EBS:VolumeP-Throughput.gp3", "CreateVolume-Gp3", "GiBps-mo", cost="450.56")
    found = rate(items.ebs_throughput("gp3"), *records, region=IRELAND)
    assert found is not None
    assert (found.price.amount, found.unit) == (Decimal("0.044"), Unit.MIBPS_MONTH)


@pytest.mark.parametrize(
    ("item", "usage_type", "operation", "unit"),
    [
        # As in a real bill of November 2023 (two Regions) and in AWS's price list.
        (items.LOGS_STORAGE, "TimedStorage-ByteHrs", "HourlyStorageMetering", "GB-Mo"),
        (items.efs_storage("standard"), "TimedStorage-ByteHrs", "Storage", "GB-Mo"),
        (items.EKS_CLUSTER, "AmazonEKS-Hours:perCluster", "CreateOperation", "Hours"),
        (items.KINESIS_SHARD, "Storage-ShardHour", "shardHourStorage", "ShardHour"),
        (items.cache_node("cache.t3.medium", "valkey"), "NodeUsage:cache.t3.medium",
         "CreateCacheCluster:Valkey", "Hrs"),
        (items.ec2_instance("m5.large", "windows"), "BoxUsage:m5.large", "RunInstances:0002", "Hrs"),
        (items.rds_instance("db.m5.large", "postgres"), "InstanceUsage:db.m5.large",
         "CreateDBInstance:0014", "Hrs"),
    ],
)  # fmt: skip
def test_items_find_what_a_bill_calls_them(item: Item, usage_type: str, operation: str, unit: str) -> None:
    found = rate(item, *both(usage_type, operation, unit))
    assert found is not None
    assert (found.price.amount, found.unit) == (Decimal("0.2"), item.unit)


_OPERATIONS = {
    ("AmazonCloudWatch", "TimedStorage-ByteHrs"): "HourlyStorageMetering",
    ("AmazonEFS", "TimedStorage-ByteHrs"): "Storage",
    ("AmazonCloudWatch", "DataProcessing-Bytes"): "PutLogEvents",
}
_WORDS = {Unit.HOUR: "Hrs", Unit.VCPU_HOUR: "Hours", Unit.GB_HOUR: "Hours", Unit.GB: "GB",
          Unit.GB_MONTH: "GB-Mo", Unit.IOPS_MONTH: "IOPS-Mo", Unit.MIBPS_MONTH: "MiBps-Mo",
          Unit.GB_SECOND: "Lambda-GB-Second", Unit.MONTH: "Secrets"}  # fmt: skip


def test_a_bill_prices_every_item_that_has_a_name_on_it_but_those_that_several_products_share() -> None:
    left_out = set()
    for _, item in ListPrices.load().items:
        if (key := usage_key(HOME, item)) is not None:
            operation = key.operation or _OPERATIONS.get((key.service, key.usage_type), "StandardStorage")
            if rate(item, *both(key.usage_type, operation, _WORDS[item.unit])) is None:
                left_out.add(str(item))
    assert left_out == {"s3 STANDARD, gb_month", "dynamodb storage, gb_month", "ecr storage, gb_month"}
