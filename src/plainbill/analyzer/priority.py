"""Which finding to take up first: dollars times how sure they are, for the work they cost."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from plainbill.model.findings import Confidence, Effort

SURE: Mapping[Confidence, Decimal] = {
    Confidence.HIGH: Decimal(1),
    Confidence.MEDIUM: Decimal("0.6"),
    Confidence.REVIEW: Decimal("0.2"),
}
"""What a dollar weighs. A choice of ours, not a measurement: docs/do-first.md."""
WORK: Mapping[Effort, Decimal] = {effort: Decimal(step) for step, effort in enumerate(Effort, start=1)}
"""What it is divided by: the five steps of Cost Optimization Hub's ``implementationEffort``, 1 to 5."""


def priority(counted_saving: Decimal, confidence: Confidence, effort: Effort) -> Decimal:
    """Return the weight of a finding; only its order means something.

    ``counted_saving`` is a month's, without what an alternative on the same thing saves already.
    """
    return counted_saving * SURE[confidence] / WORK[effort]
