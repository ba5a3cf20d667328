"""Reserved Instances: ``DescribeReservedInstances`` in every enabled Region, free of charge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from plainbill.aws_connector import Connector, Read, Scope, instant
from plainbill.data_fetcher.collector import Collector, Page, decimals, tags_of
from plainbill.data_fetcher.reserved_nodes import hourly
from plainbill.model.resources.commitments import ReservedInstance

_ACTIVE = {"Name": "state", "Values": ["active"]}
_VPC = " (Amazon VPC)"
"""What AWS puts behind the platform of reservations from the days of EC2-Classic; there is only VPC now."""


class Ec2ReservedInstances(Collector):
    """Every active Reserved Instance: no check judges them, but they decide what a saving is worth."""

    name = "ec2_reserved_instances"
    kind = ReservedInstance
    always = True
    reads = (Read("ec2", "DescribeReservedInstances", "which savings a reservation would keep billing"),)

    @classmethod
    def fetch(cls, connector: Connector, scope: Scope) -> Iterator[Page]:
        """Yield the one page of ``DescribeReservedInstances``, which AWS does not divide."""
        yield connector.call(scope, "ec2", "DescribeReservedInstances", Filters=[_ACTIVE])

    @classmethod
    def parse(cls, page: Page, scope: Scope) -> Iterator[ReservedInstance]:
        """Yield the reservations of a page."""
        return (_reservation(raw, scope) for raw in page.get("ReservedInstances", ()))


def _reservation(raw: Mapping[str, Any], scope: Scope) -> ReservedInstance:
    return ReservedInstance(
        account_id=scope.account_id,
        region=scope.region,
        tags=tags_of(raw),
        reservation_id=raw["ReservedInstancesId"],
        instance_type=raw["InstanceType"],
        count=int(raw["InstanceCount"]),
        scope=raw["Scope"],
        platform=raw["ProductDescription"].removesuffix(_VPC),
        tenancy=raw.get("InstanceTenancy") or "default",
        offering_class=raw["OfferingClass"],
        state=raw["State"],
        end_at=instant(raw["End"]),
        availability_zone=raw.get("AvailabilityZone") or None,
        start_at=instant(raw["Start"]) if raw.get("Start") else None,
        payment=raw.get("OfferingType") or None,
        term_seconds=raw.get("Duration"),
        hourly=hourly(raw),
        upfront=decimals(raw.get("FixedPrice")),
        currency=raw.get("CurrencyCode") or None,
    )
