"""What the bill will come to and what in it was not expected: views for pages, JSON and CSV."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from plainbill.analyzer.anomaly import Anomaly
from plainbill.analyzer.forecast import BillForecast, Forecast, MonthForecast
from plainbill.app.views.aws_opinions_shapes import AwsAnomaliesView, AwsForecastView
from plainbill.model.anomaly import AnomalyDecision, AnomalyState
from plainbill.model.findings import Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthForecastView:
    """A month, `[start, end)`: what is billed already and what the whole month is expected to cost."""

    start: date
    end: date
    so_far: Decimal
    expected: Decimal
    low_80: Decimal
    high_80: Decimal
    low_95: Decimal
    high_95: Decimal
    missing_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PastForecastView:
    """What was expected of the last month on the same day of it; `error` is a share of what it cost."""

    start: date
    asked_on: date
    expected: Decimal
    actual: Decimal
    error: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesForecastView:
    """The forecast of the total or of one service; `reason` says why there is none, or no further month.

    `error` is the mean error of the backtest for the rest of the month, a share of what is expected of it.
    """

    service: str | None
    months: Sequence[MonthForecastView]
    methods: Sequence[str]
    error: float | None
    origins: int
    last_month: PastForecastView | None
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceView:
    """The total's month less the sum of the services'; `without` are services that have no forecast of it."""

    start: date
    amount: Decimal
    without: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastView:
    """Month end and three months ahead; `data_until` is the last whole day, None where nothing is known.

    `aws` is AWS's own forecast of the total.
    """

    metric: str
    currency: str
    data_until: date | None
    total: SeriesForecastView
    services: Sequence[SeriesForecastView]
    differences: Sequence[DifferenceView]
    aws: AwsForecastView


@dataclass(frozen=True, slots=True, kw_only=True)
class AnomalyView:
    """Days `[start, end)` of a service or account that cost `impact` more, or less, than expected.

    `cause` is the account (of a service) or the service (of an account) that explains most of it, null where
    none does; `cause_impact` is its part. `rule` is why it is one: `one day` too far off, three
    `days in a row` off to the same side, or a change over `four weeks`; `limit` is how far off a day had to
    be for that.
    """

    anomaly_id: str
    scope: str
    name: str
    account_name: str | None
    shape: str
    rule: str
    limit: Decimal
    start: date
    end: date
    expected: Decimal
    actual: Decimal
    impact: Decimal
    cause: str | None
    cause_name: str | None
    cause_impact: Decimal | None
    is_open: bool
    state: str
    note: str | None
    who: str | None
    decided_at: datetime | None

    @property
    def expected_a_day(self) -> Decimal:
        """What one of its days was expected to cost."""
        return self.expected / (self.end - self.start).days


@dataclass(frozen=True, slots=True, kw_only=True)
class AnomaliesView:
    """The anomalies of the days since `since`, latest first; `reason` says why nothing could be looked at.

    `aws` is what AWS's Cost Anomaly Detection found.
    """

    currency: str
    since: date | None
    data_until: date | None
    accounts_looked_at: int
    accounts: int
    new: int
    anomalies: Sequence[AnomalyView]
    reason: str | None
    aws: AwsAnomaliesView


def series_view(said: Forecast | Unknown, service: str | None = None) -> SeriesForecastView:
    """Return one forecast as it is shown."""
    if isinstance(said, Unknown):
        return SeriesForecastView(
            service=service, months=[], methods=[], error=None, origins=0, last_month=None, reason=said.reason
        )
    past = said.last_month
    return SeriesForecastView(
        service=service,
        months=[_month(month) for month in said.months],
        methods=said.methods,
        error=said.error,
        origins=said.origins,
        last_month=None if past is None else PastForecastView(
            start=past.start,
            asked_on=past.asked_on,
            expected=past.expected,
            actual=past.actual,
            error=past.error,
        ),
        reason=said.beyond,
    )  # fmt: skip


def forecast_view(
    said: BillForecast, metric: str, currency: str, data_until: date | None, aws: AwsForecastView
) -> ForecastView:
    """Return the forecast of a bill as it is shown."""
    return ForecastView(
        metric=metric,
        currency=currency,
        data_until=data_until,
        total=series_view(said.total),
        services=[series_view(each, name) for name, each in said.parts.items()],
        differences=[
            DifferenceView(start=each.start, amount=each.amount, without=each.without)
            for each in said.differences
        ],
        aws=aws,
    )


def anomaly_view(
    anomaly: Anomaly, names: Mapping[str, str | None], decision: AnomalyDecision | None
) -> AnomalyView:
    """Return an anomaly with what people said of it; ``names`` are those of accounts."""
    cause = anomaly.cause
    return AnomalyView(
        anomaly_id=anomaly.id,
        scope=anomaly.scope.value,
        name=anomaly.name,
        account_name=names.get(anomaly.name),
        shape=anomaly.shape.value,
        rule=anomaly.ground.value,
        limit=anomaly.limit,
        start=anomaly.start,
        end=anomaly.end,
        expected=anomaly.expected,
        actual=anomaly.actual,
        impact=anomaly.impact,
        cause=None if cause is None else cause.name,
        cause_name=None if cause is None else names.get(cause.name),
        cause_impact=None if cause is None else cause.impact,
        is_open=anomaly.is_open,
        state=(AnomalyState.NEW if decision is None else decision.state).value,
        note=None if decision is None else decision.note,
        who=None if decision is None else decision.who,
        decided_at=None if decision is None else decision.at,
    )


def _month(month: MonthForecast) -> MonthForecastView:
    return MonthForecastView(
        start=month.start,
        end=month.end,
        so_far=month.so_far,
        expected=month.expected,
        low_80=month.low_80,
        high_80=month.high_80,
        low_95=month.low_95,
        high_95=month.high_95,
        missing_days=month.missing_days,
    )
