"""EC2 instances: ``DescribeInstances`` in every enabled Region, free of charge."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from sys import intern
from typing import Any

from plainbill.aws_connector import Connector, Read, Scope, instant
from plainbill.data_fetcher.source import Source, as_documented
from plainbill.model.inventory import Gap
from plainbill.model.resources import Ec2Instance

_PAGE = 1000  # the most DescribeInstances gives; without it the call is throttled twice as early
_NOT_GONE = {"Name": "instance-state-name", "Values": ["pending", "running", "stopping", "stopped"]}
_WHEN = re.compile(r"\((\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}) GMT\)")

_MANAGERS: Mapping[str, tuple[str, ...]] = {  # by tags that AWS (or Kubernetes on AWS) puts on instances
    "autoscaling": ("aws:autoscaling:groupName",),
    "eks": ("aws:eks:", "eks:cluster-name", "eks:nodegroup-name", "kubernetes.io/cluster/"),
    "ecs": ("aws:ecs:", "AmazonECSManaged"),
    "batch": ("aws:batch:", "AWSBatchServiceTag"),
    "emr": ("aws:elasticmapreduce:",),
}
_USED = (
    "Architecture",
    "BlockDeviceMappings.Ebs.VolumeId",
    "ImageId",
    "InstanceId",
    "InstanceLifecycle",
    "InstanceType",
    "LaunchTime",
    "Monitoring.State",
    "NetworkInterfaces.Association.PublicIp",
    "NetworkInterfaces.Attachment.AttachTime",
    "NetworkInterfaces.Attachment.DeviceIndex",
    "NetworkInterfaces.Attachment.NetworkCardIndex",
    "NetworkInterfaces.PrivateIpAddresses.Association.PublicIp",
    "Placement.AvailabilityZone",
    "Placement.Tenancy",
    "Platform",
    "PlatformDetails",
    "PublicIpAddress",
    "SourceDestCheck",
    "State.Name",
    "StateTransitionReason",
    "Tags",
)
_MUST_HAVE = ("InstanceId", "InstanceType", "LaunchTime", "State")


class Ec2Instances(Source):
    """Every instance that runs or can run again: the disks of a stopped one are billed."""

    name = "ec2_instances"
    reads = (
        Read(
            "ec2",
            "DescribeInstances",
            "the EC2 instances, and so none that is idle",
            tuple(f"Reservations.Instances.{one}" for one in _USED),
        ),
    )


def fetch(connector: Connector, scope: Scope) -> Iterator[dict[str, Any]]:
    """Yield every page of the instances of one account and Region; raises ``AwsError``."""
    return connector.pages(scope, "ec2", "DescribeInstances", MaxResults=_PAGE, Filters=[_NOT_GONE])


def parse(page: Mapping[str, Any], scope: Scope) -> list[Ec2Instance]:
    """Turn one page into instances; those that AWS described too thinly are in ``incomplete()``."""
    return [_instance(raw, scope) for raw in _described(page) if _is_complete(raw)]


def incomplete(page: Mapping[str, Any]) -> list[str]:
    """Return the ids of the instances of a page that lack the type, the state or the time of launch."""
    return [raw.get("InstanceId", "(no id)") for raw in _described(page) if not _is_complete(raw)]


def read(connector: Connector, scope: Scope) -> tuple[list[Ec2Instance], list[Gap]]:
    """Return the instances of one account and Region, and what is missing; raises ``AwsError``."""
    instances: list[Ec2Instance] = []
    thin: list[str] = []
    with as_documented(Ec2Instances.reads[0], scope):
        for page in fetch(connector, scope):
            instances.extend(parse(page, scope))
            thin.extend(incomplete(page))
    return instances, [_thin_gap(thin, scope)] if thin else []


def _thin_gap(instance_ids: list[str], scope: Scope) -> Gap:
    return Gap(
        source=Ec2Instances.name,
        account_id=scope.account_id,
        region=scope.region,
        kind="Incomplete",
        action=None,
        reason=f"EC2 left out the type, state or launch time of {len(instance_ids)} instances, "
        f"{instance_ids[0]} among them: they are not judged.",
        remedy="Refresh again later; if it stays so, look at the instance in the EC2 console.",
    )


def _described(page: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for reservation in page.get("Reservations", ()):
        yield from reservation.get("Instances", ())


def _is_complete(raw: Mapping[str, Any]) -> bool:
    return all(map(raw.get, _MUST_HAVE))


def _instance(raw: Mapping[str, Any], scope: Scope) -> Ec2Instance:
    placement = raw.get("Placement", {})
    interfaces = raw.get("NetworkInterfaces", ())
    tags = {intern(tag["Key"]): intern(tag.get("Value", "")) for tag in raw.get("Tags", ())}
    return Ec2Instance(
        instance_id=raw["InstanceId"],
        account_id=scope.account_id,
        region=scope.region,
        instance_type=intern(raw["InstanceType"]),
        state=intern(raw["State"]["Name"]),
        platform=intern(_platform(raw)),
        tenancy=intern(placement.get("Tenancy") or "default"),
        lifecycle=intern(raw.get("InstanceLifecycle") or "on-demand"),
        launched_at=instant(raw["LaunchTime"]),
        first_launched_at=_first_launch(interfaces),
        availability_zone=_shared(placement.get("AvailabilityZone")),
        architecture=_shared(raw.get("Architecture")),
        detailed_monitoring=raw.get("Monitoring", {}).get("State") == "enabled",
        ebs_volume_ids=tuple(_volume_ids(raw)),
        public_ips=tuple(dict.fromkeys(_public_ips(raw, interfaces))),
        managed_by=_managers(tuple(tags)),
        stopped_at=_stopped_at(raw),
        image_id=_shared(raw.get("ImageId") or None),
        source_dest_check=raw.get("SourceDestCheck"),
        tags=tags,
    )


def _shared(text: str | None) -> str | None:
    """Return the one object of texts that many instances have: 100,000 of them fill memory."""
    return None if text is None else intern(text)


def _platform(raw: Mapping[str, Any]) -> str:
    """Return what the instance's licence is billed as; ``Platform`` is "windows" or, for the rest, absent."""
    if details := raw.get("PlatformDetails"):
        return str(details)
    return "Windows" if str(raw.get("Platform", "")).lower() == "windows" else "Linux/UNIX"


