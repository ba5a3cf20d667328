"""Capacity Reservations: ``DescribeCapacityReservations`` in every enabled Region, free of charge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from plainbill.aws_connector import Connector, Read, Scope, instant
from plainbill.data_fetcher.collector import Collector, Page, tags_of
from plainbill.model.resources.capacity import CapacityReservation

_ACTIVE = {"Name": "state", "Values": ["active"]}


class Ec2CapacityReservations(Collector):
    """Every active On-Demand Capacity Reservation; Capacity Blocks are paid for when they are bought."""

    name = "ec2_capacity_reservations"
    kind = CapacityReservation
    reads = (
        Read("ec2", "DescribeCapacityReservations", "capacity that is reserved, billed and used by nobody"),
    )

    @classmethod
    def fetch(cls, connector: Connector, scope: Scope) -> Iterator[Page]:
        """Yield the pages of ``DescribeCapacityReservations``."""
        return connector.pages(scope, "ec2", "DescribeCapacityReservations", Filters=[_ACTIVE])

    @classmethod
    def parse(cls, page: Page, scope: Scope) -> Iterator[CapacityReservation]:
        """Yield the reservations of a page."""
        for raw in page.get("CapacityReservations", ()):
            if raw.get("ReservationType", "default") == "default":
                yield _reservation(raw, scope)


def _reservation(raw: Mapping[str, Any], scope: Scope) -> CapacityReservation:
    end_at = raw.get("EndDate")
    return CapacityReservation(
        account_id=scope.account_id,
        region=scope.region,
        tags=tags_of(raw),
        reservation_id=raw["CapacityReservationId"],
        owner_id=raw["OwnerId"],
        instance_type=raw["InstanceType"],
        platform=raw["InstancePlatform"],
        tenancy=raw.get("Tenancy") or "default",
        state=raw["State"],
        total_instances=int(raw["TotalInstanceCount"]),
        available_instances=int(raw["AvailableInstanceCount"]),
        created_at=instant(raw["CreateDate"]),
        end_at=instant(end_at) if end_at else None,
        availability_zone=raw.get("AvailabilityZone"),
    )
