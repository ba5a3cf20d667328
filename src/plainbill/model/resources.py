"""Resources as AWS describes them; what AWS does not say is None, never an empty string."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Ec2Instance:
    """One EC2 instance (``DescribeInstances``) with what a verdict on it needs."""

    instance_id: str
    account_id: str
    region: str
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
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str | None:
        """The Name tag."""
        return self.tags.get("Name")

    @property
    def arn(self) -> str:
        """The ARN, in the partition of the region."""
        partition = {"cn": "aws-cn", "us-gov": "aws-us-gov"}.get(self.region.rsplit("-", 2)[0], "aws")
        return f"arn:{partition}:ec2:{self.region}:{self.account_id}:instance/{self.instance_id}"
