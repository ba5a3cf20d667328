"""Auto Scaling groups of EC2."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from plainbill.model.resources.base import Resource


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoScalingGroup(Resource):
    """One Auto Scaling group (``DescribeAutoScalingGroups``); its instances are billed, it is not.

    ``instance_ids`` are those that it holds in any state but terminated; a warm pool is not among them.
    """

    source: ClassVar[str] = "autoscaling_groups"

    group_arn: str
    group_name: str
    min_size: int
    max_size: int
    desired_size: int
    created_at: datetime
    instance_ids: tuple[str, ...] = ()

    @property
    def resource_id(self) -> str:
        """The name."""
        return self.group_name

    @property
    def arn(self) -> str:
        """The ARN."""
        return self.group_arn

    @property
    def name(self) -> str | None:
        """Its own name."""
        return self.group_name
