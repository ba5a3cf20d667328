"""AWS's own advice beside Cost Optimization Hub's: what Compute Optimizer and Trusted Advisor say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from plainbill.model.cost_answers import OPINION_FAMILY
from plainbill.model.inventory import REMARKS, Gap
from plainbill.model.money import Money
from plainbill.model.resources.base import arn_of
from plainbill.model.resources.recommendation import AwsRecommendation

KEEP = "Keep"
"""The ``action_type`` of what AWS looked at and would not make cheaper; no word of AWS's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComputeOptimizerRecommendation(AwsRecommendation):
    """What Compute Optimizer says of one resource (``GetEC2InstanceRecommendations`` and its like).

    ``monthly_saving`` is at list price. With the ``action_type`` ``KEEP`` it is no advice: it says what AWS
    measured of a resource that it would leave as it is, or whose size it could not judge.
    """

    source: ClassVar[str] = "compute_optimizer"

    finding: str  # Overprovisioned | NotOptimized | Optimized | Underprovisioned | Unavailable | Idle ...
    reason_codes: tuple[str, ...] = ()  # CPUOverprovisioned, MemoryOverprovisioned ...
    measured: Mapping[str, str] = field(default_factory=dict)  # "Cpu Maximum" to "12.5", in AWS's units
    performance_risk: str | None = None  # decimals, 0 (none) to 4, of what is recommended
    saving_after_discounts: str | None = None  # decimals in ``currency``; AWS does not always tell

    @property
    def arn(self) -> str:
        """An ARN by AWS's pattern; AWS itself gives recommendations none."""
        rest = f"recommendation/{self.recommendation_id}"
        return arn_of("compute-optimizer", self.region, self.account_id, rest)

    @property
    def discounted_saving(self) -> Money | None:
        """AWS's estimate after the account's discounts; None where it gives none."""
        return self._money(self.saving_after_discounts)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedAdvisorRecommendation(AwsRecommendation):
    """One resource that a cost check of Trusted Advisor flags (``DescribeTrustedAdvisorCheckResult``).

    ``action_type`` is the check's name where Plainbill does not know what the check wants done.
    """

    source: ClassVar[str] = "trusted_advisor"

    check_id: str
    finding: str  # the check's name
    status: str  # ok | warning | error
    measured: Mapping[str, str] = field(default_factory=dict)  # the check's columns, as AWS names them

    @property
    def arn(self) -> str:
        """An ARN by AWS's pattern; AWS itself gives flagged resources none."""
        return arn_of(
            "trustedadvisor", self.region, self.account_id, f"recommendation/{self.recommendation_id}"
        )


ADVICE: tuple[type[AwsRecommendation], ...] = (
    AwsRecommendation,
    ComputeOptimizerRecommendation,
    TrustedAdvisorRecommendation,
)
"""Every kind of advice, the one that speaks for several sources first."""

SPEAKERS: Mapping[type[AwsRecommendation], str] = {
    AwsRecommendation: "Cost Optimization Hub",
    ComputeOptimizerRecommendation: "Compute Optimizer",
    TrustedAdvisorRecommendation: "Trusted Advisor",
}
"""What AWS calls each of them."""


def is_hole(gap: Gap) -> bool:
    """Say whether a gap leaves something unread that was there to be read.

    Advice that an account never switched on is not there: the gap says how to get it, and nothing else
    suffers from it. Advice that was refused, or that came only in part, is a hole as any other. A remark is
    none.
    """
    if gap.kind in REMARKS:
        return False
    if gap.kind != "NotEnabled":
        return True
    return gap.source not in {kind.source for kind in ADVICE} and not gap.source.startswith(OPINION_FAMILY)
