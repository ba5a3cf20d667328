"""Capacity Reservations that hold instances nobody runs."""

from __future__ import annotations

from dataclasses import dataclass

from plainbill.analyzer.compute_usage import monthly_reserved
from plainbill.analyzer.waste_check import Context, WasteCheck, threshold
from plainbill.model.findings import Action, Confidence, Effort, Measurement, Ok, Unknown, Verdict, Waste
from plainbill.model.metrics import Metric
from plainbill.model.resources.capacity import CapacityReservation

UNUSED = Metric("AWS/EC2CapacityReservations", "AvailableInstanceCount", "Minimum", "instances")


@dataclass(frozen=True)
class Ec2CapacityReservationUnused(WasteCheck[CapacityReservation]):
    """A Capacity Reservation is billed at the on-demand price whether or not instances run in it.

    Reduce it to what runs, or cancel it; an instance that runs in it goes on and is billed as before.
    """

    id, title = "ec2_capacity_reservation_unused", "Capacity Reservation that nobody uses"
    resource, metrics = CapacityReservation, (UNUSED,)
    action, effort = Action.SCALE_IN, Effort.LOW
    rule = "At least one reserved instance unused at every moment of {days} days."
    source = "AWS Cloud Intelligence Dashboards, unused On-Demand Capacity Reservations"

    days: int = threshold(14, "Days in which it was never wholly used.")
    min_coverage: float = threshold(0.8, "Share of the days that must have data.")

    def measures(self, resource: CapacityReservation) -> bool:
        """Only where something is unused now."""
        return self._left_alone(resource) is None

    def evaluate(self, resource: CapacityReservation, context: Context) -> Verdict:
        """Judge one reservation."""
        if left := self._left_alone(resource):
            return Ok(left)
        used = context.used(resource, UNUSED, self.days)
        if used is None:
            return Unknown(f"its use over {self.days} days was not read")
        if used.coverage < self.min_coverage:
            return Unknown(f"CloudWatch has data of {len(used.known)} of {self.days} days")
        unused = int(min(used.known))
        if not unused:
            return Ok("it was wholly used at some moment")
        return self._waste(resource, unused, len(used.known), context)

    def _left_alone(self, resource: CapacityReservation) -> str | None:
        if resource.state != "active":
            return f"it is {resource.state}"
        if resource.owner_id != resource.account_id:
            return f"account {resource.owner_id} is billed for it"
        return None if resource.available_instances else "all of it is used"

    def _waste(self, resource: CapacityReservation, unused: int, days_seen: int, context: Context) -> Waste:
        month = monthly_reserved(resource, context)
        return Waste(
            reason=f"{unused} of {resource.total_instances} reserved {resource.instance_type} were never "
            f"used in {self.days} days ({days_seen} of {self.days} days seen).",
            monthly_saving=None if month is None else month.times(unused),
            monthly_cost=None if month is None else month.times(resource.total_instances),
            confidence=Confidence.MEDIUM,
            evidence=(
                Measurement("never used", unused, "instances", 1),
                Measurement("reserved", resource.total_instances, "instances"),
            ),
            keeps_billing=("the instances that run in it",),
            doubts=("It may be held on purpose, for a failover or an event.",),
            cleared_by="Run the instances it was made for, or reserve fewer.",
        )
