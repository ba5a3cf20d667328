"""VPC endpoints that nothing goes through."""

from __future__ import annotations

from dataclasses import dataclass

from plainbill.analyzer.billed_use import (
    GATEWAY_LB_ENDPOINTS,
    INTERFACE_ENDPOINTS,
    HourlyThing,
    with_the_bill,
)
from plainbill.analyzer.daily_metrics import is_measured, too_young, use
from plainbill.analyzer.waste_check import Context, WasteCheck, threshold
from plainbill.model.findings import Action, Confidence, Effort, Measurement, Ok, Unknown, Verdict, Waste
from plainbill.model.metrics import Metric
from plainbill.model.money import Money
from plainbill.model.resources.vpc import VpcEndpoint
from plainbill.prices.network import monthly_gateway_load_balancer_endpoint, monthly_interface_endpoint

BYTES = Metric("AWS/PrivateLinkEndpoints", "BytesProcessed", "Sum", "bytes", is_sparse=True)
_METERED = {"Interface": INTERFACE_ENDPOINTS, "GatewayLoadBalancer": GATEWAY_LB_ENDPOINTS}
"""The types that are measured and billed one by one."""


@dataclass(frozen=True)
class VpcEndpointUnused(WasteCheck[VpcEndpoint]):
    """An interface endpoint is billed by the hour in each zone it is in, used or not.

    Delete it, or take it out of the zones that nobody calls from. Its names in DNS lead to the public
    addresses of the service again, which needs a way out. Gateway endpoints cost nothing: leave them.
    """

    id, title = "vpc_endpoint_unused", "VPC endpoint that nothing goes through"
    resource, action, effort = VpcEndpoint, Action.DELETE, Effort.LOW
    metrics = (BYTES,)
    rule = (
        "An interface or Gateway Load Balancer endpoint without one byte in {min_days} days. Also where "
        "CloudWatch does not tell: hours of its type on the bill of the account and Region, and no byte."
    )
    source = (
        "AWS Trusted Advisor, Inactive VPC interface endpoints: 0 bytes in 30 days. "
        "By the bill: Flexera's rule for NAT gateways"
    )

    min_days: int = threshold(30, "Days to look back on.")

    def measures(self, resource: VpcEndpoint) -> bool:
        """Only what is billed to the account and measured."""
        return _not_judged(resource) is None

    def evaluate(self, resource: VpcEndpoint, context: Context) -> Verdict:
        """Judge one endpoint."""
        if use(resource, self.metrics, self.min_days, context):
            return Ok("there is traffic")
        if answer := _not_judged(resource):
            return answer
        if young := too_young(resource.created_at, self.min_days, context):
            return Unknown(young)
        thing = HourlyThing(
            resource=resource,
            metered=_METERED[resource.endpoint_type],
            since=resource.created_at,
            days=self.min_days,
            metrics=self.metrics,
            count=len(resource.subnet_ids),
        )
        missing = self._missing(resource, context)
        return with_the_bill(self._waste(resource, context), missing, thing, context, facts=1)

    def _missing(self, resource: VpcEndpoint, context: Context) -> str | None:
        """Return why that nothing was measured does not mean that nothing was there; None where it does.

        The metric is reported only while there is traffic, and no other is reported always. That it reaches
        CloudWatch at all, and is read, is shown by zeros of its own or by another endpoint of its type.
        """
        series = context.used(resource, BYTES, self.min_days)
        if series is None:
            return f"CloudWatch's {BYTES.name} was not read for {self.min_days} days"
        if is_measured(series) or self._is_measured_beside(resource, context):
            return None
        return "no endpoint of its type here has traffic: nothing shows that any is measured"

    def _is_measured_beside(self, resource: VpcEndpoint, context: Context) -> bool:
        others = context.inventory.beside(resource, VpcEndpoint) or ()
        alike = (one for one in others if one.endpoint_type == resource.endpoint_type)
        return any(use(one, self.metrics, self.min_days, context) for one in alike)

    def _waste(self, resource: VpcEndpoint, context: Context) -> Waste:
        cost = _monthly(resource, context)
        return Waste(
            reason=f"Not one byte to or from {resource.service_name} in {self.min_days} days, in "
            f"{len(resource.subnet_ids)} zone{'' if len(resource.subnet_ids) == 1 else 's'}.",
            monthly_saving=cost,
            monthly_cost=cost,
            confidence=Confidence.MEDIUM,
            evidence=(
                Measurement(f"bytes in {self.min_days} days", 0, "bytes", 0),
                Measurement("zones", len(resource.subnet_ids)),
            ),
            doubts=("It may be the way in for emergencies (Systems Manager), or of a disaster plan.",),
            cleared_by="Any traffic through it.",
        )


def _not_judged(endpoint: VpcEndpoint) -> Ok | Unknown | None:
    """Return the answer for an endpoint that is free, paid by another, or not measured; else None."""
    if endpoint.endpoint_type == "Gateway":
        return Ok("gateway endpoints are free")
    if endpoint.is_service_managed:
        return Ok("an AWS service made it, and deletes it")
    if endpoint.is_paid_by_service:
        return Ok("the owner of the service pays for it")
    if endpoint.endpoint_type not in _METERED:
        return Unknown(f"endpoints of type {endpoint.endpoint_type} are not measured one by one")
    if endpoint.is_cross_region:
        return Unknown("CloudWatch has no metrics of endpoints to a service of another Region")
    return None if endpoint.state.lower() == "available" else Unknown(f"it is {endpoint.state}")


def _monthly(endpoint: VpcEndpoint, context: Context) -> Money | None:
    """Return what its hours cost: in each zone, and it has one subnet a zone."""
    zones = len(endpoint.subnet_ids)
    if not zones:
        return None
    if endpoint.endpoint_type == "Interface":
        return monthly_interface_endpoint(context.rates, endpoint.region, zones)
    return monthly_gateway_load_balancer_endpoint(context.rates, endpoint.region, zones)
