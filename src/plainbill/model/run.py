"""One refresh: what it read, what it could not, what it cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from plainbill.model.inventory import Gap


class RunState(StrEnum):
    """Where a refresh stands."""

    RUNNING = "running"
    COMPLETE = "complete"  # everything that was asked was answered
    PARTIAL = "partial"  # a snapshot was written, with gaps
    FAILED = "failed"  # no snapshot was written


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationCost:
    """Calls of one AWS operation and their price in US dollars.

    Two readings of AWS's price list exist for several statistics of one metric, so the price has a
    lower and an upper bound; they are equal for all else.
    """

    service: str
    operation: str
    calls: int
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The record of one refresh."""

    run_id: str
    state: RunState
    started_at: datetime
    finished_at: datetime | None
    accounts: Sequence[str]
    regions: Sequence[str]
    operations: Sequence[OperationCost]
    gaps: Sequence[Gap]
    error: str | None = None

    @property
    def calls(self) -> int:
        """All calls made to AWS."""
        return sum(operation.calls for operation in self.operations)

    @property
    def cost_low(self) -> Decimal:
        """What the calls cost at the least, in US dollars."""
        return sum((operation.low for operation in self.operations), Decimal(0))

    @property
    def cost_high(self) -> Decimal:
        """What the calls cost at the most, in US dollars."""
        return sum((operation.high for operation in self.operations), Decimal(0))
