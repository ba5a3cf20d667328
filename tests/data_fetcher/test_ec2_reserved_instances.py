"""Reserved Instances as EC2 describes them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from data_fetcher.answers import recorded, recordings
from plainbill.aws_connector import Scope
from plainbill.data_fetcher.ec2_reserved_instances import Ec2ReservedInstances
from plainbill.model.resources.commitments import ReservedInstance

SCOPE = Scope("111122223333", "us-east-1")
LEAST: dict[str, Any] = {
    "ReservedInstancesId": "32881ecb",
    "InstanceType": "m5.large",
    "InstanceCount": 3,
    "Scope": "Region",
    "ProductDescription": "Linux/UNIX",
    "OfferingClass": "standard",
    "State": "active",
    "End": "2027-03-02T07:59:59.000Z",
}


def parsed(raw: dict[str, Any]) -> ReservedInstance:
    (one,) = Ec2ReservedInstances.parse({"ReservedInstances": [raw]}, SCOPE)
    return one


def test_no_reservations_are_an_empty_page() -> None:
    assert list(Ec2ReservedInstances.parse({}, SCOPE)) == []


def test_a_regional_one_is_of_no_zone() -> None:
    one = parsed(LEAST)
    assert (one.count, one.scope, one.availability_zone, one.tenancy) == (3, "Region", None, "default")
    assert one.end_at == datetime(2027, 3, 2, 7, 59, 59, tzinfo=UTC)
    assert one.arn == "arn:aws:ec2:us-east-1:111122223333:reserved-instances/32881ecb"


def test_a_zonal_one_says_which_zone() -> None:
    one = parsed(LEAST | {"Scope": "Availability Zone", "AvailabilityZone": "us-east-1b"})
    assert (one.scope, one.availability_zone) == ("Availability Zone", "us-east-1b")


@pytest.mark.parametrize(
    ("described", "platform"),
    [
        ("Linux/UNIX (Amazon VPC)", "Linux/UNIX"),
        ("Windows with SQL Server Standard (Amazon VPC)", "Windows with SQL Server Standard"),
        ("Windows", "Windows"),
    ],
)
def test_platforms_are_in_the_words_of_the_instances(described: str, platform: str) -> None:
    assert parsed(LEAST | {"ProductDescription": described}).platform == platform


@pytest.mark.parametrize("absent", sorted(LEAST))
def test_a_field_that_aws_promises_is_never_guessed(absent: str) -> None:
    with pytest.raises(KeyError, match=absent):
        parsed({name: value for name, value in LEAST.items() if name != absent})


def test_a_recorded_reservation_survives() -> None:
    pattern = "test_ec2_reserved_instance_query/ec2.DescribeReservedInstances_1.json"
    (path,) = recordings("aws_api_c7n_placebo", pattern)
    (one,) = Ec2ReservedInstances.parse(recorded(path), SCOPE)
    assert (one.instance_type, one.count, one.scope, one.platform) == ("t2.micro", 1, "Region", "Linux/UNIX")
    assert one.end_at == datetime(2020, 2, 23, 11, 25, 2, tzinfo=UTC)
