"""The shapes of commitments; rules and promises as in ``shapes``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from plainbill.app.views.shapes import GapView, UtcDay


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentView:
    """One Savings Plan, or reservations bought together.

    ``hourly`` is what is paid an hour in the long run, upfront payments spread over the term. ``committed``
    to ``saved`` are of the days that AWS was last asked about, null where it was not; ``unused`` is waste.
    """

    commitment_id: str
    kind: str
    title: str
    account_id: str
    account_name: str | None
    region: str | None
    scope: str
    state: str
    payment: str | None
    term_months: int | None
    start: date | None
    end: date | None
    hourly: Decimal | None
    currency: str
    committed: Decimal | None
    used: Decimal | None
    unused: Decimal | None
    utilization: float | None
    on_demand: Decimal | None
    saved: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UseView:
    """The known days of a span: ``used`` plus ``unused`` plus ``difference`` is ``committed``, to the digit.

    ``difference`` is nothing unless AWS's own figures differ.
    """

    start: date
    last: date
    days: int
    committed: Decimal
    used: Decimal
    unused: Decimal
    difference: Decimal
    utilization: float | None
    on_demand: Decimal | None
    saved: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UseDayView:
    """One day of all commitments of a kind."""

    date: UtcDay
    committed: Decimal
    used: Decimal
    unused: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class KindView:
    """All Savings Plans, or all reservations of EC2: their use, or in ``reason`` why it is not known.

    ``recent`` is the last 30 known days. ``coverage`` is the part of what could be covered that was: of
    dollars by plans, of hours by reservations; ``coverage_reason`` says why it is not known.
    """

    kind: str
    is_there: bool
    asked_at: datetime | None
    recent: UseView | None
    coverage: float | None
    months: Sequence[UseView]
    days: Sequence[UseDayView]
    reason: str | None
    coverage_reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpiryView:
    """A commitment that ends: what falls away a month, and what its use would then cost on demand."""

    commitment_id: str
    title: str
    end: date
    days_left: int
    monthly_commitment: Decimal | None
    monthly_on_demand: Decimal | None
    monthly_more: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpiryMonthView:
    """One of the next twelve months."""

    month: date
    ending: Sequence[ExpiryView]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferView:
    """What AWS recommends to buy, and what Plainbill says of it.

    ``offered`` and ``safe`` are dollars an hour of a plan, instances of reservations; ``safe`` is the most
    that the use left after the findings would fill. ``advice`` is buy, buy less, do not buy or not known.
    """

    kind: str
    title: str
    term_months: int | None
    payment: str | None
    offered: Decimal | None
    upfront: Decimal | None
    currency: str
    their_monthly_saving: Decimal | None
    advice: str
    stable: Decimal | None
    removed: Decimal | None
    trend: Decimal | None
    safe: Decimal | None
    monthly_saving: Decimal | None
    break_even_months: Decimal | None
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentsView:
    """What is committed, how it is used, when it ends and what AWS would buy.

    `unknown` says why inventories are not complete; null figures are not known and never zero.
    """

    taken_at: datetime | None
    currency: str
    sentence: str
    commitments: Sequence[CommitmentView]
    use_days: int
    kinds: Sequence[KindView]
    calendar: Sequence[ExpiryMonthView]
    offers: Sequence[OfferView]
    offers_reason: str | None
    gaps: Sequence[GapView]
