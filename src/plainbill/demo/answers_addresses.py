"""EC2: Elastic IPs, and the network interfaces that public addresses are on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from plainbill.demo.call import Answer, Call, paged
from plainbill.demo.ec2_filters import Filters, filtered
from plainbill.demo.estate import identifier
from plainbill.demo.estate_addresses import Address, addresses, interface_of
from plainbill.demo.estate_balancers import Balancer, balancers
from plainbill.demo.estate_network import ZONES, Gateway, gateways, subnet_id, vpc_id
from plainbill.demo.instances import DemoInstance

_FILTERS: Filters = {
    "allocation-id": lambda one: [one.name],
    "public-ip": lambda one: [one.public_ip],
    "domain": lambda _: ["vpc"],
}


def describe_addresses(call: Call) -> Mapping[str, Any]:
    """List the Elastic IPs of one account in one region; AWS does not page them."""
    here = filtered(addresses(call.company).at(call.account, call.region), call, _FILTERS)
    return {"Addresses": [_address(one) for one in here]}


def _address(one: Address) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "AllocationId": one.name,
        "Domain": "vpc",
        "PublicIp": one.public_ip,
        "PublicIpv4Pool": one.pool,
        "NetworkBorderGroup": one.region,
        "Tags": one.tag_list,
    }
    if one.interface_id:
        facts |= {
            "AssociationId": identifier("eipassoc", one.name),
            "NetworkInterfaceId": one.interface_id,
            "NetworkInterfaceOwnerId": one.account_id,
        }
    return facts | ({"InstanceId": one.instance.instance_id} if one.instance else {})


def describe_network_interfaces(call: Call) -> Mapping[str, Any]:
    """List the network interfaces of an account in a region: of instances, gateways and load balancers."""
    return paged(call, "NetworkInterfaces", list(_interfaces(call)), most=1000)


def _interfaces(call: Call) -> Iterator[dict[str, Any]]:
    elastic = {one.public_ip: one.name for one in addresses(call.company).at(call.account, call.region)}
    for instance in call.company.instances_in(call.account, call.region):
        yield _of_instance(instance, elastic)
    for gateway in gateways(call.company).at(call.account, call.region):
        yield _of_gateway(gateway)
    for balancer in balancers(call.company).at(call.account, call.region):
        if balancer.is_public:
            yield from _of_balancer(balancer)


def _of_instance(instance: DemoInstance, elastic: Mapping[str, str]) -> dict[str, Any]:
    facts = interface_of(instance)
    association = facts.pop("Association", None)
    if association and association["PublicIp"] in elastic:
        association = association | {"AllocationId": elastic[association["PublicIp"]]}
    facts["Attachment"] = facts["Attachment"] | {"InstanceId": instance.instance_id}
    for address in facts["PrivateIpAddresses"]:
        address.pop("Association", None)
    facts |= {"AvailabilityZone": instance.availability_zone, "RequesterManaged": False, "TagSet": []}
    return facts | ({"Association": association} if association else {})


def _of_gateway(one: Gateway) -> dict[str, Any]:
    return {
        "NetworkInterfaceId": one.interface_id,
        "InterfaceType": "natGateway",
        "Description": f"Interface for NAT Gateway {one.name}",
        "RequesterManaged": True,
        "RequesterId": one.account_id,
        "OwnerId": one.account_id,
        "Status": "in-use",
        "AvailabilityZone": one.region + one.zone,
        "SubnetId": subnet_id(one.account_id, one.region, one.zone, one.vpc, is_public=True),
        "VpcId": vpc_id(one.account_id, one.region, one.vpc),
        "Association": {
            "AllocationId": one.allocation_id,
            "IpOwnerId": one.account_id,
            "PublicIp": one.public_ip,
        },
        "TagSet": [],
    }


def _of_balancer(one: Balancer) -> Iterator[dict[str, Any]]:
    for number, zone in enumerate(ZONES):
        yield {
            "NetworkInterfaceId": identifier("eni", one.full_arn, zone),
            "InterfaceType": "interface" if one.kind == "application" else "network_load_balancer",
            "Description": f"ELB {one.path}",
            "RequesterManaged": True,
            "RequesterId": "amazon-elb",
            "OwnerId": one.account_id,
            "Status": "in-use",
            "AvailabilityZone": one.region + zone,
            "SubnetId": subnet_id(one.account_id, one.region, zone, is_public=True),
            "VpcId": vpc_id(one.account_id, one.region),
            "Association": {"IpOwnerId": "amazon-elb", "PublicIp": f"198.18.{number}.{one.seed % 250}"},
            "TagSet": [],
        }


ANSWERS: Mapping[str, Answer] = {
    "ec2:DescribeAddresses": describe_addresses,
    "ec2:DescribeNetworkInterfaces": describe_network_interfaces,
}
