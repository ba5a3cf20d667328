"""Hourly CPU and network of EC2 instances: batched ``GetMetricData``, billed per metric, not per point."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple

from plainbill.aws_connector import Connector, Read, Scope, instant
from plainbill.data_fetcher.source import Source, as_documented
from plainbill.model.inventory import Gap
from plainbill.model.period import Period
from plainbill.model.resources import Ec2Instance
from plainbill.model.utilization import Utilization

HOUR = 3600
LATENESS = timedelta(minutes=10)  # the newest datapoints of an hour may arrive this late
MOST_QUERIES = 500  # of one call
MOST_POINTS = 100_800  # of one call before it pages


class _Series(NamedTuple):
    """One statistic of one metric; ``field`` is where it goes in ``Utilization``."""

    field: str
    metric: str
    statistic: str


SERIES = (  # the statistics of one metric stay together: they may be billed as one
    _Series("cpu_average", "CPUUtilization", "Average"),
    _Series("cpu_maximum", "CPUUtilization", "Maximum"),  # the hour's highest sample, not a mean
    _Series("network_in", "NetworkIn", "Sum"),
    _Series("network_out", "NetworkOut", "Sum"),
)
_FIELDS = tuple(series.field for series in SERIES)
_ALLOW = "Allow cloudwatch:GetMetricData in the policy (`plainbill iam-policy` prints all of it)."
_LATER = "Refresh again later; until then what is measured is judged as far as its data reach."
ANSWERED = frozenset({"Complete", "PartialData"})


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
    ``messages`` are the remarks about the whole call, ``code: text``.
    """

    hours: Mapping[str, Sequence[float | None]]
    status: Mapping[str, str]
    messages: tuple[str, ...]


def window(now: datetime, days: int) -> Period:
    """Return the ``days`` x 24 whole hours that end with the last hour CloudWatch has wholly received."""
    end = (now.astimezone(UTC) - LATENESS).replace(minute=0, second=0, microsecond=0)
    return Period(end - timedelta(days=days), end)


