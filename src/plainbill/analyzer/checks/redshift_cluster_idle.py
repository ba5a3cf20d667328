"""Redshift clusters that nobody connects to."""

from __future__ import annotations

from dataclasses import dataclass

from plainbill.analyzer.daily import measured, too_young
from plainbill.analyzer.waste_check import Context, WasteCheck, threshold
from plainbill.model.findings import Action, Confidence, Effort, Measurement, Ok, Unknown, Verdict, Waste
from plainbill.model.metrics import Metric
from plainbill.model.resources.redshift import RedshiftCluster
from plainbill.prices.nodes import monthly_redshift_nodes

CONNECTIONS = Metric("AWS/Redshift", "DatabaseConnections", "Maximum", "connections")
_PAUSED = ("paused", "pausing")


@dataclass(frozen=True)
class RedshiftClusterIdle(WasteCheck[RedshiftCluster]):
    """The nodes of a warehouse are billed by the hour, whether anybody asks it or not.

    Pause it: that ends the charge for the nodes and can be undone in minutes. If nobody misses it, make a
    final snapshot and delete it.
    """

    id, title = "redshift_cluster_idle", "Idle Redshift cluster"
    resource, metrics = RedshiftCluster, (CONNECTIONS,)
    action, effort = Action.STOP, Effort.LOW
    rule = "No connection on any of {min_days} days, while it was not paused."
    source = (
        "AWS Trusted Advisor, underutilized Redshift clusters (no connection in 7 days), over twice the time"
    )

    min_days: int = threshold(14, "Days to look back on; every one of them must have been measured.")

    def measures(self, resource: RedshiftCluster) -> bool:
        """Not while it is paused."""
        return resource.status not in _PAUSED

    def evaluate(self, resource: RedshiftCluster, context: Context) -> Verdict:
        """Judge one cluster."""
        if resource.status in _PAUSED:
            return Ok("it is paused")
        if young := too_young(context, resource.created_at, self.min_days):
            return young
        connections = measured(context, resource, CONNECTIONS, self.min_days, min_coverage=1.0)
        if isinstance(connections, Unknown):
            return connections
        if connections.maximum:
            return Ok(f"up to {connections.maximum:g} connections at once")
        nodes = resource.nodes * (2 if resource.multi_az else 1)
        cost = monthly_redshift_nodes(context.rates, resource.region, resource.node_type, nodes)
        storage = ("managed storage, by what is stored",) if resource.has_managed_storage else ()
        return Waste(
            reason=f"0 connections in {self.min_days} days (every day was measured); its {nodes} "
            f"{resource.node_type} {'node is' if nodes == 1 else 'nodes are'} billed by the hour.",
            monthly_saving=cost,
            monthly_cost=cost,
            confidence=Confidence.MEDIUM if resource.has_managed_storage else Confidence.HIGH,
            evidence=(
                Measurement("most connections", 0, "connections", 0),
                Measurement("nodes", nodes, "nodes"),
            ),
            keeps_billing=(*storage, "snapshots", "reserved nodes, until they expire"),
            doubts=_doubts(resource),
            cleared_by="One connection.",
        )


def _doubts(cluster: RedshiftCluster) -> tuple[str, ...]:
    if cluster.has_managed_storage:
        return (
            "Another cluster may read its data through a data share, which is no connection to this one.",
        )
    return ()
