"""The examples of forecasts and anomalies in the API's description: views like any other."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from plainbill.app.views.aws_opinions_shapes import (
    AwsAnomaliesView,
    AwsAnomalyView,
    AwsForecastView,
    AwsMonthView,
)
from plainbill.app.views.outlook import (
    AnomaliesView,
    AnomalyView,
    DifferenceView,
    ForecastView,
    MonthForecastView,
    PastForecastView,
    SeriesForecastView,
)

_EC2 = "Amazon Elastic Compute Cloud - Compute"
_TOTAL = SeriesForecastView(
    service=None,
    months=[
        MonthForecastView(
            start=date(2026, 11, 1),
            end=date(2026, 12, 1),
            so_far=Decimal("3305.10"),
            expected=Decimal("4510.00"),
            low_80=Decimal("4420.00"),
            high_80=Decimal("4600.00"),
            low_95=Decimal("4310.00"),
            high_95=Decimal("4710.00"),
            missing_days=0,
        )
    ],
    methods=["theta and the calendar", "median of four weeks and the calendar"],
    error=0.031,
    origins=48,
    last_month=PastForecastView(
        start=date(2026, 10, 1),
        asked_on=date(2026, 10, 23),
        expected=Decimal("4390.00"),
        actual=Decimal("4455.50"),
        error=0.0147,
    ),
    reason=None,
)
FORECAST = ForecastView(
    metric="unblended",
    currency="USD",
    data_until=date(2026, 11, 22),
    total=_TOTAL,
    services=[
        SeriesForecastView(
            service=_EC2,
            months=[],
            methods=[],
            error=None,
            origins=0,
            last_month=None,
            reason="41 days are known; a forecast and its error need 70",
        )
    ],
    differences=[DifferenceView(start=date(2026, 11, 1), amount=Decimal("4510.00"), without=[_EC2])],
    aws=AwsForecastView(
        asked_at=datetime(2026, 11, 23, 6, tzinfo=UTC),
        months=[
            AwsMonthView(
                start=date(2026, 11, 1),
                end=date(2026, 12, 1),
                expected=Decimal("4580.00"),
                low=Decimal("4402.00"),
                high=Decimal("4758.00"),
            )
        ],
        reason=None,
    ),
)
ANOMALIES = AnomaliesView(
    currency="USD",
    since=date(2026, 8, 25),
    data_until=date(2026, 11, 22),
    accounts_looked_at=2,
    accounts=2,
    new=1,
    anomalies=[
        AnomalyView(
            anomaly_id="6f1d2c3b4a596877",
            scope="service",
            name=_EC2,
            account_name=None,
            shape="spike",
            rule="one day",
            limit=Decimal("31.20"),
            start=date(2026, 11, 17),
            end=date(2026, 11, 19),
            expected=Decimal("240.00"),
            actual=Decimal("655.20"),
            impact=Decimal("415.20"),
            cause="111122223333",
            cause_name="Production",
            cause_impact=Decimal("409.80"),
            is_open=False,
            state="new",
            note=None,
            who=None,
            decided_at=None,
        )
    ],
    reason=None,
    aws=AwsAnomaliesView(
        asked_at=datetime(2026, 11, 23, 6, tzinfo=UTC),
        anomalies=[
            AwsAnomalyView(
                aws_id="5d3c8a60-7f1e-4f0b-9a57-2f6d1c0be941",
                start=date(2026, 11, 17),
                end=date(2026, 11, 19),
                name=_EC2,
                account_id="111122223333",
                account_name="Production",
                usage_type="BoxUsage:m5.xlarge",
                impact=Decimal("402.11"),
                actual=Decimal("655.20"),
                expected=Decimal("253.09"),
                anomaly_id="6f1d2c3b4a596877",
            )
        ],
        reason=None,
    ),
)
