"""EBS volumes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from plainbill.model.resources.base import Resource, arn_of


@dataclass(frozen=True, slots=True, kw_only=True)
class EbsVolume(Resource):
    """One EBS volume (``DescribeVolumes``)."""

    source: ClassVar[str] = "ebs_volumes"

    volume_id: str
    volume_type: str  # gp2 | gp3 | io1 | io2 | st1 | sc1 | standard
    size_gib: int
    state: str  # creating | available | in-use | deleting | error
    created_at: datetime
    availability_zone: str
    iops: int | None = None  # None for types without provisioned IOPS
    throughput_mib: int | None = None  # MiB/s; gp3 only
    attached_to: tuple[str, ...] = ()  # instance ids
    delete_on_termination: bool | None = None  # None while it is attached to nothing
    snapshot_id: str | None = None
    is_encrypted: bool = False
    is_root: bool | None = None  # by the device it is attached as; None while attached to nothing
    is_multi_attach: bool = False  # may be attached to several instances: io1 and io2 only
    outpost_arn: str | None = None  # where it is on hardware of AWS in the customer's own building
    operator: str | None = None  # the AWS service that manages it for the account, if one does

    @property
    def resource_id(self) -> str:
        """The volume id."""
        return self.volume_id

    @property
    def arn(self) -> str:
        """The ARN."""
        return arn_of("ec2", self.region, self.account_id, f"volume/{self.volume_id}")

    @property
    def dimensions(self) -> Mapping[str, str]:
        """``AWS/EBS``'s dimension."""
        return {"VolumeId": self.volume_id}
