"""Burstable EC2 instances whose surplus credits cost more than a steady instance would."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from plainbill.analyzer.measured import covered
from plainbill.analyzer.replacement import (
    KEEPS_BILLING,
    TYPE_PROPOSED,
    doubts_about,
    monthly_of_type,
    reason_to_leave,
)
from plainbill.analyzer.waste_check import Context, WasteCheck, threshold
from plainbill.analyzer.wording import days_text
from plainbill.model.findings import Action, Confidence, Effort, Measurement, Ok, Unknown, Verdict, Waste
from plainbill.model.metrics import Metric, Series
from plainbill.model.money import Money
from plainbill.model.resources import Ec2Instance
from plainbill.prices import HOURS_PER_MONTH
from plainbill.prices.items import EC2_CPU_CREDITS_T3
from plainbill.prices.specs import InstanceSpecs

CHARGED = Metric("AWS/EC2", "CPUSurplusCreditsCharged", "Sum", "credits")
_PRICED_FAMILY, _PRICED_SYSTEM = "t3", "Linux/UNIX"
_CREDITS = 60  # of one vCPU for an hour


@dataclass(frozen=True)
class Ec2InstanceSurplusCredits(WasteCheck[Ec2Instance]):
    """A burstable instance in unlimited mode pays for every vCPU-hour beyond its baseline.

    One that is busy all day may cost more than an instance of the same size without credits. Stop it, change
    its type, start it. Standard mode ends the charge too, but holds the instance down to its baseline.
    """

    id, title = "ec2_instance_surplus_credits", "Burstable instance that pays for surplus credits"
    resource, metrics = Ec2Instance, (CHARGED,)
    action, effort = Action.RIGHTSIZE, Effort.MEDIUM
    rule = (
        "Its price and the surplus credits charged in {min_days} days, as a month, are more than the price "
        "of the cheapest current type that is not burstable, of the same architecture, with no fewer vCPUs "
        "and no less memory."
    )
    source = "EC2 user guide, unlimited mode: when to use it instead of fixed CPU; prices of the Region"

    min_days: int = threshold(14, "Days of surplus credits to look at.")

    def measures(self, resource: Ec2Instance) -> bool:
        """Ask only of what earns credits and may be given another type."""
        spec = InstanceSpecs.load().of(resource.instance_type)
        is_judged = resource.state == "running" and resource.lifecycle == "on-demand"
        return is_judged and not resource.managed_by and spec is not None and spec.is_burstable

    def evaluate(self, resource: Ec2Instance, context: Context) -> Verdict:
        """Judge one instance."""
        spec = InstanceSpecs.load().of(resource.instance_type)
        if spec is not None and not spec.is_burstable:
            return Ok("its type has no CPU credits")
        left = reason_to_leave(resource, context)
        if isinstance(left, Ok) or spec is None:
            return left or Unknown(f"nobody knows the type {resource.instance_type}")
        charged = covered(context, resource, CHARGED, self.min_days)
        if isinstance(charged, Unknown):
            return charged
        if not charged.total:
            return Ok(f"no surplus credits were charged in {days_text(self.min_days)}")
        return left or self._weighed(resource, charged, context)

    def _weighed(self, resource: Ec2Instance, charged: Series, context: Context) -> Verdict:
        surplus = _monthly(resource, charged, context)
        if surplus is None:
            hours = f"{_vcpu_hours(charged):,.0f} vCPU-hours of surplus credits a month"
            return Unknown(f"it pays for {hours}, whose price is not known")
        other = InstanceSpecs.load().steady(resource.instance_type, resource.region, context.prices)
        if other is None:
            return Ok("no type without credits has its vCPUs and memory")
        return self._compared(resource, charged, surplus, other, context)

    def _compared(
        self, instance: Ec2Instance, charged: Series, surplus: Money, other: str, context: Context
    ) -> Verdict:
        own = monthly_of_type(instance.region, instance.instance_type, context)
        steady = monthly_of_type(instance.region, other, context)
        if own is None or steady is None:
            return Unknown(f"list prices of {other} in {instance.region} are not known")
        hours, now = f"{_vcpu_hours(charged):,.0f} vCPU-hours of surplus credits a month", own + surplus
        if not steady < now:
            return Ok(f"{other} would cost no less than it does with {hours}")
        return Waste(
            reason=f"{instance.instance_type} pays for {hours} ({charged.total:,.0f} credits in "
            f"{days_text(self.min_days)}, {len(charged.known)} of them seen): with them it costs more than "
            f"{other}, which has its vCPUs all the time.",
            monthly_saving=now - steady,
            monthly_cost=now,
            confidence=Confidence.MEDIUM,
            evidence=(
                Measurement("type now", instance.instance_type),
                Measurement(TYPE_PROPOSED, other),
                Measurement("surplus a month", round(_vcpu_hours(charged), 1), "vCPU-hours"),
            ),
            keeps_billing=KEEPS_BILLING,
            doubts=doubts_about(instance, other),
            cleared_by="Work that stays within its baseline over the day, or a type without credits.",
        )


def _vcpu_hours(charged: Series) -> float:
    """Return the surplus of the measured days as that of a month."""
    credits_a_day = (charged.total or 0.0) / len(charged.known)
    return credits_a_day / _CREDITS * float(HOURS_PER_MONTH) / 24


def _monthly(instance: Ec2Instance, charged: Series, context: Context) -> Money | None:
    """Return what the surplus costs a month; None where its price is not known, as for other families."""
    is_priced = instance.instance_type.partition(".")[0] == _PRICED_FAMILY
    if not is_priced or instance.platform != _PRICED_SYSTEM:
        return None
    rate = context.rates.rate(instance.region, EC2_CPU_CREDITS_T3)
    return None if rate is None else rate.times(Decimal(repr(_vcpu_hours(charged)))).rounded()
