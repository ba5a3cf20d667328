"""A finding over time: since when it is known, what people decided about it, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from plainbill.model.money import Money
from plainbill.model.policy import Thresholds


class FindingState(StrEnum):
    """Where a finding stands."""

    OPEN = "open"
    SNOOZED = "snoozed"  # by a person, until a day
    DISMISSED = "dismissed"  # by a person, for good
    ACTED = "acted"  # a person says it is done; the next complete reading will tell
    GONE = "gone"  # a complete reading did not find it any more


DECISIONS = frozenset(FindingState) - {FindingState.GONE}
"""The states a person may choose; that something is gone only a reading can say."""


class Ending(StrEnum):
    """Why a finding is gone."""

    CLEARED = "cleared"  # the resource is there and is waste no more
    DELETED = "deleted"  # the resource is not there any more


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRecord:
    """What is remembered of one finding.

    ``first_seen`` and ``last_seen`` are readings that found it; ``state_since`` is when the state began.
    ``until``, ``note`` and ``who`` belong to a person's decision. ``gone_at`` and ``ending`` are of the
    first time it was gone, ``regressions`` counts how often it came back. ``wasted`` is the saving over
    the time between the readings that found it, ``unpriced`` says that a part of that time had no known
    saving. ``features`` are the measurements of the first reading that found it, as shown; ``thresholds``
    are those of the last one, where they were not the usual ones. Since ``unasked_at`` it is not found
    only because others are in force, those of the policy ``unasked_by`` or, if that is None, the usual
    ones: that is an end of its own, which says nothing of the resource and is none of ``ending``.
    """

    finding_id: str
    check_id: str
    arn: str
    resource_id: str
    account_id: str
    region: str
    first_seen: datetime
    last_seen: datetime
    state: FindingState
    state_since: datetime
    monthly_saving: Money | None
    wasted: Decimal = Decimal(0)
    unpriced: bool = False
    regressions: int = 0
    gone_at: datetime | None = None
    ending: Ending | None = None
    until: datetime | None = None
    note: str | None = None
    who: str | None = None
    features: Mapping[str, str] = field(default_factory=dict)
    thresholds: Thresholds = field(default_factory=dict)
    unasked_at: datetime | None = None
    unasked_by: str | None = None

    @property
    def is_listed(self) -> bool:
        """Whether it belongs on the list of what can stop being paid for."""
        return self.state in {FindingState.OPEN, FindingState.ACTED}
