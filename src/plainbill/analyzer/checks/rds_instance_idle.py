"""RDS instances that nobody connects to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from plainbill.analyzer.daily import measured, too_young
from plainbill.analyzer.rds_costs import CONNECTIONS, deletion_saving, full_cost
from plainbill.analyzer.waste_check import Context, WasteCheck, threshold
from plainbill.model.findings import Action, Confidence, Effort, Measurement, Ok, Unknown, Verdict, Waste
from plainbill.model.metrics import Metric
from plainbill.model.resources.rds import SERVERLESS, RdsCluster, RdsInstance

READS = Metric("AWS/RDS", "ReadIOPS", "Average", "reads/s")
WRITES = Metric("AWS/RDS", "WriteIOPS", "Average", "writes/s")


@dataclass(frozen=True)
class RdsInstanceIdle(WasteCheck[RdsInstance]):
    """A database is billed by the hour, by its storage and by its standby, whether anybody uses it or not.

    Make a final snapshot and delete it; a snapshot can be restored. Stopping is no lasting answer: RDS starts
    a stopped database again after 7 days, and storage, IOPS and backups are billed meanwhile. An Aurora
    cluster that is used now and then can become serverless, which pauses by itself.
    """

    id, title = "rds_instance_idle", "Idle RDS instance"
    resource, needs, metrics = RdsInstance, (RdsCluster,), (CONNECTIONS, READS, WRITES)
    action, effort = Action.DELETE, Effort.MEDIUM
    rule = (
        "No connection on any of {min_days} days, and not more than {max_iops} reads and writes a second on "
        "average; to be reviewed with up to {agent_connections} connections, which may be a monitoring "
        "agent's. Members of a cluster are idle only together."
    )
    source = "AWS Compute Optimizer, idle RDS instances: no connection in 14 days, not a replica, little I/O"

    min_days: int = threshold(14, "Days to look back on; every one of them must have been measured.")
    max_iops: float = threshold(20.0, "Reads and writes a second; RDS itself makes a few.")
    agent_connections: int = threshold(1, "Connections that a monitoring agent may hold all day.")

    def measures(self, resource: RdsInstance) -> bool:
        """Not where the reason for having no client is known; of a cluster every member counts."""
        return resource.cluster_id is not None or _excuse(resource) is None

    def evaluate(self, resource: RdsInstance, context: Context) -> Verdict:
        """Judge one instance, together with the others of its cluster."""
        if excuse := _excuse(resource):
            return Ok(excuse)
        together = self._together(resource, context)
        if isinstance(together, Unknown | Ok):
            return together
        if young := too_young(context, resource.created_at, self.min_days):
            return young
        most = 0.0
        for one in together:
            connections = measured(context, one, CONNECTIONS, self.min_days, min_coverage=1.0)
            if isinstance(connections, Unknown):
                return connections
            most = max(most, connections.maximum or 0.0)
        if most > self.agent_connections:
            return Ok(f"up to {most:g} connections at once")
        return self._judged(resource, most, context)

    @staticmethod
    def _together(database: RdsInstance, context: Context) -> Sequence[RdsInstance] | Unknown | Ok:
        """Return the instances that are idle only together, or why nothing can be said of them."""
        if database.cluster_id is None:
            return (database,)
        clusters = context.inventory.beside(database, RdsCluster)
        databases = context.inventory.beside(database, RdsInstance)
        if clusters is None or databases is None:
            return Unknown("the database clusters of its Region were not read to the end")
        cluster = next((one for one in clusters if one.cluster_id == database.cluster_id), None)
        if cluster is None:
            return Unknown(f"its cluster {database.cluster_id} was not among those that AWS listed")
        if cluster.global_cluster_id or cluster.replica_of:
            return Ok("its cluster is part of a global database or replicates another")
        return [one for one in databases if one.cluster_id == database.cluster_id]

    def _judged(self, database: RdsInstance, most: float, context: Context) -> Verdict:
        series = [measured(context, database, metric, self.min_days) for metric in (READS, WRITES)]
        means = [None if isinstance(one, Unknown) else one.mean for one in series]
        known = [mean for mean in means if mean is not None]
        if sum(known) > self.max_iops:
            return Ok(f"{sum(known):.0f} reads and writes a second without a client: replication, or a job")
        iops = sum(known) if len(known) == len(means) else None
        confidence = Confidence.HIGH if iops is not None else Confidence.MEDIUM
        return Waste(
            reason=f"Its highest number of connections in {self.min_days} days was {most:g} "
            f"(allowed: {self.agent_connections if most else 0}; every day was measured).",
            monthly_saving=deletion_saving(context, database),
            monthly_cost=full_cost(context, database),
            confidence=Confidence.REVIEW if most else confidence,
            evidence=(
                Measurement("most connections", most, "connections", float(self.agent_connections)),
                Measurement("reads and writes", iops, "a second", self.max_iops),
            ),
            keeps_billing=_kept(database),
            doubts=tuple(_doubts(most, iops)),
            cleared_by=f"One day with more than {self.agent_connections} connections.",
        )


def _excuse(database: RdsInstance) -> str | None:
    if database.db_class == SERVERLESS:
        return "serverless: billed by what it uses"
    if database.status == "stopped":
        return "it is stopped"
    if database.replica_of:
        return "a read replica: it stands by, or another check's matter"
    return f"{len(database.replicas)} read replicas depend on it" if database.replicas else None


def _kept(database: RdsInstance) -> tuple[str, ...]:
    if database.cluster_id:
        return ("the cluster's storage and backups, until the cluster is deleted", "the final snapshot")
    return ("the final snapshot, for what is stored in it", "manual snapshots taken before")


def _doubts(most: float, iops: float | None) -> list[str]:
    doubts = ["A database for a yearly occasion or a disaster is idle on purpose."]
    if most:
        doubts.append("One connection may be a monitoring agent, or the one job that needs it.")
    if iops is None:
        doubts.append("Reads and writes were not measured, so replication from outside was not ruled out.")
    return doubts
