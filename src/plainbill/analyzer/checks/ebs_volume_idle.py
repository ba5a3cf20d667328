"""EBS volumes that are attached and do nothing."""

from __future__ import annotations

from dataclasses import dataclass

from plainbill.analyzer.ebs_volumes import (
    ACTIVITY,
    SNAPSHOT_STAYS,
    instances_of,
    operations,
    volume_cost,
)
from plainbill.analyzer.measured import MIN_COVERAGE
from plainbill.analyzer.waste_check import Context, WasteCheck, threshold
from plainbill.model.findings import Action, Confidence, Effort, Measurement, Ok, Unknown, Verdict, Waste
from plainbill.model.metrics import Series
from plainbill.model.resources import Ec2Instance
from plainbill.model.resources.ebs import EbsVolume


@dataclass(frozen=True)
class EbsVolumeIdle(WasteCheck[EbsVolume]):
    """A volume that is neither read nor written is billed like one that works.

    Unmount it, make a snapshot, detach and delete it. The snapshot is billed for the used blocks only.
    """

    id, title = "ebs_volume_idle", "Attached EBS volume without reads and writes"
    resource, action, effort = EbsVolume, Action.DELETE, Effort.LOW
    metrics, needs = ACTIVITY, (Ec2Instance,)
    rule = (
        "Attached to a running instance, not its root volume, and fewer than {min_operations_a_day} reads "
        "and writes on each of the last {look_back_days} days."
    )
    source = (
        "AWS Compute Optimizer, idle resources: fewer than 1 read or write a day, no root volume; there over "
        "14 days. A month is our own: what runs at the end of it is no waste."
    )

    look_back_days: int = threshold(32, "Days to look back on.")
    min_operations_a_day: int = threshold(1, "Reads and writes of one day that make the volume used.")

    def measures(self, resource: EbsVolume) -> bool:
        """Only data volumes that are attached."""
        return resource.state == "in-use" and not resource.is_root

    def evaluate(self, resource: EbsVolume, context: Context) -> Verdict:
        """Judge one volume."""
        if resource.state != "in-use" or resource.is_root:
            return Ok("the root volume of its instance" if resource.is_root else "attached to nothing")
        own = instances_of(resource, context)
        if own and all(one.state == "stopped" for one in own):
            return Ok("its instance is stopped, and so it is not measured")
        days = self.look_back_days
        used = operations(resource, context, days)
        if used is None:
            return Unknown(f"its reads and writes of {days} days were not read")
        busiest = used.maximum
        if busiest is not None and busiest >= self.min_operations_a_day:
            return Ok(f"{busiest:.0f} reads and writes on its busiest day")
        if busiest is None or used.coverage < MIN_COVERAGE:
            measured = f"measured on {len(used.known)} of {days} days"
            return Unknown(f"{measured}; {MIN_COVERAGE:.0%} of them are needed")
        return self._waste(resource, used, busiest, context)

    def _waste(self, volume: EbsVolume, used: Series, busiest: float, context: Context) -> Waste:
        days, cost = self.look_back_days, volume_cost(volume, context)
        confidence = Confidence.HIGH if used.coverage == 1 else Confidence.MEDIUM
        doubts = ["a standby may wait for the day it is needed"]
        managers = sorted({name for one in instances_of(volume, context) or () for name in one.managed_by})
        if managers:
            confidence = confidence.lowered()
            doubts.append(
                f"its instance belongs to {managers[0]}, which gives the next one such a volume too"
            )
        return Waste(
            f"{busiest:.0f} reads and writes on the busiest of {days} days, measured on {len(used.known)} "
            f"(threshold {self.min_operations_a_day} a day)",
            monthly_saving=cost,
            monthly_cost=cost,
            confidence=confidence,
            evidence=(
                Measurement("busiest day", busiest, "operations", self.min_operations_a_day),
                Measurement("days measured", len(used.known), "days", days * MIN_COVERAGE),
            ),
            keeps_billing=(SNAPSHOT_STAYS,),
            doubts=tuple(doubts),
            cleared_by=f"{self.min_operations_a_day} read or write on any day",
        )
