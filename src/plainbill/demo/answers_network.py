"""EC2: NAT gateways, VPC endpoints, route tables and subnets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plainbill.demo.call import Answer, Call, paged
from plainbill.demo.ec2_filters import Filters, filtered
from plainbill.demo.estate import hostile_tags, identifier
from plainbill.demo.estate_network import (
    Endpoint,
    Gateway,
    Subnet,
    Table,
    endpoints,
    gateways,
    subnet_id,
    subnets_at,
    tables_at,
    vpc_id,
)

_ENDPOINT_FILTERS: Filters = {
    "vpc-endpoint-type": lambda one: [one.endpoint_type],
    "vpc-endpoint-id": lambda one: [one.name],
    "service-name": lambda one: [one.service],
}
_OF_VPC: Filters = {"vpc-id": lambda one: [one.vpc]}


def describe_nat_gateways(call: Call) -> Mapping[str, Any]:
    """List the NAT gateways of one account in one region."""
    here = gateways(call.company).at(call.account, call.region)
    return paged(call, "NatGateways", [_gateway(one) for one in here], most=1000)


def _gateway(one: Gateway) -> dict[str, Any]:
    return {
        "CreateTime": one.created_at,
        "NatGatewayAddresses": [
            {
                "AllocationId": one.allocation_id,
                "NetworkInterfaceId": one.interface_id,
                "PrivateIp": f"10.0.{one.seed % 250}.7",
                "PublicIp": one.public_ip,
                "IsPrimary": True,
                "Status": "succeeded",
            }
        ],
        "NatGatewayId": one.name,
        "State": "available",
        "SubnetId": subnet_id(one.account_id, one.region, one.zone, one.vpc, is_public=True),
        "VpcId": vpc_id(one.account_id, one.region, one.vpc),
        "ConnectivityType": "public",
        "AvailabilityMode": "zonal",
        "Tags": one.tag_list,
    }


def describe_vpc_endpoints(call: Call) -> Mapping[str, Any]:
    """List the endpoints of one account in one region."""
    here = filtered(endpoints(call.company).at(call.account, call.region), call, _ENDPOINT_FILTERS)
    return paged(call, "VpcEndpoints", [_endpoint(call, one) for one in here], most=1000)


def _endpoint(call: Call, one: Endpoint) -> dict[str, Any]:
    is_gateway = one.endpoint_type == "Gateway"
    private = [table.table for table in tables_at(call.company, call.account, call.region) if table.gateway]
    zones = [subnet_id(one.account_id, one.region, zone) for zone in one.zones]
    return {
        "VpcEndpointId": one.name,
        "VpcEndpointType": one.endpoint_type,
        "VpcId": vpc_id(one.account_id, one.region),
        "ServiceName": one.service,
        "State": "available",
        "RouteTableIds": private if is_gateway else [],
        "SubnetIds": zones,
        "NetworkInterfaceIds": [identifier("eni", one.name, zone) for zone in one.zones],
        "PrivateDnsEnabled": not is_gateway,
        "RequesterManaged": False,
        "CreationTimestamp": one.created_at,
        "OwnerId": one.account_id,
        "Tags": one.tag_list,
    }


def describe_route_tables(call: Call) -> Mapping[str, Any]:
    """List the route tables of one account in one region."""
    here = filtered(tables_at(call.company, call.account, call.region), call, _OF_VPC)
    return paged(call, "RouteTables", [_table(call, one) for one in here], most=100)


def _table(call: Call, one: Table) -> dict[str, Any]:
    routes = [{"DestinationCidrBlock": "10.0.0.0/8", "GatewayId": "local", "State": "active"}]
    association: dict[str, Any] = {"Main": True}
    if one.gateway:
        where = one.gateway
        default = {"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": where.name, "State": "active"}
        routes.append(default)
        subnet = subnet_id(where.account_id, where.region, where.zone, where.vpc)
        association = {"Main": False, "SubnetId": subnet}
    association |= {
        "RouteTableId": one.table,
        "RouteTableAssociationId": identifier("rtbassoc", one.table),
        "AssociationState": {"State": "associated"},
    }
    return {
        "RouteTableId": one.table,
        "VpcId": one.vpc,
        "OwnerId": call.account,
        "Routes": routes,
        "Associations": [association],
        "PropagatingVgws": [],
        "Tags": _tags(call, one.table, one.tags),
    }


def describe_subnets(call: Call) -> Mapping[str, Any]:
    """List the subnets of one account in one region."""
    here = filtered(subnets_at(call.company, call.account, call.region), call, _OF_VPC)
    return paged(call, "Subnets", [_subnet(call, one) for one in here], most=1000)


def _subnet(call: Call, one: Subnet) -> dict[str, Any]:
    return {
        "SubnetId": one.subnet,
        "VpcId": one.vpc,
        "AvailabilityZone": one.zone,
        "CidrBlock": "10.0.0.0/20",
        "State": "available",
        "OwnerId": call.account,
        "Tags": _tags(call, one.subnet, one.tags),
    }


def _tags(call: Call, word: str, tags: Mapping[str, str]) -> list[dict[str, str]]:
    told = hostile_tags(call.company, tags, len(word))
    return [{"Key": key, "Value": value} for key, value in told.items()]


ANSWERS: Mapping[str, Answer] = {
    "ec2:DescribeNatGateways": describe_nat_gateways,
    "ec2:DescribeRouteTables": describe_route_tables,
    "ec2:DescribeSubnets": describe_subnets,
    "ec2:DescribeVpcEndpoints": describe_vpc_endpoints,
}
