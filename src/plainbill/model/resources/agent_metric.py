"""What the CloudWatch agent measures inside EC2 instances: memory and GPUs, which AWS/EC2 does not see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from plainbill.model.metrics import HOUR, Metric
from plainbill.model.resources.base import Resource, arn_of

NAMESPACE = "CWAgent"
COMMITTED = Metric(NAMESPACE, "Memory % Committed Bytes In Use", "Maximum", "%")
MEMORY = (Metric(NAMESPACE, "mem_used_percent", "Maximum", "%"), COMMITTED)
"""The agent's name of it on Linux, without caches and buffers, and on Windows; by the day."""
GPU = (
    Metric(NAMESPACE, "nvidia_smi_utilization_gpu", "Maximum", "%", step=HOUR),
    Metric(NAMESPACE, "nvidia_smi_utilization_memory", "Maximum", "%", step=HOUR),
)
"""By the hour, as CPU is looked at: an hour in which a GPU worked is a busy one."""
ALL = {metric.name: metric for metric in (*MEMORY, *GPU)}


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentMetric(Resource):
    """One metric that an agent sent in the last two weeks (``ListMetrics``); a GPU has one of its own.

    ``labels`` are its dimensions, exactly as they must be asked for.
    """

    source: ClassVar[str] = "ec2_agent_metrics"

    instance_id: str
    metric_name: str
    labels: Mapping[str, str]

    @property
    def resource_id(self) -> str:
        """The metric and its dimensions, in one order."""
        labels = ",".join(f"{name}={value}" for name, value in sorted(self.labels.items()))
        return f"{self.metric_name}/{labels}"

    @property
    def arn(self) -> str:
        """A name in the form of an ARN: AWS gives metrics none."""
        return arn_of("cloudwatch", self.region, self.account_id, f"metric/{NAMESPACE}/{self.resource_id}")

    @property
    def name(self) -> str | None:
        """The name of the metric."""
        return self.metric_name

    @property
    def dimensions(self) -> Mapping[str, str]:
        """Its dimensions, as the agent was told to send them."""
        return self.labels

    def publishes(self, namespace: str) -> bool:
        """Whether the namespace is the agent's."""
        return namespace == NAMESPACE
