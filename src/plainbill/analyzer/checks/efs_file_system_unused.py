"""EFS file systems that nobody has mounted."""

from __future__ import annotations

from dataclasses import dataclass

from plainbill.analyzer.efs_cost import monthly_file_system
from plainbill.analyzer.measured import covered, gib, read_for, too_young
from plainbill.analyzer.waste_check import Context, WasteCheck, threshold
from plainbill.analyzer.wording import days_text
from plainbill.model.findings import Action, Confidence, Effort, Measurement, Ok, Unknown, Verdict, Waste
from plainbill.model.metrics import Metric
from plainbill.model.resources.efs import EfsFileSystem

_CONNECTIONS = Metric("AWS/EFS", "ClientConnections", "Sum", "connections", is_sparse=True)
_ALIVE = Metric("AWS/EFS", "PermittedThroughput", "Maximum", "bytes/s")
"""Where CloudWatch has it, the file system was measured, and no connection means that there was none."""
_EMPTY = 1024 * 1024  # bytes; a file system without a file has a few KiB


@dataclass(frozen=True)
class EfsFileSystemUnused(WasteCheck[EfsFileSystem]):
    """A file system is billed for what it stores, whether or not anyone has mounted it.

    Keep a backup (AWS Backup) and delete the file system. The backup is billed at a sixth of the price.
    """

    id, title = "efs_file_system_unused", "EFS file system nobody uses"
    resource, action, effort = EfsFileSystem, Action.DELETE, Effort.LOW
    metrics = (_CONNECTIONS, _ALIVE)
    rule = "No mount target, or no client connected for {days} days."
    source = "our own proposal; others flag file systems without input and output"

    days: int = threshold(30, "Days to look back on.")

    def evaluate(self, resource: EfsFileSystem, context: Context) -> Verdict:
        """Judge one file system."""
        return self._without_metrics(resource, context) or self._by_metrics(resource, context)

    def _without_metrics(self, resource: EfsFileSystem, context: Context) -> Verdict | None:
        """Return the answer where what is measured does not matter."""
        if resource.state != "available":
            return Ok(f"it is {resource.state}")
        if resource.is_replica:
            return Ok("it is the copy of another one")
        if resource.total_bytes < _EMPTY and resource.throughput_mode != "provisioned":
            return Ok("it is empty, and so free")
        if young := too_young(context, resource.created_at, self.days):
            return young
        return None

    def _by_metrics(self, resource: EfsFileSystem, context: Context) -> Verdict:
        if resource.mount_targets == 0:
            return self._waste(resource, context, "it has no mount target, so nobody can use it")
        alive = covered(context, resource, _ALIVE, self.days)
        if isinstance(alive, Unknown):
            return alive
        connections = read_for(context, resource, _CONNECTIONS, self.days)
        if isinstance(connections, Unknown):
            return connections
        if connections.total:
            return Ok("clients are connected")
        reason = f"no client connected in {days_text(self.days)}"
        return self._waste(resource, context, reason, Confidence.MEDIUM)

    def _waste(
        self,
        resource: EfsFileSystem,
        context: Context,
        reason: str,
        confidence: Confidence = Confidence.HIGH,
    ) -> Waste:
        cost = monthly_file_system(context.rates, resource)
        return Waste(
            f"{reason}; {gib(resource.total_bytes)} stored",
            cost,
            cost,
            confidence,
            evidence=(
                Measurement("mount targets", resource.mount_targets),
                Measurement("stored", resource.total_bytes / 2**30, "GiB"),
            ),
            keeps_billing=("its backups",),
            cleared_by="a client that mounts it",
        )
