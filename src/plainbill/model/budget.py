"""What a month may cost: an amount under a name, of everything or of a part of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from plainbill.model.cost import CostMetric


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """``amount`` of ``currency`` a calendar month of UTC; who set it last, and when.

    ``only`` are the values of cost dimensions (``service``, ``region`` ...) that it is of, ``account`` None
    is all of them; ``metric`` is the basis that is added up.
    """

    name: str
    amount: Decimal
    currency: str
    metric: CostMetric
    only: Mapping[str, str]
    account: str | None
    who: str
    saved_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetChange:
    """What somebody did with a budget; ``amount`` None where it was removed."""

    at: datetime
    name: str
    amount: Decimal | None
    who: str
