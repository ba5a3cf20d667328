"""RDS and Aurora: databases, clusters and manual snapshots, with the checks that must call them waste."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from plainbill.demo.company import Company
from plainbill.demo.estate import Estate, Resource, made
from plainbill.demo.fleet import DEVELOPMENT, IRELAND, OREGON, PRODUCTION, SETTLED, VIRGINIA
from plainbill.model.period import midnight

_MYSQL, _MARIADB, _POSTGRES, _AURORA = "mysql", "mariadb", "postgres", "aurora-mysql"
_LICENCES = {
    _MYSQL: "general-public-license",
    _MARIADB: "general-public-license",
    _POSTGRES: "postgresql-license",
}
GLOBAL_CLUSTER = "storefront-world"
_AURORA_VERSION = "8.0.mysql_aurora.3.10.0"


@dataclass(frozen=True, kw_only=True)
class Database(Resource):
    """One DB instance. ``habit`` is how it is used, ``waste`` the checks that call it waste.

    ``unknown`` are the checks that cannot say anything of it.
    """

    engine: str
    version: str
    db_class: str
    habit: str
    memory: float = 0.3
    """The share of its memory that is free."""
    storage: str = "gp3"
    gib: int = 100
    multi_az: bool = False
    status: str = "available"
    cluster: str | None = None
    replica_of: str | None = None
    replicas: tuple[str, ...] = ()
    restarts_at: datetime | None = None
    waste: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def licence(self) -> str:
        """``LicenseModel``; Aurora's is that of the engine it speaks like."""
        return _LICENCES.get(self.engine, "general-public-license")


@dataclass(frozen=True, kw_only=True)
class Cluster(Resource):
    """One Aurora cluster; the first of ``members`` writes."""

    engine: str
    version: str
    members: tuple[str, ...]
    is_global: bool = False
    is_secondary: bool = False


@dataclass(frozen=True, kw_only=True)
class Snapshot(Resource):
    """One snapshot; ``kind`` is ``manual`` or ``automated``."""

    database: str
    engine: str
    gib: int
    kind: str = "manual"
    waste: tuple[str, ...] = ()


_IDLE, _UNDERUSED = "rds_instance_idle", "rds_instance_underused"
_OLD_CLASS, _SUPPORT = "rds_instance_previous_generation", "rds_instance_extended_support"
_STOPPED, _STANDBY = "rds_instance_stopped", "rds_instance_multi_az_nonproduction"
_OLD_SNAPSHOT = "rds_snapshot_old"
_BIG = {"engine": _MYSQL, "version": "8.4.5", "db_class": "db.r6g.2xlarge", "gib": 1000}
_PLAIN = {"engine": _MYSQL, "version": "8.4.5", "db_class": "db.m5.large", "storage": "gp2"}
_SMALL = {"engine": _POSTGRES, "version": "16.9", "db_class": "db.t3.large"}
_MEMBER = {"engine": _AURORA, "version": _AURORA_VERSION, "db_class": "db.t3.medium",
           "storage": "aurora", "gib": 1}  # fmt: skip

