"""Elastic IPs: ``DescribeAddresses`` in every enabled Region, free of charge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from plainbill.aws_connector import Connector, Read, Scope
from plainbill.data_fetcher.collector import Collector, Page, tags_of
from plainbill.model.resources.addresses import ElasticIp


class ElasticIps(Collector):
    """Every Elastic IP, on something or on nothing."""

    name = "elastic_ips"
    kind = ElasticIp
    reads = (Read("ec2", "DescribeAddresses", "the Elastic IPs, and so none that is billed but on nothing"),)

    @classmethod
    def fetch(cls, connector: Connector, scope: Scope) -> Iterator[Page]:
        """Yield the answer of ``DescribeAddresses``, which does not page."""
        return connector.pages(scope, "ec2", "DescribeAddresses")

    @classmethod
    def parse(cls, page: Page, scope: Scope) -> Iterator[ElasticIp]:
        """Yield the addresses; those of an Outpost or a carrier are no public addresses."""
        return (_address(raw, scope) for raw in page.get("Addresses", ()) if raw.get("PublicIp"))


def _address(raw: Mapping[str, Any], scope: Scope) -> ElasticIp:
    return ElasticIp(
        account_id=scope.account_id,
        region=scope.region,
        tags=tags_of(raw),
        public_ip=raw["PublicIp"],
        allocation_id=raw.get("AllocationId") or None,
        association_id=raw.get("AssociationId") or None,
        network_interface_id=raw.get("NetworkInterfaceId") or None,
        network_interface_owner=raw.get("NetworkInterfaceOwnerId") or None,
        instance_id=raw.get("InstanceId") or None,
        pool=raw.get("PublicIpv4Pool") or None,
        service_managed=raw.get("ServiceManaged") or None,
    )