def _first_launch(interfaces: Iterable[Mapping[str, Any]]) -> datetime | None:
    """Return when the primary interface was attached: at the first launch, and never again (EC2 guide)."""
    for interface in interfaces:
        attachment = interface.get("Attachment", {})
        if attachment.get("DeviceIndex") == 0 and attachment.get("NetworkCardIndex", 0) == 0:
            attached_at = attachment.get("AttachTime")
            return instant(attached_at) if attached_at else None
    return None


def _stopped_at(raw: Mapping[str, Any]) -> datetime | None:
    """Return when it was stopped: AWS says it only in ``User initiated (2026-08-20 17:04:05 GMT)``."""
    if raw["State"]["Name"] != "stopped":
        return None
    found = _WHEN.search(raw.get("StateTransitionReason") or "")
    return instant(f"{found[1]}T{found[2]}Z") if found else None


def _volume_ids(raw: Mapping[str, Any]) -> Iterator[str]:
    for mapping in raw.get("BlockDeviceMappings", ()):
        if volume_id := mapping.get("Ebs", {}).get("VolumeId"):
            yield volume_id


def _public_ips(raw: Mapping[str, Any], interfaces: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield every public IPv4 address, repeated where AWS repeats it; each is billed by the hour."""
    if address := raw.get("PublicIpAddress"):
        yield address
    for interface in interfaces:
        for holder in (interface, *interface.get("PrivateIpAddresses", ())):
            if address := holder.get("Association", {}).get("PublicIp"):
                yield address


@lru_cache(maxsize=1024)
def _managers(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Return who manages an instance by the keys of its tags, which are the same for many."""
    return tuple(
        manager
        for manager, beginnings in _MANAGERS.items()
        if any(key.startswith(beginnings) for key in keys)
    )
