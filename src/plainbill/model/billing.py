"""What usage AWS billed: how much of what, and for how much, over about a month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from plainbill.model.cost import AnyTable
from plainbill.model.period import Period

LATE = 1
"""Whole days before a refresh whose billed usage is left out: billing data may be a day late."""


class UsageTable(StrEnum):
    """The two ways billed usage is asked for; Cost Explorer groups by two dimensions at most."""

    OPERATION = "usage_by_operation"  # USAGE_TYPE and OPERATION: what a unit costs
    ACCOUNT = "usage_by_account"  # USAGE_TYPE and LINKED_ACCOUNT: who used what


BillTable = AnyTable | UsageTable
"""A table that Cost Explorer is asked for."""


def bill_source(table: BillTable) -> str:
    """Return how a table is called in gaps and progress, such as ``cost_explorer.control``."""
    return f"cost_explorer.{table.value}"


def asked_on(period: Period) -> date:
    """Return the day on which usage of this period was asked for."""
    return period.end_day + timedelta(days=LATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageRecord:
    """The usage of one type in the days from ``start`` to ``end`` (exclusive), all of one calendar month.

    ``usage_type`` is as billed, Region prefix included. ``key`` is the operation or the linked account.
    ``unit`` is Cost Explorer's word for that of ``quantity`` (Hrs, GB-Mo). ``cost`` is unblended: before
    discounts that AWS books as lines of their own.
    """

    start: date
    end: date
    usage_type: str
    key: str
    quantity: Decimal
    unit: str
    cost: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageSpan:
    """One table of billed usage, as read for ``period``: what is not in it was not billed."""

    period: Period
    currency: str
    records: Sequence[UsageRecord]


@dataclass(frozen=True, slots=True, kw_only=True)
class BilledUsage:
    """Both tables; None is one that was not read, of which nothing follows."""

    by_operation: UsageSpan | None
    by_account: UsageSpan | None
