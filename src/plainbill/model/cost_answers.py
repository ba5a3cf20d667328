"""What Cost Explorer answers beside the bill: the use of commitments, and AWS's own opinions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


class Question(StrEnum):
    """What is asked, in the order of what it is worth; each answer is one request, $0.01, or a few pages."""

    PLANS_USED = "savings_plans_utilization"
    RESERVED_USED = "reservation_utilization"
    ANOMALIES = "anomalies"
    FORECAST = "forecast"
    PLANS_TO_BUY = "savings_plans_purchase_recommendation"
    PLANS_EACH = "savings_plans_utilization_details"
    PLANS_COVERAGE = "savings_plans_coverage"
    RESERVED_EACH = "reservation_utilization_by_reservation"
    RESERVED_COVERAGE = "reservation_coverage"
    RESERVED_TO_BUY = "reservation_purchase_recommendation"
    COMPARISON = "comparison_drivers"


OPINIONS = frozenset({Question.ANOMALIES, Question.FORECAST, Question.COMPARISON})
"""What AWS says of the bill itself; all others are about commitments."""
EC2 = "Amazon Elastic Compute Cloud - Compute"
"""What Cost Explorer calls the service whose reservations are asked for."""
OPINION_FAMILY, COMMITMENT_FAMILY = "aws_opinion", "commitments"


@dataclass(frozen=True, slots=True, order=True)
class Topic:
    """A question, of reservations about one service in Cost Explorer's words, else of no service."""

    question: Question
    service: str = ""

    @property
    def source(self) -> str:
        """How it is called in gaps and progress, such as ``aws_opinion.forecast``."""
        family = OPINION_FAMILY if self.question in OPINIONS else COMMITMENT_FAMILY
        return f"{family}.{self.question.value}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Committed:
    """What commitments came to, in dollars of the bill.

    ``used`` and ``unused`` are parts of ``committed``, of reservations their amortized fee. ``on_demand`` is
    what the covered usage would have cost on demand, ``saved`` that less all of the commitment.
    """

    committed: Decimal
    used: Decimal
    unused: Decimal
    on_demand: Decimal | None = None
    saved: Decimal | None = None

    @property
    def utilization(self) -> float | None:
        """The used part, None where nothing was committed."""
        return float(self.used / self.committed) if self.committed else None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentDay(Committed):
    """A UTC day of all plans, or of all reservations of a service."""

    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentUse(Committed):
    """One plan, by its ARN, or one reservation, by its id, over all days."""

    commitment_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageDay:
    """A UTC day of usage that plans (in dollars) or reservations (in hours) may cover.

    ``covered`` is what they did cover, ``on_demand`` what they did not.
    """

    day: date
    covered: Decimal
    on_demand: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A commitment that AWS recommends to buy.

    ``utilization`` is in percent. ``lowest`` and ``average`` are of the use in an hour of the look-back.
    """

    term_months: int
    payment: str
    lookback_days: int
    upfront: Decimal
    monthly_saving: Decimal
    currency: str
    account_id: str | None = None
    utilization: Decimal | None = None
    lowest: Decimal | None = None
    average: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOffer(Offer):
    """A Savings Plan; ``hourly`` is the commitment.

    ``lowest``, ``average`` and ``highest`` are the on-demand spend that it would cover part of.
    """

    plan_type: str
    hourly: Decimal
    region: str | None = None
    family: str | None = None
    highest: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationOffer(Offer):
    """Reservations; ``lowest`` and ``average`` are instances used."""

    service: str
    instance_type: str
    region: str
    count: Decimal
    monthly_fee: Decimal
    platform: str | None = None
    break_even_months: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastMonth:
    """A calendar month by AWS's forecast, or the rest of the present one; within the bounds by 80 %."""

    start: date
    end: date
    expected: Decimal
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsCause:
    """What AWS's detector names as a root cause; ``impact`` is its part, where AWS tells it."""

    service: str | None = None
    account_id: str | None = None
    region: str | None = None
    usage_type: str | None = None
    impact: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsAnomaly:
    """What Cost Anomaly Detection found, of net unblended costs; ``end`` is the first day after it."""

    anomaly_id: str
    start: date
    end: date | None
    impact: Decimal
    name: str | None = None
    actual: Decimal | None = None
    expected: Decimal | None = None
    causes: tuple[AwsCause, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CostDriver:
    """One of the reasons that AWS gives for the difference between two months of unblended costs."""

    service: str | None
    usage_type: str | None
    kind: str
    name: str
    before: Decimal
    after: Decimal
    change: Decimal


Row = (
    CommitmentDay
    | CommitmentUse
    | CoverageDay
    | PlanOffer
    | ReservationOffer
    | ForecastMonth
    | AwsAnomaly
    | CostDriver
)
ROWS: dict[Question, type[Row]] = {
    Question.PLANS_USED: CommitmentDay,
    Question.RESERVED_USED: CommitmentDay,
    Question.ANOMALIES: AwsAnomaly,
    Question.FORECAST: ForecastMonth,
    Question.PLANS_TO_BUY: PlanOffer,
    Question.PLANS_EACH: CommitmentUse,
    Question.PLANS_COVERAGE: CoverageDay,
    Question.RESERVED_EACH: CommitmentUse,
    Question.RESERVED_COVERAGE: CoverageDay,
    Question.RESERVED_TO_BUY: ReservationOffer,
    Question.COMPARISON: CostDriver,
}
"""What the rows of an answer are, by the question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CostAnswer:
    """One answer: of the days from ``start`` to ``end`` (exclusive), asked at an instant.

    No rows say that AWS knows of none. A question that was never answered has no answer: nothing follows.
    """

    topic: Topic
    asked_at: datetime
    start: date
    end: date
    rows: Sequence[Row] = ()