_DATABASES: tuple[tuple[str, str, str, str | None, dict[str, Any]], ...] = (
    # production: what serves the shop, and what stands by for it
    (PRODUCTION, VIRGINIA, "orders", "fulfilment",
     _BIG | {"habit": "busy", "multi_az": True, "replicas": ("orders-reports",)}),
    (PRODUCTION, VIRGINIA, "orders-reports", "finance", _BIG | {"habit": "silent", "replica_of": "orders",
                                                                "memory": 0.1}),
    (PRODUCTION, VIRGINIA, "catalog", "merchandising",
     _SMALL | {"version": "13.20", "habit": "busy", "waste": (_SUPPORT,)}),
    (PRODUCTION, VIRGINIA, "pricing", "merchandising", _SMALL | {"version": "14.18", "habit": "calm"}),
    (PRODUCTION, VIRGINIA, "reviews", "storefront", _SMALL | {"habit": "calm", "memory": 0.75,
                                                              "waste": (_UNDERUSED,)}),
    (PRODUCTION, VIRGINIA, "inventory-import", "fulfilment", _PLAIN | {"habit": "fed from outside"}),
    (PRODUCTION, VIRGINIA, "loyalty-v2", "checkout",
     _PLAIN | {"habit": "silent", "age": (3, 3), "unknown": (_IDLE,)}),
    (PRODUCTION, IRELAND, "consent", "legal",
     {"engine": _MARIADB, "version": "10.6.21", "db_class": "db.t4g.medium", "habit": "calm"}),
    (PRODUCTION, VIRGINIA, "storefront-1", "storefront",
     _MEMBER | {"habit": "busy", "cluster": "storefront"}),
    (PRODUCTION, VIRGINIA, "storefront-2", "storefront",
     _MEMBER | {"habit": "silent", "cluster": "storefront"}),
    (PRODUCTION, OREGON, "storefront-dr-1", "platform",
     _MEMBER | {"habit": "silent", "cluster": "storefront-dr"}),
    # production: left behind
    (PRODUCTION, VIRGINIA, "loyalty-legacy", "checkout", _PLAIN | {"habit": "silent", "waste": (_IDLE,)}),
    (PRODUCTION, VIRGINIA, "gift-cards-old", "checkout", _PLAIN | {"habit": "watched", "waste": (_IDLE,)}),
    (PRODUCTION, VIRGINIA, "cms", "marketing",
     _PLAIN | {"version": "8.0.40", "db_class": "db.m4.large", "habit": "busy",
               "waste": (_OLD_CLASS, _SUPPORT)}),
    (PRODUCTION, VIRGINIA, "reporting-2024-db", "finance",
     _PLAIN | {"gib": 400, "habit": "off", "status": "stopped", "waste": (_STOPPED,)}),
    (PRODUCTION, VIRGINIA, "campaign-1", "marketing",
     _MEMBER | {"habit": "silent", "cluster": "campaign", "memory": 0.5, "waste": (_IDLE,)}),
    (PRODUCTION, VIRGINIA, "campaign-2", "marketing",
     _MEMBER | {"habit": "silent", "cluster": "campaign", "memory": 0.5, "waste": (_IDLE,)}),
    # development
    (DEVELOPMENT, VIRGINIA, "staging-orders", "platform",
     {"engine": _MYSQL, "version": "8.4.5", "db_class": "db.t3.large", "storage": "gp2", "habit": "busy",
      "multi_az": True, "waste": (_STANDBY,)}),
    (DEVELOPMENT, VIRGINIA, "qa-shop", "qa", _PLAIN | {"habit": "office hours", "status": "stopped"}),
)  # fmt: skip
"""Account, region, identifier, team, and the rest; nothing said means an ordinary database in use."""

_CLUSTERS: tuple[tuple[str, str, str, tuple[str, ...], dict[str, Any]], ...] = (
    (PRODUCTION, VIRGINIA, "storefront", ("storefront-1", "storefront-2"), {"is_global": True}),
    (PRODUCTION, OREGON, "storefront-dr", ("storefront-dr-1",), {"is_global": True, "is_secondary": True}),
    (PRODUCTION, VIRGINIA, "campaign", ("campaign-1", "campaign-2"), {}),
)
_SNAPSHOTS: tuple[tuple[str, str, str, str, int, tuple[int, int], str, tuple[str, ...]], ...] = (
    (PRODUCTION, VIRGINIA, "orders-before-8-4", "orders", 1000, (410, 410), "manual", (_OLD_SNAPSHOT,)),
    (PRODUCTION, VIRGINIA, "old-shop-final", "old-shop", 250, (700, 720), "manual", (_OLD_SNAPSHOT,)),
    (PRODUCTION, VIRGINIA, "orders-before-index", "orders", 1000, (20, 20), "manual", ()),
    (PRODUCTION, VIRGINIA, "rds:orders-nightly", "orders", 1000, (1, 1), "automated", ()),
)


def databases(company: Company) -> Estate[Database]:
    """Return every DB instance of the company."""
    return company.once(_databases)


def clusters(company: Company) -> Estate[Cluster]:
    """Return every Aurora cluster of the company."""
    return company.once(_clusters)


def snapshots(company: Company) -> Estate[Snapshot]:
    """Return every snapshot of the company's DB instances."""
    return company.once(_snapshots)


def _databases(company: Company) -> Estate[Database]:
    return Estate(_made_databases(company))


def _made_databases(company: Company) -> Iterator[Database]:
    for account, region, name, team, given in _DATABASES:
        facts = dict(given)
        age = facts.pop("age", SETTLED)
        if facts.get("status") == "stopped":  # two days ago, so it starts again in five
            facts["restarts_at"] = midnight(company.today) + timedelta(days=5, hours=3)
        yield Database(**made(company, account, region, name, team=team, age=age), **facts)


def _clusters(company: Company) -> Estate[Cluster]:
    return Estate(
        Cluster(
            **made(company, account, region, name, team="storefront"),
            engine=_AURORA,
            version=_AURORA_VERSION,
            members=members,
            **more,
        )
        for account, region, name, members, more in _CLUSTERS
    )


def _snapshots(company: Company) -> Estate[Snapshot]:
    return Estate(
        Snapshot(
            **made(company, account, region, name, age=age),
            database=database,
            engine=_MYSQL,
            gib=gib,
            kind=kind,
            waste=waste,
        )
        for account, region, name, database, gib, age, kind, waste in _SNAPSHOTS
    )
