"""Cost Explorer: AWS's own opinions of the bill, worked out from the bill itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from plainbill.demo.answers_cost_explorer import Slice, Summed, sums_of_days
from plainbill.demo.bill import SPIKE_DAYS_AGO
from plainbill.demo.call import Answer, Call, paged
from plainbill.demo.cell import UNITS
from plainbill.demo.cost_query import Keys, Query, amount
from plainbill.demo.fleet import PRODUCTION, VIRGINIA
from plainbill.demo.services import CLOUDWATCH
from plainbill.model.period import month_start

_DAY = timedelta(days=1)
_LEARNT_FROM, _USUAL = 30, 14  # whole days
_SPREAD = Decimal("0.06")
_KINDS = {
    "Tax": "TAX",
    "Refund": "REFUND",
    "Credit": "CREDIT",
    "Support": "SUPPORT_FEE",
    "SavingsPlanRecurringFee": "SAVINGS_PLAN_RECURRING_FEE",
    "SavingsPlanCoveredUsage": "SAVINGS_PLAN_USAGE",
    "SavingsPlanNegation": "SAVINGS_PLAN_NEGATION",
    "Private Rate Discount": "BUNDLED_DISCOUNT",
}


def get_cost_forecast(call: Call) -> Mapping[str, Any]:
    """Go on as the last month was, by calendar month; the interval widens with the distance."""
    return cost_forecast(call, sums_of_days)


def cost_forecast(call: Call, summed: Summed) -> Mapping[str, Any]:
    """Answer GetCostForecast from what ``summed`` sums."""
    today = call.now.date()
    query = Query.over(today - _LEARNT_FROM * _DAY, today, "MONTHLY", (), ("UnblendedCost",))
    known = sum(one.groups[()].amounts[0] for one in summed(call, query) if one.groups)
    a_day = Decimal(known) / UNITS / _LEARNT_FROM
    span = call.params["TimePeriod"]
    start, end = (date.fromisoformat(span[side]) for side in ("Start", "End"))
    months = [
        _month(number, a_day * (to - first).days, first, to)
        for number, (first, to) in enumerate(_months(start, end))
    ]
    total = sum((Decimal(one["MeanValue"]) for one in months), Decimal(0))
    return {"Total": {"Amount": str(total), "Unit": "USD"}, "ForecastResultsByTime": months}


def _month(number: int, mean: Decimal, first: date, to: date) -> dict[str, Any]:
    half = mean * _SPREAD * (number + 1)
    texts = [f"{value:.10f}" for value in (mean, mean - half, mean + half)]
    names = ("MeanValue", "PredictionIntervalLowerBound", "PredictionIntervalUpperBound")
    return {"TimePeriod": {"Start": str(first), "End": str(to)}} | dict(zip(names, texts, strict=True))


def _months(start: date, end: date) -> Iterator[tuple[date, date]]:
    while start < end:
        to = min(month_start(start, 1), end)
        yield start, to
        start = to


def get_anomalies(call: Call) -> Mapping[str, Any]:
    """Tell of the days on which somebody left debug logging on, and of nothing else."""
    today = call.now.date()
    start, end = today - SPIKE_DAYS_AGO * _DAY, today - (SPIKE_DAYS_AGO - 2) * _DAY
    asked = call.params["DateInterval"]
    if call.account != call.company.payer or not asked["StartDate"] <= str(start) <= asked.get(
        "EndDate", "9"
    ):
        return paged(call, "Anomalies", [], token=("NextPageToken", "NextPageToken"))
    actual = _net_of(call, start, end)
    usual = _net_of(call, start - _USUAL * _DAY, start) / _USUAL * 2
    found = {
        "AnomalyId": "5d3c8a60-7f1e-4f0b-9a57-2f6d1c0be941",
        "AnomalyStartDate": f"{start}T00:00:00Z",
        "AnomalyEndDate": f"{end - _DAY}T00:00:00Z",
        "DimensionValue": CLOUDWATCH,
        "RootCauses": [
            {
                "Service": CLOUDWATCH,
                "Region": VIRGINIA,
                "LinkedAccount": PRODUCTION,
                "LinkedAccountName": "hearth-production",
                "UsageType": "DataProcessing-Bytes",
                "Impact": {"Contribution": float(round(actual - usual, 2))},
            }
        ],
        "AnomalyScore": {"MaxScore": 0.93, "CurrentScore": 0.31},
        "Impact": {
            "MaxImpact": float(round(actual - usual, 2)),
            "TotalImpact": float(round(actual - usual, 2)),
            "TotalActualSpend": float(round(actual, 2)),
            "TotalExpectedSpend": float(round(usual, 2)),
        },
        "MonitorArn": f"arn:aws:ce::{call.account}:anomalymonitor/services",
    }
    return paged(call, "Anomalies", [found], token=("NextPageToken", "NextPageToken"))


def _net_of(call: Call, start: date, end: date) -> Decimal:
    query = Query.over(
        start, end, "MONTHLY", (), ("NetUnblendedCost",), lambda cell: cell.service == CLOUDWATCH
    )
    return Decimal(sum(one.groups[()].amounts[0] for one in sums_of_days(call, query) if one.groups)) / UNITS


def get_cost_comparison_drivers(call: Call) -> Mapping[str, Any]:
    """Compare two months by service and usage type, the largest difference first."""
    return comparison_drivers(call, sums_of_days)


def comparison_drivers(call: Call, summed: Summed) -> Mapping[str, Any]:
    """Answer GetCostComparisonDrivers from what ``summed`` sums."""
    metric = call.params["MetricForComparison"]
    before, after = (
        _by_keys(summed(call, _of_month(call.params[name], metric)))
        for name in ("BaselineTimePeriod", "ComparisonTimePeriod")
    )
    changed = [(keys, before.get(keys, 0), after.get(keys, 0)) for keys in {**before, **after}]
    changed = [one for one in changed if one[1] != one[2]]
    changed.sort(key=lambda one: (-abs(one[2] - one[1]), one[0]))
    drivers = [_driver(keys, metric, was, now) for keys, was, now in changed]
    token = ("NextPageToken", "NextPageToken")
    return paged(call, "CostComparisonDrivers", drivers, token=token, most=10)


def _of_month(period: Mapping[str, str], metric: str) -> Query:
    start, end = (date.fromisoformat(period[side]) for side in ("Start", "End"))
    return Query.over(start, end, "MONTHLY", ("SERVICE", "USAGE_TYPE", "RECORD_TYPE"), (metric,))


def _by_keys(slices: Sequence[Slice]) -> dict[Keys, int]:
    return {keys: sums.amounts[0] for part in slices for keys, sums in part.groups.items()}


def _driver(keys: Keys, metric: str, before: int, after: int) -> dict[str, Any]:
    service, usage_type, record_type = keys
    figures = {
        "BaselineTimePeriodAmount": amount(before),
        "ComparisonTimePeriodAmount": amount(after),
        "Difference": amount(after - before),
        "Unit": "USD",
    }
    dimensions = (("SERVICE", service), ("USAGE_TYPE", usage_type))
    kind = _KINDS.get(record_type, "USAGE_CHANGE")
    return {
        "CostSelector": {"And": [{"Dimensions": {"Key": key, "Values": [one]}} for key, one in dimensions]},
        "Metrics": {metric: figures},
        "CostDrivers": [
            {"Type": kind, "Name": kind.replace("_", " ").capitalize(), "Metrics": {metric: figures}}
        ],
    }


ANSWERS: Mapping[str, Answer] = {
    "ce:GetCostForecast": get_cost_forecast,
    "ce:GetAnomalies": get_anomalies,
    "ce:GetCostComparisonDrivers": get_cost_comparison_drivers,
}
