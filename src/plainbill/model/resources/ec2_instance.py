"""EC2 instances."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from plainbill.model.resources.base import Resource, arn_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Ec2Instance(Resource):
    """One EC2 instance (``DescribeInstances``) with what a verdict on it needs."""

    source: ClassVar[str] = "ec2_instances"
    table: ClassVar[str] = "instances"

    instance_id: str
    instance_type: str
    state: str
    platform: str  # PlatformDetails, such as "Linux/UNIX" or "Windows"
    tenancy: str  # default | dedicated | host
    lifecycle: str  # on-demand | spot | scheduled | capacity-block
    launched_at: datetime  # the last start
    first_launched_at: datetime | None  # when the primary network interface was attached
    availability_zone: str | None = None
    architecture: str | None = None
    detailed_monitoring: bool = False
    ebs_volume_ids: tuple[str, ...] = ()
    public_ips: tuple[str, ...] = ()
    managed_by: tuple[str, ...] = ()  # of: autoscaling, eks, ecs, batch, emr, by AWS's own tags
    stopped_at: datetime | None = None  # since when it is stopped; None for others and where AWS forgot
    image_id: str | None = None
    source_dest_check: bool | None = None  # off: it routes for others, as a NAT instance does

    @property
    def resource_id(self) -> str:
        """The instance id."""
        return self.instance_id

    @property
    def arn(self) -> str:
        """The ARN, in the partition of the region."""
        return arn_of("ec2", self.region, self.account_id, f"instance/{self.instance_id}")

    @property
    def dimensions(self) -> Mapping[str, str]:
        """``AWS/EC2``'s dimension."""
        return {"InstanceId": self.instance_id}
