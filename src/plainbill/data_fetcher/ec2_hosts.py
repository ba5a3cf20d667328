"""Dedicated Hosts: ``DescribeHosts`` in every enabled Region, free of charge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from plainbill.aws_connector import Connector, Read, Scope, instant
from plainbill.data_fetcher.collector import Collector, Page, tags_of
from plainbill.model.resources.ec2_host import DedicatedHost

_PAGE = 500  # the most the API gives in one page
_NOT_GONE = {"Name": "state", "Values": ["available", "under-assessment", "permanent-failure"]}


class Ec2Hosts(Collector):
    """Every Dedicated Host that was not released."""

    name = "ec2_hosts"
    kind = DedicatedHost
    reads = (Read("ec2", "DescribeHosts", "whole servers that are billed and hold no instance"),)

    @classmethod
    def fetch(cls, connector: Connector, scope: Scope) -> Iterator[Page]:
        """Yield the pages of ``DescribeHosts``, whose filters are called Filter."""
        return connector.pages(scope, "ec2", "DescribeHosts", MaxResults=_PAGE, Filter=[_NOT_GONE])

    @classmethod
    def parse(cls, page: Page, scope: Scope) -> Iterator[DedicatedHost]:
        """Yield the hosts of a page."""
        return (_host(raw, scope) for raw in page.get("Hosts", ()))


def _host(raw: Mapping[str, Any], scope: Scope) -> DedicatedHost:
    properties = raw.get("HostProperties") or {}
    kind = properties.get("InstanceFamily") or (properties.get("InstanceType") or "").partition(".")[0]
    return DedicatedHost(
        account_id=scope.account_id,
        region=scope.region,
        tags=tags_of(raw),
        host_id=raw["HostId"],
        state=raw["State"],
        allocated_at=instant(raw["AllocationTime"]),
        owner_id=raw.get("OwnerId") or None,
        instance_ids=tuple(one["InstanceId"] for one in raw.get("Instances", ())),
        instance_family=kind or None,
        reservation_id=raw.get("HostReservationId") or None,
        availability_zone=raw.get("AvailabilityZone") or None,
    )
