"""Which Region a usage type is of; a code that nobody documented is of none."""

from __future__ import annotations

import pytest

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
    ],
)
def test_codes_are_those_of_aws_s_own_table(usage_type: str, region: str) -> None:
    assert region_and_name(usage_type) == (region, "NatGateway-Bytes")


def test_only_the_first_code_counts() -> None:
    assert region_and_name("APE1-USE1-AWS-In-Bytes") == ("ap-east-1", "USE1-AWS-In-Bytes")
