"""What AWS billed, as Cost Explorer reports it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


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
    """The three ways each day's cost is asked for; all three must sum to the same amount."""

    SERVICE = "service"  # grouped by SERVICE and LINKED_ACCOUNT
    RECORD_TYPE = "record_type"  # grouped by RECORD_TYPE and LINKED_ACCOUNT
    CONTROL = "control"  # not grouped: AWS's own total


class CostColumn(StrEnum):
    """What the rows of one table can be summed by."""

    KEY = "key"
    ACCOUNT = "account_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class CostRecord:
    """One group of one UTC day.

    ``key`` is the service or record type and ``account_id`` the linked account; both are None in the
    control table. ``is_estimated`` is Cost Explorer's ``Estimated``: not invoiced yet, may still change.
    """

    day: date
    key: str | None
    account_id: str | None
    amounts: Mapping[CostMetric, Decimal]
    currency: str
    is_estimated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyCost:
    """A cost of one day under one basis, already summed over whatever was not asked for."""

    day: date
    key: str | None
    cost: Decimal
    is_estimated: bool
