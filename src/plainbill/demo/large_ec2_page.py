"""Pages of ``DescribeInstances`` as XML, without a value in between: what a page costs is its text.

The text is that of ``ec2_facts.reservation`` of ``LargeEstate.instance``, to the letter; tests compare them.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from plainbill.demo.ec2_facts import shared_id
from plainbill.demo.large_estate import LargeEstate
from plainbill.demo.large_lives import TYPES, words_of
from plainbill.demo.large_shape import Numbers
from plainbill.demo.large_ways import WAYS

_KEPT_CHARACTERS = 96_000_000
_BOTH_DISKS = frozenset(at for at, way in enumerate(WAYS) if way.habit.name in {"steady", "just below both"})
_YES_NO = ("true", "false")
_STATES = {True: ("16", "running"), False: ("80", "stopped")}
_SHUTDOWN = (
    "<stateReason><code>Client.UserInitiatedShutdown</code>"
    "<message>Client.UserInitiatedShutdown: User initiated shutdown</message></stateReason>"
)
_DISK = (
    "<item><deviceName>/dev/xvd%(letter)s</deviceName><ebs><attachTime>%(attached)s</attachTime>"
    "<deleteOnTermination>%(is_root)s</deleteOnTermination><status>attached</status>"
    "<volumeId>%(volume)s</volumeId></ebs></item>"
)
_ADDRESS = "<privateDnsName>%(host)s</privateDnsName><privateIpAddress>%(address)s</privateIpAddress>"
_GROUPS = "<groupSet><item><groupId>%(group)s</groupId><groupName>%(name)s</groupName></item></groupSet>"
_RESERVATION = (
    "<item><groupSet></groupSet><instancesSet><item><amiLaunchIndex>0</amiLaunchIndex>"
    "<imageId>%(image)s</imageId><instanceId>%(id)s</instanceId><instanceType>%(type)s</instanceType>"
    "<launchTime>%(launched)s</launchTime><monitoring><state>disabled</state></monitoring>"
    "<placement><availabilityZone>%(zone)s</availabilityZone><groupName></groupName>"
    "<tenancy>default</tenancy></placement>" + _ADDRESS + "<productCodes></productCodes><dnsName></dnsName>"
    "<instanceState><code>%(code)s</code><name>%(state)s</name></instanceState><reason>%(reason)s</reason>"
    "<subnetId>%(subnet)s</subnetId><vpcId>%(vpc)s</vpcId><architecture>x86_64</architecture>"
    "<blockDeviceMapping>%(disks)s</blockDeviceMapping><clientToken></clientToken>"
    "<ebsOptimized>true</ebsOptimized><enaSupport>true</enaSupport><hypervisor>xen</hypervisor>"
    "<networkInterfaceSet><item><attachment><attachTime>%(born)s</attachTime>"
    "<attachmentId>%(attachment)s</attachmentId><deleteOnTermination>true</deleteOnTermination>"
    "<deviceIndex>0</deviceIndex><status>attached</status><networkCardIndex>0</networkCardIndex>"
    "</attachment><description></description>" + _GROUPS + "<ipv6AddressesSet></ipv6AddressesSet>"
    "<macAddress>%(mac)s</macAddress><networkInterfaceId>%(interface)s</networkInterfaceId>"
    "<ownerId>%(owner)s</ownerId>" + _ADDRESS + "<privateIpAddressesSet><item><primary>true</primary>"
    "" + _ADDRESS + "</item></privateIpAddressesSet><sourceDestCheck>true</sourceDestCheck>"
    "<status>in-use</status><subnetId>%(subnet)s</subnetId><vpcId>%(vpc)s</vpcId>"
    "<interfaceType>interface</interfaceType></item></networkInterfaceSet>"
    "<rootDeviceName>/dev/xvda</rootDeviceName><rootDeviceType>ebs</rootDeviceType>" + _GROUPS + ""
    "<sourceDestCheck>true</sourceDestCheck><tagSet><item><key>Name</key><value>%(tag)s</value>"
    "</item><item><key>team</key><value>%(team)s</value></item><item><key>environment</key>"
    "<value>%(environment)s</value></item></tagSet><virtualizationType>hvm</virtualizationType>"
    "<hibernationOptions><configured>false</configured></hibernationOptions>"
    "<platformDetails>Linux/UNIX</platformDetails><usageOperation>RunInstances</usageOperation>"
    "<usageOperationUpdateTime>%(born)s</usageOperationUpdateTime>%(why)s</item></instancesSet>"
    "<ownerId>%(owner)s</ownerId><reservationId>%(reservation)s</reservationId></item>"
)


@dataclass
class Pages:
    """Pages by their instances; the last ones are kept, so many characters of them."""

    kept: OrderedDict[tuple[int, ...], str] = field(default_factory=OrderedDict)
    size: int = 0

    def page(self, estate: LargeEstate, numbers: Sequence[int]) -> str:
        """Return the reservations of instances, by their numbers."""
        key = tuple(numbers)
        if key in self.kept:
            self.kept.move_to_end(key)
            return self.kept[key]
        text = written(estate, numbers)
        self.kept[key] = text
        self.size += len(text)
        while self.size > _KEPT_CHARACTERS and len(self.kept) > 1:
            self.size -= len(self.kept.popitem(last=False)[1])
        return text


def written(estate: LargeEstate, numbers: Sequence[int]) -> str:
    """Write the reservations of instances, by their numbers."""
    lives = estate.lives(numbers)
    columns = (lives.places, lives.way, lives.type, lives.seed, lives.is_running)
    moments = (lives.born, lives.born + 1, lives.launched, lives.stopped)
    rows = zip(numbers, *(column.tolist() for column in columns), *map(_times, moments), strict=True)
    return "".join([_RESERVATION % _facts(estate, _Row(*row)) for row in rows])


class _Row(NamedTuple):
    """An instance's facts, its instants as EC2 writes them."""

    number: int
    place: int
    way: int
    type: int
    seed: int
    is_running: bool
    born: str
    attached: str
    launched: str
    stopped: str


