"""io1 and io2 volumes that pay for IOPS they do not use."""

from __future__ import annotations

from dataclasses import dataclass, replace

from plainbill.analyzer.ebs_volumes import PEAKS, Peak, gp3_settings, peak_of, rounded_up, volume_cost
from plainbill.analyzer.waste_check import Context, WasteCheck, threshold
from plainbill.model.findings import Action, Confidence, Effort, Measurement, Ok, Unknown, Verdict, Waste
from plainbill.model.money import Money
from plainbill.model.resources import Ec2Instance
from plainbill.model.resources.ebs import EbsVolume
from plainbill.prices.ebs import GP3_FREE_IOPS

_LEAST_IOPS = 100  # of io1 and io2
_GP3_IOPS_PER_GIB = 500
_GP3_MIBPS = 1000


@dataclass(frozen=True, slots=True)
class _Other:
    """What the volume could be instead, and its price."""

    text: str
    cost: Money | None


@dataclass(frozen=True)
class EbsVolumeIopsOverprovisioned(WasteCheck[EbsVolume]):
    """io1 and io2 volumes are billed for every provisioned IOPS, used or not.

    Provision fewer while the volume is in use: nothing stops. What an io1 volume needs, a gp3 volume often
    gives at a fraction of the price and with the same durability; an io2 volume keeps its type here, because
    gp3 is less durable. The size stays billed. After a change the volume cannot be changed again for six
    hours.
    """

    id, title = "ebs_volume_iops_overprovisioned", "io1 or io2 volume with unused IOPS"
    resource, action, effort = EbsVolume, Action.RIGHTSIZE, Effort.LOW
    metrics, needs = PEAKS, (Ec2Instance,)
    rule = (
        "{headroom} times what the busiest minute of {look_back_days} days can have needed is at most "
        "{max_needed_percent} % of the provisioned IOPS, or fits a cheaper gp3 volume of up to "
        "{max_gp3_iops} IOPS (io1 only)."
    )
    source = "AWS Compute Optimizer, over-provisioned EBS volumes; headroom and share are our own."

    look_back_days: int = threshold(32, "Days to look back on.")
    headroom: float = threshold(1.3, "What is kept, as a multiple of the busiest minute.")
    max_needed_percent: int = threshold(70, "Share of the provisioned that may be needed, headroom included.")
    max_gp3_iops: int = threshold(16_000, "IOPS that a gp3 volume is trusted with.")

    def measures(self, resource: EbsVolume) -> bool:
        """Only volumes in use whose IOPS are billed."""
        return resource.volume_type in {"io1", "io2"} and resource.state == "in-use"

    def evaluate(self, resource: EbsVolume, context: Context) -> Verdict:
        """Judge one volume."""
        if resource.volume_type not in {"io1", "io2"} or resource.state != "in-use":
            return Ok("no volume with billed IOPS in use")
        if resource.iops is None:
            return Unknown("EC2 does not say its IOPS")
        peak = peak_of(resource, context, self.look_back_days)
        if isinstance(peak, Unknown):
            return peak
        return self._judged(resource, peak, context)

    def _judged(self, resource: EbsVolume, peak: Peak, context: Context) -> Verdict:
        now = volume_cost(resource, context)
        fewer, gp3 = self._fewer(resource, peak, context), self._as_gp3(resource, peak, context)
        if fewer is None and gp3 is None:
            return Ok(f"up to {peak.iops:.0f} of {resource.iops} IOPS are used")
        cheaper = {
            one.cost.amount: one
            for one in (fewer, gp3)
            if now is not None and one is not None and one.cost is not None and one.cost < now
        }
        if cheaper:
            return self._waste(resource, peak, now, cheaper[min(cheaper)])
        if fewer is not None:  # fewer IOPS cost less at any price; how much less is not known
            return self._waste(resource, peak, now, replace(fewer, cost=None))
        if now is None or gp3 is None or gp3.cost is None:
            return Unknown(f"the prices of io1 and gp3 in {resource.region} are not known")
        return Ok("gp3 costs no less")

    def _fewer(self, volume: EbsVolume, peak: Peak, context: Context) -> _Other | None:
        """Return the same type with what would do, None where the most of it is needed."""
        needed = peak.iops * self.headroom
        if volume.iops is None or needed > volume.iops * self.max_needed_percent / 100:
            return None
        iops = min(volume.iops, max(_LEAST_IOPS, rounded_up(needed, 100)))
        cost = volume_cost(volume, context, volume.volume_type, iops)
        return None if iops == volume.iops else _Other(f"{volume.volume_type} with {iops} IOPS", cost)

    def _as_gp3(self, volume: EbsVolume, peak: Peak, context: Context) -> _Other | None:
        """Return the gp3 volume that would do; None for io2, for several instances, and where none would."""
        iops, mibps = gp3_settings(peak.iops * self.headroom, peak.mibps * self.headroom)
        fits = mibps <= _GP3_MIBPS and iops <= min(self.max_gp3_iops, self._most_of_gp3(volume.size_gib))
        if volume.volume_type != "io1" or volume.is_multi_attach or not fits:
            return None
        cost = volume_cost(volume, context, "gp3", iops, mibps)
        return _Other(f"gp3 with {iops} IOPS and {mibps} MiB/s", cost)

    @staticmethod
    def _most_of_gp3(size_gib: int) -> int:
        return max(GP3_FREE_IOPS, _GP3_IOPS_PER_GIB * size_gib)

    def _waste(self, volume: EbsVolume, peak: Peak, now: Money | None, other: _Other) -> Waste:
        slower = ("gp3 answers in milliseconds where io1 may be faster",) if other.text[:3] == "gp3" else ()
        return Waste(
            f"the busiest minute of {self.look_back_days} days can have needed {peak.iops:.0f} of "
            f"{volume.iops} IOPS, and {peak.mibps:.0f} MiB/s; {other.text} would do",
            monthly_saving=None if now is None or other.cost is None else now - other.cost,
            monthly_cost=now,
            confidence=Confidence.MEDIUM,
            evidence=(
                Measurement(
                    "busiest minute", peak.iops, "IOPS", (volume.iops or 0) * self.max_needed_percent / 100
                ),
                Measurement("busiest minute", peak.mibps, "MiB/s"),
            ),
            keeps_billing=(other.text,),
            doubts=("bursts shorter than a minute do not show", *slower),
            cleared_by="a minute that needs more",
        )
