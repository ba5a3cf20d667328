"""Caches, warehouses and search domains, with the checks that must call them waste."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from plainbill.demo.company import Company
from plainbill.demo.estate import Estate, Resource, made
from plainbill.demo.fleet import DEVELOPMENT, PRODUCTION, SETTLED, VIRGINIA


@dataclass(frozen=True, kw_only=True)
class Cache(Resource):
    """One ElastiCache cluster: connections open all day, and new ones, reads and writes an hour."""

    engine: str
    node_type: str
    nodes: int = 1
    group: str | None = None
    connections: int = 4  # ElastiCache's own
    new: float = 0
    reads: float = 0
    writes: float = 0
    cpu: float = 0.3
    waste: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Warehouse(Resource):
    """One Redshift cluster; ``connections`` at once in office hours."""

    node_type: str
    nodes: int
    connections: int = 0
    status: str = "available"
    waste: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Domain(Resource):
    """One OpenSearch domain; ``searches`` and ``documents`` an hour."""

    node_type: str
    nodes: int
    gib: int
    volume_type: str = "gp3"
    masters: str | None = None
    searches: float = 0
    documents: float = 0
    waste: tuple[str, ...] = ()


_CACHE, _WAREHOUSE, _DOMAIN = (
    ("elasticache_cluster_idle",),
    ("redshift_cluster_idle",),
    ("opensearch_domain_idle",),
)
_BIG = {"engine": "redis", "node_type": "cache.r6g.large"}
_OLD = {"engine": "redis", "node_type": "cache.m4.large"}

_CACHES: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    (PRODUCTION, VIRGINIA, "sessions-001", _BIG | {"group": "sessions", "connections": 240, "new": 900,
                                                   "reads": 400_000, "writes": 90_000, "cpu": 21.0}),
    # a replica: nobody reads it, but it takes over
    (PRODUCTION, VIRGINIA, "sessions-002", _BIG | {"group": "sessions", "writes": 90_000, "cpu": 4.0}),
    (PRODUCTION, VIRGINIA, "rate-limits", _OLD | {"connections": 30, "new": 60, "reads": 0.2, "writes": 0.1}),
    (PRODUCTION, VIRGINIA, "recommendations", _OLD | {"waste": _CACHE}),
    # clients that were never switched off hold connections and say nothing
    (PRODUCTION, VIRGINIA, "price-alerts", _OLD | {"connections": 24, "waste": _CACHE}),
    (PRODUCTION, VIRGINIA, "wishlist-v2", _OLD | {"age": (2, 2), "unknown": _CACHE}),
    (PRODUCTION, VIRGINIA, "page-fragments", {"engine": "memcached", "node_type": "cache.m4.large",
                                               "nodes": 2, "waste": _CACHE}),
)  # fmt: skip
_WAREHOUSES: tuple[tuple[str, str, str, str, dict[str, Any]], ...] = (
    (PRODUCTION, VIRGINIA, "analytics", "data", {"node_type": "dc2.large", "nodes": 4, "connections": 14}),
    (PRODUCTION, VIRGINIA, "reporting-2024-dw", "finance",
     {"node_type": "dc2.large", "nodes": 2, "waste": _WAREHOUSE}),
    (DEVELOPMENT, VIRGINIA, "bi-trial", "data", {"node_type": "dc2.large", "nodes": 2, "status": "paused"}),
)  # fmt: skip
_DOMAINS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    (PRODUCTION, VIRGINIA, "product-search", {"node_type": "r6g.large.search", "nodes": 3, "gib": 200,
                                              "masters": "m6g.large.search", "searches": 52_000,
                                              "documents": 900}),
    # written to and never searched, until something happens
    (PRODUCTION, VIRGINIA, "audit-archive", {"node_type": "m6g.large.search", "nodes": 2, "gib": 500,
                                             "documents": 4000}),
    (DEVELOPMENT, VIRGINIA, "old-logs", {"node_type": "c4.2xlarge.search", "nodes": 2, "gib": 100,
                                         "volume_type": "gp2", "waste": _DOMAIN}),
)  # fmt: skip


def caches(company: Company) -> Estate[Cache]:
    """Return every ElastiCache cluster of the company."""
    return company.once(_caches)


def warehouses(company: Company) -> Estate[Warehouse]:
    """Return every Redshift cluster of the company."""
    return company.once(_warehouses)


def domains(company: Company) -> Estate[Domain]:
    """Return every OpenSearch domain of the company."""
    return company.once(_domains)


def _caches(company: Company) -> Estate[Cache]:
    return Estate(
        Cache(
            **made(company, account, region, name, age=given.get("age", SETTLED)),
            **{key: value for key, value in given.items() if key != "age"},
        )
        for account, region, name, given in _CACHES
    )


def _warehouses(company: Company) -> Estate[Warehouse]:
    return Estate(
        Warehouse(**made(company, account, region, name, team=team), **given)
        for account, region, name, team, given in _WAREHOUSES
    )


def _domains(company: Company) -> Estate[Domain]:
    return Estate(
        Domain(**made(company, account, region, name), **given) for account, region, name, given in _DOMAINS
    )
