"""Metrics with ``GetMetricStatistics``: a request each, of which CloudWatch's first million a month are free.

``GetMetricData`` takes 500 metrics at once and is never free. What one answers the other does too, for the
same series: both are asked here behind one function.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import timedelta
from threading import Lock
from types import TracebackType
from typing import Any, Self

from plainbill.aws_connector import Connector, Read, Scope
from plainbill.aws_connector.errors import (
    AccessDenied,
    AwsCallError,
    CredentialsExpired,
    ServerFailure,
    Throttled,
    Unreachable,
    UnreadableAnswer,
)
from plainbill.data_fetcher import cloudwatch
from plainbill.data_fetcher.cloudwatch import HOUR, MetricAnswer, joined
from plainbill.data_fetcher.slots import seconds_of
from plainbill.data_fetcher.source import Source, as_documented
from plainbill.model.inventory import Gap
from plainbill.model.period import Period

MOST_POINTS = 1_440  # of one request
AT_ONCE = 16
_STATISTICS = frozenset({"Average", "Maximum", "Minimum", "SampleCount", "Sum"})
_MOST = {"Statistics": 5, "ExtendedStatistics": 10}  # of one request
_NOT_HAD = (Throttled, ServerFailure, Unreachable, UnreadableAnswer)
"""What does not say that ``GetMetricData`` would fail too."""
NOTE = "NotAskedForFree"
Values = dict[str, list[float | None]]
"""A value a step by query id."""


class MetricStatistics(Source):
    """The same metrics as by ``GetMetricData``, for fleets small enough to be read for nothing."""

    name = "metric_statistics"
    reads = (
        Read(
            "cloudwatch",
            "GetMetricStatistics",
            "the metrics free of charge, where the fleet is small (PLAINBILL_FREE_METRICS)",
        ),
    )


@dataclass(frozen=True, slots=True)
class Request:
    """One request: statistics of one kind of one metric; ``ids`` has the query of each."""

    metric: Mapping[str, Any]
    kind: str  # Statistics | ExtendedStatistics
    ids: Mapping[str, str]

    def parameters(self, period: Period, step: int) -> dict[str, Any]:
        """Return the parameters of ``GetMetricStatistics``."""
        return {
            **self.metric,
            "StartTime": period.start,
            "EndTime": period.end,
            "Period": step,
            self.kind: list(self.ids),
        }


def requests_of(asked: Iterable[Mapping[str, Any]]) -> Iterator[Request]:
    """Join the queries of one metric: up to five of its statistics, or ten percentiles, are one request."""
    by_metric: dict[tuple[object, ...], list[Request]] = {}
    for query in asked:
        stat = query["MetricStat"]
        metric, statistic = stat["Metric"], stat["Stat"]
        kind = "Statistics" if statistic in _STATISTICS else "ExtendedStatistics"
        named = frozenset((one["Name"], one["Value"]) for one in metric["Dimensions"])
        same = by_metric.setdefault((metric["Namespace"], metric["MetricName"], named, kind), [])
        if not same or len(same[-1].ids) == _MOST[kind] or statistic in same[-1].ids:
            same.append(Request(metric, kind, {}))
        same[-1] = replace(same[-1], ids={**same[-1].ids, statistic: query["Id"]})
    for several in by_metric.values():
        yield from several


def pieces(period: Period, step: int) -> list[Period]:
    """Cut a period into what one request each may ask for: 1,440 steps."""
    most = timedelta(seconds=MOST_POINTS * step)
    found, start = [], period.start
    while start < period.end:
        found.append(Period(start, min(start + most, period.end)))
        start += most
    return found


def can_ask(period: Period, step: int) -> bool:
    """Say whether the pieces have the steps of the whole.

    CloudWatch rounds a start down to the minute, five minutes or the hour, by its age, and counts steps
    from there: of a period that does not begin with an hour later pieces may be rounded otherwise.
    """
    whole_hours = period.start.timestamp() % HOUR == 0 and MOST_POINTS * step % HOUR == 0
    return whole_hours or len(pieces(period, step)) == 1


def parse(answer: Mapping[str, Any], request: Request, period: Period, step: int) -> Values | None:
    """Put every datapoint into the slot of its step, by query id, whatever order it came in.

    None where datapoints have several units: of those of one step ``GetMetricData`` would make one.
    """
    start = int(period.start.timestamp())
    slots = len(range(start, int(period.end.timestamp()), step))
    found: Values = {one: [None] * slots for one in request.ids.values()}
    points = answer["Datapoints"]
    if len({point.get("Unit") for point in points}) > 1:
        return None
    for point in points:
        slot = int((seconds_of(point["Timestamp"]) - start) // step)
        values = point if request.kind == "Statistics" else point["ExtendedStatistics"]
        if 0 <= slot < slots:
            for statistic, query_id in request.ids.items():
                found[query_id][slot] = values[statistic]
    return found


def read(connector: Connector, scope: Scope, request: Request, period: Period, step: int) -> Values | None:
    """Return the values of one request's statistics by query id, None where it cannot tell.

    Raises ``AwsError``.
    """
    found: Values = {query_id: [] for query_id in request.ids.values()}
    for piece in pieces(period, step):
        answer = connector.call(scope, "cloudwatch", "GetMetricStatistics", **request.parameters(piece, step))
        with as_documented(MetricStatistics.reads[0], scope):
            values = parse(answer, request, piece, step)
        if values is None:
            return None
        for query_id, some in values.items():
            found[query_id] += some
    return found


@dataclass
class FreeMetrics:
    """Asks one metric a request, several at once; a context manager, safe to use from any thread.

    ``room`` is how many requests may be made, None for any number: what would pass it is asked with
    ``GetMetricData``, and so is what is refused or fails. That costs a thousandth of a cent a metric and
    loses nothing; ``notes`` says so of an account that does not allow the other.
    """

    room: int | None
    notes: list[Gap] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._lock, self._denied = Lock(), set[str]()
        self._expired: dict[str, CredentialsExpired] = {}
        self._pool = ThreadPoolExecutor(AT_ONCE, "plainbill-metric")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=True)

    def ask(
        self,
        connector: Connector,
        scope: Scope,
        asked: Sequence[Mapping[str, Any]],
        period: Period,
        step: int = HOUR,
    ) -> MetricAnswer:
        """Return the answer to some queries, as ``cloudwatch.ask`` does; raises ``AwsError``."""
        is_denied = scope.account_id in self._denied
        may_ask = self.room != 0 and not is_denied and can_ask(period, step)
        requests = list(requests_of(asked)) if may_ask else []
        if not may_ask or not self._take(len(requests) * len(pieces(period, step))):
            return cloudwatch.ask(connector, scope, asked, period, step)
        started = [
            self._pool.submit(self._read, connector, scope, request, period, step) for request in requests
        ]
        hours: dict[str, Sequence[float | None]] = {}
        for request in started:
            hours.update(self._had(request, scope) or {})
        answer = MetricAnswer(hours=hours, status=dict.fromkeys(hours, "Complete"), messages=())
        if rest := [query for query in asked if query["Id"] not in hours]:
            return joined(answer, cloudwatch.ask(connector, scope, rest, period, step))
        return answer

    def _take(self, calls: int) -> bool:
        """Say whether there is room for so many requests, and take it."""
        with self._lock:
            if self.room is None:
                return True
            if calls > self.room:
                return False
            self.room -= calls
            return True

    def _read(
        self, connector: Connector, scope: Scope, request: Request, period: Period, step: int
    ) -> Values | None:
        if scope.account_id in self._denied:
            return None
        if scope.account_id in self._expired:
            raise self._expired[scope.account_id]
        try:
            return read(connector, scope, request, period, step)
        except CredentialsExpired as error:
            self._expired[scope.account_id] = error  # nothing more is asked
            raise

    def _had(self, started: Future[Values | None], scope: Scope) -> Values | None:
        try:
            return started.result()
        except AccessDenied as error:
            self._note(scope, error)
        except _NOT_HAD:
            pass
        return None

    def _note(self, scope: Scope, error: AwsCallError) -> None:
        """Remember that an account refuses it, and say so once."""
        with self._lock:
            if scope.account_id in self._denied:
                return
            self._denied.add(scope.account_id)
            self.notes.append(
                Gap(
                    source=MetricStatistics.name,
                    account_id=scope.account_id,
                    region=None,
                    kind=NOTE,
                    action=MetricStatistics.reads[0].iam_action,
                    reason=f"The account does not allow GetMetricStatistics ({error.code}), so its metrics "
                    "were asked with GetMetricData at $0.01 per 1,000. Nothing is missing.",
                    remedy="Allow cloudwatch:GetMetricStatistics, or set PLAINBILL_FREE_METRICS=off.",
                )
            )
