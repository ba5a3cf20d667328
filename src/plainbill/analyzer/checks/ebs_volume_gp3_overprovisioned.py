"""gp3 volumes that pay for IOPS or throughput they do not use."""

from __future__ import annotations

from dataclasses import dataclass

from plainbill.analyzer.ebs_volumes import PEAKS, Peak, gp3_settings, peak_of, volume_cost
from plainbill.analyzer.waste_check import Context, WasteCheck, threshold
from plainbill.model.findings import Action, Confidence, Effort, Measurement, Ok, Unknown, Verdict, Waste
from plainbill.model.resources import Ec2Instance
from plainbill.model.resources.ebs import EbsVolume
from plainbill.prices.ebs import GP3_FREE_IOPS, GP3_FREE_MIBPS


@dataclass(frozen=True)
class EbsVolumeGp3Overprovisioned(WasteCheck[EbsVolume]):
    """A gp3 volume has 3,000 IOPS and 125 MiB/s at no charge; what is set above is billed, used or not.

    Lower the IOPS or the throughput while the volume is in use: nothing stops. The size stays billed. After
    a change the volume cannot be changed again for six hours.
    """

    id, title = "ebs_volume_gp3_overprovisioned", "gp3 volume with unused IOPS or throughput"
    resource, action, effort = EbsVolume, Action.RIGHTSIZE, Effort.VERY_LOW
    metrics, needs = PEAKS, (Ec2Instance,)
    rule = (
        "More than the free IOPS or throughput is provisioned, and {headroom} times what the busiest minute "
        "of {look_back_days} days can have needed is at most {max_needed_percent} % of it."
    )
    source = "AWS Compute Optimizer, over-provisioned EBS volumes; headroom and share are our own."

    look_back_days: int = threshold(32, "Days to look back on.")
    headroom: float = threshold(1.3, "What is kept, as a multiple of the busiest minute.")
    max_needed_percent: int = threshold(70, "Share of the provisioned that may be needed, headroom included.")

    def measures(self, resource: EbsVolume) -> bool:
        """Only volumes in use that pay for more than their size."""
        iops, mibps = resource.iops or 0, resource.throughput_mib or 0
        is_paid = iops > GP3_FREE_IOPS or mibps > GP3_FREE_MIBPS
        return is_paid and resource.volume_type == "gp3" and resource.state == "in-use"

    def evaluate(self, resource: EbsVolume, context: Context) -> Verdict:
        """Judge one volume."""
        iops, mibps = resource.iops, resource.throughput_mib
        if resource.volume_type != "gp3" or resource.state != "in-use":
            return Ok("no gp3 volume in use")
        if iops is None or mibps is None:
            return Unknown("EC2 does not say its IOPS and throughput")
        if iops <= GP3_FREE_IOPS and mibps <= GP3_FREE_MIBPS:
            return Ok("only what is free is provisioned")
        peak = peak_of(resource, context, self.look_back_days)
        if isinstance(peak, Unknown):
            return peak
        fit_iops, fit_mibps = self._fitting(peak, iops, mibps)
        if (fit_iops, fit_mibps) == (iops, mibps):
            return Ok(f"up to {peak.iops:.0f} IOPS and {peak.mibps:.0f} MiB/s are used")
        now = volume_cost(resource, context)
        then = volume_cost(resource, context, "gp3", fit_iops, fit_mibps)
        return Waste(
            f"the busiest minute of {self.look_back_days} days can have needed {peak.iops:.0f} IOPS and "
            f"{peak.mibps:.0f} MiB/s of {iops} and {mibps}; {fit_iops} and {fit_mibps} would do",
            monthly_saving=None if now is None or then is None else now - then,
            monthly_cost=now,
            confidence=Confidence.MEDIUM,
            evidence=(
                Measurement("busiest minute", peak.iops, "IOPS", iops * self.max_needed_percent / 100),
                Measurement("busiest minute", peak.mibps, "MiB/s", mibps * self.max_needed_percent / 100),
            ),
            keeps_billing=("the size, and what stays provisioned",),
            doubts=("bursts shorter than a minute do not show",),
            cleared_by="a minute that needs more",
        )

    def _fitting(self, peak: Peak, iops: int, mibps: int) -> tuple[int, int]:
        """Return the settings that would do: lower ones only where the rule is met, never higher ones."""
        needed_iops, needed_mibps = peak.iops * self.headroom, peak.mibps * self.headroom
        share = self.max_needed_percent / 100
        keeps_mibps = mibps if needed_mibps > share * mibps else needed_mibps
        fit_iops, fit_mibps = gp3_settings(needed_iops, keeps_mibps)
        fit_mibps = min(fit_mibps, mibps)
        fit_iops = max(GP3_FREE_IOPS, fit_iops) if needed_iops <= share * iops else iops
        return min(fit_iops, iops), fit_mibps
