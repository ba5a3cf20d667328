"""AWS's own advice: what Cost Optimization Hub recommends, to stand beside our findings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from plainbill.model.findings import Action, Effort
from plainbill.model.money import Money
from plainbill.model.resources.base import Resource, arn_of

NO_REGION = "global"
"""The region of advice that is about no one region: a Savings Plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsRecommendation(Resource):
    """One recommendation of Cost Optimization Hub (``ListRecommendations``).

    ``account_id`` and ``region`` are those of the resource it is about, its ``subject``, and the tags are
    the subject's. It has an ARN of its own making, for AWS gives it none: with its subject's it would
    pass for the subject itself, and a deleted resource would seem to be there.
    """

    source: ClassVar[str] = "cost_optimization_hub"

    recommendation_id: str  # AWS makes a new one every day
    action_type: str  # Delete | Stop | Rightsize | ScaleIn | Upgrade | MigrateToGraviton | Purchase...
    subject_arn: str | None = None  # None for what is to be bought, as is the id
    subject_id: str | None = None
    effort_level: str | None = None  # VeryLow | Low | Medium | High | VeryHigh
    monthly_saving: str | None = None  # decimals in ``currency``, of a month of 730 h; AWS's estimate
    monthly_cost: str | None = None
    currency: str | None = None
    lookback_days: int | None = None
    origin: str | None = None  # CostExplorer | ComputeOptimizer
    refreshed_at: datetime | None = None
    current_type: str | None = None  # Ec2Instance | EbsVolume | RdsDbInstance ...
    current_summary: str | None = None  # m5.large ...
    recommended_type: str | None = None
    recommended_summary: str | None = None
    needs_restart: bool | None = None
    can_be_undone: bool | None = None

    @property
    def resource_id(self) -> str:
        """The recommendation id."""
        return self.recommendation_id

    @property
    def arn(self) -> str:
        """An ARN by AWS's pattern; AWS itself gives recommendations none."""
        rest = f"recommendation/{self.recommendation_id}"
        return arn_of("cost-optimization-hub", self.region, self.account_id, rest)

    @property
    def action(self) -> Action | None:
        """What AWS would do; None for a word that is newer than this list."""
        return Action(self.action_type) if self.action_type in set(Action) else None

    @property
    def effort(self) -> Effort | None:
        """How much work AWS takes that for; None where it does not say, or in a newer word."""
        return Effort(self.effort_level) if self.effort_level in set(Effort) else None

    @property
    def saving(self) -> Money | None:
        """AWS's estimate of the monthly saving; None where it gives none, or no currency."""
        return self._money(self.monthly_saving)

    @property
    def cost(self) -> Money | None:
        """AWS's estimate of what it costs a month now; None where it gives none, or no currency."""
        return self._money(self.monthly_cost)

    def _money(self, amount: str | None) -> Money | None:
        return None if amount is None or self.currency is None else Money(Decimal(amount), self.currency)
