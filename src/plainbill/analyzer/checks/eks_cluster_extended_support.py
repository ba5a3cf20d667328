"""EKS clusters whose version of Kubernetes is past its standard support."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from plainbill.analyzer.waste_check import Context, WasteCheck
from plainbill.analyzer.wording import days_text
from plainbill.model.findings import Action, Effort, Measurement, Ok, Unknown, Verdict, Waste
from plainbill.model.resources.eks import EksCluster
from plainbill.prices.managed import monthly_eks_cluster

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class EksClusterExtendedSupport(WasteCheck[EksCluster]):
    """Fourteen months after its release a version of Kubernetes leaves standard support; then the control
    plane is billed at several times its price.

    Upgrade the cluster, version by version, and its nodes with it. AWS's check of the cluster (upgrade
    insights) names what would break. The date is what AWS states today for the version.
    """

    id, title = "eks_cluster_extended_support", "EKS cluster in extended support"
    resource, action, effort = EksCluster, Action.UPGRADE, Effort.HIGH
    rule = "The version's standard support has ended, and the cluster is not upgraded by AWS itself."
    source = "AWS: EKS prices, and DescribeClusterVersions for the dates"

    def evaluate(self, resource: EksCluster, context: Context) -> Verdict:
        """Judge one cluster."""
        if resource.status == "DELETING":
            return Ok("it is being deleted")
        if resource.support_type == "STANDARD":
            return Ok("AWS upgrades it when standard support ends")
        ends_at = resource.standard_support_ends_at
        if ends_at is None:
            return Unknown(f"AWS did not say until when version {resource.version} has standard support")
        passed = context.now - ends_at
        if passed < _DAY:  # the last day is still in it
            return Ok(f"version {resource.version} has standard support until {ends_at:%Y-%m-%d}")
        cost = monthly_eks_cluster(context.rates, resource.region, extended_support=True)
        after = monthly_eks_cluster(context.rates, resource.region)
        return Waste(
            f"standard support of version {resource.version} ended on {ends_at:%Y-%m-%d}, "
            f"{days_text(passed.days)} ago",
            None if cost is None or after is None else cost - after,
            cost,
            evidence=(
                Measurement("version", resource.version),
                Measurement("in extended support", passed.days, "days"),
            ),
            keeps_billing=("the control plane at its standard price", "nodes, volumes and load balancers"),
            doubts=() if resource.support_type else ("AWS did not say which support the cluster has",),
            cleared_by="an upgrade to a version in standard support",
        )
