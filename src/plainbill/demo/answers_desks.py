"""SageMaker's endpoints and notebooks, and WorkSpaces, as far as an inventory asks them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from plainbill.demo.call import Answer, Call, paged
from plainbill.demo.estate_desks import Desktop, Notebook, Variant, desktops, notebooks, variants
from plainbill.demo.wire_scope import WireError


def list_endpoints(call: Call) -> Mapping[str, Any]:
    """List the endpoints, ten a page unless more are asked for."""
    firsts = {one.endpoint: one for one in reversed(variants(call.company).at(call.account, call.region))}
    told = [
        {
            "EndpointName": name,
            "EndpointArn": one.arn("sagemaker", f"endpoint/{name}"),
            "CreationTime": one.created_at,
            "LastModifiedTime": one.created_at,
            "EndpointStatus": "InService",
        }
        for name, one in sorted(firsts.items())
    ]
    return paged(call, "Endpoints", told, most=100, default=10)


def describe_endpoint(call: Call) -> Mapping[str, Any]:
    """Describe one endpoint with its variants."""
    name = str(call.params["EndpointName"])
    of_endpoint = _of_endpoint(call, name, f'Could not find endpoint "{name}".')
    first = of_endpoint[0]
    return {
        "EndpointName": name,
        "EndpointArn": first.arn("sagemaker", f"endpoint/{name}"),
        "EndpointConfigName": name,
        "EndpointStatus": "InService",
        "CreationTime": first.created_at,
        "LastModifiedTime": first.created_at,
        "ProductionVariants": [_running(one) for one in of_endpoint],
    }


def _running(one: Variant) -> dict[str, Any]:
    facts: dict[str, Any] = {"VariantName": one.name.partition("/")[2], "CurrentWeight": 1.0}
    if one.instance_type is None:
        return facts | {"CurrentServerlessConfig": {"MemorySizeInMB": 2048, "MaxConcurrency": 5}}
    return facts | {"CurrentInstanceCount": one.instances, "DesiredInstanceCount": one.instances}


def describe_endpoint_config(call: Call) -> Mapping[str, Any]:
    """Describe the configuration of an endpoint, which has the endpoint's name."""
    name = str(call.params["EndpointConfigName"])
    of_endpoint = _of_endpoint(call, name, f'Could not find endpoint configuration "{name}".')
    first = of_endpoint[0]
    return {
        "EndpointConfigName": name,
        "EndpointConfigArn": first.arn("sagemaker", f"endpoint-config/{name}"),
        "CreationTime": first.created_at,
        "ProductionVariants": [_configured(one) for one in of_endpoint],
    }


def _configured(one: Variant) -> dict[str, Any]:
    facts: dict[str, Any] = {"VariantName": one.name.partition("/")[2], "ModelName": one.endpoint}
    if one.instance_type is None:
        return facts | {"ServerlessConfig": {"MemorySizeInMB": 2048, "MaxConcurrency": 5}}
    return facts | {"InstanceType": one.instance_type, "InitialInstanceCount": one.instances}


def _of_endpoint(call: Call, name: str, message: str) -> list[Variant]:
    here = variants(call.company).at(call.account, call.region)
    found = [one for one in here if one.endpoint == name]
    if not found:
        raise WireError("ValidationException", message)
    return found


def list_notebook_instances(call: Call) -> Mapping[str, Any]:
    """List the notebooks, ten a page unless more are asked for."""
    told = [_notebook(one, call) for one in notebooks(call.company).at(call.account, call.region)]
    return paged(call, "NotebookInstances", told, most=100, default=10)


def _notebook(one: Notebook, call: Call) -> dict[str, Any]:
    return {
        "NotebookInstanceName": one.name,
        "NotebookInstanceArn": one.arn("sagemaker", f"notebook-instance/{one.name}"),
        "NotebookInstanceStatus": one.status,
        "InstanceType": one.instance_type,
        "CreationTime": one.created_at,
        "LastModifiedTime": call.now - timedelta(days=one.changed),
    }


def describe_workspaces(call: Call) -> Mapping[str, Any]:
    """List the desktops, twenty-five a page."""
    told = [_workspace(one) for one in desktops(call.company).at(call.account, call.region)]
    return paged(call, "Workspaces", told, limit="Limit", most=25)


def _workspace(one: Desktop) -> dict[str, Any]:
    return {
        "WorkspaceId": one.name,
        "DirectoryId": "d-9067000001",
        "UserName": one.tags.get("Name", "user"),
        "BundleId": "wsb-0123456789",
        "State": "AVAILABLE" if one.running_mode == "ALWAYS_ON" else "STOPPED",
        "WorkspaceProperties": {
            "RunningMode": one.running_mode,
            "RootVolumeSizeGib": 80,
            "UserVolumeSizeGib": 50,
            "ComputeTypeName": one.compute_type,
            "OperatingSystemName": "WINDOWS_SERVER_2022",
        },
    }


def describe_workspaces_connection_status(call: Call) -> Mapping[str, Any]:
    """List the connections to desktops, twenty-five a page."""
    told = [_connection(one, call) for one in desktops(call.company).at(call.account, call.region)]
    return paged(call, "WorkspacesConnectionStatus", told, limit=None, most=25)


def _connection(one: Desktop, call: Call) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "WorkspaceId": one.name,
        "ConnectionState": "DISCONNECTED",
        "ConnectionStateCheckTimestamp": call.now - timedelta(minutes=5),
    }
    if one.connected is None:
        return facts
    return facts | {"LastKnownUserConnectionTimestamp": call.now - timedelta(days=one.connected, hours=1)}


ANSWERS: Mapping[str, Answer] = {
    "sagemaker:ListEndpoints": list_endpoints,
    "sagemaker:DescribeEndpoint": describe_endpoint,
    "sagemaker:DescribeEndpointConfig": describe_endpoint_config,
    "sagemaker:ListNotebookInstances": list_notebook_instances,
    "workspaces:DescribeWorkspaces": describe_workspaces,
    "workspaces:DescribeWorkspacesConnectionStatus": describe_workspaces_connection_status,
}
