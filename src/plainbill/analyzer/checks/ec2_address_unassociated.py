"""Elastic IPs that are on nothing."""

from __future__ import annotations

from dataclasses import dataclass

from plainbill.analyzer.waste_check import Context, WasteCheck
from plainbill.model.findings import Action, Effort, Measurement, Ok, Verdict, Waste
from plainbill.model.resources.addresses import AMAZON_POOL, ElasticIp
from plainbill.prices.network import monthly_public_ipv4


@dataclass(frozen=True)
class Ec2AddressUnassociated(WasteCheck[ElasticIp]):
    """An Elastic IP is billed by the hour from the day it is allocated, on something or on nothing.

    Release it. The very same address can hardly ever be had again: look first whether a name in DNS or a
    partner's firewall still points at it.
    """

    id, title = "ec2_address_unassociated", "Elastic IP on nothing"
    resource, action, effort = ElasticIp, Action.DELETE, Effort.VERY_LOW
    rule = "An Elastic IP of Amazon's pool that is associated with no instance, interface or gateway."
    source = "AWS Trusted Advisor, Unassociated Elastic IP Addresses"

    def evaluate(self, resource: ElasticIp, context: Context) -> Verdict:
        """Judge one address."""
        if resource.is_associated:
            return Ok("it is in use")
        if resource.pool not in {None, AMAZON_POOL}:
            return Ok("it is of a pool of your own, which is not billed by the address")
        if resource.service_managed:
            return Ok(f"a service manages it ({resource.service_managed})")
        cost = monthly_public_ipv4(context.rates, resource.region, in_use=False)
        return Waste(
            reason=f"{resource.public_ip} is associated with nothing; every public IPv4 address is billed "
            "by the hour, used or not.",
            monthly_saving=cost,
            monthly_cost=cost,
            evidence=(Measurement("associated with", "nothing"),),
            doubts=(
                "AWS does not say since when it is on nothing.",
                "A name in DNS or a partner's firewall may still point at it.",
            ),
            cleared_by="Associate it with something, or release it.",
        )
