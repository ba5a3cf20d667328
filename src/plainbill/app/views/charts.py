"""The measured series behind a finding, with the threshold that a single step is held against."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from math import isclose, isfinite

from plainbill.analyzer.engine import Finding, verdict_of
from plainbill.analyzer.waste_check import Context
from plainbill.app.views.finding_shapes import ChartView
from plainbill.model.findings import Measurement
from plainbill.model.metrics import HOUR, Metric, Series
from plainbill.model.resources import Ec2Instance, Resource
from plainbill.model.utilization import NOT_ASKED, Utilization

_LOAD = (
    (Metric("AWS/EC2", "CPUUtilization", "Maximum", "%", HOUR), "cpu_maximum"),
    (Metric("AWS/EC2", "CPUUtilization", "Average", "%", HOUR), "cpu_average"),
    (Metric("AWS/EC2", "NetworkIn", "Sum", "bytes", HOUR), "network_in"),
    (Metric("AWS/EC2", "NetworkOut", "Sum", "bytes", HOUR), "network_out"),
)
"""What ``Utilization`` holds of an instance; what was not asked is not drawn."""


def charts_of(finding: Finding, context: Context) -> list[ChartView]:
    """Return the stored series that a finding rests on: its check's metrics, and hours it looked at."""
    evidence = finding.waste.evidence
    return [
        _chart(metric, series, evidence)
        for metric, series in _series(finding.check.metrics, finding, context)
    ]


def _series(metrics: Iterable[Metric], finding: Finding, context: Context) -> Iterator[tuple[Metric, Series]]:
    resource = finding.resource
    for metric in metrics:
        series = context.series.get((resource.arn, metric.key))
        if series is not None:
            yield metric, series
    if _looks_at_hours(finding, context):
        yield from _hours(resource, context)


def _hours(resource: Resource, context: Context) -> Iterator[tuple[Metric, Series]]:
    used = context.utilization.get(resource.arn)
    if used is not None and isinstance(resource, Ec2Instance):
        for metric, field in _LOAD:
            hours = getattr(used, field)
            if hours is not NOT_ASKED:
                yield metric, Series(used.period, HOUR, tuple(hours))


def _chart(metric: Metric, series: Series, evidence: Sequence[Measurement]) -> ChartView:
    return ChartView(
        label=metric.name,
        statistic=metric.statistic,
        unit=metric.unit,
        start=series.period.start,
        end=series.period.end,
        step_hours=series.step / timedelta(hours=1),
        values=[value if value is not None and isfinite(value) else None for value in series.values],
        is_sparse=metric.is_sparse,
        known=len(series.known),
        expected=len(series.values),
        threshold=threshold_of(metric, series, evidence),
    )


def threshold_of(metric: Metric, series: Series, evidence: Iterable[Measurement]) -> float | None:
    """Return the threshold that belongs into the drawing of a series; None where none certainly does.

    A check does not say which series a measurement is of. One belongs to this series when it has its unit
    or names it, and its value is the highest step, or the mean, of the latest steps. A total is no step's
    value: its threshold would be far too high a line; but a total of zero is a zero in every step.
    """
    peaks, means, totals = _over_latest(series)
    for one in evidence:
        if one.threshold is None or not isinstance(one.value, (int, float)) or isinstance(one.value, bool):
            continue
        is_named = metric.name.casefold() in one.label.casefold().replace(" ", "")
        if not is_named and one.unit != metric.unit:
            continue
        is_total = metric.statistic == "Sum" and one.value != 0 and _among(one.value, totals)
        if not is_total and (_among(one.value, peaks) or _among(one.value, means)):
            return one.threshold
    return None


class _Watched(Mapping[str, Utilization]):
    """The hourly load of instances, and of which it was asked for."""

    def __init__(self, load: Mapping[str, Utilization]) -> None:
        self._load = load
        self.asked: set[str] = set()

    def __getitem__(self, arn: str) -> Utilization:
        self.asked.add(arn)
        return self._load[arn]

    def __iter__(self) -> Iterator[str]:
        return iter(self._load)

    def __len__(self) -> int:
        return len(self._load)


def _looks_at_hours(finding: Finding, context: Context) -> bool:
    """Say whether the check asks for the load of the instance: judging is pure, so it can be watched."""
    if finding.resource.arn not in context.utilization:
        return False
    watched = _Watched(context.utilization)
    verdict_of(finding.check, finding.resource, replace(context, utilization=watched))
    return finding.resource.arn in watched.asked


def _over_latest(series: Series) -> tuple[set[float], set[float], set[float]]:
    """Return the highest value, the mean and the total of the last n steps, for every n."""
    peaks, means, totals = set(), set(), set()
    highest, total, count = float("-inf"), 0.0, 0
    for value in reversed(series.values):
        if value is None or not isfinite(value):
            continue
        highest, total, count = max(highest, value), total + value, count + 1
        peaks.add(highest)
        means.add(total / count)
        if count > 1:
            totals.add(total)
    return peaks, means, totals


def _among(value: float, candidates: Iterable[float]) -> bool:
    return any(isclose(value, one, rel_tol=1e-9, abs_tol=1e-12) for one in candidates)
