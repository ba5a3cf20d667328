"""Elastic Load Balancing, both generations: load balancers, target groups, health, tags."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plainbill.demo.call import Answer, Call, paged
from plainbill.demo.estate_balancers import Balancer, Classic, Group, balancers, classics, groups
from plainbill.demo.estate_network import ZONES, subnet_id, vpc_id
from plainbill.demo.wire_scope import WireError

_MOST, _MOST_TAGS = 400, 20
_MARKER = ("Marker", "NextMarker")


def describe_load_balancers(call: Call) -> Mapping[str, Any]:
    """List the load balancers of the second generation; raises for a name or ARN that is none's."""
    here = balancers(call.company).at(call.account, call.region)
    for parameter in ("Names", "LoadBalancerArns"):
        if wanted := call.params.get(parameter):
            here = tuple(one for one in here if {one.name, one.full_arn} & set(wanted))
            if len(here) < len(set(wanted)):
                raise WireError("LoadBalancerNotFound", "One or more load balancers not found")
    told = [_balancer(one) for one in here]
    return paged(call, "LoadBalancers", told, limit="PageSize", token=_MARKER, most=_MOST)


def _balancer(one: Balancer) -> dict[str, Any]:
    return {
        "LoadBalancerArn": one.full_arn,
        "LoadBalancerName": one.name,
        "DNSName": f"{one.name}-{one.seed}.{one.region}.elb.amazonaws.com",
        "CreatedTime": one.created_at,
        "Scheme": "internet-facing" if one.is_public else "internal",
        "Type": one.kind,
        "State": {"Code": "active"},
        "VpcId": vpc_id(one.account_id, one.region),
        "IpAddressType": "ipv4",
        "AvailabilityZones": [
            {
                "ZoneName": one.region + zone,
                "SubnetId": subnet_id(one.account_id, one.region, zone, is_public=one.is_public),
            }
            for zone in ZONES
        ],
    }


def describe_target_groups(call: Call) -> Mapping[str, Any]:
    """List the target groups of one account in one region, or those of one load balancer."""
    balancer = call.params.get("LoadBalancerArn")
    told = [
        _group(one, group)
        for one, group in groups(call.company).values()
        if (one.account_id, one.region) == (call.account, call.region) and balancer in {None, one.full_arn}
    ]
    return paged(call, "TargetGroups", told, limit="PageSize", token=_MARKER, most=_MOST)


def _group(one: Balancer, group: Group) -> dict[str, Any]:
    return {
        "TargetGroupArn": group.arn,
        "TargetGroupName": group.title,
        "Protocol": "HTTP" if one.kind == "application" else "TCP",
        "Port": 8080,
        "VpcId": vpc_id(one.account_id, one.region),
        "HealthCheckEnabled": True,
        "LoadBalancerArns": [one.full_arn],
        "TargetType": "instance",
    }


def describe_target_health(call: Call) -> Mapping[str, Any]:
    """Tell the health of the targets of one group; raises for a group that is not there."""
    found = groups(call.company).get(call.params.get("TargetGroupArn", ""))
    if found is None or found[0].account_id != call.account:
        raise WireError("TargetGroupNotFound", "One or more target groups not found")
    _, group = found
    health = {"State": group.state}
    if group.state == "unhealthy":
        health |= {"Reason": "Target.Timeout", "Description": "Request timed out"}
    return {
        "TargetHealthDescriptions": [
            {"Target": {"Id": target, "Port": 8080}, "HealthCheckPort": "8080", "TargetHealth": health}
            for target in group.targets
        ]
    }


def describe_tags(call: Call) -> Mapping[str, Any]:
    """Tell the tags of at most 20 load balancers by ARN."""
    arns = call.params.get("ResourceArns", [])
    known = {one.full_arn: one for one in balancers(call.company).at(call.account, call.region)}
    _check_tags(arns, known)
    return {"TagDescriptions": [{"ResourceArn": arn, "Tags": known[arn].tag_list} for arn in arns]}


def describe_classic_load_balancers(call: Call) -> Mapping[str, Any]:
    """List the Classic Load Balancers of one account in one region."""
    told = [_classic(one) for one in classics(call.company).at(call.account, call.region)]
    return paged(call, "LoadBalancerDescriptions", told, limit="PageSize", token=_MARKER, most=_MOST)


def _classic(one: Classic) -> dict[str, Any]:
    return {
        "LoadBalancerName": one.name,
        "DNSName": f"internal-{one.name}-{one.seed}.{one.region}.elb.amazonaws.com",
        "CreatedTime": one.created_at,
        "Scheme": "internal",
        "VPCId": vpc_id(one.account_id, one.region),
        "AvailabilityZones": [one.region + zone for zone in ZONES],
        "Instances": [{"InstanceId": instance} for instance in one.instances],
    }


def describe_classic_tags(call: Call) -> Mapping[str, Any]:
    """Tell the tags of at most 20 Classic Load Balancers by name."""
    names = call.params.get("LoadBalancerNames", [])
    known = {one.name: one for one in classics(call.company).at(call.account, call.region)}
    _check_tags(names, known)
    return {"TagDescriptions": [{"LoadBalancerName": name, "Tags": known[name].tag_list} for name in names]}


def _check_tags(asked: list[str], known: Mapping[str, object]) -> None:
    if len(asked) > _MOST_TAGS:
        raise WireError("ValidationError", f"Cannot have more than {_MOST_TAGS} resources described")
    if missing := sorted(set(asked) - set(known)):
        raise WireError("LoadBalancerNotFound", f"Load balancers '{missing}' not found")


ANSWERS: Mapping[str, Answer] = {
    "elb:DescribeLoadBalancers": describe_classic_load_balancers,
    "elb:DescribeTags": describe_classic_tags,
    "elbv2:DescribeLoadBalancers": describe_load_balancers,
    "elbv2:DescribeTags": describe_tags,
    "elbv2:DescribeTargetGroups": describe_target_groups,
    "elbv2:DescribeTargetHealth": describe_target_health,
}
