"""Elastic IPs of instances that are stopped."""

from __future__ import annotations

from dataclasses import dataclass

from plainbill.analyzer.waste_check import Context, WasteCheck, threshold
from plainbill.model.findings import Action, Confidence, Effort, Measurement, Ok, Unknown, Verdict, Waste
from plainbill.model.resources import Ec2Instance
from plainbill.model.resources.addresses import AMAZON_POOL, ElasticIp
from plainbill.prices.network import monthly_public_ipv4


@dataclass(frozen=True)
class Ec2AddressOnStoppedInstance(WasteCheck[ElasticIp]):
    """A stopped instance needs no public address, but its Elastic IP is billed as before.

    Release the address if the instance stays stopped; it gets another one when it is started with one. An
    address that others know (DNS, firewalls) is better kept than lost.
    """

    id, title = "ec2_address_on_stopped_instance", "Elastic IP on a stopped instance"
    resource, needs = ElasticIp, (Ec2Instance,)
    action, effort = Action.DELETE, Effort.LOW
    rule = (
        "An Elastic IP of Amazon's pool on an instance that has been stopped for {min_days} days or longer."
    )
    source = "AWS Trusted Advisor, Unassociated Elastic IP Addresses; the days are our own proposal"

    min_days: int = threshold(7, "Days an instance may be stopped; fewer may be nights and weekends.")

    def evaluate(self, resource: ElasticIp, context: Context) -> Verdict:
        """Judge one address."""
        if resource.instance_id is None:
            return Ok("it is on no instance")
        if resource.pool not in {None, AMAZON_POOL}:
            return Ok("it is of a pool of your own, which is not billed by the address")
        instances = context.inventory.beside(resource, Ec2Instance)
        if instances is None:
            return Unknown("the EC2 instances of its Region were not read to the end")
        instance = next((one for one in instances if one.instance_id == resource.instance_id), None)
        if instance is None:
            return Unknown(f"its instance {resource.instance_id} is not among those of this account")
        return self._by_instance(resource, instance, context)

    def _by_instance(self, resource: ElasticIp, instance: Ec2Instance, context: Context) -> Verdict:
        if instance.state != "stopped":
            return Ok(f"its instance is {instance.state}")
        stopped_for = context.age(instance.stopped_at)
        if stopped_for is None:
            return Unknown("AWS does not say since when its instance is stopped")
        if stopped_for.days < self.min_days:
            return Ok(f"its instance has been stopped for {stopped_for.days} days")
        return self._waste(resource, instance, stopped_for.days, context)

    def _waste(self, resource: ElasticIp, instance: Ec2Instance, days: int, context: Context) -> Waste:
        cost = monthly_public_ipv4(context.rates, resource.region, in_use=False)
        return Waste(
            reason=f"{resource.public_ip} is on {instance.instance_id}, which has been stopped for {days} "
            f"days ({self.min_days} are allowed); the address is billed all the same.",
            monthly_saving=cost,
            monthly_cost=cost,
            confidence=Confidence.MEDIUM,
            evidence=(Measurement("its instance stopped for", days, "days", self.min_days),),
            keeps_billing=("the disks of the stopped instance",),
            doubts=("The instance may be started again, and be known to others by this address.",),
            cleared_by="Start the instance, or release the address.",
        )
