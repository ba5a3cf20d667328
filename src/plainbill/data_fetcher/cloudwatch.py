"""Hourly CPU and network of EC2 instances: batched ``GetMetricData``, billed per metric, not per point."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple, Protocol

import numpy as np

from plainbill.aws_connector import Connector, Read, Scope
from plainbill.data_fetcher.slots import Slots
from plainbill.data_fetcher.source import Source, as_documented
from plainbill.model.inventory import Gap
from plainbill.model.load_block import Floats, HourArray
from plainbill.model.period import Period
from plainbill.model.resources import Ec2Instance

HOUR = 3600
LATENESS = timedelta(minutes=10)  # the newest datapoints of an hour may arrive this late
MOST_QUERIES = 500  # of one call
MOST_POINTS = 100_800  # of one call before it pages


class OneSeries(NamedTuple):
    """One statistic of one metric; ``field`` is where it goes in ``Utilization``."""

    field: str
    metric: str
    statistic: str


SERIES = (  # the statistics of one metric stay together: they may be billed as one
    OneSeries("cpu_average", "CPUUtilization", "Average"),
    OneSeries("cpu_maximum", "CPUUtilization", "Maximum"),  # the hour's highest sample, not a mean
    OneSeries("network_in", "NetworkIn", "Sum"),
    OneSeries("network_out", "NetworkOut", "Sum"),
)
CPU, NETWORK = SERIES[:2], SERIES[2:]
_ALLOW = "Allow cloudwatch:GetMetricData in the policy (`plainbill iam-policy` prints all of it)."
_LATER = "Refresh again later; until then only what came of these {} is judged."
ANSWERED = frozenset({"Complete", "PartialData"})
_NO_STAMPS = ()
SAID = "Said"
"""In place of a ``StatusCode``: not answered, and among the answer's ``gaps`` is why."""


