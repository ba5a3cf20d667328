"""OpenSearch and Elasticsearch domains."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from plainbill.model.resources.base import Resource, arn_of


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSearchDomain(Resource):
    """One domain (``DescribeDomains``); AWS does not say when it was made."""

    source: ClassVar[str] = "opensearch_domains"

    domain_name: str
    engine_version: str
    instance_type: str  # of the data nodes: m6g.large.search
    instances: int
    is_created: bool = True
    is_deleted: bool = False
    master_type: str | None = None  # None without dedicated masters
    masters: int = 0
    warm_type: str | None = None
    warm_nodes: int = 0
    other_nodes: int = 0  # of further kinds (coordinators), whose types are not kept
    volume_type: str | None = None  # None for nodes with disks of their own
    volume_gib: int | None = None  # of each data node
    volume_iops: int | None = None
    volume_throughput_mibps: int | None = None

    @property
    def resource_id(self) -> str:
        """The domain's name."""
        return self.domain_name

    @property
    def arn(self) -> str:
        """The ARN."""
        return arn_of("es", self.region, self.account_id, f"domain/{self.domain_name}")

    @property
    def dimensions(self) -> Mapping[str, str]:
        """``AWS/ES``'s dimensions: the domain, and the account it belongs to."""
        return {"DomainName": self.domain_name, "ClientId": self.account_id}
