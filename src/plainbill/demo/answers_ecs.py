"""ECS: clusters, services and the size of their tasks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plainbill.demo.call import Answer, Call, paged
from plainbill.demo.estate_apps import Service, services
from plainbill.demo.wire_scope import WireError

_LOWER = ("nextToken", "nextToken")


def list_clusters(call: Call) -> Mapping[str, Any]:
    """List the ARNs of the ECS clusters."""
    here = services(call.company).at(call.account, call.region)
    arns = list(dict.fromkeys(one.arn("ecs", f"cluster/{one.cluster}") for one in here))
    return paged(call, "clusterArns", arns, limit="maxResults", token=_LOWER, most=100)


def list_services(call: Call) -> Mapping[str, Any]:
    """List the ARNs of a cluster's services, ten a page unless more are asked for."""
    arns = [one.arn("ecs", f"service/{one.name}") for one in _of_cluster(call)]
    return paged(call, "serviceArns", arns, limit="maxResults", token=_LOWER, most=100, default=10)


def describe_services(call: Call) -> Mapping[str, Any]:
    """Describe up to ten services of a cluster, by name or ARN."""
    asked = call.params["services"]
    if len(asked) > 10:
        raise WireError("InvalidParameterException", "Services cannot have more than 10 items.")
    known = {one.arn("ecs", f"service/{one.name}"): one for one in _of_cluster(call)}
    known |= {arn.rpartition("/")[2]: one for arn, one in known.items()}
    has_tags = "TAGS" in call.params.get("include", ())
    return {
        "services": [_service(known[name], has_tags=has_tags) for name in asked if name in known],
        "failures": [{"arn": name, "reason": "MISSING"} for name in asked if name not in known],
    }


def _of_cluster(call: Call) -> list[Service]:
    name = str(call.params.get("cluster", "default")).rpartition("/")[2]
    here = [one for one in services(call.company).at(call.account, call.region) if one.cluster == name]
    if not here:
        raise WireError("ClusterNotFoundException", "Cluster not found.")
    return here


def _service(service: Service, *, has_tags: bool) -> dict[str, Any]:
    cluster, _, name = service.name.partition("/")
    facts: dict[str, Any] = {
        "serviceArn": service.arn("ecs", f"service/{service.name}"),
        "serviceName": name,
        "clusterArn": service.arn("ecs", f"cluster/{cluster}"),
        "status": "ACTIVE",
        "desiredCount": service.tasks,
        "runningCount": service.tasks,
        "pendingCount": 0,
        "taskDefinition": service.arn("ecs", f"task-definition/{name}:7"),
        "createdAt": service.created_at,
    }
    if service.runs_on == "FARGATE_SPOT":
        facts["capacityProviderStrategy"] = [{"capacityProvider": service.runs_on, "weight": 1, "base": 0}]
    else:
        facts["launchType"] = service.runs_on
    tags = [{"key": key, "value": value} for key, value in service.tags.items()]
    return facts | ({"tags": tags} if has_tags else {})


def describe_task_definition(call: Call) -> Mapping[str, Any]:
    """Describe the task definition of one service."""
    arn = str(call.params["taskDefinition"])
    family = arn.rpartition("/")[2].partition(":")[0]
    here = services(call.company).at(call.account, call.region)
    service = next((one for one in here if one.name.partition("/")[2] == family), None)
    if service is None:
        raise WireError("ClientException", "Unable to describe task definition.")
    told: dict[str, Any] = {
        "taskDefinitionArn": service.arn("ecs", f"task-definition/{family}:7"),
        "family": family,
        "revision": 7,
        "status": "ACTIVE",
        "cpu": str(service.cpu_units),
        "memory": str(service.memory_mib),
        "runtimePlatform": {"cpuArchitecture": "X86_64", "operatingSystemFamily": "LINUX"},
    }
    return {"taskDefinition": told}


ANSWERS: Mapping[str, Answer] = {
    "ecs:ListClusters": list_clusters,
    "ecs:ListServices": list_services,
    "ecs:DescribeServices": describe_services,
    "ecs:DescribeTaskDefinition": describe_task_definition,
}
