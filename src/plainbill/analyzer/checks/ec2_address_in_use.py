"""Public IPv4 addresses that are in use, and billed since 2024."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from plainbill.analyzer.waste_check import Context, WasteCheck
from plainbill.model.findings import Action, Confidence, Effort, Measurement, Ok, Unknown, Verdict, Waste
from plainbill.model.money import total
from plainbill.model.resources import Ec2Instance
from plainbill.model.resources.addresses import AMAZON_POOL, ElasticIp, NetworkInterface, elastic_ip_arn
from plainbill.prices.network import monthly_public_ipv4

_NEED_ONE = {
    "natGateway": "a NAT gateway",
    "load_balancer": "a load balancer",
    "network_load_balancer": "a load balancer",
    "gateway_load_balancer": "a load balancer",
    "global_accelerator_managed": "Global Accelerator",
}
"""What does not work without a public address, by the type of the interface."""


@dataclass(frozen=True)
class Ec2AddressInUse(WasteCheck[NetworkInterface]):
    """Since February 2024 every public IPv4 address is billed by the hour, also one that is in use.

    What is reached through a load balancer, or only calls out, needs none of its own: a NAT gateway that is
    there already, IPv6 or a VPC endpoint will do, and Systems Manager replaces a public SSH port. NAT
    gateways and load balancers are left out: theirs come and go with them.
    """

    id, title = "ec2_address_in_use", "Public IPv4 address, billed while in use"
    resource, needs = NetworkInterface, (Ec2Instance, ElasticIp)
    action, effort = Action.DELETE, Effort.MEDIUM
    rule = "A public IPv4 address on anything but a NAT gateway, a load balancer or a stopped instance."
    source = "AWS, public IPv4 address charge since 2024-02-01; a hint to look, not a verdict"

    def evaluate(self, resource: NetworkInterface, context: Context) -> Verdict:
        """Judge the addresses of one network interface."""
        if holder := _needing(resource):
            return Ok(f"it is on {holder}, which needs it")
        instances = context.inventory.beside(resource, Ec2Instance)
        if resource.instance_id and instances is None:
            return Unknown("the EC2 instances of its Region were not read to the end")
        states = {one.instance_id: one.state for one in instances or ()}
        if states.get(resource.instance_id or "") == "stopped":
            return Ok("its instance is stopped, which is another check's")
        elastic = context.inventory.beside(resource, ElasticIp)
        if resource.allocation_ids and elastic is None:
            return Unknown("the Elastic IPs of its Region were not read to the end")
        billed = _billed(resource, elastic or ())
        return self._waste(resource, billed, context) if billed else Ok("its addresses are of your own pools")

    def _waste(self, resource: NetworkInterface, billed: Sequence[str], context: Context) -> Waste:
        each = monthly_public_ipv4(context.rates, resource.region, in_use=True)
        parts = {} if each is None else {arn: each.times(billed.count(arn)) for arn in billed}
        cost = total(parts.values(), each.currency) if each else None
        return Waste(
            reason=f"{len(billed)} public IPv4 address{'es' if len(billed) > 1 else ''} on "
            f"{_holder(resource)}, billed by the hour while in use.",
            monthly_saving=cost,
            monthly_cost=cost,
            confidence=Confidence.REVIEW,
            evidence=(
                Measurement("on", _holder(resource)),
                Measurement("public IPv4 addresses", len(billed)),
            ),
            doubts=(
                "It may be reached by this address, or call out through it.",
                "A NAT gateway that would have to be made for it costs more than a few addresses.",
            ),
            cleared_by="Reach it through what has an address already, and take its own away.",
            parts=parts,
        )


def _needing(interface: NetworkInterface) -> str | None:
    if interface.is_service_managed and interface.requester_id == "amazon-elb":
        return "a load balancer"
    return _NEED_ONE.get(interface.interface_type)


def _holder(interface: NetworkInterface) -> str:
    if interface.instance_id:
        return "an EC2 instance"
    if not interface.is_attached:
        return "a network interface that is attached to nothing"
    if interface.is_service_managed and interface.requester_id == "amazon-rds":
        return "a database"
    return "a service's network interface" if interface.is_service_managed else "a network interface"


def _billed(interface: NetworkInterface, elastic: Sequence[ElasticIp]) -> list[str]:
    """Return the ARN of each billed address: the Elastic IP's, or that of the interface AWS lent it to."""
    own = {one.allocation_id for one in elastic if one.pool in {None, AMAZON_POOL}}
    place = interface.region, interface.account_id
    return [
        *(elastic_ip_arn(*place, one) for one in interface.allocation_ids if one in own),
        *(interface.arn for _ in interface.assigned_ips),
    ]
