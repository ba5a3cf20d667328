"""The shapes of what AWS says of the bill itself; rules and promises as in ``shapes``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from plainbill.app.views.shapes import DaysView


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsMonthView:
    """A calendar month by AWS's forecast of unblended costs; of the present one `expected` is the whole.

    It holds what was billed until AWS was asked. AWS expects four of five months between `low` and `high`.
    """

    start: date
    end: date
    expected: Decimal
    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsForecastView:
    """AWS's own forecast; `reason` says why there is none."""

    asked_at: datetime | None
    months: Sequence[AwsMonthView]
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsAnomalyView:
    """What Cost Anomaly Detection found, of net unblended costs; `anomaly_id` is Plainbill's of the same.

    It is null where Plainbill found nothing of the same service, or account, on these days.
    """

    aws_id: str
    start: date
    end: date | None
    name: str
    account_id: str | None
    account_name: str | None
    usage_type: str | None
    impact: Decimal
    actual: Decimal | None
    expected: Decimal | None
    anomaly_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsAnomaliesView:
    """AWS's anomalies, latest first; `reason` says why nothing is known of them."""

    asked_at: datetime | None
    anomalies: Sequence[AwsAnomalyView]
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CostDriverView:
    """A reason that AWS gives; `service_change` is what the stored costs of the service changed by."""

    service: str | None
    usage_type: str | None
    kind: str
    name: str
    before: Decimal
    after: Decimal
    change: Decimal
    service_change: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsComparisonView:
    """AWS's reasons for the difference between the last two whole months, at most ten, the first first."""

    asked_at: datetime | None
    before: DaysView | None
    after: DaysView | None
    drivers: Sequence[CostDriverView]
    reason: str | None
