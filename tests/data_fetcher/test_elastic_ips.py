"""What EC2 said of an address is kept; an address of an Outpost or a carrier is no public one."""

from __future__ import annotations

from typing import Any

from data_fetcher.answers import recorded, recordings
from plainbill.aws_connector import Scope
from plainbill.data_fetcher.elastic_ips import ElasticIps
from plainbill.model.resources.addresses import ElasticIp

IRELAND = Scope("111122223333", "eu-west-1")


def parsed(*raw: dict[str, Any]) -> list[ElasticIp]:
    return list(ElasticIps.parse({"Addresses": list(raw)}, IRELAND))


def test_an_address_on_nothing_is_associated_with_nothing() -> None:
    (address,) = parsed({"PublicIp": "203.0.113.1", "AllocationId": "eipalloc-1", "PublicIpv4Pool": "amazon"})
    assert address == ElasticIp(
        account_id="111122223333",
        region="eu-west-1",
        public_ip="203.0.113.1",
        allocation_id="eipalloc-1",
        pool="amazon",
    )
    assert not address.is_associated
    assert address.arn == "arn:aws:ec2:eu-west-1:111122223333:elastic-ip/eipalloc-1"


def test_an_address_from_before_vpcs_is_known_by_itself_and_is_on_its_instance() -> None:
    (address,) = parsed({"PublicIp": "203.0.113.1", "InstanceId": "i-1", "AssociationId": ""})
    assert (address.resource_id, address.allocation_id) == ("203.0.113.1", None)
    assert address.is_associated


def test_what_belongs_to_an_outpost_or_a_carrier_is_left_out() -> None:
    assert parsed({"AllocationId": "eipalloc-1", "CarrierIp": "155.146.1.1"}) == []
    assert parsed({"AllocationId": "eipalloc-2", "CustomerOwnedIp": "10.0.0.1"}) == []
    assert list(ElasticIps.parse({}, IRELAND)) == []


def test_tags_are_kept_as_they_are() -> None:
    hostile = "<script>alert(1)</script>"
    (address,) = parsed({"PublicIp": "203.0.113.1", "Tags": [{"Key": "Name", "Value": hostile}]})
    assert address.name == hostile


def test_every_recorded_address_parses_and_none_is_lost() -> None:
    found = [
        address
        for path in recordings("aws_api_c7n_placebo", "*/ec2.DescribeAddresses_*.json")
        for address in ElasticIps.parse(recorded(path), IRELAND)
    ]
    assert len(found) == 19
    assert any(address.is_associated for address in found)
    assert any(not address.is_associated for address in found)
    assert {"amazon"} <= {address.pool for address in found}
