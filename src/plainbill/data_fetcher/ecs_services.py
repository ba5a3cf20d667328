"""ECS: the services of every cluster, ten at a time, and the size of the tasks they run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from plainbill.aws_connector import Connector, Read, Scope, instant
from plainbill.data_fetcher.collector import Collector, Page, tags_of
from plainbill.data_fetcher.further_calls import FurtherCalls
from plainbill.data_fetcher.source import as_documented
from plainbill.model.inventory import Gap
from plainbill.model.resources import Resource
from plainbill.model.resources.ecs import EcsService

_PAGE = 100  # the most either list gives
_AT_ONCE = 10  # services of one DescribeServices
_CLUSTERS, _SERVICES, _DESCRIBE, _TASKS = (
    Read("ecs", "ListClusters", "the ECS clusters"),
    Read("ecs", "ListServices", "the services of each ECS cluster"),
    Read("ecs", "DescribeServices", "what the ECS services run on, and how many tasks"),
    Read("ecs", "DescribeTaskDefinition", "the size of an ECS service's tasks, and so its price"),
)


class EcsServices(Collector):
    """Every service of every cluster; each task definition is asked for once."""

    name = "ecs_services"
    kind = EcsService
    reads = (_CLUSTERS, _SERVICES, _DESCRIBE, _TASKS)

    @classmethod
    def fetch(cls, connector: Connector, scope: Scope) -> Iterator[Page]:
        """Yield the pages of ``ListClusters``."""
        return connector.pages(scope, "ecs", _CLUSTERS.operation, maxResults=_PAGE)

    @classmethod
    def parse(cls, page: Page, scope: Scope) -> Iterator[EcsService]:
        """Yield the services of one answer of ``DescribeServices``."""
        return (_service(raw, scope) for raw in page.get("services", ()))

    @classmethod
    def read(cls, connector: Connector, scope: Scope) -> tuple[list[Resource], list[Gap]]:
        """Return the services and what is missing; raises ``AwsError``."""
        with as_documented(_CLUSTERS, scope):
            clusters = [arn for page in cls.fetch(connector, scope) for arn in page["clusterArns"]]
        further = FurtherCalls(cls.name)
        found: list[EcsService] = []
        for cluster in clusters:
            arns = further.ask(partial(_arns, connector, scope, cluster)) or []
            for start in range(0, len(arns), _AT_ONCE):
                ten = arns[start : start + _AT_ONCE]
                found.extend(further.ask(partial(_described, connector, scope, cluster, ten)) or ())
        tasks = {
            arn: further.ask(partial(_task, connector, scope, arn)) or {}
            for arn in dict.fromkeys(one.task_definition for one in found if _is_billed(one))
            if arn is not None
        }
        return [_sized(one, tasks.get(one.task_definition or "")) for one in found], further.gaps()


def _arns(connector: Connector, scope: Scope, cluster: str) -> list[str]:
    pages = connector.pages(scope, "ecs", _SERVICES.operation, cluster=cluster, maxResults=_PAGE)
    with as_documented(_SERVICES, scope):
        return [arn for page in pages for arn in page["serviceArns"]]


def _described(connector: Connector, scope: Scope, cluster: str, arns: list[str]) -> list[EcsService]:
    asked = {"cluster": cluster, "services": arns, "include": ["TAGS"]}
    with as_documented(_DESCRIBE, scope):
        return list(EcsServices.parse(connector.call(scope, "ecs", _DESCRIBE.operation, **asked), scope))


def _is_billed(service: EcsService) -> bool:
    """Say whether ECS itself bills for the tasks: Fargate's, not those on instances."""
    return any(name.startswith("FARGATE") for name in service.runs_on)


def _task(connector: Connector, scope: Scope, arn: str) -> Mapping[str, Any]:
    with as_documented(_TASKS, scope):
        answer = connector.call(scope, "ecs", _TASKS.operation, taskDefinition=arn)["taskDefinition"]
        return dict(answer)


def _service(raw: Mapping[str, Any], scope: Scope) -> EcsService:
    providers = [one["capacityProvider"] for one in raw.get("capacityProviderStrategy") or ()]
    return EcsService(
        account_id=scope.account_id,
        region=scope.region,
        tags=tags_of(raw, "tags"),
        service_name=raw["serviceName"],
        service_arn=raw["serviceArn"],
        cluster_name=raw["clusterArn"].rpartition("/")[2],
        status=raw["status"],
        created_at=instant(raw["createdAt"]),
        desired_count=int(raw["desiredCount"]),
        running_count=int(raw["runningCount"]),
        runs_on=tuple(providers) or ((raw["launchType"],) if raw.get("launchType") else ()),
        task_definition=raw.get("taskDefinition"),
    )


def _sized(service: EcsService, raw: Mapping[str, Any] | None) -> EcsService:
    if not raw:
        return service
    platform = raw.get("runtimePlatform") or {}
    return replace(
        service,
        task_cpu_units=int(raw["cpu"]) if raw.get("cpu") else None,
        task_memory_mib=int(raw["memory"]) if raw.get("memory") else None,
        architecture=platform.get("cpuArchitecture") or "X86_64",
        system=platform.get("operatingSystemFamily") or "LINUX",
    )
