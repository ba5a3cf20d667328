"""What else is known of an instance: memory, GPUs, credits, requests, and when it ran.

Everything here may only acquit: a fact that nobody measured stays None, never 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from plainbill.analyzer.ec2_idle.facts import InstanceFacts
from plainbill.analyzer.ec2_idle.instance_types import credits_an_hour
from plainbill.analyzer.load_balancing import TRAFFIC
from plainbill.analyzer.measured import MIN_COVERAGE
from plainbill.analyzer.waste_check import Context
from plainbill.model.load_block import HourArray
from plainbill.model.metrics import DAY, HOUR, Metric, Series
from plainbill.model.period import Period
from plainbill.model.resources import Ec2Instance, Resource
from plainbill.model.resources.agent_metric import ALL, COMMITTED, GPU, MEMORY, AgentMetric
from plainbill.model.resources.load_balancers import NAMESPACES, LoadBalancer, TargetGroup
from plainbill.model.utilization import Hours, Utilization
from plainbill.prices.instance_spec import InstanceSpec

FACT_KINDS: tuple[type[Resource], ...] = (AgentMetric, TargetGroup, LoadBalancer)
"""The kinds that facts come from; where one could not be read its facts are not known."""
REQUESTS = Metric(NAMESPACES["application"], "RequestCountPerTarget", "Sum", "requests", is_sparse=True)
_FLOWS = TRAFFIC["network"][0]
_DAYS = 28
_INSTANCE_ID = "i-"


@dataclass(frozen=True, slots=True)
class Memory:
    """The highest share of the memory that was used in four weeks, and on how many days that was seen.

    Windows tells the share of its commit limit, which is the memory and the page file together: of the memory
    alone it may be more.
    """

    percent: float
    days_seen: int
    has_page_file: bool = False

    @property
    def doubt(self) -> str | None:
        """What speaks against relying on the highest value as the end of a sentence; None where nothing."""
        if self.days_seen < MIN_COVERAGE * _DAYS:
            return f"was seen on {self.days_seen} of {_DAYS} days only"
        return "is told by Windows together with its page file" if self.has_page_file else None


def fact_metrics(resource: Resource) -> Iterable[Metric]:
    """Return the metrics that facts need of a resource of any kind.

    The agent's metrics are in the inventory only where it sends them. Requests are asked for where an
    instance is healthy, so that it could be serving. CPU credits follow from CPU and are not asked for.
    """
    match resource:
        case AgentMetric():
            return (ALL[resource.metric_name],)
        case TargetGroup() if any(one.startswith(_INSTANCE_ID) for one in resource.healthy_ids):
            return (REQUESTS,)
        case _:
            return ()


def facts_of(instance: Ec2Instance, spec: InstanceSpec | None, context: Context) -> InstanceFacts:
    """Return everything that a reading knows of an instance besides its load."""
    used = context.utilization.get(instance.arn)
    memory = memory_of(instance, context)
    return InstanceFacts(
        running=None if used is None else _running(instance, used),
        gpu_percent=None if used is None else _gpu(instance, used, context),
        credit_usage=None if used is None or spec is None else _credits(instance, used, spec.vcpus),
        memory_percent=None if memory is None else memory.percent,
        source_dest_check=instance.source_dest_check,
        healthy_target_requests=_requests(instance, context),
        instance_store=None if spec is None else spec.instance_store_gb > 0,
    )


def memory_of(instance: Ec2Instance, context: Context) -> Memory | None:
    """Return how much memory it used in the last four weeks; None where no agent said so."""
    if not _agents(instance, context):
        return None
    days: dict[int, float] = {}
    has_page_file = False
    for metric in MEMORY:
        for series in _sent(instance, (metric,), context):
            last = series.last(_DAYS * DAY)
            has_page_file |= metric == COMMITTED and bool(last.known)
            for number, value in enumerate(reversed(last.values)):
                if value is not None and isfinite(value):
                    days[number] = max(value, days.get(number, value))
    return Memory(max(days.values()), len(days), has_page_file) if days else None


def _gpu(instance: Ec2Instance, used: Utilization, context: Context) -> Hours | None:
    """Return the highest use of any GPU in each hour of the utilization; None where no agent measures it."""
    if not _agents(instance, context):
        return None
    found = [_aligned(series, used.period) for series in _sent(instance, GPU, context)]
    hours = [
        max((value for value in values if value is not None), default=None)
        for values in zip(*found, strict=True)
    ]
    return hours if any(value is not None for value in hours) else None


def _agents(instance: Ec2Instance, context: Context) -> Sequence[AgentMetric]:
    by_instance = context.inventory.beside_by(instance, AgentMetric, "instance_id")
    return () if by_instance is None else by_instance.get(instance.instance_id, ())


def _sent(instance: Ec2Instance, metrics: Sequence[Metric], context: Context) -> Iterator[Series]:
    """Yield the series of some metrics that an instance's agent sends."""
    names = {metric.name: metric for metric in metrics}
    for one in _agents(instance, context):
        metric = names.get(one.metric_name)
        series = None if metric is None else context.series.get((one.arn, metric.key))
        if series is not None:
            yield series


