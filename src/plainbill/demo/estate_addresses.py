"""Every public IPv4 address of the company: Elastic IPs, and what AWS lends to instances."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from plainbill.demo.company import Company
from plainbill.demo.ec2_facts import WITH_ELASTIC_IP, reservation
from plainbill.demo.estate import Estate, identifier, made
from plainbill.demo.estate_network import Gateway, Judged, gateways
from plainbill.demo.fleet import DEVELOPMENT, IRELAND, PRODUCTION, SETTLED, VIRGINIA
from plainbill.demo.instances import DemoInstance

UNASSOCIATED, ON_STOPPED = "ec2_address_unassociated", "ec2_address_on_stopped_instance"


@dataclass(frozen=True, kw_only=True)
class Address(Judged):
    """An Elastic IP: on an instance, on a NAT gateway, or on nothing."""

    public_ip: str
    instance: DemoInstance | None = None
    gateway: Gateway | None = None
    pool: str = "amazon"

    @property
    def interface_id(self) -> str | None:
        """The network interface it is on."""
        if self.gateway:
            return self.gateway.interface_id
        return str(interface_of(self.instance)["NetworkInterfaceId"]) if self.instance else None


_FREE = (  # account, region, name, team, pool, days ago, waste
    (PRODUCTION, VIRGINIA, "old-sftp", "fulfilment", "amazon", (400, 420), (UNASSOCIATED,)),
    (PRODUCTION, VIRGINIA, "campaign-landing", "marketing", "amazon", (210, 230), (UNASSOCIATED,)),
    (PRODUCTION, IRELAND, "partner-allow-list", "finance", "amazon", SETTLED, (UNASSOCIATED,)),
    (DEVELOPMENT, VIRGINIA, "chatbot-poc", None, "amazon", (9, 9), (UNASSOCIATED,)),
    # Brought by the company itself: on nothing, and not billed.
    (PRODUCTION, VIRGINIA, "mail-range", "platform", "ipv4pool-ec2-0a1b2c3d4e5f60718", SETTLED, ()),
)


_STOPPED = {"vat-import", "old-gitlab"}
"""Fleets that were stopped long ago and kept their Elastic IP."""


def addresses(company: Company) -> Estate[Address]:
    """Return every Elastic IP of the company."""
    return company.once(_made)


def _made(company: Company) -> Estate[Address]:
    return Estate((*_of_gateways(company), *_of_instances(company), *_of_nothing(company)))


def _of_gateways(company: Company) -> Iterator[Address]:
    for one in gateways(company).all:
        facts = made(company, one.account_id, one.region, f"{one.title}-ip", resource_id=one.allocation_id)
        yield Address(**facts, public_ip=one.public_ip, gateway=one)


def _of_instances(company: Company) -> Iterator[Address]:
    """Yield those on instances; the address of every other instance is lent."""
    for instance in company.instances:
        if instance.fleet.name in WITH_ELASTIC_IP:
            allocation = identifier("eipalloc", instance.instance_id)
            place = instance.account_id, instance.region
            facts = made(company, *place, f"{instance.fleet.name}-ip", resource_id=allocation)
            ip = str(interface_of(instance)["Association"]["PublicIp"])
            waste = (ON_STOPPED,) if instance.fleet.name in _STOPPED else ()
            yield Address(**facts, public_ip=ip, instance=instance, waste=waste)


def _of_nothing(company: Company) -> Iterator[Address]:
    for number, (account, region, name, team, pool, age, waste) in enumerate(_FREE):
        allocation = identifier("eipalloc", account, region, name)
        facts = made(company, account, region, name, team=team, age=age, resource_id=allocation)
        yield Address(**facts, public_ip=f"192.0.2.{20 + number}", pool=pool, waste=waste)


def interface_of(instance: DemoInstance) -> dict[str, Any]:
    """Return the primary network interface of an instance, as ``DescribeInstances`` tells of it."""
    (interface,) = reservation(instance)["Instances"][0]["NetworkInterfaces"]
    return dict(interface)
