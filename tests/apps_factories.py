"""What applications run on, for tests: say only what the test is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from factories import NOW
from plainbill.model.resources.ecr import EcrRepository
from plainbill.model.resources.ecs import EcsService
from plainbill.model.resources.efs import EfsFileSystem
from plainbill.model.resources.eks import EksCluster
from plainbill.model.resources.kinesis import KinesisStream
from plainbill.model.resources.lambda_concurrency import LambdaProvisionedConcurrency
from plainbill.model.resources.logs import LogGroup
from plainbill.model.resources.s3 import S3Bucket
from plainbill.model.resources.sagemaker import SageMakerNotebook, SageMakerVariant
from plainbill.model.resources.secretsmanager import Secret
from plainbill.model.resources.workspaces import Workspace

GIB = 2**30
_PLACE: dict[str, Any] = {"account_id": "111122223333", "region": "us-east-1"}
_LONG_AGO = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def days_ago(days: float) -> datetime:
    """So many days before now."""
    return NOW - timedelta(days=days)


def log_group(**changes: Any) -> LogGroup:
    """A group of 100 GiB without a retention, made months ago."""
    plain = LogGroup(
        **_PLACE,
        log_group_name="/app/checkout",
        created_at=_LONG_AGO,
        stored_bytes=100 * GIB,
        log_class="STANDARD",
    )
    return replace(plain, **changes)


def warm_function(**changes: Any) -> LambdaProvisionedConcurrency:
    """Ten environments of 1 GiB kept warm for an alias, unchanged for months."""
    plain = LambdaProvisionedConcurrency(
        **_PLACE,
        function_name="checkout",
        qualifier="live",
        requested=10,
        allocated=10,
        status="READY",
        changed_at=_LONG_AGO,
        memory_mib=1024,
        architecture="x86_64",
    )
    return replace(plain, **changes)


def bucket(**changes: Any) -> S3Bucket:
    """A bucket that keeps versions and has no lifecycle rule and no upload under way."""
    plain = S3Bucket(
        **_PLACE,
        bucket_name="hearth-media",
        created_at=_LONG_AGO,
        versioning="Enabled",
        ends_incomplete_uploads=False,
        expires_old_versions=False,
        incomplete_uploads=0,
    )
    return replace(plain, **changes)


def variant(**changes: Any) -> SageMakerVariant:
    """The only variant of an endpoint on two instances, in service for months."""
    plain = SageMakerVariant(
        **_PLACE,
        endpoint_name="ranking",
        variant_name="AllTraffic",
        created_at=_LONG_AGO,
        status="InService",
        instance_type="ml.m5.large",
        instance_count=2,
        is_serverless=False,
        hosts_components=False,
    )
    return replace(plain, **changes)


def notebook(**changes: Any) -> SageMakerNotebook:
    """A notebook in service for a month."""
    plain = SageMakerNotebook(
        **_PLACE,
        notebook_name="churn",
        instance_type="ml.t3.medium",
        status="InService",
        created_at=_LONG_AGO,
        changed_at=days_ago(30),
    )
    return replace(plain, **changes)


def cluster(**changes: Any) -> EksCluster:
    """A cluster whose version left standard support a hundred days ago."""
    plain = EksCluster(
        **_PLACE,
        cluster_name="shop",
        status="ACTIVE",
        version="1.32",
        created_at=_LONG_AGO,
        support_type="EXTENDED",
        standard_support_ends_at=days_ago(100),
        extended_support_ends_at=days_ago(-265),
    )
    return replace(plain, **changes)


def service(**changes: Any) -> EcsService:
    """A Fargate service of two tasks of 1 vCPU and 2 GiB, made months ago."""
    arn = "arn:aws:ecs:us-east-1:111122223333"
    plain = EcsService(
        **_PLACE,
        service_name="api",
        cluster_name="shop",
        service_arn=f"{arn}:service/shop/api",
        status="ACTIVE",
        created_at=_LONG_AGO,
        desired_count=2,
        running_count=2,
        runs_on=("FARGATE",),
        task_definition=f"{arn}:task-definition/api:7",
        task_cpu_units=1024,
        task_memory_mib=2048,
        architecture="X86_64",
        system="LINUX",
    )
    return replace(plain, **changes)


def file_system(**changes: Any) -> EfsFileSystem:
    """A mounted file system of 100 GiB, all of it in the standard class."""
    plain = EfsFileSystem(
        **_PLACE,
        file_system_id="fs-0a1b2c3d4e5f60718",
        state="available",
        created_at=_LONG_AGO,
        mount_targets=3,
        standard_bytes=100 * GIB,
        infrequent_bytes=0,
        archive_bytes=0,
        total_bytes=100 * GIB,
        throughput_mode="elastic",
        lifecycle_is_known=True,
    )
    return replace(plain, **changes)


def stream(**changes: Any) -> KinesisStream:
    """A provisioned stream of four shards, made months ago."""
    plain = KinesisStream(
        **_PLACE,
        stream_name="clicks",
        status="ACTIVE",
        mode="PROVISIONED",
        created_at=_LONG_AGO,
        open_shards=4,
        consumers=0,
        retention_hours=24,
    )
    return replace(plain, **changes)


def workspace(**changes: Any) -> Workspace:
    """An AlwaysOn desktop nobody is known to have connected to."""
    plain = Workspace(
        **_PLACE,
        workspace_id="ws-0a1b2c3d4",
        directory_id="d-1234567890",
        state="AVAILABLE",
        running_mode="ALWAYS_ON",
        compute_type="STANDARD",
        connection_is_known=True,
    )
    return replace(plain, **changes)


def secret(**changes: Any) -> Secret:
    """A secret that was last read 120 days ago."""
    plain = Secret(
        **_PLACE,
        secret_name="shop/api-key",
        secret_arn="arn:aws:secretsmanager:us-east-1:111122223333:secret:shop/api-key-AbCdEf",
        created_at=_LONG_AGO,
        last_accessed_at=days_ago(120),
    )
    return replace(plain, **changes)


def repository(**changes: Any) -> EcrRepository:
    """A repository of 400 images without a lifecycle policy."""
    plain = EcrRepository(
        **_PLACE,
        repository_name="shop/api",
        created_at=_LONG_AGO,
        has_lifecycle=False,
        images=400,
        image_bytes=120 * GIB,
    )
    return replace(plain, **changes)
