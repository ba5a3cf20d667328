"""Which Region a usage type is of; a code that nobody documented is of none."""

from __future__ import annotations

import csv
from dataclasses import replace
from decimal import Decimal

import pytest

from billing_factories import in_october, span, usage
from data_fetcher.answers import recordings
from plainbill.prices import items
from plainbill.prices.billed import billed_rates
from plainbill.prices.billing_regions import region_and_name


@pytest.mark.parametrize("code", ["LAX1", "BOS1", "USW9", "XX1", "APS10"])
def test_usage_under_an_unknown_code_is_of_no_region(code: str) -> None:
    assert region_and_name(f"{code}-NatGateway-Hours") == (None, "NatGateway-Hours")


@pytest.mark.parametrize("plain", ["NatGateway-Hours", "BoxUsage:m5.large", "TimedStorage-ByteHrs", "EU-"])
def test_a_name_without_a_code_is_of_us_east_1(plain: str) -> None:
    assert region_and_name(plain) == ("us-east-1", plain)


def test_a_local_zone_of_a_region_keeps_its_own_code() -> None:
    """``USW2-LAX1-BoxUsage`` has Los Angeles' price: its name is none that an item is billed under."""
    assert region_and_name("USW2-LAX1-BoxUsage:t3.medium") == ("us-west-2", "LAX1-BoxUsage:t3.medium")


@pytest.mark.parametrize(
    ("usage_type", "region"),
    [
        ("USE1-NatGateway-Bytes", "us-east-1"),
        ("EU-NatGateway-Bytes", "eu-west-1"),
        ("EUW2-NatGateway-Bytes", "eu-west-2"),
        # Numbers do not follow those of the Regions' names.
        ("APS1-NatGateway-Bytes", "ap-southeast-1"),
        ("APS3-NatGateway-Bytes", "ap-south-1"),
        ("APS4-NatGateway-Bytes", "ap-southeast-3"),
        ("APS5-NatGateway-Bytes", "ap-south-2"),
        ("CAN2-NatGateway-Bytes", "ca-west-1"),
        ("ca-central-1-NatGateway-Bytes", "ca-central-1"),  # as KMS writes it
    ],
)
def test_codes_are_those_of_aws_s_own_table(usage_type: str, region: str) -> None:
    assert region_and_name(usage_type) == (region, "NatGateway-Bytes")


def test_only_the_first_code_counts() -> None:
    assert region_and_name("APE1-USE1-AWS-In-Bytes") == ("ap-east-1", "USE1-AWS-In-Bytes")


def real_bill() -> list[dict[str, str]]:
    """The usage of a real, anonymized bill: three days of November 2023 (tests only, not shipped)."""
    (path,) = recordings("cur", "cur_legacy_real_anon_*.csv")
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [row for row in rows if row["lineItem/LineItemType"] == "Usage"]


def test_every_usage_of_a_real_bill_is_of_the_region_that_aws_says() -> None:
    told = {(row["lineItem/UsageType"], row["product/regionCode"]) for row in real_bill()}
    with_region = {(usage_type, region) for usage_type, region in told if region}
    assert len(with_region) >= 15
    assert {(usage_type, region_and_name(usage_type)[0]) for usage_type, _ in with_region} == with_region


def test_names_and_units_of_a_real_bill_are_priced_as_what_they_are() -> None:
    """Storage of logs in three Regions and of a file system in one share a usage type, and are told apart."""
    records = [
        usage(
            row["lineItem/UsageType"],
            row["lineItem/Operation"],
            row["lineItem/UsageAmount"],
            row["lineItem/UnblendedCost"],
            unit=row["pricing/unit"],
        )
        for row in real_bill()
    ]
    whole = [replace(one, quantity=Decimal(100), cost=Decimal(3)) for one in records]
    rates = billed_rates(span(*whole, *map(in_october, whole)))
    for region in ("ca-central-1", "us-west-2", "us-east-2"):
        assert rates.rate(region, items.LOGS_STORAGE) is not None
    assert rates.rate("us-east-2", items.efs_storage("standard")) is not None
    assert rates.rate("us-west-2", items.efs_storage("standard")) is None
    assert rates.rate("us-west-2", items.s3_storage("STANDARD")) is None
    assert rates.rate("us-east-1", items.LOGS_STORAGE) is None
