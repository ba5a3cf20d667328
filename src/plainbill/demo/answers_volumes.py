"""EC2: EBS volumes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plainbill.demo.call import Answer, Call, paged
from plainbill.demo.ec2_filters import Filters, filtered
from plainbill.demo.estate import identifier
from plainbill.demo.estate_volumes import Volume, volumes
from plainbill.demo.wire_scope import WireError

_MIN_PAGE, _MAX_PAGE = 5, 1000


def _of_attachment(volume: Volume, *values: str) -> list[str]:
    return list(values) if volume.attachment else []


_FILTERS: Filters = {
    "attachment.instance-id": lambda volume: (
        [volume.attachment.instance.instance_id] if volume.attachment else []
    ),
    "attachment.status": lambda volume: _of_attachment(volume, "attached"),
    "attachment.device": lambda volume: [volume.attachment.device] if volume.attachment else [],
    "attachment.delete-on-termination": lambda volume: (
        [str(volume.attachment.is_deleted_with_it).lower()] if volume.attachment else []
    ),
    "availability-zone": lambda volume: [volume.availability_zone],
    "encrypted": lambda _: ["true"],
    "multi-attach-enabled": lambda _: ["false"],
    "size": lambda volume: [str(volume.gib)],
    "status": lambda volume: [volume.state],
    "volume-id": lambda volume: [volume.name],
    "volume-type": lambda volume: [volume.volume_type],
}


def describe_volumes(call: Call) -> Mapping[str, Any]:
    """List the volumes of one account in one region, by pages when ``MaxResults`` is given."""
    ids, size = call.params.get("VolumeIds"), call.params.get("MaxResults")
    if ids and size is not None:
        message = "The parameter volumesSet cannot be used with the parameter maxResults"
        raise WireError("InvalidParameterCombination", message)
    if size is not None and size < _MIN_PAGE:
        message = f"Value ( {size} ) for parameter maxResults is invalid. Expecting a value greater than 5."
        raise WireError("InvalidParameterValue", message)
    here = volumes(call.company).at(call.account, call.region)
    missing = sorted(set(ids or ()) - {volume.name for volume in here})
    if missing:
        raise WireError("InvalidVolume.NotFound", f"The volume '{missing[0]}' does not exist.")
    chosen = filtered((volume for volume in here if not ids or volume.name in ids), call, _FILTERS)
    told = [_volume(volume) for volume in chosen]
    if size is None:
        return {"Volumes": told}  # all of them: AWS pages only those who ask for pages
    return paged(call, "Volumes", told, most=_MAX_PAGE, refusal="InvalidParameterValue")


def _volume(volume: Volume) -> dict[str, Any]:
    key = identifier("key", volume.account_id, volume.region)
    facts: dict[str, Any] = {
        "Attachments": _attachments(volume),
        "AvailabilityZone": volume.availability_zone,
        "CreateTime": volume.created_at,
        "Encrypted": True,
        "KmsKeyId": volume.arn("kms", f"key/{key}"),
        "Size": volume.gib,
        "SnapshotId": _snapshot(volume),
        "State": volume.state,
        "VolumeId": volume.name,
        "VolumeType": volume.volume_type,
        "MultiAttachEnabled": False,
    }
    optional = {"Iops": volume.iops, "Throughput": volume.throughput, "Tags": volume.tag_list or None}
    return facts | {name: value for name, value in optional.items() if value is not None}


def _snapshot(volume: Volume) -> str:
    """Return the snapshot a root volume was made of; data volumes were made empty."""
    is_root = volume.attachment is not None and volume.attachment.device == "/dev/xvda"
    if not is_root or volume.attachment is None:
        return ""
    return identifier("snap", volume.attachment.instance.fleet.name)


def _attachments(volume: Volume) -> list[dict[str, Any]]:
    attachment = volume.attachment
    if attachment is None:
        return []
    return [
        {
            "AttachTime": attachment.attached_at,
            "DeleteOnTermination": attachment.is_deleted_with_it,
            "Device": attachment.device,
            "InstanceId": attachment.instance.instance_id,
            "State": "attached",
            "VolumeId": volume.name,
        }
    ]


ANSWERS: Mapping[str, Answer] = {"ec2:DescribeVolumes": describe_volumes}
