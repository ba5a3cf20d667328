"""One refresh: what it read, what it could not, what it cost."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from plainbill.model.inventory import Gap
from plainbill.model.money import plain


def new_run_id(at: datetime) -> str:
    """Return an id of a run that begins at an instant: it sorts by that, and no other run has it."""
    return f"{at:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"


class RunState(StrEnum):
    """Where a refresh stands."""

    RUNNING = "running"
    COMPLETE = "complete"  # everything was answered but advice that an account has not switched on
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

    @property
    def seconds(self) -> float | None:
        """How long the refresh took; None while it runs."""
        return (self.finished_at - self.started_at).total_seconds() if self.finished_at else None


def run_json(run: Run) -> dict[str, Any]:
    """Return a run as ``plainbill refresh --json`` prints it; dollars are plain decimal strings."""
    return {
        "run_id": run.run_id,
        "state": run.state.value,
        "started_at": run.started_at.isoformat(),
        "finished_at": run.finished_at.isoformat() if run.finished_at else None,
        "seconds": run.seconds,
        "accounts": list(run.accounts),
        "regions": list(run.regions),
        "calls": run.calls,
        "cost_low": plain(run.cost_low),
        "cost_high": plain(run.cost_high),
        "operations": [_operation_json(operation) for operation in run.operations],
        "gaps": [asdict(gap) for gap in run.gaps],
        "error": run.error,
    }


def _operation_json(operation: OperationCost) -> dict[str, Any]:
    return {
        "service": operation.service,
        "operation": operation.operation,
        "calls": operation.calls,
        "low": plain(operation.low),
        "high": plain(operation.high),
    }
