"""What EC2 said of a NAT gateway is kept; one over all zones has no metrics as a whole."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from data_fetcher.answers import recorded, recordings
from plainbill.aws_connector import Scope
from plainbill.data_fetcher.nat_gateways import NatGateways
from plainbill.model.resources.vpc import NatGateway

IRELAND = Scope("111122223333", "eu-west-1")


def described(**changes: Any) -> dict[str, Any]:
    return {
        "NatGatewayId": "nat-1",
        "State": "available",
        "VpcId": "vpc-1",
        "CreateTime": "2026-03-02T08:00:00.000Z",
        **changes,
    }


def parsed(*raw: dict[str, Any]) -> list[NatGateway]:
    return list(NatGateways.parse({"NatGateways": list(raw)}, IRELAND))


def test_a_gateway_described_with_the_least_is_public_and_in_one_zone() -> None:
    assert parsed(described()) == [
        NatGateway(
            account_id="111122223333",
            region="eu-west-1",
            nat_gateway_id="nat-1",
            state="available",
            vpc_id="vpc-1",
            created_at=datetime(2026, 3, 2, 8, 0, tzinfo=UTC),
        )
    ]


def test_a_private_gateway_has_no_public_address() -> None:
    (gateway,) = parsed(
        described(ConnectivityType="private", NatGatewayAddresses=[{"PrivateIp": "10.0.0.1"}])
    )
    assert (gateway.connectivity, gateway.public_ips, gateway.allocation_ids) == ("private", (), ())


def test_every_address_of_a_gateway_is_kept() -> None:
    addresses = [
        {"PublicIp": "203.0.113.1", "AllocationId": "eipalloc-1"},
        {"PublicIp": "203.0.113.2", "AllocationId": "eipalloc-2"},
    ]
    (gateway,) = parsed(described(NatGatewayAddresses=addresses, SubnetId="subnet-1"))
    assert gateway.public_ips == ("203.0.113.1", "203.0.113.2")
    assert gateway.allocation_ids == ("eipalloc-1", "eipalloc-2")


def test_a_regional_gateway_publishes_nothing_that_could_be_asked_for_as_a_whole() -> None:
    regional, zonal = parsed(
        described(AvailabilityMode="regional"), described(AvailabilityMode="zonal", SubnetId="subnet-1")
    )
    assert (regional.is_regional, regional.publishes("AWS/NATGateway")) == (True, False)
    assert zonal.dimensions == {"NatGatewayId": "nat-1"}
    assert zonal.publishes("AWS/NATGateway")


def test_every_recorded_gateway_parses_and_none_is_lost() -> None:
    found = [
        gateway
        for path in recordings("aws_api_c7n_placebo", "*/ec2.DescribeNatGateways_*.json")
        for gateway in NatGateways.parse(recorded(path), IRELAND)
    ]
    assert len(found) == 7
    assert all(gateway.created_at.tzinfo is UTC for gateway in found)
    assert all(gateway.subnet_id for gateway in found)
