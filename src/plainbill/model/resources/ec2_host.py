"""Dedicated Hosts of EC2."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from plainbill.model.resources.base import Resource, arn_of


@dataclass(frozen=True, slots=True, kw_only=True)
class DedicatedHost(Resource):
    """One Dedicated Host (``DescribeHosts``): a server that is billed whole, whatever runs on it.

    ``instance_ids`` are the instances that take up capacity of it.
    """

    source: ClassVar[str] = "ec2_hosts"

    host_id: str
    state: str  # available | under-assessment | permanent-failure | pending | released ...
    allocated_at: datetime
    owner_id: str | None = None  # who is billed; a host that is shared with the account is another one's
    instance_ids: tuple[str, ...] = ()
    instance_family: str | None = None
    reservation_id: str | None = None
    availability_zone: str | None = None

    @property
    def resource_id(self) -> str:
        """The host id."""
        return self.host_id

    @property
    def arn(self) -> str:
        """The ARN."""
        return arn_of("ec2", self.region, self.account_id, f"dedicated-host/{self.host_id}")
