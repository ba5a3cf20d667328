"""What people say of an anomaly of the bill."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AnomalyState(StrEnum):
    """New until somebody says otherwise; expected is what was planned and needs nobody's eye any more."""

    NEW = "new"
    ACKNOWLEDGED = "acknowledged"
    EXPECTED = "expected"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnomalyDecision:
    """The latest word on one anomaly: whose, when and why."""

    anomaly_id: str
    state: AnomalyState
    note: str | None
    who: str
    at: datetime
