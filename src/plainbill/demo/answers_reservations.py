"""EC2: On-Demand Capacity Reservations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plainbill.demo.call import Answer, Call, paged
from plainbill.demo.ec2_filters import Filters, filtered
from plainbill.demo.estate_reservations import Reservation, reservations

_FILTERS: Filters = {
    "state": lambda _: ["active"],
    "instance-type": lambda one: [one.instance_type],
    "owner-id": lambda one: [one.owner],
}


def describe_capacity_reservations(call: Call) -> Mapping[str, Any]:
    """List the reservations of one account in one region, and those that are shared with it."""
    chosen = filtered(reservations(call.company).at(call.account, call.region), call, _FILTERS)
    return paged(call, "CapacityReservations", [_told(one) for one in chosen], most=1000)


def _told(one: Reservation) -> dict[str, Any]:
    return {
        "CapacityReservationId": one.name,
        "OwnerId": one.owner,
        "CapacityReservationArn": one.arn("ec2", f"capacity-reservation/{one.name}"),
        "InstanceType": one.instance_type,
        "InstancePlatform": "Linux/UNIX",
        "AvailabilityZone": one.availability_zone,
        "Tenancy": "default",
        "TotalInstanceCount": one.total,
        "AvailableInstanceCount": one.available,
        "EbsOptimized": True,
        "EphemeralStorage": False,
        "State": "active",
        "StartDate": one.created_at,
        "EndDateType": "unlimited",
        "InstanceMatchCriteria": "open",
        "CreateDate": one.created_at,
        "Tags": one.tag_list,
        "ReservationType": "default",
    }


ANSWERS: Mapping[str, Answer] = {"ec2:DescribeCapacityReservations": describe_capacity_reservations}
