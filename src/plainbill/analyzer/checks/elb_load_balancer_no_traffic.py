"""Load balancers that nobody uses."""

from __future__ import annotations

from dataclasses import dataclass

from plainbill.analyzer.billed_use import LOAD_BALANCERS, HourlyThing, with_the_bill
from plainbill.analyzer.daily_metrics import shortfall, too_young, use
from plainbill.analyzer.load_balancing import (
    ALL_METRICS,
    PULSE,
    TRAFFIC,
    elastic_ips_on,
    is_published,
    managed,
    monthly_cost,
)
from plainbill.analyzer.waste_check import Context, WasteCheck, threshold
from plainbill.model.findings import Action, Confidence, Effort, Measurement, Ok, Unknown, Verdict, Waste
from plainbill.model.resources.addresses import NetworkInterface
from plainbill.model.resources.load_balancers import LoadBalancer


@dataclass(frozen=True)
class ElbLoadBalancerNoTraffic(WasteCheck[LoadBalancer]):
    """A load balancer is billed by the hour, also while nobody sends it anything.

    Look whether a name in DNS still points at it, then delete it. What stands behind it goes on being
    billed: it may be out of use as well.
    """

    id, title = "elb_load_balancer_no_traffic", "Load balancer without traffic"
    resource, needs = LoadBalancer, (NetworkInterface,)
    action, effort = Action.DELETE, Effort.LOW
    metrics = ALL_METRICS
    rule = (
        "No request or flow, and no byte, in {min_days} days; health checks aside. Also where CloudWatch "
        "does not tell: hours of load balancers on the bill of the account and Region, and no capacity unit."
    )
    source = (
        "Other tools' rules, made stricter: no bytes at all, and shown to be measured. "
        "By the bill: Flexera's rule for NAT gateways"
    )

    min_days: int = threshold(14, "Days to look back on.")

    def evaluate(self, resource: LoadBalancer, context: Context) -> Verdict:
        """Judge one load balancer."""
        traffic = TRAFFIC.get(resource.load_balancer_type)
        if traffic is None:
            return Unknown(f"load balancers of type {resource.load_balancer_type} are not known here")
        if use(resource, traffic, self.min_days, context):
            return Ok("there is traffic")
        if young := too_young(resource.created_at, self.min_days, context):
            return Unknown(young)
        thing = HourlyThing(
            resource=resource,
            metered=LOAD_BALANCERS,
            since=resource.created_at,
            days=self.min_days,
            metrics=traffic,
        )
        missing = self._missing(resource, context)
        return with_the_bill(self._waste(resource, context), missing, thing, context)

    def _missing(self, resource: LoadBalancer, context: Context) -> str | None:
        """Return why that nothing was measured does not mean that nothing was there; None where it does."""
        traffic = TRAFFIC[resource.load_balancer_type]
        for metric in traffic:
            if context.used(resource, metric, self.min_days) is None:
                return f"CloudWatch's {metric.name} was not read for {self.min_days} days"
        # RequestCount, flows and bytes of some types are reported only when there are some. Their silence is
        # taken for a zero only beside a metric of the same load balancer that is reported always.
        if not is_published(resource, self.min_days, context):
            pulse = PULSE[resource.load_balancer_type].name
            return f"nothing shows that it is measured: {pulse} is missing in {self.min_days} days"
        dense = [metric for metric in traffic if not metric.is_sparse]
        return shortfall(resource, dense, self.min_days, context)

    def _waste(self, resource: LoadBalancer, context: Context) -> Waste:
        cost = monthly_cost(resource, context)
        elastic = elastic_ips_on(resource, context)
        requests, _ = TRAFFIC[resource.load_balancer_type]
        return Waste(
            reason=f"No {requests.unit} and no bytes in {self.min_days} days.",
            monthly_saving=cost,
            monthly_cost=cost,
            confidence=Confidence.MEDIUM if managed(resource) else Confidence.HIGH,
            evidence=(
                Measurement(f"{requests.unit} in {self.min_days} days", 0, requests.unit, 0),
                Measurement(f"bytes in {self.min_days} days", 0, "bytes", 0),
            ),
            keeps_billing=(
                "what stands behind it",
                *((f"{elastic} Elastic IPs, until they are released",) if elastic else ()),
            ),
            doubts=(
                *managed(resource),
                "It may stand by for a failover or a season.",
            ),
            cleared_by="One request.",
        )
