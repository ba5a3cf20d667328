"""What load balancers are judged by: traffic, targets, and what they and their lent addresses cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from plainbill.analyzer.daily_metrics import is_measured
from plainbill.analyzer.waste_check import Context
from plainbill.model.metrics import Metric
from plainbill.model.money import Money
from plainbill.model.resources.addresses import NetworkInterface
from plainbill.model.resources.load_balancers import (
    NAMESPACES,
    ClassicLoadBalancer,
    LoadBalancer,
    TargetGroup,
)
from plainbill.prices.items import LoadBalancerKind
from plainbill.prices.network import monthly_load_balancer, monthly_public_ipv4

_APPLICATION, _NETWORK, _GATEWAY = NAMESPACES["application"], NAMESPACES["network"], NAMESPACES["gateway"]
TRAFFIC: Mapping[str, tuple[Metric, ...]] = {
    "application": (
        Metric(_APPLICATION, "RequestCount", "Sum", "requests", is_sparse=True),
        Metric(_APPLICATION, "ProcessedBytes", "Sum", "bytes", is_sparse=True),
    ),
    "network": (
        Metric(_NETWORK, "ActiveFlowCount", "Maximum", "flows"),
        Metric(_NETWORK, "ProcessedBytes", "Sum", "bytes"),
    ),
    "gateway": (
        Metric(_GATEWAY, "ActiveFlowCount", "Maximum", "flows", is_sparse=True),
        Metric(_GATEWAY, "ProcessedBytes", "Sum", "bytes", is_sparse=True),
    ),
}
"""By type: first what was asked of it, then all bytes, which count redirects and fixed responses too.

Health checks are in none of them. An application one counts a request only once it has chosen a target.
"""
PULSE: Mapping[str, Metric] = {
    kind: Metric(namespace, "ConsumedLCUs", "Sum", "LCU") for kind, namespace in NAMESPACES.items()
}
"""By type: what AWS documents as always reported, with traffic or without."""
ALL_METRICS = (*(metric for metrics in TRAFFIC.values() for metric in metrics), *PULSE.values())


_KUBERNETES = ("elbv2.k8s.aws/", "kubernetes.io/", "ingress.k8s.aws/", "service.k8s.aws/")


def managed(balancer: LoadBalancer | ClassicLoadBalancer) -> tuple[str, ...]:
    """Return the doubt about a load balancer that Kubernetes made, by the tags that it puts on it."""
    if any(key.startswith(_KUBERNETES) for key in balancer.tags):
        return ("Kubernetes made it, and would make it again: delete its Service or Ingress there.",)
    return ()


def is_published(balancer: LoadBalancer, days: int, context: Context) -> bool:
    """Whether a silence of the sparse metrics is a zero.

    It is where the metric that is always reported was there on enough days: then the load balancer's
    metrics arrive, and those that are reported only when there is something were reported not at all.
    """
    pulse = PULSE.get(balancer.load_balancer_type)
    return pulse is not None and is_measured(context.used(balancer, pulse, days))


def groups_of(balancer: LoadBalancer, context: Context) -> Sequence[TargetGroup] | None:
    """Return the target groups a load balancer sends traffic to.

    None where they, or the targets of one of them, were not read.
    """
    groups = context.inventory.beside(balancer, TargetGroup)
    if groups is None:
        return None
    own = [group for group in groups if balancer.arn in group.load_balancer_arns]
    return None if any(group.target_states is None for group in own) else own


def monthly_cost(balancer: LoadBalancer | ClassicLoadBalancer, context: Context) -> Money | None:
    """Return what goes when a load balancer goes: its hours, and the public addresses that AWS lent it.

    Elastic IPs on it stay, and traffic is not in it. Addresses that could not be read are left out.
    """
    kind = getattr(balancer, "load_balancer_type", "classic")
    if kind not in list(LoadBalancerKind):
        return None
    hours = monthly_load_balancer(context.rates, balancer.region, LoadBalancerKind(kind))
    lent = sum(len(one.assigned_ips) for one in _interfaces(balancer, context))
    if not lent or hours is None:
        return hours
    addresses = monthly_public_ipv4(context.rates, balancer.region, in_use=True, count=lent)
    return None if addresses is None else hours + addresses


def elastic_ips_on(balancer: LoadBalancer | ClassicLoadBalancer, context: Context) -> int:
    """Return how many Elastic IPs of the account's own are known to be on a load balancer."""
    return sum(len(one.allocation_ids) for one in _interfaces(balancer, context))


def _interfaces(balancer: LoadBalancer | ClassicLoadBalancer, context: Context) -> Sequence[NetworkInterface]:
    """Return its interfaces by the description that ELB gives them; only AWS sets ``RequesterManaged``."""
    interfaces = context.inventory.beside(balancer, NetworkInterface) or ()
    described = f"ELB {balancer.resource_id}"
    return [one for one in interfaces if one.is_service_managed and one.description == described]
