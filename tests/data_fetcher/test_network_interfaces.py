"""Only interfaces with a public address are kept, each with its Elastic IPs apart from what AWS lent it."""

from __future__ import annotations

from typing import Any

from plainbill.aws_connector import Scope
from plainbill.data_fetcher.network_interfaces import NetworkInterfaces
from plainbill.model.resources.addresses import NetworkInterface

IRELAND = Scope("111122223333", "eu-west-1")


def parsed(*raw: dict[str, Any]) -> list[NetworkInterface]:
    return list(NetworkInterfaces.parse({"NetworkInterfaces": list(raw)}, IRELAND))


def test_an_interface_without_a_public_address_is_left_out() -> None:
    private = {"NetworkInterfaceId": "eni-1", "PrivateIpAddresses": [{"PrivateIpAddress": "10.0.0.1"}]}
    carrier = {"NetworkInterfaceId": "eni-2", "Association": {"CarrierIp": "155.146.1.1"}}
    assert parsed(private, carrier) == []
    assert list(NetworkInterfaces.parse({}, IRELAND)) == []


def test_an_interface_of_another_account_in_a_shared_vpc_is_left_out() -> None:
    public = {"Association": {"PublicIp": "203.0.113.1"}}
    own = {"NetworkInterfaceId": "eni-1", "OwnerId": "111122223333", "Status": "in-use", **public}
    other = {"NetworkInterfaceId": "eni-2", "OwnerId": "444455556666", **public}
    assert [one.interface_id for one in parsed(own, other)] == ["eni-1"]


def test_an_interface_that_is_available_is_attached_to_nothing() -> None:
    public = {"NetworkInterfaceId": "eni-1", "Association": {"PublicIp": "203.0.113.1"}}
    states = [parsed({**public, "Status": state})[0].is_attached for state in ("in-use", "available")]
    assert states == [True, False]


def test_elastic_ips_and_lent_addresses_are_told_apart_and_none_is_counted_twice() -> None:
    primary = {"PublicIp": "203.0.113.1", "IpOwnerId": "amazon"}
    secondary = {"PublicIp": "203.0.113.2", "IpOwnerId": "111122223333", "AllocationId": "eipalloc-2"}
    (interface,) = parsed(
        {
            "NetworkInterfaceId": "eni-1",
            "InterfaceType": "interface",
            "Association": primary,
            "PrivateIpAddresses": [{"Association": primary}, {"Association": secondary}, {}],
            "Attachment": {"InstanceId": "i-1"},
        }
    )
    assert interface.assigned_ips == ("203.0.113.1",)
    assert interface.allocation_ids == ("eipalloc-2",)
    assert interface.instance_id == "i-1"


def test_whose_an_interface_is_comes_from_aws_and_not_from_a_tag() -> None:
    (interface,) = parsed(
        {
            "NetworkInterfaceId": "eni-1",
            "Description": "ELB app/shop/50dc6c495c0c9188",
            "RequesterId": "amazon-elb",
            "RequesterManaged": True,
            "Association": {"PublicIp": "203.0.113.1"},
            "TagSet": [{"Key": "Name", "Value": "'; DROP TABLE x;--"}],
        }
    )
    assert (interface.requester_id, interface.is_service_managed) == ("amazon-elb", True)
    assert interface.name == "'; DROP TABLE x;--"
    assert interface.arn == "arn:aws:ec2:eu-west-1:111122223333:network-interface/eni-1"
