"""What trying every declared read showed: which credentials are used, what they allow, what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

Outcome = Literal["allowed", "denied", "failed", "not switched on", "not tried"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Where a read did not work, and why."""

    account_id: str | None
    region: str | None
    kind: str
    reason: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedRead:
    """What came of trying one read; ``note`` says why one was not tried.

    ``action`` is IAM's, ``statement`` what to add to the policy. ``not switched on`` is advice that an
    account goes without: nothing is wrong, and the refusals say how to get it and what it costs.
    """

    action: str
    outcome: Outcome
    lost_without: str
    note: str | None
    statement: str | None
    refusals: Sequence[Refusal]

    @property
    def is_missing(self) -> bool:
        """Whether something is lost that was there to be read."""
        return bool(self.refusals) and self.outcome != "not switched on"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenAccount:
    """An account that can be entered; ``regions`` is None where they are not known."""

    account_id: str
    arn: str
    name: str | None
    profile: str | None
    role_arn: str | None
    regions: Sequence[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """What was found, when, in how many seconds, and for how many US dollars at the least and at the most.

    ``source`` says where the credentials were found, ``error`` why nothing could be asked at all, ``stored``
    how the kept data are, ``endpoint`` what stands in AWS's place.
    """

    at: datetime
    seconds: float
    endpoint: str | None
    source: str | None = None
    accounts: Sequence[SeenAccount] = ()
    reads: Sequence[TriedRead] = ()
    calls: int = 0
    cost_low: Decimal = Decimal(0)
    cost_high: Decimal = Decimal(0)
    error: str | None = None
    stored: Sequence[str] = ()
