"""Load balancers that have nothing to send traffic to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from plainbill.analyzer.daily_metrics import too_young, use
from plainbill.analyzer.load_balancing import (
    ALL_METRICS,
    TRAFFIC,
    elastic_ips_on,
    groups_of,
    is_published,
    managed,
    monthly_cost,
)
from plainbill.analyzer.waste_check import Context, WasteCheck, threshold
from plainbill.model.findings import Action, Confidence, Effort, Measurement, Ok, Unknown, Verdict, Waste
from plainbill.model.resources.addresses import NetworkInterface
from plainbill.model.resources.load_balancers import LoadBalancer, TargetGroup

_IN_SERVICE = ("active", "active_impaired")


@dataclass(frozen=True)
class ElbLoadBalancerWithoutTargets(WasteCheck[LoadBalancer]):
    """A load balancer is billed by the hour from when it is made, also with no target to send traffic to.

    Look whether a name in DNS still points at it, then delete it; its target groups cost nothing. One that
    only redirects, or answers by itself, needs no targets: it is left alone as long as it has traffic.
    """

    id, title = "elb_load_balancer_without_targets", "Load balancer without targets"
    resource, needs = LoadBalancer, (TargetGroup, NetworkInterface)
    action, effort = Action.DELETE, Effort.LOW
    metrics = ALL_METRICS
    rule = "No target registered in any of its target groups, and made {min_age_days} days ago or more."
    source = "AWS Trusted Advisor, Idle Load Balancers, for Classic ones; the age is our own proposal"

    min_age_days: int = threshold(7, "Days since it was made; a younger one may wait for its targets.")

    def evaluate(self, resource: LoadBalancer, context: Context) -> Verdict:
        """Judge one load balancer."""
        groups = groups_of(resource, context)
        if groups is None:
            return Unknown("the target groups of its Region, or their targets, were not read to the end")
        if any(state != "draining" for group in groups for state in group.target_states or ()):
            return Ok("it has targets")
        if resource.state not in _IN_SERVICE:
            return Unknown(f"it is {resource.state}")
        if missing := too_young(resource.created_at, self.min_age_days, context):
            return Unknown(missing)
        traffic = TRAFFIC.get(resource.load_balancer_type, ())
        seen = use(resource, traffic, self.min_age_days, context)
        if seen and not groups:
            return Ok("it has traffic without any target group: it redirects, or answers by itself")
        return self._waste(resource, groups, seen, context)

    def _waste(
        self, resource: LoadBalancer, groups: Sequence[TargetGroup], seen: float | None, context: Context
    ) -> Waste:
        cost = monthly_cost(resource, context)
        elastic = elastic_ips_on(resource, context)
        among = f"in {len(groups)} target groups" if len(groups) > 1 else "in its target group"
        return Waste(
            reason=f"No target is registered {among}." if groups else "It sends traffic to no target group.",
            monthly_saving=cost,
            monthly_cost=cost,
            confidence=self._confidence(resource, seen, context),
            evidence=(
                Measurement("registered targets", 0, "targets", 0),
                Measurement("target groups", len(groups)),
            ),
            keeps_billing=(f"{elastic} Elastic IPs, until they are released",) if elastic else (),
            doubts=(
                *managed(resource),
                f"It had traffic in {self.min_age_days} days, and answers it by itself or with errors."
                if seen
                else "Targets may be registered for an occasion only.",
            ),
            cleared_by="Register a target.",
        )

    def _confidence(self, resource: LoadBalancer, seen: float | None, context: Context) -> Confidence:
        """Clients that still come make it a matter to look at; a silence must be shown to be one."""
        if seen:
            return Confidence.REVIEW
        is_silent = is_published(resource, self.min_age_days, context)
        confidence = Confidence.HIGH if is_silent else Confidence.MEDIUM
        return confidence.lowered() if managed(resource) else confidence
