"""EC2 Auto Scaling: the groups with their sizes and instances."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plainbill.demo.call import Answer, Call, paged
from plainbill.demo.estate_groups import Group, groups


def describe_auto_scaling_groups(call: Call) -> Mapping[str, Any]:
    """List the groups of one account in one region, or those that are named."""
    names = call.params.get("AutoScalingGroupNames")
    here = groups(call.company).at(call.account, call.region)
    told = [_told(one) for one in here if not names or one.name in names]
    return paged(call, "AutoScalingGroups", told, limit="MaxRecords", most=100, default=50)


def _told(group: Group) -> dict[str, Any]:
    size = len(group.instances)
    tags = [
        {
            **tag,
            "ResourceId": group.name,
            "ResourceType": "auto-scaling-group",
            "PropagateAtLaunch": True,
        }
        for tag in group.tag_list
    ]
    return {
        "AutoScalingGroupName": group.name,
        "AutoScalingGroupARN": group.full_arn,
        "LaunchConfigurationName": group.name,
        "MinSize": size,
        "MaxSize": 2 * size,
        "DesiredCapacity": size,
        "DefaultCooldown": 300,
        "AvailabilityZones": sorted({one.availability_zone for one in group.instances})
        or [group.availability_zone],
        "LoadBalancerNames": [],
        "TargetGroupARNs": [],
        "HealthCheckType": "EC2",
        "HealthCheckGracePeriod": 300,
        "Instances": [
            {
                "InstanceId": one.instance_id,
                "InstanceType": one.fleet.instance_type,
                "AvailabilityZone": one.availability_zone,
                "LifecycleState": "InService",
                "HealthStatus": "Healthy",
                "LaunchConfigurationName": group.name,
                "ProtectedFromScaleIn": False,
            }
            for one in group.instances
        ],
        "CreatedTime": group.created_at,
        "SuspendedProcesses": [],
        "EnabledMetrics": [],
        "Tags": tags,
        "TerminationPolicies": ["Default"],
        "NewInstancesProtectedFromScaleIn": False,
    }


ANSWERS: Mapping[str, Answer] = {"autoscaling:DescribeAutoScalingGroups": describe_auto_scaling_groups}
