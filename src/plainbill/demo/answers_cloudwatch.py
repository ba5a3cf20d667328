"""CloudWatch: the metrics of every namespace a ``metrics_*`` module provides, computed when asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from plainbill.demo.call import Answer, Call, offset_of, page_of, token_at
from plainbill.demo.company import Company
from plainbill.demo.families import collected
from plainbill.demo.links import is_shared
from plainbill.demo.measure import Provider, Wanted
from plainbill.demo.series import STATISTICS, Series, Window, datapoints, is_statistic
from plainbill.demo.wire_scope import WireError

PROVIDERS: Mapping[str, Provider] = collected("metrics_", "METRICS")
"""Who knows the metrics of each namespace."""
_MAX_QUERIES, _MAX_POINTS, LISTED_DAYS = 500, 1_440, 14
Points = tuple[list[int], list[float]]
INVALID_TOKEN = WireError("InvalidNextToken", "The provided NextToken is invalid")
INVALID_LIST_TOKEN = WireError("InvalidParameterValue", "The parameter NextToken is invalid.")


def get_metric_data(call: Call) -> Mapping[str, Any]:
    """Answer up to 500 queries by pages of 100,800 datapoints, newest first unless asked otherwise."""
    queries: Sequence[Mapping[str, Any]] = call.params["MetricDataQueries"]
    check_queries(queries)
    shown = [query for query in queries if query.get("ReturnData", True)]
    series = [_query(call, query) for query in shown]
    request = {key: value for key, value in call.params.items() if key != "NextToken"}
    start = offset_of(call.params.get("NextToken"), request, INVALID_TOKEN)
    size = min(call.options.datapoints_page, call.params.get("MaxDatapoints") or call.options.datapoints_page)
    results, is_finished = _page(shown, series, start, start + size)
    answer: dict[str, Any] = {"MetricDataResults": results, "Messages": []}
    return answer if is_finished else answer | {"NextToken": token_at(start + size, request)}


def check_queries(queries: Sequence[Mapping[str, Any]]) -> None:
    """Raise ``WireError`` for queries that AWS would refuse, or that are expressions."""
    if len(queries) > _MAX_QUERIES:
        message = f"The collection MetricDataQueries must not have a size greater than {_MAX_QUERIES}."
        raise WireError("ValidationError", message)
    if len({query["Id"] for query in queries}) < len(queries):
        raise WireError("ValidationError", "The values for parameter id in MetricDataQueries are not unique.")
    if any("MetricStat" not in query for query in queries):
        raise WireError("ValidationError", "This endpoint computes MetricStat queries, no expressions.")


def _page(
    queries: Sequence[Mapping[str, Any]], series: Sequence[Points], start: int, end: int
) -> tuple[list[dict[str, Any]], bool]:
    """Cut datapoints ``[start, end)`` out of all the series laid end to end."""
    total = sum(len(times) for times, _ in series)
    results = []
    at = 0
    for query, (times, values) in zip(queries, series, strict=True):
        low, high = max(0, start - at), min(len(times), end - at)
        is_empty_here = not times and (start <= at < end or at == total <= end)
        if low < high or is_empty_here:
            results.append(
                {
                    "Id": query["Id"],
                    "Label": query.get("Label") or query["MetricStat"]["Metric"].get("MetricName", ""),
                    "Timestamps": times[low:high],
                    "Values": values[low:high],
                    "StatusCode": "Complete" if high == len(times) else "PartialData",
                }
            )
        at += len(times)
    return results, end >= total


def _query(call: Call, query: Mapping[str, Any]) -> Points:
    stat = query["MetricStat"]
    check_statistic(stat["Stat"])
    window = window_of(call, stat["Period"], "ValidationError")
    owner = owner_of(call, query)
    series = _series(owner, stat["Metric"]) if owner else None
    if series is None:
        return [], []
    times, values = datapoints(series, stat["Stat"], window)
    is_ascending = call.params.get("ScanBy") == "TimestampAscending"
    return (times, values) if is_ascending else (times[::-1], values[::-1])


def owner_of(call: Call, query: Mapping[str, Any]) -> Call | None:
    """Return the call as that of the account whose metric is asked for; None where it is not to be seen.

    A monitoring account sees what is linked to it. What AWS answers where no link is we could not verify:
    here it is a metric without a datapoint.
    """
    account, namespace = (
        query.get("AccountId", call.account),
        query["MetricStat"]["Metric"].get("Namespace", ""),
    )
    if account == call.account:
        return call
    is_seen = is_shared(call.options.links, account, call.account, call.region, namespace)
    return replace(call, account=account) if is_seen else None


def check_statistic(name: str) -> None:
    """Raise ``WireError`` for a statistic that CloudWatch does not have."""
    if not is_statistic(name):
        known = ", ".join(STATISTICS)
        raise WireError("ValidationError", f"The statistic {name} is not one of {known} or pNN.NN.")


def window_of(call: Call, period: int, code: str) -> Window:
    """Return the buckets that a call asks for; raises ``WireError`` with the code where AWS has none such."""
    try:
        return Window.of(call.params["StartTime"], call.params["EndTime"], period, call.now)
    except ValueError as error:
        raise WireError(code, str(error)) from None


def _series(call: Call, metric: Mapping[str, Any]) -> Series | None:
    """Return the caller's own metric of that name; None, and so no datapoint, for any other."""
    provider = PROVIDERS.get(metric.get("Namespace", ""))
    if provider is None:
        return None
    name, given = metric.get("MetricName", ""), metric.get("Dimensions", ())
    place = call.account, call.region
    key = (*place, metric["Namespace"], name, *[(item["Name"], item["Value"]) for item in given])
    known = call.company.once(_known_series)
    if key not in known:
        dimensions = {item["Name"]: item["Value"] for item in given}
        known[key] = provider.find(Wanted(call.company, *place, name, dimensions))
    return known[key]


