"""Dedicated Hosts on which no instance runs."""

from __future__ import annotations

from dataclasses import dataclass

from plainbill.analyzer.waste_check import Context, WasteCheck, threshold
from plainbill.model.findings import Action, Confidence, Effort, Measurement, Ok, Verdict, Waste
from plainbill.model.resources.ec2_host import DedicatedHost


@dataclass(frozen=True)
class Ec2HostEmpty(WasteCheck[DedicatedHost]):
    """A Dedicated Host is a whole server, billed by the hour from allocation to release, full or empty.

    Release it. Instances that are bound to it will not start again until they are given another host.
    """

    id, title = "ec2_host_empty", "Dedicated Host without an instance"
    resource, action, effort = DedicatedHost, Action.DELETE, Effort.LOW
    rule = (
        "Available, allocated {min_days} days ago or longer, billed to this account without a reservation, "
        "and no instance on it."
    )
    source = "EC2 user guide, Dedicated Hosts: pricing and billing"

    min_days: int = threshold(7, "Days since its allocation before an empty host is reported.")

    def evaluate(self, resource: DedicatedHost, context: Context) -> Verdict:
        """Judge one host."""
        if resource.state != "available":
            return Ok(f"it is {resource.state}: AWS is looking after it")
        if resource.owner_id not in {None, resource.account_id}:
            return Ok("it is billed to the account that shares it")
        if resource.instance_ids:
            return Ok(f"{len(resource.instance_ids)} instances are on it")
        if resource.reservation_id:
            return Ok("a reservation pays for it until that ends, with or without instances")
        days = (context.now - resource.allocated_at).days
        if days < self.min_days:
            return Ok(f"it was allocated {days} days ago")
        family = f" for {resource.instance_family}" if resource.instance_family else ""
        return Waste(
            reason=f"The host{family} holds no instance; it was allocated {days} days ago "
            f"({self.min_days} are allowed).",
            monthly_saving=None,
            monthly_cost=None,
            confidence=Confidence.MEDIUM,
            evidence=(
                Measurement("instances on it", 0),
                Measurement("allocated", days, "days ago", self.min_days),
            ),
            keeps_billing=("a Savings Plan that was bought for it",),
            doubts=(
                "AWS does not say since when it is empty.",
                "A stopped instance may be bound to it, or a licence that counts its cores.",
                "A Mac host cannot be released in its first 24 hours.",
            ),
            cleared_by="An instance on it, or its release.",
        )
