"""What AWS itself says of the bill: its forecast, its anomalies, why a month differs. $0.01 a request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from plainbill.aws_connector import Read
from plainbill.data_fetcher.asking import Asking, Page, Span, amount, amount_or_none, day_of
from plainbill.data_fetcher.source import Source
from plainbill.model.cost_answers import AwsAnomaly, AwsCause, CostDriver, ForecastMonth, Question
from plainbill.model.period import month_start

_FORECAST = Read("ce", "GetCostForecast", "AWS's own forecast beside Plainbill's")
_ANOMALIES = Read("ce", "GetAnomalies", "what AWS Cost Anomaly Detection found, beside Plainbill's anomalies")
_COMPARISON = Read("ce", "GetCostComparisonDrivers", "why AWS says that a month cost more or less")
_INTERVAL = 80  # percent, as in the console and as our own narrower interval
_METRIC = "UnblendedCost"
_MOST_DRIVERS = 10  # what AWS gives at most in a page; further ones are a cent each
_ANOMALIES_A_PAGE = 100
_DAY = timedelta(days=1)


class AwsOpinions(Source):
    """AWS's second opinions; asked of the account that pays."""

    name = "aws_opinions"
    reads = (_FORECAST, _ANOMALIES, _COMPARISON)


def _forecast(pages: Iterable[Page], _: Span) -> Iterator[ForecastMonth]:
    for page in pages:
        for one in page["ForecastResultsByTime"]:
            yield ForecastMonth(
                start=day_of(one["TimePeriod"]["Start"]),
                end=day_of(one["TimePeriod"]["End"]),
                expected=amount(one["MeanValue"]),
                low=amount_or_none(one.get("PredictionIntervalLowerBound")),
                high=amount_or_none(one.get("PredictionIntervalUpperBound")),
            )


def _anomalies(pages: Iterable[Page], _: Span) -> Iterator[AwsAnomaly]:
    for page in pages:
        for one in page["Anomalies"]:
            impact = one["Impact"]
            start = one.get("AnomalyStartDate")
            if start is None:
                continue  # without days it stands beside nothing
            yield AwsAnomaly(
                anomaly_id=one["AnomalyId"],
                start=day_of(start),
                end=_day_after(one.get("AnomalyEndDate")),
                impact=amount(impact.get("TotalImpact", impact["MaxImpact"])),
                name=one.get("DimensionValue") or None,
                actual=amount_or_none(impact.get("TotalActualSpend")),
                expected=amount_or_none(impact.get("TotalExpectedSpend")),
                causes=tuple(map(_cause, one.get("RootCauses", ()))),
            )


def _day_after(written: str | None) -> date | None:
    """AWS names the last day of an anomaly; None while it goes on."""
    return None if not written else day_of(written) + _DAY


def _cause(raw: Mapping[str, Any]) -> AwsCause:
    return AwsCause(
        service=raw.get("Service") or None,
        account_id=raw.get("LinkedAccount") or None,
        region=raw.get("Region") or None,
        usage_type=raw.get("UsageType") or None,
        impact=amount_or_none(raw.get("Impact", {}).get("Contribution")),
    )


def _months(span: Span) -> dict[str, Any]:
    """``span`` begins with the earlier month and ends after the later one."""
    middle = month_start(span.end - _DAY).isoformat()
    return {
        "BaselineTimePeriod": {"Start": span.start.isoformat(), "End": middle},
        "ComparisonTimePeriod": {"Start": middle, "End": span.end.isoformat()},
        "MetricForComparison": _METRIC,
        "MaxResults": _MOST_DRIVERS,
    }


def _drivers(pages: Iterable[Page], _: Span) -> Iterator[CostDriver]:
    for page in pages:
        for one in page["CostComparisonDrivers"]:
            named = dict(_dimensions(one.get("CostSelector") or {}))
            for driver in one["CostDrivers"]:
                figures = driver["Metrics"][_METRIC]
                yield CostDriver(
                    service=named.get("SERVICE"),
                    usage_type=named.get("USAGE_TYPE"),
                    kind=driver["Type"],
                    name=driver["Name"],
                    before=amount(figures["BaselineTimePeriodAmount"]),
                    after=amount(figures["ComparisonTimePeriodAmount"]),
                    change=amount(figures["Difference"]),
                )


def _dimensions(expression: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the dimensions that an expression names, each with its one value."""
    for part in expression.get("And", ()):
        yield from _dimensions(part)
    if (one := expression.get("Dimensions")) and len(one.get("Values", ())) == 1:
        yield one["Key"], one["Values"][0]


ASKINGS: Mapping[Question, Asking] = {
    Question.FORECAST: Asking(
        read=_FORECAST,
        parameters=lambda span: {
            "TimePeriod": span.time_period,
            "Metric": "UNBLENDED_COST",
            "Granularity": "MONTHLY",
            "PredictionIntervalLevel": _INTERVAL,
        },
        parse=_forecast,
    ),
    Question.ANOMALIES: Asking(
        read=_ANOMALIES,
        parameters=lambda span: {
            "DateInterval": {"StartDate": span.start.isoformat(), "EndDate": span.end.isoformat()},
            "MaxResults": _ANOMALIES_A_PAGE,
        },
        parse=_anomalies,
    ),
    Question.COMPARISON: Asking(read=_COMPARISON, parameters=_months, parse=_drivers, is_one_page=True),
}
