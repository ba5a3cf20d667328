"""NAT gateways that hardly anything goes through."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from plainbill.analyzer.daily_metrics import GB, shortfall, too_young, use
from plainbill.analyzer.nat_traffic import PROCESSED, not_judged, tables_to
from plainbill.analyzer.waste_check import Context, WasteCheck, threshold
from plainbill.model.findings import Action, Confidence, Effort, Measurement, Ok, Unknown, Verdict, Waste
from plainbill.model.resources.vpc import NatGateway, RouteTable, VpcEndpoint
from plainbill.prices import HOURS_PER_MONTH
from plainbill.prices.network import monthly_nat_gateway

_FREE = {"S3": ".s3", "DynamoDB": ".dynamodb"}
_DAYS_A_MONTH = Decimal(HOURS_PER_MONTH) / 24
_UNUSED_DAYS = 32  # without a byte for so long it is nat_gateway_unused's


@dataclass(frozen=True)
class NatGatewayLowTraffic(WasteCheck[NatGateway]):
    """With little traffic the hours of a NAT gateway are nearly all that is paid for.

    Gateway endpoints lead to S3 and DynamoDB for nothing; what is left can often share another NAT gateway,
    or take an interface endpoint. CloudWatch does not tell where the traffic goes: VPC flow logs do.
    """

    id, title = "nat_gateway_low_traffic", "NAT gateway with little traffic"
    resource, needs = NatGateway, (RouteTable, VpcEndpoint)
    action, effort = Action.DELETE, Effort.MEDIUM
    metrics = PROCESSED
    rule = "On average less than {max_gb_per_day} GB a day, both ways, over {min_days} days."
    source = "Our own proposal; the figure is one that other tools use"

    min_days: int = threshold(14, "Days to look back on.")
    max_gb_per_day: float = threshold(1.0, "GB (10^9 bytes) a day from which on it is no little traffic.")

    def measures(self, resource: NatGateway) -> bool:
        """Only what is in service."""
        return not_judged(resource) is None

    def evaluate(self, resource: NatGateway, context: Context) -> Verdict:
        """Judge one NAT gateway."""
        if answer := not_judged(resource):
            return answer
        seen = (use(resource, self.metrics, self.min_days, context) or 0) / GB / self.min_days
        if seen >= self.max_gb_per_day:
            return Ok(f"{seen:,.1f} GB a day")
        missing = too_young(resource.created_at, self.min_days, context) or shortfall(
            resource, self.metrics, self.min_days, context
        )
        if missing:
            return Unknown(missing)
        if use(resource, self.metrics, _UNUSED_DAYS, context) == 0:
            return Ok("no traffic at all, which is another check's")
        tables = tables_to(resource, context)
        endpoints = context.inventory.beside(resource, VpcEndpoint)
        if tables is None or endpoints is None:
            return Unknown("the route tables or endpoints of its Region were not read to the end")
        return self._waste(resource, seen, _without_endpoint(tables, endpoints), context)

    def _waste(self, resource: NatGateway, per_day: float, lacking: Sequence[str], context: Context) -> Waste:
        hours = monthly_nat_gateway(context.rates, resource.region)
        gib = Decimal(str(per_day)) * GB / 2**30 * _DAYS_A_MONTH
        advice = f"; the way to {' and '.join(lacking)} leads through it, without a free gateway endpoint"
        return Waste(
            reason=f"{per_day:.2f} GB a day on average in {self.min_days} days (less than "
            f"{self.max_gb_per_day:g} is little){advice if lacking else ''}.",
            monthly_saving=hours,
            monthly_cost=monthly_nat_gateway(context.rates, resource.region, gib),
            confidence=Confidence.REVIEW,
            evidence=(Measurement("traffic a day", round(per_day, 3), "GB", self.max_gb_per_day),),
            keeps_billing=(
                "its Elastic IP, until it is released",
                "the traffic, where another NAT gateway takes it over",
            ),
            doubts=("CloudWatch does not tell what goes through it, nor how badly it is needed.",),
            cleared_by=f"{self.max_gb_per_day:g} GB a day or more.",
        )


def _without_endpoint(tables: Sequence[RouteTable], endpoints: Iterable[VpcEndpoint]) -> list[str]:
    """Return the services that some of the tables reach through the gateway, for want of a free endpoint."""
    free = [one for one in endpoints if one.endpoint_type == "Gateway"]
    covered = {
        name: {table for one in free if one.service_name.endswith(end) for table in one.route_table_ids}
        for name, end in _FREE.items()
    }
    return [name for name in _FREE if any(table.route_table_id not in covered[name] for table in tables)]
