"""OpenSearch domains that nobody searches or writes to."""

from __future__ import annotations

from dataclasses import dataclass

from plainbill.analyzer.daily import measured
from plainbill.analyzer.waste_check import Context, WasteCheck, threshold
from plainbill.model.findings import Action, Confidence, Effort, Measurement, Ok, Unknown, Verdict, Waste
from plainbill.model.metrics import Metric
from plainbill.model.money import Money, total
from plainbill.model.resources.opensearch import OpenSearchDomain
from plainbill.prices.nodes import monthly_opensearch_nodes, monthly_opensearch_storage

SEARCHES = Metric("AWS/ES", "SearchRate", "Sum", "searches")
WRITES = Metric("AWS/ES", "IndexingRate", "Sum", "writes")


@dataclass(frozen=True)
class OpenSearchDomainIdle(WasteCheck[OpenSearchDomain]):
    """The nodes and disks of a domain are billed by the hour, whether anybody searches it or not.

    A domain cannot be stopped. Take a snapshot into a bucket of your own, then delete it; AWS's own snapshots
    go with the domain.
    """

    id, title = "opensearch_domain_idle", "Idle OpenSearch domain"
    resource, metrics = OpenSearchDomain, (SEARCHES, WRITES)
    action, effort = Action.DELETE, Effort.MEDIUM
    rule = "No search and no document written on any of {min_days} days."
    source = "Our own proposal, after AWS Compute Optimizer's rules for caches"

    min_days: int = threshold(14, "Days to look back on; every one of them must have been measured.")

    def measures(self, resource: OpenSearchDomain) -> bool:
        """Not while it is being deleted."""
        return not resource.is_deleted

    def evaluate(self, resource: OpenSearchDomain, context: Context) -> Verdict:
        """Judge one domain; that it is old enough shows in its metrics, AWS does not say when it was made."""
        if resource.is_deleted:
            return Ok("it is being deleted")
        for metric in (SEARCHES, WRITES):
            counts = measured(context, resource, metric, self.min_days, min_coverage=1.0)
            if isinstance(counts, Unknown):
                return counts
            if counts.maximum:
                return Ok(f"used: {metric.name} is above 0 on {sum(one > 0 for one in counts.known)} days")
        cost = _cost(context, resource)
        nodes = resource.instances + resource.masters + resource.warm_nodes + resource.other_nodes
        return Waste(
            reason=f"0 searches and 0 documents written in {self.min_days} days (every day was measured); "
            f"its {nodes} {'node is' if nodes == 1 else 'nodes are'} billed by the hour.",
            monthly_saving=cost,
            monthly_cost=cost,
            confidence=Confidence.MEDIUM,
            evidence=(
                Measurement("searches", 0, "", 0),
                Measurement("documents written", 0, "", 0),
                Measurement("nodes", nodes, "nodes"),
            ),
            keeps_billing=("snapshots in your own bucket", "reserved nodes, until they expire"),
            doubts=("An archive that is searched only after an incident is idle on purpose.",),
            cleared_by="One search or one document.",
        )


def _cost(context: Context, domain: OpenSearchDomain) -> Money | None:
    """Return what nodes and disks cost; None where any price, or the type of a node, is not known."""
    if domain.other_nodes:
        return None
    kinds = (
        (domain.instance_type, domain.instances),
        (domain.master_type, domain.masters),
        (domain.warm_type, domain.warm_nodes),
    )
    parts = [
        monthly_opensearch_nodes(context.rates, domain.region, node_type, count) if node_type else None
        for node_type, count in kinds
        if count
    ]
    if domain.volume_type is not None and domain.volume_gib is not None:
        parts.append(
            monthly_opensearch_storage(
                context.rates,
                domain.region,
                domain.volume_type,
                domain.volume_gib,
                domain.instances,
                domain.volume_iops,
            )
        )
    known = [part for part in parts if part is not None]
    return total(known, known[0].currency) if known and len(known) == len(parts) else None
