"""Stopped RDS instances whose storage is billed all the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from plainbill.analyzer.daily import too_young
from plainbill.analyzer.rds_costs import CONNECTIONS, storage_cost, storage_saving
from plainbill.analyzer.waste_check import Context, WasteCheck, threshold
from plainbill.model.findings import Action, Confidence, Effort, Measurement, Ok, Unknown, Verdict, Waste
from plainbill.model.period import minute
from plainbill.model.resources.rds import RdsCluster, RdsInstance

_STOPS_FOR = timedelta(days=7)


@dataclass(frozen=True)
class RdsInstanceStopped(WasteCheck[RdsInstance]):
    """A stopped database is still billed for storage, provisioned IOPS and backups.

    RDS starts it again by itself after 7 days, and then bills its hours too, until somebody stops it once
    more. Make a final snapshot and delete it; the snapshot can be restored when the database is needed.
    """

    id, title = "rds_instance_stopped", "Stopped RDS instance"
    resource, needs, metrics = RdsInstance, (RdsCluster,), (CONNECTIONS,)
    action, effort = Action.DELETE, Effort.LOW
    rule = "Stopped, and without a connection on any day of the last {min_days} on which it ran."
    source = "Amazon RDS user guide, stopping an instance: at most 7 days, storage and backups are billed"

    min_days: int = threshold(30, "Days to look back on; one that is stopped at night only is in use.")

    def measures(self, resource: RdsInstance) -> bool:
        """Only of stopped ones."""
        return resource.status == "stopped"

    def evaluate(self, resource: RdsInstance, context: Context) -> Verdict:
        """Judge one instance; the storage of an Aurora cluster is counted at its writer."""
        if resource.status != "stopped":
            return Ok("it is not stopped")
        if resource.cluster_id and (other := _not_writer(resource, context)):
            return other
        if young := too_young(context, resource.created_at, self.min_days):
            return young
        # Absent days are days on which it was stopped: a running instance publishes connections every minute.
        connections = context.used(resource, CONNECTIONS, self.min_days)
        if connections is None:
            return Unknown(f"its connections in the last {self.min_days} days were not read")
        used_on = sum(count > 0 for count in connections.known)
        if used_on:
            return Ok(f"clients connected on {used_on} of the last {self.min_days} days")
        return self._waste(resource, len(connections.known), context)

    def _waste(self, database: RdsInstance, days_run: int, context: Context) -> Waste:
        size = database.allocated_gib
        what = "the storage of its cluster is" if database.cluster_id else f"its {size or 'unknown'} GiB are"
        return Waste(
            reason=f"Stopped{_since(database)}, {what} billed all the same. It ran on {days_run} of the last "
            f"{self.min_days} days, and nobody connected.",
            monthly_saving=storage_saving(context, database),
            monthly_cost=storage_cost(context, database),
            confidence=Confidence.MEDIUM,
            evidence=(
                Measurement("days it ran without a connection", days_run, "days"),
                Measurement("starts again by itself", _text(database), ""),
            ),
            keeps_billing=("the final snapshot, for what is stored in it",),
            doubts=("It may be kept for an occasion such as a yearly audit.",),
            cleared_by="A connection while it runs, or its deletion.",
        )


def _not_writer(database: RdsInstance, context: Context) -> Verdict | None:
    clusters = context.inventory.beside(database, RdsCluster)
    if clusters is None:
        return Unknown("the database clusters of its Region were not read to the end")
    cluster = next((one for one in clusters if one.cluster_id == database.cluster_id), None)
    if cluster is None or cluster.writer is None:
        return Unknown(f"AWS does not say which member of its cluster {database.cluster_id} is the writer")
    is_writer = cluster.writer == database.instance_id
    return None if is_writer else Ok(f"the cluster's storage is looked at with its writer, {cluster.writer}")


def _since(database: RdsInstance) -> str:
    if database.restarts_at is None:
        return ""
    return f" since {database.restarts_at - _STOPS_FOR:%Y-%m-%d}"


def _text(database: RdsInstance) -> str | None:
    return None if database.restarts_at is None else minute(database.restarts_at)
