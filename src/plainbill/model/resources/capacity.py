"""On-Demand Capacity Reservations of EC2."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from plainbill.model.resources.base import Resource, arn_of


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityReservation(Resource):
    """One On-Demand Capacity Reservation (``DescribeCapacityReservations``)."""

    source: ClassVar[str] = "ec2_capacity_reservations"

    reservation_id: str
    owner_id: str  # who is billed; a reservation that is shared with the account is another one's
    instance_type: str
    platform: str
    tenancy: str
    state: str  # active | expired | cancelled | pending | failed ...
    total_instances: int
    available_instances: int
    created_at: datetime
    end_at: datetime | None = None  # None: until somebody cancels it
    availability_zone: str | None = None

    @property
    def resource_id(self) -> str:
        """The reservation id."""
        return self.reservation_id

    @property
    def arn(self) -> str:
        """The ARN."""
        return arn_of("ec2", self.region, self.account_id, f"capacity-reservation/{self.reservation_id}")

    @property
    def dimensions(self) -> Mapping[str, str]:
        """``AWS/EC2CapacityReservations``'s dimension."""
        return {"CapacityReservationId": self.reservation_id}
