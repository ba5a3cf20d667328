"""A budget that somebody set in AWS Budgets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from plainbill.model.resources.base import Resource, arn_of


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsBudget(Resource):
    """One budget of costs of one account (``DescribeBudgets``); amounts are decimals as AWS writes them.

    ``limit`` is that of the present month (or quarter), None where AWS does not tell; ``planned`` has the
    limits of a budget that has one for each, by the first day of it. ``spent`` and ``forecast`` are AWS's
    own, as of ``updated_at``.
    """

    source: ClassVar[str] = "aws_budgets"

    budget_name: str
    time_unit: str  # DAILY | MONTHLY | QUARTERLY | ANNUALLY | CUSTOM
    currency: str | None
    limit: str | None
    spent: str | None = None
    forecast: str | None = None
    is_filtered: bool = False
    updated_at: datetime | None = None
    health: str | None = None  # HEALTHY | UNHEALTHY, where AWS tells
    planned: Mapping[str, str] = field(default_factory=dict)

    @property
    def resource_id(self) -> str:
        """The budget's name."""
        return self.budget_name

    @property
    def arn(self) -> str:
        """The ARN; budgets have no Region."""
        return arn_of("budgets", "", self.account_id, f"budget/{self.budget_name}")

    @property
    def name(self) -> str:
        """The budget's name."""
        return self.budget_name
