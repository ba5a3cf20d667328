"""Classic Load Balancers that serve nobody."""

from __future__ import annotations

from dataclasses import dataclass

from plainbill.analyzer.billed_use import CLASSIC_LOAD_BALANCERS, HourlyThing, with_the_bill
from plainbill.analyzer.daily_metrics import shortfall, too_young, use
from plainbill.analyzer.load_balancing import managed, monthly_cost
from plainbill.analyzer.waste_check import Context, WasteCheck, threshold
from plainbill.model.findings import Action, Confidence, Effort, Measurement, Ok, Unknown, Verdict, Waste
from plainbill.model.metrics import Metric
from plainbill.model.resources.addresses import NetworkInterface
from plainbill.model.resources.load_balancers import ClassicLoadBalancer

REQUESTS = Metric("AWS/ELB", "RequestCount", "Sum", "requests", is_sparse=True)
HEALTHY = Metric("AWS/ELB", "HealthyHostCount", "Maximum", "instances")


@dataclass(frozen=True)
class ElbClassicUnused(WasteCheck[ClassicLoadBalancer]):
    """A Classic Load Balancer is billed by the hour, also without instances, healthy ones, or requests.

    Look whether a name in DNS still points at it, then delete it. Its instances go on being billed.
    """

    id, title = "elb_classic_unused", "Unused Classic Load Balancer"
    resource, needs = ClassicLoadBalancer, (NetworkInterface,)
    action, effort = Action.DELETE, Effort.LOW
    metrics = (REQUESTS, HEALTHY)
    rule = (
        "No instance, or no healthy one, or no request, in {min_days} days. Also where CloudWatch does not "
        "tell: hours of load balancers on the bill of the account and Region, and no data processed."
    )
    source = "AWS Trusted Advisor, Idle Load Balancers, made stricter: no request instead of 100 a day"

    min_days: int = threshold(14, "Days to look back on.")

    def evaluate(self, resource: ClassicLoadBalancer, context: Context) -> Verdict:
        """Judge one Classic Load Balancer."""
        if use(resource, (REQUESTS,), self.min_days, context):
            return Ok("there are requests")
        if missing := too_young(resource.created_at, self.min_days, context):
            return Unknown(missing)
        if not resource.instance_ids:
            return self._waste(resource, "No instance is registered with it", Confidence.HIGH, context)
        return self._by_metrics(resource, context)

    def _by_metrics(self, resource: ClassicLoadBalancer, context: Context) -> Verdict:
        # Healthy instances are reported as long as any instance is registered. That they were reported also
        # shows that a silence of RequestCount, which is reported only when there are some, is a zero.
        missing = shortfall(resource, (HEALTHY,), self.min_days, context)
        if not missing and context.used(resource, REQUESTS, self.min_days) is None:
            missing = f"CloudWatch's {REQUESTS.name} was not read for {self.min_days} days"
        if not missing and not use(resource, (HEALTHY,), self.min_days, context):
            why = f"None of its {len(resource.instance_ids)} instances was healthy in {self.min_days} days"
            return self._waste(resource, why, Confidence.MEDIUM, context)
        thing = HourlyThing(
            resource=resource,
            metered=CLASSIC_LOAD_BALANCERS,
            since=resource.created_at,
            days=self.min_days,
            metrics=(REQUESTS,),
        )
        why = f"No request or connection in {self.min_days} days"
        waste = self._waste(resource, why, Confidence.HIGH, context)
        return with_the_bill(waste, missing, thing, context)

    def _waste(
        self, resource: ClassicLoadBalancer, why: str, confidence: Confidence, context: Context
    ) -> Waste:
        cost = monthly_cost(resource, context)
        return Waste(
            reason=f"{why}.",
            monthly_saving=cost,
            monthly_cost=cost,
            confidence=confidence.lowered() if managed(resource) else confidence,
            evidence=(
                Measurement("registered instances", len(resource.instance_ids), "instances"),
                Measurement(f"requests in {self.min_days} days", self._requests(resource, context), "", 0),
            ),
            keeps_billing=("its instances",) if resource.instance_ids else (),
            doubts=(
                *managed(resource),
                "It may stand by for a failover or a season.",
            ),
            cleared_by="One request.",
        )

    def _requests(self, resource: ClassicLoadBalancer, context: Context) -> float | None:
        """Return what was measured; a silence is a zero only where the metrics are shown to arrive."""
        is_measured = shortfall(resource, (HEALTHY,), self.min_days, context) is None
        return 0 if is_measured else use(resource, (REQUESTS,), self.min_days, context)
