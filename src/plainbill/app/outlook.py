"""Forecasts and anomalies of what is stored, made once per snapshot; with what people said of anomalies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from pydantic import Field

from plainbill.analyzer.anomaly import Anomaly, anomalies_of
from plainbill.analyzer.forecast import BillForecast, forecast, forecast_bill
from plainbill.app.forms import Note, Who
from plainbill.app.params import Params
from plainbill.app.record import Edition, Record
from plainbill.app.views.anomaly_days import AnomalyDay, days_around
from plainbill.app.views.aws_opinions import aws_anomalies, aws_forecast
from plainbill.app.views.aws_opinions_shapes import AwsForecastView
from plainbill.app.views.bill_series import parts_of_bill, services_of_bill, whole_days, why_no_day
from plainbill.app.views.outlook import (
    AnomaliesView,
    ForecastView,
    SeriesForecastView,
    anomaly_view,
    forecast_view,
    series_view,
)
from plainbill.model.anomaly import AnomalyDecision, AnomalyState
from plainbill.model.cost import CostMetric
from plainbill.model.findings import Unknown

LOOKED_BACK = 90
"""Days of anomalies that are shown."""
_DAY = timedelta(days=1)


class AnomalyDecisionParams(Params):
    """What a person says of an anomaly."""

    state: Literal["new", "acknowledged", "expected"] = Field(
        description="`expected` is what was planned; `new` takes back what was said.", examples=["expected"]
    )
    note: Note | None = Field(default=None, description="Why.", examples=["the yearly load test"])
    who: Who = Field(description="Who says it.", examples=["kim"])


class AnomalyForm(AnomalyDecisionParams):
    """The same, from the form of the page."""

    anomaly: str = Field(pattern="^[0-9a-f]{16}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Looked:
    """What was found, where, and since when."""

    anomalies: tuple[Anomaly, ...]
    days: Mapping[str, Sequence[AnomalyDay]]
    since: date | None
    until: date | None
    looked_at: int
    accounts: int


class Outlook:
    """Answers what the bill will come to and what in it was not expected."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self._month = record.cached(2, _month)
        self._aws_month = record.cached(2, lambda edition: aws_forecast(edition.snapshot))
        self._forecast = record.cached(2, _forecast)
        self._looked = record.cached(2, _looked)

    def month(self, edition: Edition) -> SeriesForecastView:
        """Return the forecast of the total alone, of the present month."""
        return self._month(edition.of_reading())

    def aws_month(self, edition: Edition) -> AwsForecastView:
        """Return AWS's own forecast of the total."""
        return self._aws_month(edition.of_reading())

    def forecast(self, edition: Edition) -> ForecastView:
        """Return the forecast of the total and of each service."""
        return self._forecast(edition.of_reading())

    def anomalies(self, edition: Edition) -> AnomaliesView:
        """Return the anomalies with their states."""
        looked, snapshot = self._looked(edition.of_reading()), edition.snapshot
        decisions = self.record.state.anomaly_decisions()
        names = {} if snapshot is None else snapshot.manifest.accounts
        shown = [anomaly_view(each, names, decisions.get(each.id)) for each in looked.anomalies]
        return AnomaliesView(
            currency="USD" if snapshot is None else snapshot.manifest.currency,
            since=looked.since,
            data_until=looked.until,
            accounts_looked_at=looked.looked_at,
            accounts=looked.accounts,
            new=sum(each.state == AnomalyState.NEW for each in shown),
            anomalies=shown,
            reason=why_no_day(snapshot) if looked.until is None else None,
            aws=aws_anomalies(snapshot, looked.anomalies),
        )

    def days_around(self, edition: Edition) -> Mapping[str, Sequence[AnomalyDay]]:
        """Return the days around each anomaly, by its id."""
        return self._looked(edition.of_reading()).days

    def decide(self, edition: Edition, anomaly_id: str, params: AnomalyDecisionParams) -> bool:
        """Remember what a person says of an anomaly; False where there is none such."""
        if anomaly_id not in {each.id for each in self._looked(edition.of_reading()).anomalies}:
            return False
        self.record.state.decide_anomaly(
            AnomalyDecision(
                anomaly_id=anomaly_id,
                state=AnomalyState(params.state),
                note=params.note,
                who=params.who,
                at=self.record.now(),
            )
        )
        return True


def _month(edition: Edition) -> SeriesForecastView:
    bill = None if edition.snapshot is None else services_of_bill(edition.snapshot)
    return series_view(Unknown(why_no_day(edition.snapshot)) if bill is None else forecast(bill[0], 1))


def _forecast(edition: Edition) -> ForecastView:
    snapshot = edition.snapshot
    bill, aws = None if snapshot is None else services_of_bill(snapshot), aws_forecast(snapshot)
    if snapshot is None or bill is None:
        nothing = BillForecast(total=Unknown(why_no_day(snapshot)), parts={}, differences=[])
        return forecast_view(nothing, CostMetric.UNBLENDED.value, "USD", None, aws)
    total, services = bill
    said = forecast_bill(total, services)
    return forecast_view(said, CostMetric.UNBLENDED.value, snapshot.manifest.currency, total.end - _DAY, aws)


def _looked(edition: Edition) -> _Looked:
    days = [] if edition.snapshot is None else whole_days(edition.snapshot)
    if edition.snapshot is None or not days:
        return _Looked(anomalies=(), days={}, since=None, until=None, looked_at=0, accounts=0)
    parts, accounts = parts_of_bill(edition.snapshot)
    since = max(days[0], days[-1] - (LOOKED_BACK - 1) * _DAY)
    found = tuple(anomalies_of(parts, since))
    return _Looked(
        anomalies=found,
        days={each.id: days_around(parts, each) for each in found},
        since=since,
        until=days[-1],
        looked_at=len({account for _, account in parts}),
        accounts=accounts,
    )
