"""Where the routes of a table lead, and who uses it."""

from __future__ import annotations

from plainbill.aws_connector import Scope
from plainbill.data_fetcher.route_tables import RouteTables
from plainbill.data_fetcher.subnets import Subnets

IRELAND = Scope("111122223333", "eu-west-1")


def test_a_table_with_nothing_but_the_local_route_leads_to_no_gateway() -> None:
    raw = {"RouteTableId": "rtb-1", "VpcId": "vpc-1", "Routes": [{"GatewayId": "local"}]}
    (table,) = RouteTables.parse({"RouteTables": [raw]}, IRELAND)
    assert (table.nat_gateway_ids, table.subnet_ids, table.is_main) == ((), (), False)
    assert list(RouteTables.parse({}, IRELAND)) == []


def test_a_gateway_is_named_once_whatever_leads_to_it() -> None:
    raw = {
        "RouteTableId": "rtb-1",
        "VpcId": "vpc-1",
        "Routes": [
            {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local"},
            {"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1", "State": "active"},
            {"DestinationIpv6CidrBlock": "64:ff9b::/96", "NatGatewayId": "nat-1", "State": "blackhole"},
            {"DestinationCidrBlock": "192.0.2.0/24", "NatGatewayId": "nat-2"},
        ],
        "Associations": [{"Main": True}, {"SubnetId": "subnet-1", "Main": False}],
    }
    (table,) = RouteTables.parse({"RouteTables": [raw]}, IRELAND)
    assert table.nat_gateway_ids == ("nat-1", "nat-2")
    assert (table.subnet_ids, table.is_main) == (("subnet-1",), True)


def test_a_subnet_says_its_zone() -> None:
    raw = {"SubnetId": "subnet-1", "VpcId": "vpc-1", "AvailabilityZone": "eu-west-1b"}
    (subnet,) = Subnets.parse({"Subnets": [raw]}, IRELAND)
    assert (subnet.resource_id, subnet.availability_zone) == ("subnet-1", "eu-west-1b")
