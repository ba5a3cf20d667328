"""CloudWatch: metrics of the company's instances, computed when asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from plainbill.demo.call import Answer, Call, offset_of, page_of, token
from plainbill.demo.instances import DemoInstance
from plainbill.demo.load import METRICS
from plainbill.demo.series import STATISTICS, Window, datapoints
from plainbill.demo.wire import WireError

_NAMESPACE = "AWS/EC2"
_MAX_QUERIES, _MAX_POINTS, _LISTED_DAYS = 500, 1_440, 14
Points = tuple[list[int], list[float]]


def get_metric_data(call: Call) -> Mapping[str, Any]:
    """Answer up to 500 queries by pages of 100,800 datapoints, newest first unless asked otherwise."""
    queries: Sequence[Mapping[str, Any]] = call.params["MetricDataQueries"]
    _check_queries(queries)
    shown = [query for query in queries if query.get("ReturnData", True)]
    series = [_query(call, query) for query in shown]
    request = {key: value for key, value in call.params.items() if key != "NextToken"}
    error = WireError("InvalidNextToken", "The provided NextToken is invalid")
    start = offset_of(call.params.get("NextToken"), request, error)
    size = min(call.options.datapoints_page, call.params.get("MaxDatapoints") or call.options.datapoints_page)
    results, is_finished = _page(shown, series, start, start + size)
    answer: dict[str, Any] = {"MetricDataResults": results, "Messages": []}
    return answer if is_finished else answer | {"NextToken": token(start + size, request)}


def _check_queries(queries: Sequence[Mapping[str, Any]]) -> None:
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
    if stat["Stat"] not in STATISTICS:
        raise WireError(
            "ValidationError", f"The statistic {stat['Stat']} is not one of {', '.join(STATISTICS)}."
        )
    window = _window(call, stat["Period"], "ValidationError")
    instance = _measured_instance(call, stat["Metric"])
    if instance is None or query.get("AccountId", call.account) != call.account:
        return [], []
    times, values = datapoints(instance, stat["Metric"]["MetricName"], stat["Stat"], window)
    is_ascending = call.params.get("ScanBy") == "TimestampAscending"
    return (times, values) if is_ascending else (times[::-1], values[::-1])


def _window(call: Call, period: int, code: str) -> Window:
    try:
        return Window.of(call.params["StartTime"], call.params["EndTime"], period, call.now)
    except ValueError as error:
        raise WireError(code, str(error)) from None


def _measured_instance(call: Call, metric: Mapping[str, Any]) -> DemoInstance | None:
    """Return the caller's own instance that a metric names; any other metric has no datapoints."""
    dimensions = metric.get("Dimensions", [])
    is_known = metric.get("Namespace") == _NAMESPACE and metric.get("MetricName") in METRICS
    if not is_known or [item["Name"] for item in dimensions] != ["InstanceId"]:
        return None
    here = call.company.instances_in(call.account, call.region)
    return next((item for item in here if item.instance_id == dimensions[0]["Value"]), None)


def get_metric_statistics(call: Call) -> Mapping[str, Any]:
    """Answer one metric, at most 1,440 datapoints and in no order."""
    wanted = call.params.get("Statistics")
    if not wanted:
        raise WireError("InvalidParameterCombination", "At least one Statistics must be specified")
    if unknown := sorted(set(wanted) - set(STATISTICS)):
        raise WireError("InvalidParameterValue", f"Statistics {unknown} are not valid")
    window = _window(call, call.params["Period"], "InvalidParameterValue")
    if len(window.buckets) > _MAX_POINTS:
        message = (
            f"You have requested up to {len(window.buckets):,} datapoints, which exceeds the limit of 1,440. "
            "You may reduce the datapoints requested by increasing Period, or decreasing the time range."
        )
        raise WireError("InvalidParameterCombination", message)
    name = call.params["MetricName"]
    instance = _measured_instance(call, call.params)
    points: dict[int, dict[str, Any]] = {}
    for statistic in wanted:
        found = datapoints(instance, name, statistic, window) if instance else ([], [])
        for time, value in zip(*found, strict=True):
            point = points.setdefault(time, {"Timestamp": time, "Unit": METRICS[name].unit})
            point[statistic] = value
    shuffled = sorted(points.values(), key=lambda point: hash((point["Timestamp"] * 2_654_435_761) % 997))
    return {"Label": name, "Datapoints": shuffled}


def list_metrics(call: Call) -> Mapping[str, Any]:
    """List the metrics that had data in the last two weeks."""
    end = int(call.now.timestamp()) // 3600
    first = int((call.now - timedelta(days=_LISTED_DAYS)).timestamp()) // 3600
    found = [
        {
            "Namespace": _NAMESPACE,
            "MetricName": name,
            "Dimensions": [{"Name": "InstanceId", "Value": instance_id}],
        }
        for instance_id in _active(call, first, end)
        for name in METRICS
    ]
    kept = [metric for metric in found if _is_wanted(metric, call.params)]
    error = WireError("InvalidParameterValue", "The parameter NextToken is invalid.")
    page, rest = page_of(call, kept, call.options.metrics_page, "NextToken", error)
    return {"Metrics": page} | ({"NextToken": rest} if rest else {})


def _active(call: Call, first: int, end: int) -> list[str]:
    here = call.company.instances_in(call.account, call.region)
    return [instance.instance_id for instance in here if any(instance.measured_spans(first, end))]


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
