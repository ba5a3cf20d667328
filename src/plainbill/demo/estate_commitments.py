"""What the company has committed itself to: the Savings Plan on its bill, and Reserved Instances.

The plan is on the company's bill; the reservations, of EC2 and of others, are not: there, all usage is billed
on demand or under the plan. ``EXPECTED`` says, by the name of a fleet of idle instances, what stopping one of
it really saves: of ``session-cache-old`` nothing, for nothing else of its family runs and the reservation
goes on billing; of ``ab-test-collector`` all, for its reservation moves to EKS workers of the same family.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_DNS, uuid5

from plainbill.demo.bill_ec2 import PLAN_COVERS, PLAN_DAYS, PLAN_RATE
from plainbill.demo.cell import UNITS
from plainbill.demo.company import Company
from plainbill.demo.estate import Estate, Resource, made
from plainbill.demo.fleet import IRELAND, MANAGEMENT, PRODUCTION, VIRGINIA
from plainbill.model.period import midnight

_YEAR = timedelta(days=365)
EXPECTED = {"session-cache-old": False, "ab-test-collector": True}
"""Whether all of the list saving of a fleet's instance is realisable; None of it is where it is False."""


@dataclass(frozen=True, kw_only=True)
class Plan(Resource):
    """One Savings Plan; ``commitment`` is dollars an hour."""

    commitment: Decimal
    start: datetime

    @property
    def end(self) -> datetime:
        """A year after it began, to the second."""
        return self.start + _YEAR - timedelta(seconds=1)


@dataclass(frozen=True, kw_only=True)
class Reserved(Resource):
    """``count`` Reserved Instances, for a year from ``created_at``; ``zone`` is None for a regional one."""

    instance_type: str
    count: int
    zone: str | None
    hourly: float
    """The recurring charge of one, in dollars."""

    @property
    def end(self) -> datetime:
        """When they stop."""
        return self.created_at + _YEAR


_RESERVED = (  # account, region, name, type, how many, dollars an hour of one, days ago
    (PRODUCTION, VIRGINIA, "session-cache", "r4.large", 2, 0.0838, (250, 250)),
    (PRODUCTION, VIRGINIA, "general", "m5.large", 4, 0.0605, (130, 130)),
    (PRODUCTION, IRELAND, "workers", "m5.xlarge", 2, 0.1350, (90, 90)),
)  # fmt: skip


_NODES = (  # service, account, region, name, type, how many, product, hourly and upfront of one, days ago
    ("rds", PRODUCTION, VIRGINIA, "orders-2026", "db.r6g.large", 2, "postgresql", 0.1210, 0.0, 340),
    ("elasticache", PRODUCTION, VIRGINIA, "sessions", "cache.r6g.large", 2, "redis", 0.0, 1102.0, 200),
    ("opensearch", PRODUCTION, VIRGINIA, "catalogue-search", "r6g.large.search", 3, "", 0.1050, 0.0, 120),
    ("redshift", PRODUCTION, VIRGINIA, "reports", "ra3.xlplus", 2, "", 0.7170, 0.0, 60),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Nodes(Resource):
    """``count`` reserved nodes of a service, for a year from ``created_at``."""

    service: str
    node_type: str
    count: int
    product: str
    hourly: float
    """The recurring charge of one, in dollars."""
    upfront: float
    """What one cost at once."""


def reserved_nodes(company: Company) -> Estate[Nodes]:
    """Return what is reserved of databases, caches, searches and warehouses."""
    return company.once(_nodes)


def savings_plans(company: Company) -> tuple[Plan, ...]:
    """Return the plans; the management account bought them for all."""
    return company.once(_plans)


def reserved_instances(company: Company) -> Estate[Reserved]:
    """Return the Reserved Instances."""
    return company.once(_reserved)


def _plans(company: Company) -> tuple[Plan, ...]:
    facts: dict[str, Any] = made(
        company, MANAGEMENT, VIRGINIA, "compute", resource_id="6f1c2a7e-9b3d-4f58-8c21-0d5e7a94b1f3"
    )
    covered = Decimal(PLAN_COVERS) / UNITS
    start = midnight(company.today) - timedelta(days=PLAN_DAYS - 1)  # the first day it is on the bill
    return (Plan(**facts, commitment=covered * PLAN_RATE / 100, start=start),)


def _reserved(company: Company) -> Estate[Reserved]:
    rows = (
        (made(company, account, region, name, age=age, resource_id=uuid_of(name)), kind, count, hourly)
        for account, region, name, kind, count, hourly, age in _RESERVED
    )
    return Estate(
        Reserved(**facts, instance_type=kind, count=count, zone=None, hourly=hourly)
        for facts, kind, count, hourly in rows
    )


def _nodes(company: Company) -> Estate[Nodes]:
    return Estate(
        Nodes(
            **made(company, account, region, name, age=(days, days), resource_id=name),
            service=service,
            node_type=node_type,
            count=count,
            product=product,
            hourly=hourly,
            upfront=upfront,
        )
        for service, account, region, name, node_type, count, product, hourly, upfront, days in _NODES
    )


def uuid_of(name: str) -> str:
    """Return an id such as AWS gives reservations, always the same for the same words."""
    return str(uuid5(NAMESPACE_DNS, f"{name}.harborandhearth.example"))