def _known_series(_: Company) -> dict[tuple[object, ...], Series | None]:
    return {}


def get_metric_statistics(call: Call) -> Mapping[str, Any]:
    """Answer one metric, at most 1,440 datapoints and in no order."""
    window = statistics_window(call)
    series = _series(call, call.params)
    if series is None:
        return as_statistics(call, "None", {})
    statistics = (*call.params.get("Statistics", ()), *call.params.get("ExtendedStatistics", ()))
    return as_statistics(call, series.unit, {name: datapoints(series, name, window) for name in statistics})


def statistics_window(call: Call) -> Window:
    """Return the buckets of GetMetricStatistics; raises ``WireError`` where AWS would refuse the call."""
    wanted, extended = call.params.get("Statistics", []), call.params.get("ExtendedStatistics", [])
    if bool(wanted) == bool(extended):
        message = "Must specify either Statistics or ExtendedStatistics, but not both"
        raise WireError("InvalidParameterCombination", message)
    wrong = set(wanted) - set(STATISTICS) | {name for name in extended if not is_statistic(name)}
    if wrong:
        raise WireError("InvalidParameterValue", f"Statistics {sorted(wrong)} are not valid")
    window = window_of(call, call.params["Period"], "InvalidParameterValue")
    if len(window.buckets) > _MAX_POINTS:
        message = (
            f"You have requested up to {len(window.buckets):,} datapoints, which exceeds the limit of 1,440. "
            "You may reduce the datapoints requested by increasing Period, or decreasing the time range."
        )
        raise WireError("InvalidParameterCombination", message)
    return window


def as_statistics(call: Call, unit: str, series: Mapping[str, Points]) -> Mapping[str, Any]:
    """Return the answer of GetMetricStatistics: datapoints with every statistic, in no order."""
    points: dict[int, dict[str, Any]] = {}
    is_extended = bool(call.params.get("ExtendedStatistics"))
    for statistic, (times, values) in series.items():
        for time, value in zip(times, values, strict=True):
            point = points.setdefault(time, {"Timestamp": time, "Unit": unit})
            (point.setdefault("ExtendedStatistics", {}) if is_extended else point)[statistic] = value
    shuffled = sorted(points.values(), key=lambda point: hash((point["Timestamp"] * 2_654_435_761) % 997))
    return {"Label": call.params["MetricName"], "Datapoints": shuffled}


def list_metrics(call: Call) -> Mapping[str, Any]:
    """List the metrics that had data in the last two weeks."""
    end = int(call.now.timestamp()) // 3600
    first = int((call.now - timedelta(days=LISTED_DAYS)).timestamp()) // 3600
    found = [metric for metric in _listed(call) if _is_active(call, metric, first, end)]
    kept = [metric for metric in found if _is_wanted(metric, call.params)]
    page, rest = page_of(call, kept, call.options.metrics_page, "NextToken", INVALID_LIST_TOKEN)
    return {"Metrics": page} | ({"NextToken": rest} if rest else {})


def _listed(call: Call) -> Iterator[dict[str, Any]]:
    for namespace, provider in PROVIDERS.items():
        for name, dimensions in provider.listed(call.company, call.account, call.region):
            told = [{"Name": key, "Value": value} for key, value in dimensions.items()]
            yield {"Namespace": namespace, "MetricName": name, "Dimensions": told}


def _is_active(call: Call, metric: Mapping[str, Any], first: int, end: int) -> bool:
    series = _series(call, metric)
    return series is not None and any(series.measured_spans(first, end))


def _is_wanted(metric: Mapping[str, Any], params: Mapping[str, Any]) -> bool:
    has = {item["Name"]: item["Value"] for item in metric["Dimensions"]}
    return (
        params.get("Namespace", metric["Namespace"]) == metric["Namespace"]
        and params.get("MetricName", metric["MetricName"]) == metric["MetricName"]
        and all(
            item["Name"] in has and item.get("Value", has[item["Name"]]) == has[item["Name"]]
            for item in params.get("Dimensions", ())
        )
    )


ANSWERS: Mapping[str, Answer] = {
    "cloudwatch:GetMetricData": get_metric_data,
    "cloudwatch:GetMetricStatistics": get_metric_statistics,
    "cloudwatch:ListMetrics": list_metrics,
}
