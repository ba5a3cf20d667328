"""CloudWatch Logs, Lambda and EKS, as far as an inventory asks them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from plainbill.demo.call import Answer, Call, paged
from plainbill.demo.estate_apps import (
    GIB,
    Cluster,
    Function,
    Group,
    clusters,
    extended_until,
    functions,
    groups,
    supported_until,
)
from plainbill.demo.wire_scope import WireError

_LOWER = ("nextToken", "nextToken")


def describe_log_groups(call: Call) -> Mapping[str, Any]:
    """List the log groups, fifty a page."""
    told = [_group(one) for one in groups(call.company).at(call.account, call.region)]
    return paged(call, "logGroups", told, limit="limit", token=_LOWER, most=50)


def _group(group: Group) -> dict[str, Any]:
    arn = group.arn("logs", f"log-group:{group.name}")
    facts: dict[str, Any] = {
        "logGroupName": group.name,
        "creationTime": int(group.created_at.timestamp() * 1000),
        "metricFilterCount": 0,
        "arn": f"{arn}:*",
        "logGroupArn": arn,
        "storedBytes": int(group.stored_gib * GIB),
        "logGroupClass": "STANDARD",
    }
    return facts if group.retention is None else facts | {"retentionInDays": group.retention}


def list_functions(call: Call) -> Mapping[str, Any]:
    """List the functions' newest versions, fifty a page."""
    told = [_function(one) for one in functions(call.company).at(call.account, call.region)]
    return paged(call, "Functions", told, limit="MaxItems", token=("Marker", "NextMarker"), most=50)


def get_function_configuration(call: Call) -> Mapping[str, Any]:
    """Describe a function, or its alias ``live``."""
    function = _named_function(call)
    if call.params.get("Qualifier") not in {None, "live", "$LATEST"}:
        raise _no_function(call)
    return _function(function)


def list_provisioned_concurrency_configs(call: Call) -> Mapping[str, Any]:
    """List what is kept warm of one function."""
    function = _named_function(call)
    told = [
        {
            "FunctionArn": function.arn("lambda", f"function:{function.name}:live"),
            "RequestedProvisionedConcurrentExecutions": function.warm,
            "AvailableProvisionedConcurrentExecutions": function.warm,
            "AllocatedProvisionedConcurrentExecutions": function.warm,
            "Status": "READY",
            "LastModified": function.created_at.isoformat(timespec="milliseconds"),
        }
    ]
    key = "ProvisionedConcurrencyConfigs"
    configs = told if function.warm else []
    return paged(call, key, configs, limit="MaxItems", token=("Marker", "NextMarker"), most=50)


def _named_function(call: Call) -> Function:
    name = str(call.params["FunctionName"])
    function = functions(call.company).named(call.account, call.region, name)
    if function is None:
        raise _no_function(call)
    return function


def _no_function(call: Call) -> WireError:
    arn = f"arn:aws:lambda:{call.region}:{call.account}:function:{call.params['FunctionName']}"
    return WireError("ResourceNotFoundException", f"Function not found: {arn}", 404)


def _function(function: Function) -> dict[str, Any]:
    return {
        "FunctionName": function.name,
        "FunctionArn": function.arn("lambda", f"function:{function.name}"),
        "Runtime": "python3.13",
        "Role": f"arn:aws:iam::{function.account_id}:role/{function.name}",
        "Handler": "app.handler",
        "CodeSize": 1_000_000 + function.seed % 9_000_000,
        "Timeout": 30,
        "MemorySize": function.memory_mib,
        "LastModified": function.created_at.isoformat(timespec="milliseconds"),
        "Version": "$LATEST",
        "PackageType": "Zip",
        "Architectures": [function.architecture],
    }


def list_clusters(call: Call) -> Mapping[str, Any]:
    """List the names of the EKS clusters."""
    names = [one.name for one in clusters(call.company).at(call.account, call.region)]
    return paged(call, "clusters", names, limit="maxResults", token=_LOWER, most=100)


def describe_cluster(call: Call) -> Mapping[str, Any]:
    """Describe one EKS cluster."""
    cluster = clusters(call.company).named(call.account, call.region, call.params["name"])
    if cluster is None:
        message = f"No cluster found for name: {call.params['name']}."
        raise WireError("ResourceNotFoundException", message, 404)
    return {"cluster": _cluster(cluster)}


def _cluster(cluster: Cluster) -> dict[str, Any]:
    return {
        "name": cluster.name,
        "arn": cluster.arn("eks", f"cluster/{cluster.name}"),
        "createdAt": cluster.created_at,
        "version": cluster.version,
        "status": "ACTIVE",
        "platformVersion": "eks.12",
        "tags": dict(cluster.tags),
        "upgradePolicy": {"supportType": cluster.support_type},
    }


def describe_cluster_versions(call: Call) -> Mapping[str, Any]:
    """List the versions of Kubernetes that EKS offers today, newest first."""
    today = call.now.date()
    told = [
        {
            "clusterVersion": version,
            "clusterType": "eks",
            "endOfStandardSupportDate": _midnight(standard),
            "endOfExtendedSupportDate": _midnight(extended_until(standard)),
            "versionStatus": "STANDARD_SUPPORT" if today <= standard else "EXTENDED_SUPPORT",
        }
        for version, standard in sorted(supported_until(today).items(), key=lambda one: one[1], reverse=True)
    ]
    return paged(call, "clusterVersions", told, limit="maxResults", token=_LOWER, most=100)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


ANSWERS: Mapping[str, Answer] = {
    "logs:DescribeLogGroups": describe_log_groups,
    "lambda:ListFunctions": list_functions,
    "lambda:GetFunctionConfiguration": get_function_configuration,
    "lambda:ListProvisionedConcurrencyConfigs": list_provisioned_concurrency_configs,
    "eks:ListClusters": list_clusters,
    "eks:DescribeCluster": describe_cluster,
    "eks:DescribeClusterVersions": describe_cluster_versions,
}
