"""Network interfaces with a public address: ``DescribeNetworkInterfaces`` in every enabled Region, free."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from plainbill.aws_connector import Connector, Read, Scope
from plainbill.data_fetcher.collector import Collector, Page, tags_of
from plainbill.model.resources.addresses import NetworkInterface

_PAGE = 1000  # the most the API gives in one page


class NetworkInterfaces(Collector):
    """Every network interface that has a public IPv4 address; the others cost nothing."""

    name = "network_interfaces"
    kind = NetworkInterface
    reads = (
        Read("ec2", "DescribeNetworkInterfaces", "what the public IPv4 addresses that are billed are on"),
    )

    @classmethod
    def fetch(cls, connector: Connector, scope: Scope) -> Iterator[Page]:
        """Yield the pages of ``DescribeNetworkInterfaces``, unfiltered."""
        return connector.pages(scope, "ec2", "DescribeNetworkInterfaces", MaxResults=_PAGE)

    @classmethod
    def parse(cls, page: Page, scope: Scope) -> Iterator[NetworkInterface]:
        """Yield the network interfaces of a page that have a public address.

        The owner of a shared VPC is told of other accounts' interfaces too; those are on their bills.
        """
        for raw in page.get("NetworkInterfaces", ()):
            is_own = raw.get("OwnerId") in {None, scope.account_id}
            if is_own and (public := _public(raw)):
                yield _interface(raw, public, scope)


def _public(raw: Mapping[str, Any]) -> dict[str, str | None]:
    """Return the Elastic IP's allocation id by public address, None for an address that AWS lent.

    The interface's own association is that of its primary private address, which is listed again.
    """
    public: dict[str, str | None] = {}
    for holder in (raw, *raw.get("PrivateIpAddresses", ())):
        association = holder.get("Association") or {}
        if address := association.get("PublicIp"):
            public[address] = association.get("AllocationId") or public.get(address)
    return public


def _interface(raw: Mapping[str, Any], public: Mapping[str, str | None], scope: Scope) -> NetworkInterface:
    return NetworkInterface(
        account_id=scope.account_id,
        region=scope.region,
        tags=tags_of(raw, "TagSet"),
        interface_id=raw["NetworkInterfaceId"],
        interface_type=raw.get("InterfaceType") or "interface",
        subnet_id=raw.get("SubnetId") or None,
        vpc_id=raw.get("VpcId") or None,
        availability_zone=raw.get("AvailabilityZone") or None,
        requester_id=raw.get("RequesterId") or None,
        is_service_managed=bool(raw.get("RequesterManaged")),
        description=raw.get("Description") or None,
        is_attached=raw.get("Status") != "available",
        instance_id=(raw.get("Attachment") or {}).get("InstanceId") or None,
        allocation_ids=tuple(allocation for allocation in public.values() if allocation),
        assigned_ips=tuple(address for address, allocation in public.items() if not allocation),
    )
