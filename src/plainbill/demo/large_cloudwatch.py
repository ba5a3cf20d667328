"""CloudWatch of a large estate: a page's datapoints are computed together, and nothing is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np

from plainbill.demo.answers_cloudwatch import (
    INVALID_LIST_TOKEN,
    INVALID_TOKEN,
    LISTED_DAYS,
    as_statistics,
    check_queries,
    check_statistic,
    owner_of,
    statistics_window,
    window_of,
)
from plainbill.demo.call import Answer, Call, offset_of, token_at
from plainbill.demo.large_ec2 import company_of
from plainbill.demo.large_load import METRICS, Floats, measured, points, rows_at_once
from plainbill.demo.load import HOUR
from plainbill.demo.regions import LOCAL_TIME
from plainbill.demo.series import Window

_NAMESPACE = "AWS/EC2"
Series = tuple[list[int], Floats]
"""Datapoints, whose values no Python object each is made of: they are most of what is answered."""
_NOTHING: Series = ([], np.empty(0))


@dataclass(frozen=True, slots=True)
class _Asked:
    """One query: its place in the call, whose metric (None for no known one), and which buckets."""

    place: int
    number: int | None
    metric: str
    statistic: str
    window: Window
    size: int
    """How many datapoints it has at the most; at least one, so that every query is answered somewhere."""

    @classmethod
    def of(cls, place: int, number: int | None, metric: str, statistic: str, window: Window) -> _Asked:
        return cls(place, number, metric, statistic, window, max(1, len(window.buckets)))


def get_metric_data(call: Call) -> Mapping[str, Any]:
    """Answer up to 500 queries by pages of 100,800 datapoints, counted as if none were missing."""
    queries: Sequence[Mapping[str, Any]] = call.params["MetricDataQueries"]
    check_queries(queries)
    shown = [query for query in queries if query.get("ReturnData", True)]
    request = {key: value for key, value in call.params.items() if key != "NextToken"}
    start = offset_of(call.params.get("NextToken"), request, INVALID_TOKEN)
    size = min(call.options.datapoints_page, call.params.get("MaxDatapoints") or call.options.datapoints_page)
    asked = list(_asked(call, shown))
    total = sum(one.size for one in asked)
    results = list(_page(call, shown, asked, start, start + size))
    answer: dict[str, Any] = {"MetricDataResults": results, "Messages": []}
    return answer if start + size >= total else answer | {"NextToken": token_at(start + size, request)}


def _asked(call: Call, queries: Sequence[Mapping[str, Any]]) -> Iterator[_Asked]:
    windows: dict[int, Window] = {}
    for place, query in enumerate(queries):
        stat = query["MetricStat"]
        period = stat["Period"]
        check_statistic(stat["Stat"])
        if period not in windows:
            windows[period] = window_of(call, period, "ValidationError")
        owner = owner_of(call, query)
        number = _number(owner, stat["Metric"]) if owner else None
        metric = stat["Metric"].get("MetricName", "")
        yield _Asked.of(place, number, metric, stat["Stat"], windows[period])


def _page(
    call: Call, queries: Sequence[Mapping[str, Any]], asked: Sequence[_Asked], start: int, end: int
) -> Iterator[dict[str, Any]]:
    """Yield what of the queries, laid end to end, is in ``[start, end)``."""
    at, cuts = 0, list[tuple[_Asked, int, int]]()
    for one in asked:
        low, high = max(0, start - at), min(one.size, end - at)
        if low < high:
            cuts.append((one, low, high))
        at += one.size
    series = _computed(call, [one for one, _, _ in cuts])
    is_ascending = call.params.get("ScanBy") == "TimestampAscending"
    turned: dict[int, list[int]] = {}  # by the identity of what ``series`` keeps: series share their times
    for one, low, high in cuts:
        times, values = series.get(one.place, _NOTHING)
        if not is_ascending:
            times, values = turned.setdefault(id(times), times[::-1]), values[::-1].copy()
        if high - low < one.size:
            times, values = _cut(times, values, one, low, high)
        query = queries[one.place]
        yield {
            "Id": query["Id"],
            "Label": query.get("Label") or one.metric,
            "Timestamps": times,
            "Values": values,
            "StatusCode": "Complete" if high == one.size else "PartialData",
        }


def _cut(times: list[int], values: Floats, one: _Asked, low: int, high: int) -> Series:
    """Keep the buckets ``[low, high)``, counted in the order that they are told in."""
    buckets = [(time - one.window.start) // one.window.period for time in times]
    is_ascending = len(buckets) < 2 or buckets[0] < buckets[-1]
    told = buckets if is_ascending else [one.size - 1 - bucket for bucket in buckets]
    kept = [at for at, bucket in enumerate(told) if low <= bucket < high]
    return [times[at] for at in kept], values[kept]


def _computed(call: Call, asked: Sequence[_Asked]) -> dict[int, Series]:
    """Compute the series of queries, by their places, oldest datapoint first; those of a metric together."""
    groups: dict[tuple[str, Window], list[_Asked]] = {}
    for one in asked:
        if one.number is not None and one.metric in METRICS:
            groups.setdefault((one.metric, one.window), []).append(one)
    found: dict[int, Series] = {}
    for (metric, window), group in groups.items():
        numbers = list(dict.fromkeys(one.number for one in group if one.number is not None))
        size = rows_at_once(window)
        for start in range(0, len(numbers), size):
            _compute(call, metric, window, numbers[start : start + size], group, found)
    return found


def _compute(
    call: Call,
    metric: str,
    window: Window,
    numbers: Sequence[int],
    group: Sequence[_Asked],
    found: dict[int, Series],
) -> None:
    rows = {number: row for row, number in enumerate(numbers)}
    wanted = [one for one in group if one.number in rows]
    lives, names = company_of(call).estate.lives(numbers), tuple({one.statistic for one in wanted})
    seen = points(lives, METRICS[metric], LOCAL_TIME[call.region], window, names)
    times = seen.times.tolist()
    is_whole = [count == len(times) for count in np.count_nonzero(seen.is_there, axis=1)]
    for one in wanted:
        row = rows[one.number or 0]
        told = seen.values[one.statistic][row]
        if is_whole[row]:
            found[one.place] = times, told
            continue
        kept = np.flatnonzero(seen.is_there[row])
        found[one.place] = seen.times[kept].tolist(), told[kept]


def _number(call: Call, metric: Mapping[str, Any]) -> int | None:
    """Return the caller's own instance that a metric is of, None for any other metric."""
    given = metric.get("Dimensions", ())
    if metric.get("Namespace") != _NAMESPACE or len(given) != 1 or given[0]["Name"] != "InstanceId":
        return None
    shape = company_of(call).shape
    number = shape.number_of(given[0]["Value"])
    return number if number is not None and number in shape.numbers_in(call.account, call.region) else None