class CloudWatch(Source):
    """The hourly load of every instance."""

    name = "cloudwatch"
    reads = (
        Read("cloudwatch", "GetMetricData", "how busy the instances are, and so which of them are idle"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricAnswer:
    """What came back for one batch of instances.

    ``hours`` holds one list per query id, None where no datapoint came. ``status`` is the last
    ``StatusCode`` of each query id; an id that was asked for and is not in it was never answered.
    ``messages`` are the remarks about the whole call, ``code: text``; ``gaps`` what is known to be missing
    of which account, where a batch is of several.
    """

    hours: Mapping[str, Sequence[float | None]]
    status: Mapping[str, str]
    messages: tuple[str, ...]
    gaps: tuple[Gap, ...] = ()


def window(now: datetime, days: int) -> Period:
    """Return the ``days`` x 24 whole hours that end with the last hour CloudWatch has wholly received."""
    end = (now.astimezone(UTC) - LATENESS).replace(minute=0, second=0, microsecond=0)
    return Period(end - timedelta(days=days), end)


def batches(
    instances: Iterable[Ec2Instance], period: Period, series: Sequence[OneSeries] = SERIES
) -> Iterator[tuple[Ec2Instance, ...]]:
    """Group instances so that each group fits one call: at most 500 queries and 100,800 datapoints."""
    size = batch_size(period, series)
    rest = iter(instances)
    while batch := tuple(islice(rest, size)):
        yield batch


def batch_size(period: Period, series: Sequence[OneSeries]) -> int:
    """Return of how many instances one call answers some series."""
    return max(1, min(MOST_QUERIES, MOST_POINTS // period.hours) // len(series))


def queries(
    batch: Sequence[Ec2Instance], series: Sequence[OneSeries] = SERIES, asked_of: str | None = None
) -> list[dict[str, Any]]:
    """Return the ``MetricDataQuery`` list of a batch, one a series of each instance.

    ``asked_of`` is the account that is asked; each query of another account's metric says whose.
    """
    found: list[dict[str, Any]] = []
    for position, instance in enumerate(batch):
        whose = owner(instance.account_id, asked_of)
        dimensions = [{"Name": "InstanceId", "Value": instance.instance_id}]
        for number, one in enumerate(series):
            metric = {"Namespace": "AWS/EC2", "MetricName": one.metric, "Dimensions": dimensions}
            stat = {"Metric": metric, "Period": HOUR, "Stat": one.statistic}
            found.append({**whose, "Id": _query_id(position, number), "MetricStat": stat})
    return found


def owner(account_id: str, asked_of: str | None) -> dict[str, str]:
    """Return what a query says of whose metric it asks for: nothing where that is the account asked."""
    return {} if asked_of in {None, account_id} else {"AccountId": account_id}


def fetch(
    connector: Connector, scope: Scope, asked: Sequence[Mapping[str, Any]], period: Period
) -> Iterator[dict[str, Any]]:
    """Yield every page of the answer to ``asked`` over ``period`` (end exclusive); raises ``AwsError``."""
    return connector.pages(
        scope,
        "cloudwatch",
        "GetMetricData",
        MetricDataQueries=list(asked),
        StartTime=period.start,
        EndTime=period.end,
        ScanBy="TimestampAscending",
    )


def parse(pages: Iterable[Mapping[str, Any]], period: Period, step: int = HOUR) -> MetricAnswer:
    """Put every datapoint into the slot of its hour (or ``step`` seconds), whatever order it came in."""
    start, end = int(period.start.timestamp()), int(period.end.timestamp())
    slots = Slots(start, step, len(range(start, end, step)))
    rows: dict[str, Floats] = {}
    status: dict[str, str] = {}
    messages: list[str] = []
    for page in pages:
        messages.extend(_messages(page))
        alike: dict[tuple[int, int], list[Mapping[str, Any]]] = {}
        for result in page.get("MetricDataResults", ()):
            query_id = result["Id"]
            if status.get(query_id, "PartialData") in ANSWERED:  # what failed on one page stays failed
                status[query_id] = result.get("StatusCode", "Complete")
            same = id(result.get("Timestamps", _NO_STAMPS)), len(result.get("Values", ()))
            alike.setdefault(same, []).append(result)
        for results in alike.values():
            _fill(rows, slots, results)
    whole = {query_id: HourArray(row) for query_id, row in rows.items()}
    return MetricAnswer(hours=whole, status=status, messages=tuple(dict.fromkeys(messages)))


def _fill(rows: dict[str, Floats], slots: Slots, results: Sequence[Mapping[str, Any]]) -> None:
    """Put what results of one page have into their rows; they share timestamps, and have as many values."""
    stamps = results[0].get("Timestamps", _NO_STAMPS)
    values = np.array([result.get("Values", ()) for result in results], dtype=np.float64)
    new = slots.empty(len(results))
    slots.fill(new, stamps, values)
    for result, row, told in zip(results, new, values, strict=True):
        if (known := rows.setdefault(result["Id"], row)) is not row:  # it goes on from another page
            slots.fill(known[None], stamps, told[None])


class Ask(Protocol):
    """A way to ask for series, in steps of seconds; raises ``AwsError``."""

    def __call__(
        self,
        connector: Connector,
        scope: Scope,
        asked: Sequence[Mapping[str, Any]],
        period: Period,
        step: int = HOUR,
    ) -> MetricAnswer:
        """Return the answer to some queries."""


def ask(
    connector: Connector, scope: Scope, asked: Sequence[Mapping[str, Any]], period: Period, step: int = HOUR
) -> MetricAnswer:
    """Return the answer to some queries; those that failed inside CloudWatch are asked once more.

    Raises ``AwsError``.
    """
    with as_documented(CloudWatch.reads[0], scope):
        answer = parse(fetch(connector, scope, asked, period), period, step)
        if again := [query for query in asked if answer.status.get(query["Id"]) == "InternalError"]:
            answer = joined(answer, parse(fetch(connector, scope, again, period), period, step))
    return answer


def answered(
    batch: Sequence[Ec2Instance], answer: MetricAnswer, series: Sequence[OneSeries]
) -> Iterator[tuple[Ec2Instance, list[Sequence[float | None]]]]:
    """Yield each instance of which all of these series were answered, with them."""
    for instance, ids in _ids_of(batch, series):
        if all(answer.status.get(query_id) in ANSWERED for query_id in ids):
            yield instance, [answer.hours[query_id] for query_id in ids]


def _ids_of(
    batch: Sequence[Ec2Instance], series: Sequence[OneSeries]
) -> Iterator[tuple[Ec2Instance, list[str]]]:
    for position, instance in enumerate(batch):
        yield instance, [_query_id(position, number) for number in range(len(series))]


def _query_id(position: int, number: int) -> str:
    return f"q{position}_{number}"


def _messages(page: Mapping[str, Any]) -> Iterator[str]:
    for message in page.get("Messages", ()):
        yield f"{message.get('Code', 'no code')}: {message.get('Value', 'no text')}"


def joined(first: MetricAnswer, second: MetricAnswer) -> MetricAnswer:
    """Return both answers as one; where both have a query, the second counts."""
    return MetricAnswer(
        hours={**first.hours, **second.hours},
        status={**first.status, **second.status},
        messages=tuple(dict.fromkeys((*first.messages, *second.messages))),
        gaps=tuple(dict.fromkeys((*first.gaps, *second.gaps))),
    )


def gaps_of(
    batch: Sequence[Ec2Instance],
    answer: MetricAnswer,
    scope: Scope,
    series: Sequence[OneSeries] = SERIES,
) -> Iterator[Gap]:
    """Yield one gap for each way the answer falls short of an account, saying for how many instances."""
    statuses: Iterable[tuple[str, Iterable[str]]] = (
        (instance.account_id, {answer.status.get(query_id, "Unanswered") for query_id in ids})
        for instance, ids in _ids_of(batch, series)
    )
    if len(answer.status) == len(batch) * len(series) and set(answer.status.values()) <= {"Complete"}:
        statuses = ()  # as ever: there is nothing to count
    yield from shortfalls(CloudWatch.name, scope, statuses, answer, "instances")


def shortfalls(
    source: str,
    scope: Scope,
    statuses: Iterable[tuple[str, Iterable[str]]],
    answer: MetricAnswer,
    things: str,
) -> Iterator[Gap]:
    """Yield a gap of ``source`` for each status but Complete, with how often it came, and for each remark.

    ``statuses`` are those of each thing, with its account; ``things`` is what they are called.
    """
    for gap in answer.gaps:
        yield replace(gap, source=source) if gap.source == CloudWatch.name else gap
    totals, counts = Counter[str](), defaultdict[str, Counter[str]](Counter)
    for account_id, of_one in statuses:
        totals[account_id] += 1
        if short := set(of_one) - {"Complete", SAID}:
            counts[account_id].update(short)
    for account_id, total in totals.items():
        for status, count in sorted(counts[account_id].items()):
            reason = f"CloudWatch answered {status} for {count} of {total} {things}."
            yield _gap(source, Scope(account_id, scope.region), status, reason, things)
    yield from remarks(scope, answer, source, things)


def remarks(
    scope: Scope, answer: MetricAnswer, source: str = CloudWatch.name, things: str = "metrics"
) -> Iterator[Gap]:
    """Yield a gap for each remark on a whole answer of one account."""
    for message in answer.messages:
        reason = f"CloudWatch remarked on its answer: {message}."
        yield _gap(source, scope, message.partition(":")[0], reason, things)


def _gap(source: str, scope: Scope, kind: str, reason: str, things: str) -> Gap:
    forbidden = kind == "Forbidden"
    return Gap(
        source=source,
        account_id=scope.account_id,
        region=scope.region,
        kind="AccessDenied" if forbidden else kind,
        action=CloudWatch.reads[0].iam_action if forbidden else None,
        reason=reason,
        remedy=_ALLOW if forbidden else _LATER.format(things),
    )
