"""Provisioned Redshift clusters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from plainbill.model.resources.base import Resource, arn_of


@dataclass(frozen=True, slots=True, kw_only=True)
class RedshiftCluster(Resource):
    """One provisioned cluster (``DescribeClusters``)."""

    source: ClassVar[str] = "redshift_clusters"

    cluster_id: str
    node_type: str  # ra3.4xlarge | dc2.large ...
    nodes: int
    status: str  # available | paused | resizing ...
    created_at: datetime | None = None
    multi_az: bool = False  # then as many nodes again run in a second zone

    @property
    def resource_id(self) -> str:
        """The cluster identifier."""
        return self.cluster_id

    @property
    def arn(self) -> str:
        """The ARN."""
        return arn_of("redshift", self.region, self.account_id, f"cluster:{self.cluster_id}")

    @property
    def dimensions(self) -> Mapping[str, str]:
        """``AWS/Redshift``'s dimension of the whole cluster."""
        return {"ClusterIdentifier": self.cluster_id}

    @property
    def has_managed_storage(self) -> bool:
        """Whether its data is billed apart from its nodes: ra3 and rg."""
        return not self.node_type.startswith(("dc", "ds"))
