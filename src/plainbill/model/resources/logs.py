"""CloudWatch Logs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from plainbill.model.resources.base import Resource, arn_of


@dataclass(frozen=True, slots=True, kw_only=True)
class LogGroup(Resource):
    """One log group (``DescribeLogGroups``)."""

    source: ClassVar[str] = "log_groups"

    log_group_name: str
    created_at: datetime
    stored_bytes: int
    log_class: str  # STANDARD | INFREQUENT_ACCESS | DELIVERY
    retention_days: int | None = None  # None: kept for ever

    @property
    def resource_id(self) -> str:
        """The name."""
        return self.log_group_name

    @property
    def name(self) -> str | None:
        """The name; log groups have no Name tag."""
        return self.log_group_name

    @property
    def arn(self) -> str:
        """The ARN, without the ``:*`` that stands for its streams."""
        return arn_of("logs", self.region, self.account_id, f"log-group:{self.log_group_name}")

    @property
    def dimensions(self) -> Mapping[str, str]:
        """``AWS/Logs``'s dimension."""
        return {"LogGroupName": self.log_group_name}
