"""What is paid for by the hour whether or not it is used: Savings Plans and Reserved Instances."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from plainbill.model.resources.base import Resource, arn_of


@dataclass(frozen=True, slots=True, kw_only=True)
class SavingsPlan(Resource):
    """One Savings Plan (``DescribeSavingsPlans``); ``region`` is where AWS was asked, not what it covers."""

    source: ClassVar[str] = "savings_plans"

    plan_id: str
    plan_arn: str
    plan_type: str  # Compute | EC2Instance | SageMaker | Database
    state: str
    commitment: str  # an amount of ``currency`` an hour, as AWS writes it: "3.96000000"
    currency: str
    covered_region: str | None = None  # of an EC2Instance plan
    family: str | None = None  # of an EC2Instance plan: m5
    start_at: datetime | None = None
    end_at: datetime | None = None
    payment: str | None = None  # No Upfront | Partial Upfront | All Upfront
    term_seconds: int | None = None

    @property
    def resource_id(self) -> str:
        """The plan's id."""
        return self.plan_id

    @property
    def arn(self) -> str:
        """The ARN, as AWS gives it."""
        return self.plan_arn


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservedInstance(Resource):
    """``count`` reserved instances bought together (``DescribeReservedInstances``)."""

    source: ClassVar[str] = "ec2_reserved_instances"

    reservation_id: str
    instance_type: str
    count: int
    scope: str  # Region | Availability Zone
    platform: str  # in the words of an instance's PlatformDetails: "Linux/UNIX"
    tenancy: str  # default | dedicated
    offering_class: str  # standard | convertible
    state: str
    end_at: datetime
    availability_zone: str | None = None  # of a zonal one
    start_at: datetime | None = None
    payment: str | None = None  # No Upfront | Partial Upfront | All Upfront
    term_seconds: int | None = None
    hourly: str | None = None  # what each of ``count`` is charged an hour, as decimals
    upfront: str | None = None  # what each of them cost at once
    currency: str | None = None

    @property
    def resource_id(self) -> str:
        """The reservation's id."""
        return self.reservation_id

    @property
    def arn(self) -> str:
        """The ARN."""
        return arn_of("ec2", self.region, self.account_id, f"reserved-instances/{self.reservation_id}")
