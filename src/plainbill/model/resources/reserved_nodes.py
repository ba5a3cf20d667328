"""Reservations of managed databases, caches, searches and warehouses: paid for whether used or not."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from plainbill.model.resources.base import Resource


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservedNodes(Resource):
    """``count`` nodes of a type that were reserved together; AWS tells when they began and for how long."""

    reservation_id: str
    reservation_arn: str
    node_type: str
    count: int
    state: str  # active | payment-pending | exchanging
    start_at: datetime
    end_at: datetime
    term_seconds: int
    product: str | None = None  # the engine, where the reservation is of one: postgresql, redis
    is_multi_az: bool | None = None  # of RDS
    payment: str | None = None  # No Upfront | Partial Upfront | All Upfront
    hourly: str | None = None  # what each of ``count`` is charged an hour, as decimals
    upfront: str | None = None  # what each of them cost at once
    currency: str | None = None

    @property
    @abstractmethod
    def service(self) -> str:
        """The service in people's words."""

    @property
    def resource_id(self) -> str:
        """The reservation's id, which its owner may have chosen."""
        return self.reservation_id

    @property
    def arn(self) -> str:
        """The ARN."""
        return self.reservation_arn


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservedDatabase(ReservedNodes):
    """Reserved DB instances of RDS (``DescribeReservedDBInstances``)."""

    source: ClassVar[str] = "rds_reserved_instances"

    @property
    def service(self) -> str:
        """The service in people's words."""
        return "RDS"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservedCache(ReservedNodes):
    """Reserved nodes of ElastiCache (``DescribeReservedCacheNodes``)."""

    source: ClassVar[str] = "elasticache_reserved_nodes"

    @property
    def service(self) -> str:
        """The service in people's words."""
        return "ElastiCache"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservedSearch(ReservedNodes):
    """Reserved instances of OpenSearch (``DescribeReservedInstances``)."""

    source: ClassVar[str] = "opensearch_reserved_instances"

    @property
    def service(self) -> str:
        """The service in people's words."""
        return "OpenSearch"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservedWarehouse(ReservedNodes):
    """Reserved nodes of Redshift (``DescribeReservedNodes``)."""

    source: ClassVar[str] = "redshift_reserved_nodes"

    @property
    def service(self) -> str:
        """The service in people's words."""
        return "Redshift"


RESERVED_NODES: tuple[type[ReservedNodes], ...] = (
    ReservedDatabase,
    ReservedCache,
    ReservedSearch,
    ReservedWarehouse,
)
"""Every kind of them."""
