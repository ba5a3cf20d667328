"""DynamoDB tables and their indexes, with the checks that must call them waste."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from plainbill.demo.company import Company
from plainbill.demo.estate import Estate, Resource, made
from plainbill.demo.fleet import DEVELOPMENT, PRODUCTION, SETTLED, VIRGINIA

_GIB = 2**30


@dataclass(frozen=True, kw_only=True)
class Index:
    """One global secondary index; ``reads`` are units an hour."""

    name: str
    read_units: int = 0
    write_units: int = 0
    reads: float = 0
    waste: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Table(Resource):
    """One table; ``reads`` and ``writes`` are units an hour, on Mondays only where it ``is_weekly``."""

    read_units: int = 0  # none provisioned: on demand
    write_units: int = 0
    gib: float = 1
    reads: float = 0
    writes: float = 0
    is_weekly: bool = False
    indexes: tuple[Index, ...] = ()
    waste: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def is_on_demand(self) -> bool:
        """Whether it is billed by request."""
        return not self.read_units

    @property
    def size_bytes(self) -> int:
        """How much it holds, without its indexes."""
        return round(self.gib * _GIB)


_CAPACITY, _UNUSED, _INDEX = (
    "dynamodb_table_provisioned_unused",
    "dynamodb_table_no_consumption",
    "dynamodb_index_unused",
)
_TABLES: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    (PRODUCTION, VIRGINIA, "carts", {"gib": 40, "reads": 90_000, "writes": 30_000}),
    (PRODUCTION, VIRGINIA, "orders", {
        "read_units": 200, "write_units": 80, "gib": 310, "reads": 210_000, "writes": 60_000,
        "indexes": (Index(name="by-customer", read_units=100, write_units=80, reads=40_000),
                    Index(name="by-legacy-id", read_units=20, write_units=80, waste=(_INDEX,))),
    }),
    # read on Mondays only, by a report
    (PRODUCTION, VIRGINIA, "vat-rates", {"read_units": 25, "write_units": 5, "gib": 0.1, "reads": 30,
                                         "is_weekly": True}),
    (PRODUCTION, VIRGINIA, "coupons-2024", {
        "read_units": 400, "write_units": 200, "gib": 12, "waste": (_CAPACITY, _UNUSED),
        "indexes": (Index(name="by-code", read_units=100, write_units=200, waste=(_INDEX,)),),
    }),
    (PRODUCTION, VIRGINIA, "clickstream-2023", {"gib": 540, "waste": (_UNUSED,)}),
    (PRODUCTION, VIRGINIA, "outbox", {"gib": 0}),  # empty and on demand: it costs nothing
    (PRODUCTION, VIRGINIA, "wishlists", {"read_units": 50, "write_units": 50, "age": (4, 4),
                                         "unknown": (_CAPACITY, _UNUSED)}),
    # the only table of its account: nothing shows that silence means zero
    (DEVELOPMENT, VIRGINIA, "prototype", {"gib": 2, "unknown": (_UNUSED,)}),
)  # fmt: skip


def tables(company: Company) -> Estate[Table]:
    """Return every table of the company."""
    return company.once(_tables)


def _tables(company: Company) -> Estate[Table]:
    return Estate(
        Table(
            **made(company, account, region, name, age=given.get("age", SETTLED)),
            **{key: value for key, value in given.items() if key != "age"},
        )
        for account, region, name, given in _TABLES
    )
