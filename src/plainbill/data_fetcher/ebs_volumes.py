"""EBS volumes: ``DescribeVolumes`` in every enabled Region, free of charge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from plainbill.aws_connector import Connector, Read, Scope, instant
from plainbill.data_fetcher.collector import Collector, Page, tags_of
from plainbill.model.resources.ebs import EbsVolume

_PAGE = 500  # what the API gives at most in one page when asked for pages
_ROOT_DEVICES = ("/dev/sda1", "/dev/xvda", "xvda")


class EbsVolumes(Collector):
    """Every EBS volume, attached or not."""

    name = "ebs_volumes"
    kind = EbsVolume
    reads = (Read("ec2", "DescribeVolumes", "the EBS volumes, and so none that is unattached or oversized"),)

    @classmethod
    def fetch(cls, connector: Connector, scope: Scope) -> Iterator[Page]:
        """Yield the pages of ``DescribeVolumes``."""
        return connector.pages(scope, "ec2", "DescribeVolumes", MaxResults=_PAGE)

    @classmethod
    def parse(cls, page: Page, scope: Scope) -> Iterator[EbsVolume]:
        """Yield the volumes of a page."""
        return (_volume(raw, scope) for raw in page.get("Volumes", ()))


def _volume(raw: Mapping[str, Any], scope: Scope) -> EbsVolume:
    attachments = raw.get("Attachments", ())
    return EbsVolume(
        account_id=scope.account_id,
        region=scope.region,
        tags=tags_of(raw),
        volume_id=raw["VolumeId"],
        volume_type=raw["VolumeType"],
        size_gib=int(raw["Size"]),
        state=raw["State"],
        created_at=instant(raw["CreateTime"]),
        availability_zone=raw["AvailabilityZone"],
        iops=raw.get("Iops"),
        throughput_mib=raw.get("Throughput"),
        attached_to=tuple(one["InstanceId"] for one in attachments if one.get("InstanceId")),
        delete_on_termination=attachments[0].get("DeleteOnTermination") if attachments else None,
        snapshot_id=raw.get("SnapshotId") or None,
        is_encrypted=bool(raw.get("Encrypted")),
        is_root=attachments[0].get("Device") in _ROOT_DEVICES if attachments else None,
        is_multi_attach=bool(raw.get("MultiAttachEnabled")),
        outpost_arn=raw.get("OutpostArn") or None,
        operator=_operator(raw.get("Operator", {})),
    )


def _operator(raw: Mapping[str, Any]) -> str | None:
    """Return the principal of the service that manages the volume; it is named only where one does."""
    return str(raw.get("Principal") or "an AWS service") if raw.get("Managed") else None
