"""What a month may cost: an amount under a name, of everything or of one service or account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from plainbill.model.cost import CostMetric


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """``amount`` of ``currency`` a calendar month of UTC; who set it last, and when.

    ``service`` and ``account`` None is all of them; ``metric`` is the basis that is added up.
    """

    name: str
    amount: Decimal
    currency: str
    metric: CostMetric
    service: str | None
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
