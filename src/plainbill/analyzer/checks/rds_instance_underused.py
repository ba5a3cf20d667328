"""RDS instances for which a smaller class would do."""

from __future__ import annotations

from dataclasses import dataclass

from plainbill.analyzer.daily import measured, too_young
from plainbill.analyzer.rds_costs import as_class, instance_cost, smaller_class, spec_of
from plainbill.analyzer.waste_check import Context, WasteCheck, threshold
from plainbill.model.findings import Action, Confidence, Effort, Measurement, Ok, Unknown, Verdict, Waste
from plainbill.model.metrics import Metric, Series
from plainbill.model.resources.rds import SERVERLESS, RdsInstance
from plainbill.prices.instance_spec import InstanceSpec

CPU = Metric("AWS/RDS", "CPUUtilization", "Maximum", "%")
MEMORY = Metric("AWS/RDS", "FreeableMemory", "Minimum", "bytes")
_GIB = 1024**3


@dataclass(frozen=True)
class RdsInstanceUnderused(WasteCheck[RdsInstance]):
    """A class with more CPU and memory than the database needs is paid for by the hour.

    Change to the next smaller class in a maintenance window; the database restarts. Memory decides: a
    database that loses its cache reads from disk instead. Without a measurement of memory it is only a hint.
    """

    id, title = "rds_instance_underused", "RDS instance larger than needed"
    resource, metrics = RdsInstance, (CPU, MEMORY)
    action, effort = Action.RIGHTSIZE, Effort.MEDIUM
    rule = (
        "CPU below {max_cpu_percent} % in every minute of {min_days} days, and the memory in use at "
        "most {max_memory_percent} % of that of the next smaller class."
    )
    source = (
        "Our measurement on public traces: of machines halved by this CPU rule 0.8 % were short of CPU in "
        "the next 30 days; headroom of 20 % for memory as in AWS Compute Optimizer"
    )

    min_days: int = threshold(28, "Days to look back on.")
    max_cpu_percent: float = threshold(40.0, "The highest minute that still allows a smaller class.")
    max_memory_percent: float = threshold(80.0, "How full the memory of the smaller class may be.")

    def measures(self, resource: RdsInstance) -> bool:
        """Only where there is a smaller class."""
        return resource.status != "stopped" and smaller_class(resource.db_class) is not None

    def evaluate(self, resource: RdsInstance, context: Context) -> Verdict:
        """Judge one instance."""
        if resource.db_class == SERVERLESS or resource.status == "stopped":
            return Ok("serverless, or stopped")
        here = spec_of(resource.db_class)
        if here is None:
            return Unknown(f"CPUs and memory of {resource.db_class} are not known")
        smaller = smaller_class(resource.db_class)
        there = None if smaller is None else spec_of(smaller)
        if smaller is None or there is None:
            return Ok(f"there is no smaller class than {resource.db_class} in its family")
        return self._measured(resource, here, there, context)

    def _measured(
        self, resource: RdsInstance, here: InstanceSpec, there: InstanceSpec, context: Context
    ) -> Verdict:
        if young := too_young(context, resource.created_at, self.min_days):
            return young
        cpu = measured(context, resource, CPU, self.min_days)
        if isinstance(cpu, Unknown):
            return cpu
        peak = cpu.maximum
        if peak is None or peak >= self.max_cpu_percent:
            return Ok(f"CPU reached {peak:.1f} %" if peak is not None else "")
        memory = measured(context, resource, MEMORY, self.min_days)
        used = None if isinstance(memory, Unknown) else _used(memory, here)
        if used is not None and used > self.max_memory_percent / 100 * there.memory_mib / 1024:
            return Ok(f"its memory is needed: {used:.1f} GiB are in use")
        return self._waste(resource, f"db.{there.instance_type}", peak, used, context)

    def _waste(
        self, database: RdsInstance, smaller: str, peak: float, used: float | None, context: Context
    ) -> Verdict:
        now, then = instance_cost(context, database), instance_cost(context, as_class(database, smaller))
        saving = None if now is None or then is None else now - then
        if saving is not None and saving.amount <= 0:
            return Ok(f"{smaller} is not cheaper")
        is_guarded = bool(database.cluster_id or database.replica_of)
        memory = (
            "memory was not measured" if used is None else f"at most {used:.1f} GiB of memory were in use"
        )
        return Waste(
            reason=f"CPU never passed {peak:.1f} % in {self.min_days} days (allowed for a smaller class: "
            f"{self.max_cpu_percent:g} %), and {memory}: {smaller} would do instead of {database.db_class}.",
            monthly_saving=saving,
            monthly_cost=now,
            confidence=Confidence.REVIEW if used is None or is_guarded else Confidence.MEDIUM,
            evidence=(
                Measurement("highest CPU", peak, "%", self.max_cpu_percent),
                Measurement("most memory in use", used, "GiB"),
            ),
            keeps_billing=("the smaller instance", "storage, IOPS and backups"),
            doubts=tuple(_doubts(database, used)),
            cleared_by=f"A minute of {self.max_cpu_percent:g} % CPU or more.",
        )


def _used(memory: Series, here: InstanceSpec) -> float | None:
    """Return the most GiB that were ever in use; None where more is free than the class should have."""
    used = here.memory_mib / 1024 - min(memory.known) / _GIB
    return used if used >= 0 else None


def _doubts(database: RdsInstance, used: float | None) -> list[str]:
    doubts = ["A smaller class also has less network and disk bandwidth, and a lower limit of connections."]
    if used is None:
        doubts.append("Without a measurement of memory a smaller class may be too small.")
    if database.cluster_id or database.replica_of:
        doubts.append("A member that may have to take over should be as large as the one it takes over from.")
    if database.db_class.startswith("db.t"):
        doubts.append("A smaller burstable class earns fewer CPU credits.")
    return doubts
