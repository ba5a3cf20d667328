"""Fargate services that run and do nothing."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from plainbill.analyzer.measured import covered, too_young
from plainbill.analyzer.waste_check import Context, WasteCheck, threshold
from plainbill.analyzer.wording import below, days_text
from plainbill.model.findings import Action, Effort, Measurement, Ok, Unknown, Verdict, Waste
from plainbill.model.metrics import Metric
from plainbill.model.money import Money
from plainbill.model.resources.ecs import EcsService
from plainbill.prices.items import Processor
from plainbill.prices.managed import monthly_fargate_task

_CPU = Metric("AWS/ECS", "CPUUtilization", "Maximum", "%")
_MEMORY = Metric("AWS/ECS", "MemoryUtilization", "Maximum", "%")
_PROCESSORS = {"X86_64": Processor.X86_64, "ARM64": Processor.ARM64}


@dataclass(frozen=True)
class EcsServiceIdle(WasteCheck[EcsService]):
    """Fargate bills the vCPUs and the memory that a task asks for, whether or not it uses them.

    Set the desired count to 0; if nobody misses the service, delete it. Services on instances are not
    judged here: it is the instances that are billed.
    """

    id, title = "ecs_service_idle", "Idle Fargate service"
    resource, action, effort = EcsService, Action.DELETE, Effort.LOW
    metrics = (_CPU, _MEMORY)
    rule = "CPU and memory of every task stayed under {max_percent} % for {days} days."
    source = "Compute Optimizer: peak CPU and memory of ECS on Fargate below 1 % for 14 days"

    days: int = threshold(14, "Days to look back on.")
    max_percent: float = threshold(1.0, "Percent of CPU or memory from which on a service works.")

    def evaluate(self, resource: EcsService, context: Context) -> Verdict:
        """Judge one service."""
        return self._without_metrics(resource, context) or self._by_metrics(resource, context)

    def _without_metrics(self, resource: EcsService, context: Context) -> Verdict | None:
        """Return the answer where what is measured does not matter."""
        if resource.status != "ACTIVE" or not (resource.desired_count or resource.running_count):
            return Ok("it runs no task")
        if not resource.runs_on:
            return Unknown("AWS did not say what it runs on")
        if not all(name.startswith("FARGATE") for name in resource.runs_on):
            return Ok("it runs on instances, which are billed and judged themselves")
        if young := too_young(context, resource.created_at, self.days):
            return young
        return None

    def _by_metrics(self, resource: EcsService, context: Context) -> Verdict:
        cpu = covered(context, resource, _CPU, self.days)
        memory = covered(context, resource, _MEMORY, self.days)
        measured = (one.maximum or 0.0 for one in (cpu, memory) if not isinstance(one, Unknown))
        if (peak := max(measured, default=0.0)) >= self.max_percent:
            return Ok(f"at its busiest {peak:.1f} % in use")  # whatever else is not known
        if isinstance(cpu, Unknown):
            return cpu
        if isinstance(memory, Unknown):
            return memory
        peaks = [below(series.maximum or 0.0, self.max_percent) for series in (cpu, memory)]
        cost = self._monthly(resource, context)
        return Waste(
            f"CPU peaked at {peaks[0]} % and memory at {peaks[1]} % in {days_text(self.days)} (threshold "
            f"{self.max_percent:g} %), with {resource.running_count} tasks running",
            cost,
            cost,
            evidence=(
                Measurement("highest CPU", cpu.maximum, "%", self.max_percent),
                Measurement("highest memory", memory.maximum, "%", self.max_percent),
                Measurement("tasks running", resource.running_count),
            ),
            keeps_billing=("its load balancer", "the logs it has written"),
            cleared_by=f"CPU or memory at {self.max_percent:g} %",
        )

    @staticmethod
    def _monthly(resource: EcsService, context: Context) -> Money | None:
        """Return the price of the tasks; None for Spot, Windows and tasks of unknown size."""
        cpu, memory = resource.task_cpu_units, resource.task_memory_mib
        processor = _PROCESSORS.get(resource.architecture or "")
        if set(resource.runs_on) != {"FARGATE"} or resource.system != "LINUX" or processor is None:
            return None
        if not cpu or not memory or not resource.running_count:
            return None
        size = Decimal(cpu) / 1024, Decimal(memory) / 1024
        count = resource.running_count
        return monthly_fargate_task(context.rates, resource.region, *size, processor=processor, count=count)
