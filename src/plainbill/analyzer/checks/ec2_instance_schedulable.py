"""EC2 instances that nobody uses at night or at weekends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from plainbill.analyzer.compute_usage import prices_of
from plainbill.analyzer.ec2_facts import FACT_KINDS, fact_metrics
from plainbill.analyzer.ec2_idle.in_context import (
    ADDRESSES_STAY,
    DISKS_STAY,
    classified,
    evidence_of,
    look_ahead,
)
from plainbill.analyzer.waste_check import Context, Price, WasteCheck
from plainbill.model.findings import Action, Confidence, Effort, Measurement, Ok, Unknown, Verdict, Waste
from plainbill.model.metrics import Metric
from plainbill.model.resources import Ec2Instance, Resource

_WEEK = 168


@dataclass(frozen=True)
class Ec2InstanceSchedulable(WasteCheck[Ec2Instance]):
    """An instance that works by day is billed by night as well.

    Stop and start it on a schedule (EventBridge Scheduler, Instance Scheduler on AWS). Its disks are billed
    all the time. Somebody will want it on some nights all the same: let them start it by themselves.
    """

    id, title = "ec2_instance_schedulable", "EC2 instance with regular hours off"
    resource, needs = Ec2Instance, FACT_KINDS
    action, effort = Action.STOP, Effort.LOW
    rule = (
        "Busy on 8 of 28 days or more, and off for a quarter of the week or more at the same hours: each of "
        "at least six weeks, left out in turn, broke the hours of the others on a quarter of a day at most."
    )
    source = "Our own, validated by leaving one week out: docs/idle-accuracy.md"

    def metrics_for(self, resource: Resource) -> Iterable[Metric]:
        """Return what facts about its load need of other kinds."""
        return fact_metrics(resource)

    def look_ahead(self, resources: Sequence[Ec2Instance], context: Context) -> None:
        """Classify several at once."""
        look_ahead(resources, context)

    def prices_asked(self, resource: Ec2Instance) -> Iterable[Price]:
        """Return its own."""
        return prices_of(resource)

    def evaluate(self, resource: Ec2Instance, context: Context) -> Verdict:
        """Judge one instance."""
        found = classified(resource, context)
        if isinstance(found, Ok | Unknown):
            return found
        if (schedule := found.schedule) is None:
            return Ok(found.reason)
        monthly, off = context.prices.monthly(resource), len(schedule.off_hours)
        saving = None if monthly is None else monthly.times(Decimal(off) / _WEEK).rounded()
        return Waste(
            reason=found.reason,
            monthly_saving=saving,
            monthly_cost=monthly,
            confidence=Confidence.REVIEW,
            evidence=(
                Measurement("hours off a week", off, f"of {_WEEK}"),
                Measurement(
                    "days a month on which it is wanted all the same", round(schedule.violations_a_month, 1)
                ),
                *evidence_of(found),
            ),
            keeps_billing=(DISKS_STAY, ADDRESSES_STAY, f"the other {_WEEK - off} hours of the week"),
            doubts=(
                "The hours are in UTC.",
                "A Savings Plan or reservation would go on being billed.",
                *found.notes,
            ),
            cleared_by="Work in the hours off, in more than one week of four.",
        )