def _facts(estate: LargeEstate, row: _Row) -> dict[str, str]:
    account, region = estate.shape.places[row.place]
    team, role, environment = words_of(estate.shape, row.number)
    instance_id, zone, name = (
        estate.shape.id_of(row.number),
        region.name + "abc"[row.seed % 3],
        f"{team}-{role}",
    )
    address = f"{row.seed % 200}.{row.seed // 256 % 250}.{10 + row.number % 240}"
    domain = "ec2" if region.name == "us-east-1" else f"{region.name}.compute"
    code, state = _STATES[row.is_running]
    return {
        "image": _shared("ami", name),
        "id": instance_id,
        "type": TYPES[row.type],
        "launched": row.launched,
        "zone": zone,
        "host": f"ip-10-{address.replace('.', '-')}.{domain}.internal",
        "address": f"10.{address}",
        "code": code,
        "state": state,
        "reason": "" if row.is_running else f"User initiated ({row.stopped[:10]} {row.stopped[11:19]} GMT)",
        "subnet": _shared("subnet", zone, account),
        "vpc": _shared("vpc", region.name, account),
        "disks": _disks(instance_id, row.attached, 2 if row.way in _BOTH_DISKS else 1),
        "born": row.born,
        "attachment": shared_id("eni-attach", instance_id),
        "group": _shared("sg", name),
        "name": name,
        "mac": _mac(row.seed),
        "interface": shared_id("eni", instance_id),
        "owner": account,
        "tag": f"{name}-{row.number:06d}",
        "team": team,
        "environment": environment,
        "why": "" if row.is_running else _SHUTDOWN,
        "reservation": shared_id("r", instance_id),
    }


def _disks(instance_id: str, attached: str, count: int) -> str:
    return "".join(
        [
            _DISK % {"letter": "ab"[at], "attached": attached, "is_root": _YES_NO[at], "volume": volume}
            for at in range(count)
            for volume in ["vol" + shared_id(f"vol{at}", instance_id).removeprefix(f"vol{at}")]
        ]
    )


_shared = lru_cache(maxsize=4096)(shared_id)


def _mac(seed: int) -> str:
    text = f"{seed & 0xFFFFFFF:07x}"
    return ":".join([text[at : at + 2] for at in (5, 4, 3, 2, 1, 0)])


def _times(seconds: Numbers) -> list[str]:
    """Write instants as EC2 does, to the millisecond."""
    return list(np.datetime_as_string(seconds.astype("datetime64[s]"), unit="ms", timezone="UTC"))
