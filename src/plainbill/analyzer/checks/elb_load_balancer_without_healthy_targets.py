"""Load balancers whose targets are all down."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from plainbill.analyzer.daily_metrics import too_young
from plainbill.analyzer.load_balancing import elastic_ips_on, groups_of, managed, monthly_cost
from plainbill.analyzer.waste_check import Context, WasteCheck, threshold
from plainbill.model.findings import Action, Confidence, Effort, Measurement, Ok, Unknown, Verdict, Waste
from plainbill.model.resources.addresses import NetworkInterface
from plainbill.model.resources.load_balancers import LoadBalancer, TargetGroup

_DOWN = frozenset({"unhealthy", "unhealthy.draining", "unused", "draining"})


@dataclass(frozen=True)
class ElbLoadBalancerWithoutHealthyTargets(WasteCheck[LoadBalancer]):
    """A load balancer none of whose targets passes its health check may be left over from something gone.

    Or it is broken right now: then it is to be repaired, not deleted. An application load balancer without
    a healthy target sends requests to all of them all the same.
    """

    id, title = "elb_load_balancer_without_healthy_targets", "Load balancer without healthy targets"
    resource, needs = LoadBalancer, (TargetGroup, NetworkInterface)
    action, effort = Action.DELETE, Effort.MEDIUM
    rule = "Has targets, none of them healthy at the time of reading; made {min_age_days} days ago or more."
    source = "AWS Trusted Advisor, Idle Load Balancers, for Classic ones"

    min_age_days: int = threshold(7, "Days since it was made; targets of a younger one may not be up yet.")

    def evaluate(self, resource: LoadBalancer, context: Context) -> Verdict:
        """Judge one load balancer."""
        groups = groups_of(resource, context)
        if groups is None:
            return Unknown("the target groups of its Region, or their targets, were not read to the end")
        states = Counter(state for group in groups for state in group.target_states or ())
        if states["healthy"]:
            return Ok(f"{states['healthy']} of its targets are healthy")
        if not set(states) - {"draining"}:
            return Ok("it has no targets, which is another check's")
        if others := sorted(set(states) - _DOWN):
            return Unknown(f"AWS does not tell the health of all its targets: {', '.join(others)}")
        if missing := too_young(resource.created_at, self.min_age_days, context):
            return Unknown(missing)
        return self._waste(resource, states, context)

    def _waste(self, resource: LoadBalancer, states: Counter[str], context: Context) -> Waste:
        cost = monthly_cost(resource, context)
        elastic = elastic_ips_on(resource, context)
        told = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
        return Waste(
            reason=f"None of its {states.total()} targets is healthy: {told}.",
            monthly_saving=cost,
            monthly_cost=cost,
            confidence=Confidence.REVIEW,
            evidence=(Measurement("healthy targets", 0, "targets", 0), Measurement("targets", told)),
            keeps_billing=(
                "what its targets are",
                *((f"{elastic} Elastic IPs, until they are released",) if elastic else ()),
            ),
            doubts=(
                *managed(resource),
                "The health is that of one moment: an outage looks the same.",
            ),
            cleared_by="One healthy target.",
        )
