"""EC2: EBS snapshots, machine images and launch templates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from plainbill.demo.call import Answer, Call, paged
from plainbill.demo.ec2_filters import Filters, filtered
from plainbill.demo.estate import identifier
from plainbill.demo.estate_snapshots import (
    Image,
    Snapshot,
    TemplateVersion,
    images,
    snapshots,
    templates,
)
from plainbill.demo.wire_scope import WireError

_MIN_PAGE, _MAX_PAGE = 5, 1000
_MAX_TEMPLATES = 200
_GIB = 1024**3
_SNAPSHOT_FILTERS: Filters = {
    "description": lambda one: [one.description],
    "encrypted": lambda _: ["true"],
    "owner-id": lambda one: [one.account_id],
    "snapshot-id": lambda one: [one.name],
    "status": lambda _: ["completed"],
    "storage-tier": lambda one: [one.tier],
    "volume-id": lambda one: [one.volume_id],
    "volume-size": lambda one: [str(one.gib)],
}
_IMAGE_FILTERS: Filters = {
    "image-id": lambda one: [one.name],
    "is-public": lambda one: [str(one.is_public).lower()],
    "name": lambda one: [one.label],
    "owner-id": lambda one: [one.account_id],
    "state": lambda _: ["available"],
}


def describe_snapshots(call: Call) -> Mapping[str, Any]:
    """List the snapshots an account owns in a region, by pages when ``MaxResults`` is given."""
    here = snapshots(call.company).at(call.account, call.region)
    chosen = _chosen(call, here, "SnapshotIds", "snapshotSet", "InvalidSnapshot.NotFound")
    kept = filtered(chosen if _is_own(call, "OwnerIds") else (), call, _SNAPSHOT_FILTERS)
    return _listed(call, "Snapshots", [_snapshot(one) for one in kept])


def describe_images(call: Call) -> Mapping[str, Any]:
    """List the images an account owns in a region, by pages when ``MaxResults`` is given."""
    here = images(call.company).at(call.account, call.region)
    chosen = _chosen(call, here, "ImageIds", "imagesSet", "InvalidAMIID.NotFound")
    kept = filtered(chosen if _is_own(call, "Owners") else (), call, _IMAGE_FILTERS)
    return _listed(call, "Images", [_image(one) for one in kept])


def describe_launch_template_versions(call: Call) -> Mapping[str, Any]:
    """List the default or the latest versions of all launch templates of an account in a region."""
    wanted = call.params.get("Versions") or []
    if not wanted or set(wanted) - {"$Latest", "$Default"} or call.params.get("LaunchTemplateId"):
        message = "Versions must be $Latest or $Default for all launch templates"
        raise WireError("InvalidParameterCombination", message)
    told = [
        _version(one)
        for one in templates(call.company).at(call.account, call.region)
        if (one.is_latest and "$Latest" in wanted) or (one.is_default and "$Default" in wanted)
    ]
    return paged(call, "LaunchTemplateVersions", told, most=_MAX_TEMPLATES)


def _chosen(call: Call, here: tuple[Any, ...], parameter: str, wire_name: str, missing: str) -> list[Any]:
    """Return those whose ids were given, or all; raises ``WireError`` as EC2 does."""
    ids, size = call.params.get(parameter), call.params.get("MaxResults")
    if ids and size is not None:
        message = f"The parameter {wire_name} cannot be used with the parameter maxResults"
        raise WireError("InvalidParameterCombination", message)
    if size is not None and size < _MIN_PAGE:
        message = f"Value ( {size} ) for parameter maxResults is invalid. Expecting a value greater than 5."
        raise WireError("InvalidParameterValue", message)
    if unknown := sorted(set(ids or ()) - {one.name for one in here}):
        raise WireError(missing, f"The id '{unknown[0]}' does not exist.")
    return [one for one in here if not ids or one.name in ids]


def _is_own(call: Call, parameter: str) -> bool:
    """Say whether the account's own are asked for; nobody else's are told of here."""
    owners = call.params.get(parameter)
    return not owners or bool({"self", call.account} & set(owners))


def _listed(call: Call, key: str, told: list[dict[str, Any]]) -> Mapping[str, Any]:
    if call.params.get("MaxResults") is None:
        return {key: told}  # all of them: AWS pages only those who ask for pages
    return paged(call, key, told, most=_MAX_PAGE)


def _snapshot(one: Snapshot) -> dict[str, Any]:
    return {
        "Description": one.description,
        "Encrypted": True,
        "KmsKeyId": one.arn("kms", f"key/{identifier('key', one.account_id, one.region)}"),
        "DataEncryptionKeyId": identifier("dek", one.account_id, one.region, one.line),
        "OwnerId": one.account_id,
        "Progress": "100%",
        "SnapshotId": one.name,
        "StartTime": one.created_at,
        "State": "completed",
        "StorageTier": one.tier,
        "VolumeId": one.volume_id,
        "VolumeSize": one.gib,
        "FullSnapshotSizeInBytes": one.stored_gib * _GIB,
    } | _tags(one.tag_list)


def _image(one: Image) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "Architecture": "x86_64",
        "BlockDeviceMappings": [
            {
                "DeviceName": f"/dev/xvd{'ab'[number]}",
                "Ebs": {
                    "DeleteOnTermination": True,
                    "Encrypted": True,
                    "SnapshotId": snapshot_id,
                    "VolumeSize": gib,
                    "VolumeType": "gp3",
                },
            }
            for number, (snapshot_id, (gib, _)) in enumerate(zip(one.snapshot_ids, one.disks, strict=True))
        ],
        "CreationDate": _written(one.created_at),
        "EnaSupport": True,
        "Hypervisor": "xen",
        "ImageId": one.name,
        "ImageLocation": f"{one.account_id}/{one.label}",
        "ImageType": "machine",
        "Name": one.label,
        "OwnerId": one.account_id,
        "PlatformDetails": "Linux/UNIX",
        "Public": one.is_public,
        "RootDeviceName": "/dev/xvda",
        "RootDeviceType": "ebs",
        "SriovNetSupport": "simple",
        "State": "available",
        "UsageOperation": "RunInstances",
        "VirtualizationType": "hvm",
    }
    launched = {} if one.launched_at is None else {"LastLaunchedTime": _written(one.launched_at)}
    return facts | launched | _tags(one.tag_list)


def _version(one: TemplateVersion) -> dict[str, Any]:
    return {
        "LaunchTemplateId": one.template_id,
        "LaunchTemplateName": one.name.partition(":")[0],
        "VersionNumber": one.number,
        "CreateTime": one.created_at,
        "CreatedBy": f"arn:aws:iam::{one.account_id}:role/deploy",
        "DefaultVersion": one.is_default,
        "LaunchTemplateData": {"ImageId": one.image_id, "InstanceType": "m6i.large"},
    }


def _tags(tags: list[dict[str, str]]) -> dict[str, Any]:
    return {"Tags": tags} if tags else {}


def _written(moment: datetime) -> str:
    """Return an instant as EC2 writes it into a text field."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.000Z"


ANSWERS: Mapping[str, Answer] = {
    "ec2:DescribeSnapshots": describe_snapshots,
    "ec2:DescribeImages": describe_images,
    "ec2:DescribeLaunchTemplateVersions": describe_launch_template_versions,
}