def batches(instances: Iterable[Ec2Instance], period: Period) -> Iterator[tuple[Ec2Instance, ...]]:
    """Group instances so that each group fits one call: at most 500 queries and 100,800 datapoints."""
    size = max(1, min(MOST_QUERIES, MOST_POINTS // period.hours) // len(SERIES))
    rest = iter(instances)
    while batch := tuple(islice(rest, size)):
        yield batch


def points(batch: Sequence[Ec2Instance], period: Period) -> int:
    """Return how many datapoints a batch is counted as, whether or not there is one for every hour."""
    return len(batch) * len(SERIES) * period.hours


def queries(batch: Sequence[Ec2Instance]) -> list[dict[str, Any]]:
    """Return the ``MetricDataQuery`` list of a batch, four per instance."""
    return [
        {
            "Id": _query_id(position, number),
            "MetricStat": {
                "Metric": {
                    "Namespace": "AWS/EC2",
                    "MetricName": series.metric,
                    "Dimensions": [{"Name": "InstanceId", "Value": instance.instance_id}],
                },
                "Period": HOUR,
                "Stat": series.statistic,
            },
        }
        for position, instance in enumerate(batch)
        for number, series in enumerate(SERIES)
    ]


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
    every_hour = list(range(start, end, step))
    hours: dict[str, list[float | None]] = {}
    status: dict[str, str] = {}
    messages: list[str] = []
    for page in pages:
        messages.extend(_messages(page))
        for result in page.get("MetricDataResults", ()):
            if status.get(result["Id"], "PartialData") in ANSWERED:  # what failed on one page stays failed
                status[result["Id"]] = result.get("StatusCode", "Complete")
            stamps, values = result.get("Timestamps", ()), result.get("Values", ())
            if stamps == every_hour:  # the usual answer: nothing to look up
                hours[result["Id"]] = list(values)
            else:
                slots = hours.setdefault(result["Id"], [None] * len(every_hour))
                _fill(slots, stamps, values, start, step)
    return MetricAnswer(hours=hours, status=status, messages=tuple(dict.fromkeys(messages)))


def read(
    connector: Connector, scope: Scope, batch: Sequence[Ec2Instance], period: Period
) -> tuple[dict[str, Utilization], list[Gap]]:
    """Return the utilization of one batch by ARN, and what is missing from it; raises ``AwsError``.

    Queries that failed inside CloudWatch are asked once more.
    """
    asked = queries(batch)
    answer = ask(connector, scope, asked, period)
    return utilizations(batch, answer, period), list(_gaps(batch, answer, scope))


def ask(
    connector: Connector, scope: Scope, asked: Sequence[Mapping[str, Any]], period: Period, step: int = HOUR
) -> MetricAnswer:
    """Return the answer to some queries; those that failed inside CloudWatch are asked once more.

    Raises ``AwsError``.
    """
    with as_documented(CloudWatch.reads[0], scope):
        answer = parse(fetch(connector, scope, asked, period), period, step)
        if again := [query for query in asked if answer.status.get(query["Id"]) == "InternalError"]:
            answer = _joined(answer, parse(fetch(connector, scope, again, period), period, step))
    return answer


def utilizations(
    batch: Sequence[Ec2Instance], answer: MetricAnswer, period: Period
) -> dict[str, Utilization]:
    """Return the utilization of each instance whose four series were all answered, by ARN.

    An instance without datapoints is among them (None in every hour); one that CloudWatch failed to
    answer for is not, because nothing is known about it.
    """
    found = {}
    for instance, ids in _ids_of(batch):
        if all(answer.status.get(query_id) in ANSWERED for query_id in ids):
            series = (tuple(answer.hours[query_id]) for query_id in ids)
            found[instance.arn] = Utilization(period=period, **dict(zip(_FIELDS, series, strict=True)))
    return found


def _ids_of(batch: Sequence[Ec2Instance]) -> Iterator[tuple[Ec2Instance, list[str]]]:
    for position, instance in enumerate(batch):
        yield instance, [_query_id(position, number) for number in range(len(SERIES))]


def _query_id(position: int, number: int) -> str:
    return f"q{position}_{number}"


def _fill(
    slots: list[float | None],
    stamps: Iterable[float | str | datetime],
    values: Iterable[float],
    start: int,
    step: int,
) -> None:
    """Put each value where its timestamp (epoch seconds, or any other way AWS writes it) says."""
    for stamp, value in zip(stamps, values, strict=False):
        seconds = stamp if isinstance(stamp, int | float) else instant(stamp).timestamp()
        slot = int((seconds - start) // step)
        if 0 <= slot < len(slots):
            slots[slot] = value


def _messages(page: Mapping[str, Any]) -> Iterator[str]:
    for message in page.get("Messages", ()):
        yield f"{message.get('Code', 'no code')}: {message.get('Value', 'no text')}"


def _joined(first: MetricAnswer, second: MetricAnswer) -> MetricAnswer:
    return MetricAnswer(
        hours={**first.hours, **second.hours},
        status={**first.status, **second.status},
        messages=tuple(dict.fromkeys((*first.messages, *second.messages))),
    )


def _gaps(batch: Sequence[Ec2Instance], answer: MetricAnswer, scope: Scope) -> Iterator[Gap]:
    """Yield one gap for each way the answer falls short, saying for how many instances."""
    counts: dict[str, int] = {}
    for _, ids in _ids_of(batch):
        worst = {answer.status.get(query_id, "Unanswered") for query_id in ids} - {"Complete"}
        for status in worst:
            counts[status] = counts.get(status, 0) + 1
    yield from shortfalls(scope, counts, answer, f"of {len(batch)} instances")


def shortfalls(
    scope: Scope,
    counts: Mapping[str, int],
    answer: MetricAnswer,
    of_what: str,
    source: str = CloudWatch.name,
) -> Iterator[Gap]:
    """Yield a gap of ``source`` for each status but Complete, with how often it came, and each remark."""
    for status, count in sorted(counts.items()):
        yield _gap(source, scope, status, f"CloudWatch answered {status} for {count} {of_what}.")
    for message in answer.messages:
        kind = message.partition(":")[0]
        yield _gap(source, scope, kind, f"CloudWatch remarked on its answer: {message}.")


def _gap(source: str, scope: Scope, kind: str, reason: str) -> Gap:
    forbidden = kind == "Forbidden"
    return Gap(
        source=source,
        account_id=scope.account_id,
        region=scope.region,
        kind="AccessDenied" if forbidden else kind,
        action=CloudWatch.reads[0].iam_action if forbidden else None,
        reason=reason,
        remedy=_ALLOW if forbidden else _LATER,
    )
