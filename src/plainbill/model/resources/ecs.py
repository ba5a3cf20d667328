"""Amazon ECS."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from plainbill.model.resources.base import Resource


@dataclass(frozen=True, slots=True, kw_only=True)
class EcsService(Resource):
    """One service (``DescribeServices``), with the size of its tasks (``DescribeTaskDefinition``)."""

    source: ClassVar[str] = "ecs_services"

    service_name: str
    cluster_name: str
    service_arn: str
    status: str  # ACTIVE | DRAINING | INACTIVE
    created_at: datetime
    desired_count: int
    running_count: int
    runs_on: tuple[str, ...]  # FARGATE, FARGATE_SPOT, EC2, EXTERNAL or the names of capacity providers
    task_definition: str | None = None  # its ARN; None for services that are deployed otherwise
    task_cpu_units: int | None = None  # 1,024 are a vCPU; None where it could not be read
    task_memory_mib: int | None = None
    architecture: str | None = None  # X86_64 | ARM64
    system: str | None = None  # LINUX | WINDOWS_SERVER_2022_CORE ...

    @property
    def resource_id(self) -> str:
        """Cluster and name."""
        return f"{self.cluster_name}/{self.service_name}"

    @property
    def name(self) -> str | None:
        """Cluster and name."""
        return self.resource_id

    @property
    def arn(self) -> str:
        """The ARN as AWS gives it: older services have a short one without the cluster."""
        return self.service_arn

    @property
    def dimensions(self) -> Mapping[str, str]:
        """``AWS/ECS``'s dimensions of a service."""
        return {"ClusterName": self.cluster_name, "ServiceName": self.service_name}
