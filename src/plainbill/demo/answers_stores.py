"""EFS, ECR and Secrets Manager, as far as an inventory asks them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256
from typing import Any

from plainbill.demo.call import Answer, Call, paged
from plainbill.demo.estate_stores import (
    FileSystem,
    Repository,
    Secret,
    file_system_bytes,
    file_systems,
    repositories,
    secrets,
)
from plainbill.demo.wire_scope import WireError
from plainbill.model.period import midnight

_LOWER = ("nextToken", "nextToken")
_MIB = 2**20


def describe_file_systems(call: Call) -> Mapping[str, Any]:
    """List the file systems, a hundred a page."""
    told = [_file_system(one) for one in file_systems(call.company).at(call.account, call.region)]
    return paged(call, "FileSystems", told, limit="MaxItems", token=("Marker", "NextMarker"), most=100)


def _file_system(one: FileSystem) -> dict[str, Any]:
    standard, infrequent = file_system_bytes(one)
    facts: dict[str, Any] = {
        "OwnerId": one.account_id,
        "CreationToken": f"token-{one.seed}",
        "FileSystemId": one.name,
        "FileSystemArn": one.arn("elasticfilesystem", f"file-system/{one.name}"),
        "CreationTime": one.created_at,
        "LifeCycleState": "available",
        "Name": one.tags.get("Name", ""),
        "NumberOfMountTargets": one.mount_targets,
        "SizeInBytes": {
            "Value": standard + infrequent,
            "ValueInIA": infrequent,
            "ValueInStandard": standard,
            "ValueInArchive": 0,
        },
        "PerformanceMode": "generalPurpose",
        "Encrypted": True,
        "ThroughputMode": "elastic" if one.provisioned is None else "provisioned",
        "Tags": one.tag_list,
        "FileSystemProtection": {"ReplicationOverwriteProtection": "ENABLED"},
    }
    return facts if one.provisioned is None else facts | {"ProvisionedThroughputInMibps": one.provisioned}


def describe_lifecycle_configuration(call: Call) -> Mapping[str, Any]:
    """List what moves the files of one file system."""
    name = call.params["FileSystemId"]
    one = file_systems(call.company).named(call.account, call.region, name)
    if one is None:
        raise WireError("FileSystemNotFound", f"File system '{name}' does not exist.", 404)
    return {"LifecyclePolicies": [{"TransitionToIA": one.moves_after}] if one.moves_after else []}


def describe_repositories(call: Call) -> Mapping[str, Any]:
    """List the repositories, a hundred a page unless more are asked for."""
    told = [_repository(one) for one in repositories(call.company).at(call.account, call.region)]
    return paged(call, "repositories", told, limit="maxResults", token=_LOWER, most=1000, default=100)


def _repository(one: Repository) -> dict[str, Any]:
    return {
        "repositoryArn": one.arn("ecr", f"repository/{one.name}"),
        "registryId": one.account_id,
        "repositoryName": one.name,
        "repositoryUri": f"{one.account_id}.dkr.ecr.{one.region}.amazonaws.com/{one.name}",
        "createdAt": one.created_at,
        "imageTagMutability": "IMMUTABLE",
    }


def get_lifecycle_policy(call: Call) -> Mapping[str, Any]:
    """Give the policy of a repository; none is an error."""
    one = _named(call)
    if not one.has_policy:
        message = (
            f"Lifecycle policy does not exist for the repository with name '{one.name}' in the registry "
            f"with id '{one.account_id}'"
        )
        raise WireError("LifecyclePolicyNotFoundException", message)
    text = '{"rules":[{"rulePriority":1,"selection":{"tagStatus":"any"},"action":{"type":"expire"}}]}'
    return {"registryId": one.account_id, "repositoryName": one.name, "lifecyclePolicyText": text}


def describe_images(call: Call) -> Mapping[str, Any]:
    """List the images of a repository, a hundred a page unless more are asked for."""
    one = _named(call)
    told = [
        {
            "registryId": one.account_id,
            "repositoryName": one.name,
            "imageDigest": "sha256:" + sha256(f"{one.name}/{number}".encode()).hexdigest(),
            "imageTags": [f"build-{number}"],
            "imageSizeInBytes": one.image_mib * _MIB,
            "imagePushedAt": call.now - timedelta(hours=9 * number),
        }
        for number in range(one.images)
    ]
    return paged(call, "imageDetails", told, limit="maxResults", token=_LOWER, most=1000, default=100)


def _named(call: Call) -> Repository:
    name = call.params["repositoryName"]
    one = repositories(call.company).named(call.account, call.region, name)
    if one is None:
        message = f"The repository with name '{name}' does not exist in the registry with id '{call.account}'"
        raise WireError("RepositoryNotFoundException", message)
    return one


def list_secrets(call: Call) -> Mapping[str, Any]:
    """List the secrets, a hundred a page; without their values."""
    told = [_secret(one, call) for one in secrets(call.company).at(call.account, call.region)]
    return paged(call, "SecretList", told, most=100)


def _secret(one: Secret, call: Call) -> dict[str, Any]:
    letters = sha256(one.name.encode()).hexdigest()[:6]
    facts: dict[str, Any] = {
        "ARN": one.arn("secretsmanager", f"secret:{one.name}-{letters}"),
        "Name": one.name,
        "CreatedDate": one.created_at,
        "LastChangedDate": one.created_at,
        "Tags": one.tag_list,
    }
    if one.read is not None:  # AWS tells the day only
        facts["LastAccessedDate"] = midnight(call.now.date()) - timedelta(days=one.read)
    return facts if one.owner is None else facts | {"OwningService": one.owner}


ANSWERS: Mapping[str, Answer] = {
    "efs:DescribeFileSystems": describe_file_systems,
    "efs:DescribeLifecycleConfiguration": describe_lifecycle_configuration,
    "ecr:DescribeRepositories": describe_repositories,
    "ecr:GetLifecyclePolicy": get_lifecycle_policy,
    "ecr:DescribeImages": describe_images,
    "secretsmanager:ListSecrets": list_secrets,
}