def _aligned(series: Series, period: Period) -> list[float | None]:
    """Return a series by the hours of a period; None where it has none of them."""
    first = int((period.start - series.period.start) / HOUR)
    values, count = series.values, len(series.values)
    return [values[hour] if 0 <= hour < count else None for hour in range(first, first + period.hours)]


def _credits(instance: Ec2Instance, used: Utilization, vcpus: int) -> Hours | None:
    """Return the CPU credits that a burstable instance spent in each hour.

    That is CPUCreditUsage without asking for it: "one CPU credit equals one vCPU running at 100% utilization
    for one minute" (EC2 user guide), so an hour spends CPU x vCPUs x 60 minutes.
    """
    if credits_an_hour(instance.instance_type) is None:
        return None
    return HourArray(np.array(used.cpu_average, dtype=np.float64) / 100 * vcpus * 60)


def _requests(instance: Ec2Instance, context: Context) -> float | None:
    """Return what load balancers handed to it in four weeks, where it is a healthy target.

    Requests of application load balancers; of network ones the highest number of flows, which they count by
    load balancer only. None where it is no healthy target, or where nothing was measured.
    """
    groups = context.inventory.beside_by(instance, TargetGroup, "healthy_ids")
    own = () if groups is None else groups.get(instance.instance_id, ())
    requests = (context.used(group, REQUESTS, _DAYS) for group in own)
    counted = [None if series is None else series.total for series in requests]
    arns = {arn for group in own for arn in group.load_balancer_arns}
    balancers = context.inventory.beside(instance, LoadBalancer) or () if arns else ()
    flows = (context.used(one, _FLOWS, _DAYS) for one in balancers if one.arn in arns)
    counted += [None if series is None else series.maximum for series in flows]
    return max((value for value in counted if value is not None), default=None)


def _running(instance: Ec2Instance, used: Utilization) -> tuple[Period, ...] | None:
    """Return when it ran, where the last start was in the period; None where nothing speaks of a stop.

    AWS tells the last start alone. Before it the instance was stopped, and no CPU was measured: the hours
    without any datapoint right before the start are those of the stop. Other holes stay holes.
    """
    period = used.period
    if not has_restarted(instance, period):
        return None
    start = -((period.start - instance.launched_at) // HOUR)  # the first whole hour
    if start >= period.hours:
        return None
    since = Period(period.start + start * HOUR, period.end)
    before = np.flatnonzero(_seen(used, int((instance.launched_at - period.start) / HOUR)))
    if not len(before):
        return (since,)
    return (Period(period.start, period.start + (int(before[-1]) + 1) * HOUR), since)


def has_restarted(instance: Ec2Instance, period: Period) -> bool:
    """Say whether the last start was in the period, and was not the first."""
    return period.start < instance.launched_at < period.end and not _is_first_start(instance)


def _is_first_start(instance: Ec2Instance) -> bool:
    first = instance.first_launched_at
    return first is None or instance.launched_at - first < timedelta(hours=1)


def _seen(used: Utilization, hours: int) -> NDArray[np.bool_]:
    """Return which of the first hours have a datapoint."""
    series = (used.cpu_average, *(used.network or ()))
    first = (np.asarray(values[:hours], dtype=np.float64) for values in series)
    seen: NDArray[np.bool_] = np.logical_or.reduce([~np.isnan(values) for values in first])
    return seen
