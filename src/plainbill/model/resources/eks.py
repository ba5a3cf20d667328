"""Amazon EKS."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from plainbill.model.resources.base import Resource, arn_of


@dataclass(frozen=True, slots=True, kw_only=True)
class EksCluster(Resource):
    """One cluster (``DescribeCluster``), with the support of its version (``DescribeClusterVersions``)."""

    source: ClassVar[str] = "eks_clusters"

    cluster_name: str
    status: str  # CREATING | ACTIVE | DELETING | FAILED | UPDATING | PENDING
    version: str  # of Kubernetes: 1.31
    created_at: datetime
    support_type: str | None = None  # STANDARD | EXTENDED: what happens when standard support ends
    standard_support_ends_at: datetime | None = None  # None where AWS did not say
    extended_support_ends_at: datetime | None = None

    @property
    def resource_id(self) -> str:
        """The name."""
        return self.cluster_name

    @property
    def name(self) -> str | None:
        """The name."""
        return self.cluster_name

    @property
    def arn(self) -> str:
        """The ARN."""
        return arn_of("eks", self.region, self.account_id, f"cluster/{self.cluster_name}")
