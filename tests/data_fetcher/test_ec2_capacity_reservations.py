"""Capacity Reservations as AWS describes them."""

from __future__ import annotations

from typing import Any

import pytest

from plainbill.aws_connector import Scope
from plainbill.data_fetcher.ec2_capacity_reservations import Ec2CapacityReservations

SCOPE = Scope("111122223333", "us-east-1")
RAW: dict[str, Any] = {
    "CapacityReservationId": "cr-1",
    "OwnerId": "444455556666",
    "InstanceType": "m5.large",
    "InstancePlatform": "Linux/UNIX",
    "TotalInstanceCount": 4,
    "AvailableInstanceCount": 1,
    "State": "active",
    "CreateDate": "2026-03-02T08:00:00.000Z",
}


def test_a_capacity_block_is_not_billed_by_the_hour_and_left_out() -> None:
    page = {"CapacityReservations": [{**RAW, "ReservationType": "capacity-block"}]}
    assert list(Ec2CapacityReservations.parse(page, SCOPE)) == []
    assert list(Ec2CapacityReservations.parse({}, SCOPE)) == []


def test_what_aws_does_not_say_is_none() -> None:
    (found,) = Ec2CapacityReservations.parse({"CapacityReservations": [RAW]}, SCOPE)
    assert (found.owner_id, found.total_instances, found.available_instances) == ("444455556666", 4, 1)
    assert (found.end_at, found.availability_zone, found.tenancy, found.tags) == (None, None, "default", {})
    assert found.arn == "arn:aws:ec2:us-east-1:111122223333:capacity-reservation/cr-1"


@pytest.mark.parametrize("field", sorted(RAW))
def test_what_aws_always_says_is_asked_for_by_name(field: str) -> None:
    thin = {key: value for key, value in RAW.items() if key != field}
    with pytest.raises(KeyError, match=field):
        list(Ec2CapacityReservations.parse({"CapacityReservations": [thin]}, SCOPE))