def get_metric_statistics(call: Call) -> Mapping[str, Any]:
    """Answer one metric, at most 1,440 datapoints and in no order."""
    window = statistics_window(call)
    name, number = call.params["MetricName"], _number(call, call.params)
    if number is None or name not in METRICS:
        return as_statistics(call, "None", {})
    statistics = (*call.params.get("Statistics", ()), *call.params.get("ExtendedStatistics", ()))
    asked = [_Asked.of(place, number, name, one, window) for place, one in enumerate(statistics)]
    series = _computed(call, asked)
    told = {one.statistic: series[one.place] for one in asked}
    return as_statistics(
        call, METRICS[name].unit, {name: (times, values.tolist()) for name, (times, values) in told.items()}
    )


def list_metrics(call: Call) -> Mapping[str, Any]:
    """List the metrics that had data in the last two weeks, those of an instance together."""
    names = [name for name in METRICS if call.params.get("MetricName", name) == name]
    request = {key: value for key, value in call.params.items() if key != "NextToken"}
    start = offset_of(call.params.get("NextToken"), request, INVALID_LIST_TOKEN)
    active = _active(call) if call.params.get("Namespace", _NAMESPACE) == _NAMESPACE else []
    end = min(start + call.options.metrics_page, len(active) * len(names))
    found = [
        {
            "Namespace": _NAMESPACE,
            "MetricName": names[at % len(names)],
            "Dimensions": [{"Name": "InstanceId", "Value": company_of(call).shape.id_of(number)}],
        }
        for at in range(start, end)
        for number in [active[at // len(names)]]
    ]
    more = {"NextToken": token_at(end, request)} if end < len(active) * len(names) else {}
    return {"Metrics": found} | more


def _active(call: Call) -> list[int]:
    """Return the numbers of the caller's instances with metrics lately that the dimensions asked for fit."""
    company = company_of(call)
    numbers: Sequence[int] = company.shape.numbers_in(call.account, call.region)
    for wanted in call.params.get("Dimensions", ()):
        if wanted["Name"] != "InstanceId":
            return []
        if "Value" in wanted:
            number = company.shape.number_of(wanted["Value"])
            numbers = [number] if number is not None and number in numbers else []
    end = int(call.now.timestamp()) // HOUR
    first = int((call.now - timedelta(days=LISTED_DAYS)).timestamp()) // HOUR
    seen = measured(company.estate.lives(numbers), first, end, end * HOUR).any(axis=1)
    return [numbers[int(at)] for at in np.flatnonzero(seen)]


ANSWERS: Mapping[str, Answer] = {
    "cloudwatch:GetMetricData": get_metric_data,
    "cloudwatch:GetMetricStatistics": get_metric_statistics,
    "cloudwatch:ListMetrics": list_metrics,
}
