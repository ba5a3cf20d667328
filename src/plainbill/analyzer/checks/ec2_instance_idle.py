"""Running EC2 instances that do no work."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from plainbill.analyzer.compute_usage import prices_of
from plainbill.analyzer.ec2_facts import FACT_KINDS, fact_metrics, memory_of
from plainbill.analyzer.ec2_idle.classify import PLAINBILL
from plainbill.analyzer.ec2_idle.fleet import heads, prepare
from plainbill.analyzer.ec2_idle.in_context import (
    ADDRESSES_STAY,
    DISKS_STAY,
    evidence_of,
    idleness,
    look_ahead,
)
from plainbill.analyzer.ec2_idle.load import MEGABYTE, BusyRule
from plainbill.analyzer.ec2_idle.verdict import Classification, IdlePolicy
from plainbill.analyzer.waste_check import Context, Price, WasteCheck, threshold
from plainbill.model.findings import Action, Confidence, Effort, Head, Ok, Unknown, Verdict, Waste
from plainbill.model.metrics import Metric
from plainbill.model.resources import Ec2Instance, Resource


@dataclass(frozen=True)
class Ec2InstanceIdle(WasteCheck[Ec2Instance]):
    """An instance that does no work is billed by the hour for waiting.

    Stop it; if nobody misses it for two weeks, make a snapshot and terminate it. Its disks are billed
    until they are deleted. Memory in use, busy GPUs, spent CPU credits and requests that a load balancer
    hands to it speak for it, where they are measured.
    """

    id, title = "ec2_instance_idle", "Idle EC2 instance"
    resource, needs = Ec2Instance, FACT_KINDS
    action, effort = Action.STOP, Effort.MEDIUM
    rule = (
        "A busy hour has a mean CPU of {busy_vcpus:g} vCPU or more ({least_busy_percent:g} to "
        "{most_busy_percent:g} %), or {busy_network_mb:g} MB of traffic. High: no busy day in the last "
        "{look_back_days} days, of which 28 at least are known. Medium: one, or none in half of them (14 at "
        "least). Review: two, or none in a quarter (7 at least). Jobs that come at regular times are not "
        "idle. At least {min_coverage:.0%} of the hours must have been seen."
    )
    source = "Measured on a public trace of 500 machines: docs/idle-accuracy.md"

    look_back_days: int = threshold(
        28, "Days in which busy days are counted; under 28 no verdict is surer than medium.", 7, 455
    )
    min_coverage: float = threshold(0.8, "Share of the running hours that must have CPU and network.")
    busy_vcpus: float = threshold(0.1, "vCPUs of mean CPU from which on an hour is busy.", highest=1000)
    least_busy_percent: float = threshold(2.0, "CPU in percent that is never busy below, for large types.")
    most_busy_percent: float = threshold(10.0, "CPU in percent that is always busy, for small types.")
    busy_network_mb: float = threshold(
        20.0, "MB in and out from which on an hour is busy.", highest=1_000_000
    )

    def __post_init__(self) -> None:
        if self.least_busy_percent > self.most_busy_percent:
            raise ValueError("least_busy_percent of at most most_busy_percent")

    @cached_property
    def policy(self) -> IdlePolicy:
        """The thresholds as the classification takes them."""
        busy = BusyRule(
            vcpus=self.busy_vcpus,
            lowest_percent=self.least_busy_percent,
            highest_percent=self.most_busy_percent,
            network_bytes=self.busy_network_mb * MEGABYTE,
        )
        made = IdlePolicy(look_back_days=self.look_back_days, min_coverage=self.min_coverage, busy=busy)
        return PLAINBILL if made == PLAINBILL else made  # the same object is told to be the same at once

    def look_ahead(self, resources: Sequence[Ec2Instance], context: Context) -> None:
        """Classify several at once."""
        look_ahead(resources, context, self.policy)

    def prices_asked(self, resource: Ec2Instance) -> Iterable[Price]:
        """Return its own."""
        return prices_of(resource)

    def prepare(self, context: Context) -> None:
        """Make the arrays of all instances."""
        prepare(context, self.policy)

    def heads(self, context: Context) -> Sequence[Head]:
        """Say the same of all instances at once."""
        return heads(context, self.policy)

    def metrics_for(self, resource: Resource) -> Iterable[Metric]:
        """Return what facts about its load need of other kinds."""
        return fact_metrics(resource)

    def evaluate(self, resource: Ec2Instance, context: Context) -> Verdict:
        """Judge one instance."""
        found = idleness(resource, context, self.policy)
        if isinstance(found, Ok | Unknown):
            return found
        if not found.is_idle or found.grade is None:
            return Ok(found.reason)
        return _waste(resource, found, Confidence(found.grade.value), context)


def _waste(resource: Ec2Instance, found: Classification, confidence: Confidence, context: Context) -> Waste:
    monthly = context.prices.monthly(resource)
    return Waste(
        reason=found.reason,
        monthly_saving=monthly,
        monthly_cost=monthly,
        confidence=confidence,
        evidence=evidence_of(found),
        keeps_billing=(DISKS_STAY, ADDRESSES_STAY),
        doubts=(
            *(guard.reason for guard in found.guards),
            *found.notes,
            "Disk space is not seen by CloudWatch: ask the owner."
            if memory_of(resource, context)
            else "Memory and disk space are not seen by CloudWatch: ask the owner.",
            "A Savings Plan or reservation would go on being billed.",
        ),
        cleared_by="Two or more busy days, or a job at regular times.",
    )
