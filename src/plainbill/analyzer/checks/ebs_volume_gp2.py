"""gp2 volumes that would cost less as gp3."""

from __future__ import annotations

from dataclasses import dataclass

from plainbill.analyzer.ebs_volumes import volume_cost
from plainbill.analyzer.waste_check import Context, WasteCheck
from plainbill.model.findings import Action, Effort, Measurement, Ok, Unknown, Verdict, Waste
from plainbill.model.resources.ebs import EbsVolume


def parity(size_gib: int) -> tuple[int, int]:
    """Return the IOPS and MiB/s that make a gp3 volume at least as fast as gp2 of a size, bursts included.

    gp2 has 3 IOPS for each GiB up to 16,000, and bursts to 3,000 (which gp3 always has); 128 MiB/s up to
    170 GiB, and above up to 250 (EBS user guide, General Purpose SSD volumes).
    """
    return max(3000, min(16_000, 3 * size_gib)), 128 if size_gib <= 170 else 250


@dataclass(frozen=True)
class EbsVolumeGp2(WasteCheck[EbsVolume]):
    """gp3 has a lower price for each GiB than gp2, and 3,000 IOPS and 125 MiB/s at no charge.

    Change the type while the volume is in use: nothing stops. For the same speed a large volume must buy
    IOPS and throughput on top; that is counted here. After a change the volume cannot be changed again
    for six hours.
    """

    id, title = "ebs_volume_gp2", "gp2 volume that is cheaper as gp3"
    resource, action, effort = EbsVolume, Action.UPGRADE, Effort.VERY_LOW
    rule = "A gp2 volume that as gp3, with no fewer IOPS and no less throughput, bursts included, costs less."
    source = "AWS EBS user guide, General Purpose SSD volumes."

    def evaluate(self, resource: EbsVolume, context: Context) -> Verdict:
        """Judge one volume."""
        if resource.volume_type != "gp2":
            return Ok("not gp2")
        iops, mibps = parity(resource.size_gib)
        now = volume_cost(resource, context)
        then = volume_cost(resource, context, "gp3", iops, mibps)
        if now is None or then is None:
            return Unknown(f"the prices of gp2 and gp3 in {resource.region} are not known")
        if not then < now:
            return Ok(f"gp3 with {iops} IOPS and {mibps} MiB/s costs no less")
        return Waste(
            f"{resource.size_gib} GiB of gp2; gp3 with {iops} IOPS and {mibps} MiB/s, no slower, costs less",
            monthly_saving=now - then,
            monthly_cost=now,
            evidence=(
                Measurement("size", resource.size_gib, "GiB"),
                Measurement("IOPS of gp3 at parity", iops),
                Measurement("throughput of gp3 at parity", mibps, "MiB/s"),
            ),
            keeps_billing=(f"gp3 with {iops} IOPS and {mibps} MiB/s",),
            cleared_by="changing its type to gp3",
        )
