"""Another type for an EC2 instance: whom to leave alone, and what the change would save."""

from __future__ import annotations

from plainbill.analyzer.waste_check import Context
from plainbill.model.findings import Confidence, Measurement, Ok, Unknown, Waste
from plainbill.model.money import Money
from plainbill.model.resources import Ec2Instance
from plainbill.prices import HOURS_PER_MONTH
from plainbill.prices.specs import InstanceSpecs

KEEPS_BILLING = ("the instance itself, at the lower price", "disks and addresses")
TYPE_PROPOSED = "type proposed"
"""The label of the measurement that names the other type."""


def reason_to_leave(instance: Ec2Instance, context: Context) -> Ok | Unknown | None:
    """Return why an instance is not to be given another type by itself; None where it may be."""
    if excluded := _excluded(instance):
        return Ok(excluded)
    if InstanceSpecs.load().of(instance.instance_type) is None:
        return Unknown(f"the type {instance.instance_type} is not in the table of instance types")
    if context.prices.of_type(instance.region, instance.instance_type) is None:
        return Unknown(f"list prices of {instance.instance_type} in {instance.region} are not known")
    return None


def _excluded(instance: Ec2Instance) -> str | None:
    if instance.state != "running":
        return "it is not running"
    if instance.lifecycle != "on-demand":
        return f"it is billed as {instance.lifecycle}, not on demand"
    if instance.managed_by:
        return f"it belongs to {' and '.join(instance.managed_by)}: change the group, not one member"
    return None if instance.tenancy == "default" else f"it is on {instance.tenancy} hardware"


def replacement(
    instance: Ec2Instance, other: str, context: Context, confidence: Confidence, what: str
) -> Waste:
    """Return the finding that ``other`` would do the work of ``instance`` for less.

    The saving is the difference of the plain Linux prices. A licence (Windows, RHEL ...) is billed by vCPU,
    which stay the same: it is neither saved nor in ``monthly_cost``.
    """
    old, new = (
        monthly_of_type(instance.region, instance.instance_type, context),
        monthly_of_type(instance.region, other, context),
    )
    saving = old - new if old is not None and new is not None else None
    percent = None if saving is None or old is None else float(saving.amount / old.amount * 100)
    return Waste(
        reason=f"{instance.instance_type} ({what}) could be {other}"
        + (f", {percent:.0f} % cheaper at list price." if percent is not None else "."),
        monthly_saving=saving,
        monthly_cost=old,
        confidence=confidence,
        evidence=(
            Measurement("type now", instance.instance_type),
            Measurement(TYPE_PROPOSED, other),
            *([] if percent is None else [Measurement("cheaper by", round(percent, 1), "%")]),
        ),
        keeps_billing=KEEPS_BILLING,
        doubts=doubts_about(instance, other),
        cleared_by=f"Change the type to {other}.",
    )


def doubts_about(instance: Ec2Instance, other: str) -> tuple[str, ...]:
    """Return what speaks against giving an instance the other type."""
    shortfalls = InstanceSpecs.load().shortfalls(instance.instance_type, other)
    less = [
        f"{one.of} bandwidth: {_mbps(one.has)} now, {_mbps(one.would_have)} then" for one in shortfalls or ()
    ]
    covered = "A Savings Plan or reservation of the old family may go unused."
    licence = () if instance.platform == "Linux/UNIX" else (f"Check the licence of {instance.platform}.",)
    return (*less, covered, *licence)


def _mbps(bandwidth: int | None) -> str:
    return "not known" if bandwidth is None else f"{bandwidth:,} Mbit/s"


def monthly_of_type(region: str, instance_type: str, context: Context) -> Money | None:
    """Return a month of a type at the plain Linux price; None where the region's is not known."""
    price = context.prices.of_type(region, instance_type)
    return None if price is None else price.times(HOURS_PER_MONTH)
