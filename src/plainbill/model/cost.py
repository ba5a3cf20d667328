"""What AWS billed, as Cost Explorer reports it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256


class CostMetric(StrEnum):
    """Cost Explorer's cost metrics; the value is the name in our own URLs and JSON.

    Unblended is about FOCUS ``BilledCost``, amortized about ``EffectiveCost``: near, not identical.
    """

    UNBLENDED = "unblended"
    AMORTIZED = "amortized"
    NET_UNBLENDED = "net_unblended"
    NET_AMORTIZED = "net_amortized"
    BLENDED = "blended"

    @classmethod
    def _missing_(cls, value: object) -> CostMetric | None:
        """Understand Cost Explorer's own names too: ``NetAmortizedCost`` is ``net_amortized``."""
        return next((metric for metric in cls if metric.cost_explorer_name == value), None)

    @property
    def cost_explorer_name(self) -> str:
        """The name of the metric in Cost Explorer's API, such as ``NetAmortizedCost``."""
        return "".join(word.capitalize() for word in self.value.split("_")) + "Cost"


class CostTable(StrEnum):
    """The ways each day's cost is asked for; all of them must sum to the same amount.

    The value is the dimension of ``CostRecord.key``. The other one is the linked account, but for usage
    types: there are so many of them that they are asked by service instead, which adds few groups.
    """

    SERVICE = "service"
    RECORD_TYPE = "record_type"
    CONTROL = "control"  # not grouped: AWS's own total
    REGION = "region"
    USAGE_TYPE = "usage_type"
    PURCHASE_TYPE = "purchase_type"
    TAG = "tag"
    COST_CATEGORY = "cost_category"

    @property
    def kind(self) -> CostTable:
        """The table itself, as ``NamedTable`` has it."""
        return self

    @property
    def stem(self) -> str:
        """What the names of its files begin with."""
        return self.value


NAMED_KINDS = (CostTable.TAG, CostTable.COST_CATEGORY)
"""What there may be several of, told apart by a key or name."""


@dataclass(frozen=True, slots=True)
class NamedTable:
    """The costs by one tag or cost category more, beside the one whose costs ``kind`` itself holds.

    ``name`` is the tag's key or the category's name.
    """

    kind: CostTable
    name: str

    @property
    def value(self) -> str:
        """The name of the table, such as ``tag:project``."""
        return f"{self.kind.value}:{self.name}"

    @property
    def stem(self) -> str:
        """What the names of its files begin with: of the name only a digest, for it may hold anything."""
        return f"{self.kind.value}_{sha256(self.name.encode('utf-8', 'replace')).hexdigest()[:16]}"

    @classmethod
    def of(cls, value: str) -> NamedTable:
        """Return the table of a ``value``."""
        kind, _, name = value.partition(":")
        return cls(CostTable(kind), name)


AnyTable = CostTable | NamedTable
"""A table of costs."""


class CostColumn(StrEnum):
    """What the rows of one table can be summed by."""

    KEY = "key"
    ACCOUNT = "account_id"
    SERVICE = "service"  # of usage types alone


@dataclass(frozen=True, slots=True, kw_only=True)
class CostRecord:
    """One group of one UTC day.

    ``key`` is a value of the table's dimension and ``account_id`` the linked account; both are None in the
    control table. Of a tag or cost category AWS writes ``name$value``, and ``name$`` for what has none. A
    usage type has a ``service`` and no account. ``is_estimated`` is Cost Explorer's ``Estimated``: not
    invoiced yet, may still change.
    """

    day: date
    key: str | None
    account_id: str | None
    amounts: Mapping[CostMetric, Decimal]
    currency: str
    is_estimated: bool
    service: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyCost:
    """A cost of one day under one basis, already summed over whatever was not asked for."""

    day: date
    key: str | None
    cost: Decimal
    is_estimated: bool
