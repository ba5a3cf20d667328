"""Several NAT gateways in one zone of one VPC."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from plainbill.analyzer.daily_metrics import GB, shortfall, too_young, use
from plainbill.analyzer.nat_traffic import PROCESSED, not_judged
from plainbill.analyzer.waste_check import Context, WasteCheck, threshold
from plainbill.model.findings import Action, Confidence, Effort, Measurement, Ok, Unknown, Verdict, Waste
from plainbill.model.resources.vpc import NatGateway, Subnet
from plainbill.prices.network import monthly_nat_gateway


@dataclass(frozen=True)
class NatGatewayRedundant(WasteCheck[NatGateway]):
    """One NAT gateway serves every subnet of its zone; a second one there is billed by the hour as well.

    Let the routes of the subnets lead to the one that is kept, then delete the other. Two in different
    zones are no waste: each keeps its zone independent, and traffic within the zone.
    """

    id, title = "nat_gateway_redundant", "Second NAT gateway in the same zone"
    resource, needs = NatGateway, (Subnet,)
    action, effort = Action.DELETE, Effort.MEDIUM
    metrics = PROCESSED
    rule = "Another NAT gateway of its kind in the same zone of its VPC carried more in {min_days} days."
    source = "Our own proposal"

    min_days: int = threshold(14, "Days to look back on.")

    def measures(self, resource: NatGateway) -> bool:
        """Only what is in service."""
        return not_judged(resource) is None

    def evaluate(self, resource: NatGateway, context: Context) -> Verdict:
        """Judge one NAT gateway."""
        if not_judged(resource):
            return Ok("it is not one that serves a zone")
        subnets = context.inventory.beside(resource, Subnet)
        gateways = context.inventory.beside(resource, NatGateway)
        if subnets is None or gateways is None:
            return Unknown("the subnets or NAT gateways of its Region were not read to the end")
        zones = {one.subnet_id: one.availability_zone for one in subnets}
        if (zone := zones.get(resource.subnet_id or "")) is None:
            return Unknown("the subnet it is in is not among those of this account")
        alike = [one for one in gateways if _is_like(one, resource)]
        peers = [one for one in alike if zones.get(one.subnet_id or "") == zone]
        return self._among(peers, resource, zone, context)

    def _among(
        self, peers: Sequence[NatGateway], resource: NatGateway, zone: str, context: Context
    ) -> Verdict:
        if len(peers) == 1:
            return Ok(f"the only one in {zone}")
        if missing := next(filter(None, (self._missing(one, context) for one in peers)), None):
            return Unknown(f"which of {len(peers)} carries the most is not known: {missing}")
        kept = self._busiest(peers, context)
        if kept == resource:
            return Ok("the busiest in its zone")
        return self._waste(resource, kept, zone, context)

    def _missing(self, gateway: NatGateway, context: Context) -> str | None:
        return too_young(gateway.created_at, self.min_days, context) or shortfall(
            gateway, self.metrics, self.min_days, context
        )

    def _carried(self, gateway: NatGateway, context: Context) -> float:
        return use(gateway, self.metrics, self.min_days, context) or 0.0

    def _busiest(self, gateways: Iterable[NatGateway], context: Context) -> NatGateway:
        """Return the one to keep; of equals the first by id, so that it is the same one every time."""
        return min(gateways, key=lambda one: (-self._carried(one, context), one.nat_gateway_id))

    def _waste(self, resource: NatGateway, kept: NatGateway, zone: str, context: Context) -> Waste:
        hours = monthly_nat_gateway(context.rates, resource.region)
        own, other = (self._carried(one, context) / GB for one in (resource, kept))
        return Waste(
            reason=f"{kept.nat_gateway_id} is in {zone} of the same VPC too and carried {other:,.1f} GB in "
            f"{self.min_days} days, this one {own:,.1f} GB.",
            monthly_saving=hours,
            monthly_cost=hours,
            confidence=Confidence.REVIEW,
            evidence=(
                Measurement(f"carried in {self.min_days} days", round(own, 1), "GB"),
                Measurement(f"carried by {kept.nat_gateway_id}", round(other, 1), "GB"),
            ),
            keeps_billing=("its traffic, through the other one", "its Elastic IP, until it is released"),
            doubts=("Two may be kept for two source addresses, or for more connections than one allows.",),
            cleared_by="Lead its routes to the other one, then delete it.",
        )


def _is_like(one: NatGateway, other: NatGateway) -> bool:
    """Whether one could do the other's work: in service, in the same VPC, both public or both private."""
    return (
        one.state == "available"
        and not one.is_regional
        and (one.vpc_id, one.connectivity) == (other.vpc_id, other.connectivity)
    )
