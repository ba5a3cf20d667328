"""NAT gateways that nothing goes through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from plainbill.analyzer.billed_use import NAT_GATEWAYS, HourlyThing, with_the_bill
from plainbill.analyzer.daily_metrics import shortfall, too_young, use
from plainbill.analyzer.nat_traffic import (
    ACTIVE_CONNECTIONS,
    PACKETS_BACK,
    PACKETS_OUT,
    not_judged,
    tables_to,
)
from plainbill.analyzer.waste_check import Context, WasteCheck, threshold
from plainbill.model.findings import Action, Confidence, Effort, Measurement, Ok, Unknown, Verdict, Waste
from plainbill.model.resources.vpc import NatGateway, RouteTable
from plainbill.prices.network import monthly_nat_gateway


@dataclass(frozen=True)
class NatGatewayUnused(WasteCheck[NatGateway]):
    """A NAT gateway is billed by the hour whether or not anything goes through it.

    Delete it, then release its Elastic IP, which is billed until then. One that a route table leads to
    may be a standby: everything behind that route is without a way out once it is gone.
    """

    id, title = "nat_gateway_unused", "NAT gateway that nothing goes through"
    resource, needs = NatGateway, (RouteTable,)
    action, effort = Action.DELETE, Effort.LOW
    metrics = (ACTIVE_CONNECTIONS, PACKETS_OUT, PACKETS_BACK)
    rule = (
        "No connection and no packet either way in {min_days} days, and in no route table. Also where "
        "CloudWatch does not tell: hours of NAT gateways on the bill of the account and Region, and no byte."
    )
    source = (
        "AWS Compute Optimizer, idle NAT gateways: 32 days; in a route table it is a hint only. "
        "By the bill: Flexera, hours but no bytes"
    )

    min_days: int = threshold(32, "Days to look back on.")

    def measures(self, resource: NatGateway) -> bool:
        """Only what is in service."""
        return not_judged(resource) is None

    def evaluate(self, resource: NatGateway, context: Context) -> Verdict:
        """Judge one NAT gateway."""
        if answer := not_judged(resource):
            return answer
        if use(resource, self.metrics, self.min_days, context):
            return Ok("there is traffic")
        if young := too_young(resource.created_at, self.min_days, context):
            return Unknown(young)
        tables = tables_to(resource, context)
        if tables is None:
            return Unknown("the route tables of its Region were not read to the end")
        missing = shortfall(resource, self.metrics, self.min_days, context)
        thing = HourlyThing(
            resource=resource,
            metered=NAT_GATEWAYS,
            since=resource.created_at,
            days=self.min_days,
            metrics=self.metrics,
        )
        return with_the_bill(self._waste(resource, tables, context), missing, thing, context, facts=1)

    def _waste(self, resource: NatGateway, tables: Sequence[RouteTable], context: Context) -> Waste:
        cost = monthly_nat_gateway(context.rates, resource.region)
        routed = f"in {len(tables) or 'no'} route table{'s' if len(tables) > 1 else ''}"
        standby = "A route table leads to it: it may be a standby, or wait for what is to run behind it."
        return Waste(
            reason=f"No connection and no packet in {self.min_days} days; it is {routed}.",
            monthly_saving=cost,
            monthly_cost=cost,
            confidence=Confidence.REVIEW if tables else Confidence.HIGH,
            evidence=(
                Measurement("most connections at once", 0, "connections", 0),
                Measurement(f"packets in {self.min_days} days", 0, "packets", 0),
                Measurement("route tables that lead to it", len(tables), threshold=0),
            ),
            keeps_billing=("its Elastic IP, until it is released",) if resource.allocation_ids else (),
            doubts=(standby,) if tables else (),
            cleared_by="Any packet through it.",
        )
