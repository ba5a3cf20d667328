"""The shapes of AWS's advice beside our findings; the same rules hold as in ``finding_shapes``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from plainbill.app.views.shapes import GapView


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceRowView:
    """AWS's word and ours on one resource; both amounts are estimates of the same dollars.

    ``sources`` are the services of AWS that say it, none where AWS says nothing. ``finding_id`` is None where
    nothing of ours calls it waste. ``arn``, ``account_id`` and ``region`` are None where there are none: a
    purchase.
    """

    stance: str  # agree | disagree | only theirs | only ours
    because: str
    why: str
    sources: Sequence[str]
    arn: str | None
    resource_id: str | None
    name: str | None
    account_id: str | None
    account_name: str | None
    region: str | None
    action: str | None  # AWS's, in its own words
    their_saving: Decimal | None
    their_currency: str | None
    our_title: str | None
    our_action: str | None
    our_saving: Decimal | None
    our_currency: str | None
    finding_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceSourceView:
    """One of AWS's advisers: ``state`` is ``read``, ``partly read``, ``not read`` or ``not asked``."""

    name: str
    state: str
    recommendations: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceView:
    """One page of the comparison, and what all of it comes to.

    ``their_saving`` is what AWS estimates, by stance and currency: of alternatives on one resource only the
    largest counts. ``unasked`` is how many of our findings no advice could be read on. ``gaps`` are those of
    the advice alone; one of the kind ``NotEnabled`` is no fault.
    """

    taken_at: datetime | None
    stance: str
    page: int
    pages: int
    size: int
    matching: int
    opinions: Sequence[AdviceRowView]
    counts: Mapping[str, int]
    their_saving: Mapping[str, Mapping[str, Decimal]]
    unasked: int
    sources: Sequence[AdviceSourceView]
    gaps: Sequence[GapView]
