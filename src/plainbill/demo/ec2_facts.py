"""An instance as ``DescribeInstances`` tells of it: the keys and types of recorded answers."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from plainbill.demo.fleet import WINDOWS
from plainbill.demo.instances import DemoInstance

_STATES = {"running": 16, "stopped": 80}
_WITH_DATA = {"orders-batch", "report-runner", "jenkins-controller"}
"""Fleets with a data volume, besides those whose habit takes one."""
WITH_ELASTIC_IP = {"sftp-gateway", "vat-import", "old-gitlab"}
"""Fleets of one whose address is an Elastic IP, which a stop does not take away."""


def shared_id(kind: str, *words: str) -> str:
    """Return an id of a kind such as ``vpc``, always the same for the same words."""
    return f"{kind}-0" + sha256("/".join((kind, *words)).encode()).hexdigest()[:16]


def reservation(instance: DemoInstance) -> dict[str, Any]:
    """Return the reservation that holds one instance."""
    found: dict[str, Any] = {
        "Groups": [],
        "Instances": [_instance(instance)],
        "OwnerId": instance.account_id,
        "ReservationId": shared_id("r", instance.instance_id),
    }
    if instance.managed_by:
        found["RequesterId"] = "226008221399"
    return found


def _instance(instance: DemoInstance) -> dict[str, Any]:
    private_ip = f"10.{instance.seed % 200}.{instance.seed // 256 % 250}.{10 + instance.number % 240}"
    host = _private_name(instance, private_ip)
    public_ip = _public_ip(instance)
    public_name = f"ec2-{public_ip.replace('.', '-')}.compute-1.amazonaws.com" if public_ip else ""
    network = {"SubnetId": shared_id("subnet", instance.availability_zone, instance.account_id),
               "VpcId": shared_id("vpc", instance.region, instance.account_id)}  # fmt: skip
    group = [{"GroupId": shared_id("sg", instance.fleet.name), "GroupName": instance.fleet.name}]
    facts: dict[str, Any] = {
        "AmiLaunchIndex": 0,
        "ImageId": shared_id("ami", instance.fleet.name),
        "InstanceId": instance.instance_id,
        "InstanceType": instance.fleet.instance_type,
        "LaunchTime": instance.launched_at,
        "Monitoring": {"State": "disabled"},
        "Placement": {
            "AvailabilityZone": instance.availability_zone,
            "GroupName": "",
            "Tenancy": instance.fleet.tenancy,
        },
        "PrivateDnsName": host,
        "PrivateIpAddress": private_ip,
        "ProductCodes": [],
        "PublicDnsName": public_name,
        "State": {"Code": _STATES[instance.state], "Name": instance.state},
        "StateTransitionReason": "",
        **network,
        "Architecture": instance.architecture,
        "BlockDeviceMappings": block_devices(instance),
        "ClientToken": "",
        "EbsOptimized": True,
        "EnaSupport": True,
        "Hypervisor": "xen",
        "NetworkInterfaces": [_interface(instance, host, private_ip, public_ip, public_name, network, group)],
        "RootDeviceName": "/dev/xvda",
        "RootDeviceType": "ebs",
        "SecurityGroups": group,
        "SourceDestCheck": True,
        "Tags": [{"Key": key, "Value": value} for key, value in instance.tags.items()],
        "VirtualizationType": "hvm",
        "HibernationOptions": {"Configured": False},
        "PlatformDetails": instance.fleet.platform,
        "UsageOperation": "RunInstances:0002" if instance.fleet.platform == WINDOWS else "RunInstances",
        "UsageOperationUpdateTime": instance.first_launched_at,
    }
    return facts | _sometimes(instance, public_ip)


def _sometimes(instance: DemoInstance, public_ip: str | None) -> dict[str, Any]:
    """Return the keys that only some instances have."""
    facts: dict[str, Any] = {}
    if public_ip:
        facts["PublicIpAddress"] = public_ip
    if instance.fleet.platform == WINDOWS:
        facts["Platform"] = "windows"
    if instance.fleet.market == "spot":
        facts["InstanceLifecycle"] = "spot"
        facts["SpotInstanceRequestId"] = "sir-" + instance.instance_id[-8:]
    if instance.stopped_at:
        facts["StateTransitionReason"] = f"User initiated ({instance.stopped_at:%Y-%m-%d %H:%M:%S} GMT)"
        message = "Client.UserInitiatedShutdown: User initiated shutdown"
        facts["StateReason"] = {"Code": "Client.UserInitiatedShutdown", "Message": message}
    return facts


def _private_name(instance: DemoInstance, ip: str) -> str:
    domain = "ec2" if instance.region == "us-east-1" else f"{instance.region}.compute"
    return f"ip-{ip.replace('.', '-')}.{domain}.internal"


def _public_ip(instance: DemoInstance) -> str | None:
    is_lent = instance.fleet.is_public and instance.state == "running"
    is_reachable = is_lent or instance.fleet.name in WITH_ELASTIC_IP
    return f"203.0.113.{10 + instance.number % 240}" if is_reachable else None  # RFC 5737: nobody's


def block_devices(instance: DemoInstance) -> list[dict[str, Any]]:
    """Return the volumes attached to an instance, the root volume first."""
    fleet = instance.fleet
    count = 2 if fleet.habit in {"steady", "just below both"} or fleet.name in _WITH_DATA else 1
    return [
        {"DeviceName": f"/dev/xvd{'ab'[n]}", "Ebs": _volume(instance, n, instance.first_launched_at)}
        for n in range(count)
    ]


def _volume(instance: DemoInstance, number: int, attached: datetime) -> dict[str, Any]:
    return {
        "AttachTime": attached + timedelta(seconds=1),
        "DeleteOnTermination": number == 0,
        "Status": "attached",
        "VolumeId": shared_id(f"vol{number}", instance.instance_id).replace(f"vol{number}", "vol"),
    }


def _interface(
    instance: DemoInstance,
    host: str,
    private_ip: str,
    public_ip: str | None,
    public_name: str,
    network: dict[str, str],
    groups: list[dict[str, str]],
) -> dict[str, Any]:
    """Return the primary network interface; its attach time is the instance's first launch."""
    owner = instance.account_id if instance.fleet.name in WITH_ELASTIC_IP else "amazon"
    owned = {"IpOwnerId": owner, "PublicDnsName": public_name, "PublicIp": public_ip}
    association = {"Association": owned} if public_ip else {}
    address = {"Primary": True, "PrivateDnsName": host, "PrivateIpAddress": private_ip}
    return {
        **association,
        "Attachment": {
            "AttachTime": instance.first_launched_at,
            "AttachmentId": shared_id("eni-attach", instance.instance_id),
            "DeleteOnTermination": True,
            "DeviceIndex": 0,
            "Status": "attached",
            "NetworkCardIndex": 0,
        },
        "Description": "",
        "Groups": groups,
        "Ipv6Addresses": [],
        "MacAddress": ":".join(f"{instance.seed >> shift & 255:02x}" for shift in (0, 4, 8, 12, 16, 20)),
        "NetworkInterfaceId": shared_id("eni", instance.instance_id),
        "OwnerId": instance.account_id,
        "PrivateDnsName": host,
        "PrivateIpAddress": private_ip,
        "PrivateIpAddresses": [association | address],
        "SourceDestCheck": True,
        "Status": "in-use",
        **network,
        "InterfaceType": "interface",
    }
