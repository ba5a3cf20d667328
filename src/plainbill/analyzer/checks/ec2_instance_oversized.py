"""EC2 instances for which one size down would do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import isnan

import numpy as np

from plainbill.analyzer.ec2_facts import FACT_KINDS, Memory, fact_metrics, memory_of
from plainbill.analyzer.ec2_idle.in_context import classified, evidence_of, look_ahead
from plainbill.analyzer.ec2_idle.rightsize import DAYS, LIMIT, PERCENTILE, Rightsizing
from plainbill.analyzer.replacement import reason_to_leave, replacement
from plainbill.analyzer.waste_check import Context, Price, WasteCheck
from plainbill.model.findings import Action, Confidence, Effort, Measurement, Ok, Unknown, Verdict, Waste
from plainbill.model.metrics import Metric
from plainbill.model.resources import Ec2Instance, Resource
from plainbill.model.utilization import Hours
from plainbill.prices.items import ec2_instance
from plainbill.prices.specs import InstanceSpecs

_HOURS, _MOST = DAYS * 24, int(LIMIT)


@dataclass(frozen=True)
class Ec2InstanceOversized(WasteCheck[Ec2Instance]):
    """An instance is billed for the size it has, not for what it uses.

    Stop it, change its type to one size down, start it. CloudWatch sees memory only where its agent runs:
    elsewhere make sure that half of it is enough before the change.
    """

    id, title = "ec2_instance_oversized", "EC2 instance larger than its work"
    resource, needs = Ec2Instance, FACT_KINDS
    action, effort = Action.RIGHTSIZE, Effort.MEDIUM
    rule = (
        "In use, and in 28 days no hour had a mean CPU of 40 % or more (safe), or 99.5 % of the hours had "
        "less (balanced): half the vCPUs would have been enough. Left alone where the CloudWatch agent saw "
        "more than 40 % of the memory in use; medium where it saw less on 80 % of the days on Linux, else "
        "review."
    )
    source = (
        "Measured on a public trace: the safe rule was regretted in 0.8 % of the cases, the balanced in 3.5 %"
    )

    def metrics_for(self, resource: Resource) -> Iterable[Metric]:
        """Return what facts about its load need of other kinds."""
        return fact_metrics(resource)

    def look_ahead(self, resources: Sequence[Ec2Instance], context: Context) -> None:
        """Classify several at once."""
        look_ahead(resources, context)

    def prices_asked(self, resource: Ec2Instance) -> Iterable[Price]:
        """Return those of its type and of the next smaller one."""
        smaller = InstanceSpecs.load().one_size_down(resource.instance_type)
        types = (resource.instance_type, *(() if smaller is None else (smaller,)))
        return [(resource.region, ec2_instance(one)) for one in types]

    def evaluate(self, resource: Ec2Instance, context: Context) -> Verdict:
        """Judge one instance."""
        if left := reason_to_leave(resource, context):
            return left
        found = classified(resource, context)
        if isinstance(found, Ok | Unknown):
            return found
        if found.rightsizing is None:
            return Ok(found.reason)
        smaller = InstanceSpecs.load().one_size_down(resource.instance_type)
        if smaller is None:
            return Ok("there is no smaller size of its family")
        memory = memory_of(resource, context)
        change = replacement(resource, smaller, context, Confidence.REVIEW, "larger than its work")
        return Waste(
            reason=f"{found.reason} {change.reason}",
            monthly_saving=change.monthly_saving,
            monthly_cost=change.monthly_cost,
            confidence=Confidence.MEDIUM if memory is not None and not memory.doubt else Confidence.REVIEW,
            evidence=(
                *change.evidence,
                *_cpu(found.rightsizing, context.utilization[resource.arn].cpu_maximum[-_HOURS:]),
                *_used(memory),
                *evidence_of(found),
            ),
            keeps_billing=change.keeps_billing,
            doubts=(*_memory_doubts(memory), *change.doubts, *found.notes),
            cleared_by="An hour with a mean CPU of 40 % or more, or more than 40 % of its memory in use.",
        )


def _cpu(found: Rightsizing, samples: Hours) -> Iterator[Measurement]:
    """Yield the CPU of four weeks by the means of its hours, and the highest sample, which no rule asks."""
    yield Measurement("CPU of the highest hour", round(found.highest, 1), "%", _MOST)
    label = f"CPU that {PERCENTILE:g} % of the hours stayed within"
    yield Measurement(label, round(found.percentile, 1), "%", _MOST)
    highest = float(np.fmax.reduce(np.array(samples, dtype=np.float64)))
    if not isnan(highest):
        yield Measurement("CPU of the highest sample", round(highest, 1), "%")


def _used(memory: Memory | None) -> Iterator[Measurement]:
    if memory is not None:
        yield Measurement("memory in use, at the most", round(memory.percent, 1), "%", _MOST)
        yield Measurement("memory seen", memory.days_seen, f"of {_HOURS // 24} days")


def _memory_doubts(memory: Memory | None) -> Iterator[str]:
    if memory is None:
        yield "Memory unknown: check that half of it is enough."
    elif memory.doubt:
        yield f"Memory {memory.doubt}: check that half of it is enough."
