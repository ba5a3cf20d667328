"""What runs without instances of its own is billed for: logs, functions, clusters, tasks, streams, desks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from plainbill.demo.company import Company
from plainbill.demo.estate_apps import clusters, functions, groups, services, streams, supported_until
from plainbill.demo.estate_desks import desktops, notebooks, variants
from plainbill.demo.estate_stores import secrets
from plainbill.demo.fleet import DEVELOPMENT, OREGON
from plainbill.demo.running import GB_MONTH, HOURS, NO_OPERATION, Family, Running, Usage, list_price, running
from plainbill.demo.services import (
    CLOUDWATCH,
    ECS,
    EKS,
    KINESIS,
    LAMBDA,
    SAGEMAKER,
    SECRETS,
    WORKSPACES,
)
from plainbill.model.period import midnight
from plainbill.prices import items
from plainbill.prices.items import Processor

_STORED = Usage(
    service=CLOUDWATCH, name="TimedStorage-ByteHrs", operation="HourlyStorageMetering", unit=GB_MONTH,
    price=list_price(items.LOGS_STORAGE), is_by_month=True,
)  # fmt: skip
_WARM = Usage(
    service=LAMBDA, name="Lambda-Provisioned-Concurrency", operation="Invoke", unit="Lambda-GB-Second",
    price=list_price(items.lambda_provisioned_concurrency(Processor.X86_64)),
)  # fmt: skip
_WARM_ARM = replace(
    _WARM,
    name="Lambda-Provisioned-Concurrency-ARM",
    price=list_price(items.lambda_provisioned_concurrency(Processor.ARM64)),
)
_CLUSTER = Usage(
    service=EKS, name="AmazonEKS-Hours:perCluster", operation="CreateOperation", unit="Hours",
    price=list_price(items.EKS_CLUSTER),
)  # fmt: skip
_EXTENDED = replace(
    _CLUSTER,
    name="AmazonEKS-Hours:extendedSupport",
    operation="ExtendedSupport",
    price=list_price(items.EKS_CLUSTER_EXTENDED_SUPPORT) - list_price(items.EKS_CLUSTER),
)
"""On top of the cluster's own hours."""
_VCPU = Usage(
    service=ECS, name="Fargate-vCPU-Hours:perCPU", operation="FargateTask", unit="Hours",
    price=list_price(items.fargate_vcpu(Processor.X86_64)),
)  # fmt: skip
_MEMORY = replace(_VCPU, name="Fargate-GB-Hours", price=list_price(items.fargate_memory(Processor.X86_64)))
_SPOT = Decimal("0.3")
_VCPU_SPOT = replace(_VCPU, name=f"SpotUsage-{_VCPU.name}", price=_VCPU.price * _SPOT)
_MEMORY_SPOT = replace(_MEMORY, name=f"SpotUsage-{_MEMORY.name}", price=_MEMORY.price * _SPOT)
_SHARD = Usage(
    service=KINESIS, name="Storage-ShardHour", operation="shardHourStorage", unit="ShardHour",
    price=list_price(items.KINESIS_SHARD),
)  # fmt: skip
_PUT = Usage(
    service=KINESIS, name="PutRequestPayloadUnits", operation="PutRequest", unit="PutRequest",
    price=Decimal("0.000000014"), is_steady=False,
)  # fmt: skip
_ON_DEMAND = replace(
    _SHARD, name="OnDemand-StreamHour", unit="StreamHour", price=list_price(items.KINESIS_ON_DEMAND_STREAM)
)
_INCOMING = replace(_PUT, name="OnDemand-BilledIncomingBytes", unit="GB", price=Decimal("0.08"))
_GB_A_RECORD = Decimal("0.000001")
_SECRET = Usage(
    service=SECRETS, name="AWSSecretsManager-Secrets", operation=NO_OPERATION, unit="Secrets",
    price=list_price(items.SECRET), is_by_month=True,
)  # fmt: skip
_SAGEMAKER_PRICES = {
    "ml.m5.large": "0.115",
    "ml.m5.xlarge": "0.23",
    "ml.t3.medium": "0.05",
    "ml.t3.xlarge": "0.20",
}
_WORKSPACE_PRICES = {"STANDARD": "35", "PERFORMANCE": "60", "POWER": "19"}
"""A month of one that is always on; of one that stops, its fee without hours."""


def _logs(company: Company) -> Iterator[Running]:
    for one in groups(company).all:
        yield running(one, _STORED, one.stored_gib)


def _functions(company: Company) -> Iterator[Running]:
    for one in functions(company).all:
        usage = _WARM_ARM if one.architecture == "arm64" else _WARM
        yield running(one, usage, Decimal(one.warm * one.memory_mib * 3600) / 1024)


def _clusters(company: Company) -> Iterator[Running]:
    ends = supported_until(company.today)
    for one in clusters(company).all:
        yield running(one, _CLUSTER)
        end = midnight(ends[one.version] + timedelta(days=1))
        if end.date() <= company.today and one.support_type == "EXTENDED":
            yield running(one, _EXTENDED, since=max(end, one.created_at))


def _services(company: Company) -> Iterator[Running]:
    for one in services(company).all:
        if one.runs_on == "EC2":
            continue
        is_spot = one.runs_on == "FARGATE_SPOT"
        yield running(one, _VCPU_SPOT if is_spot else _VCPU, Decimal(one.tasks * one.cpu_units) / 1024)
        yield running(one, _MEMORY_SPOT if is_spot else _MEMORY, Decimal(one.tasks * one.memory_mib) / 1024)


def _streams(company: Company) -> Iterator[Running]:
    for one in streams(company).all:
        an_hour = Decimal(str(one.records)) * 12
        if one.mode == "ON_DEMAND":
            yield running(one, _ON_DEMAND)
            yield running(one, _INCOMING, an_hour * _GB_A_RECORD)
        else:
            yield running(one, _SHARD, one.shards)
            yield running(one, _PUT, an_hour)
    yield from _deleted_stream(company)


def _deleted_stream(company: Company) -> Iterator[Running]:
    """Yield a stream that was in use until it was deleted, two weeks ago: the bill still has all of it."""
    gone = midnight(company.today) - timedelta(days=14)
    for usage, quantity in ((_SHARD, Decimal(1)), (_PUT, Decimal(5000))):
        yield Running(
            account_id=DEVELOPMENT,
            region=OREGON,
            usage=usage,
            quantity=quantity,
            since=datetime(2024, 6, 3, 9, tzinfo=UTC),
            until=gone,
        )


def _secrets(company: Company) -> Iterator[Running]:
    for one in secrets(company).all:
        yield running(one, _SECRET)


def _machines(company: Company) -> Iterator[Running]:
    for variant in variants(company).all:
        if variant.instance_type:
            yield running(variant, _sagemaker("Host", variant.instance_type), variant.instances)
    for notebook in notebooks(company).all:
        if notebook.status == "InService":
            started = midnight(company.today) - timedelta(days=notebook.changed)
            yield running(notebook, _sagemaker("Notebk", notebook.instance_type), since=started)


def _sagemaker(use: str, instance_type: str) -> Usage:
    price = Decimal(_SAGEMAKER_PRICES[instance_type])
    name = f"{use}:{instance_type}"
    return Usage(service=SAGEMAKER, name=name, operation="RunInstance", unit=HOURS, price=price)


def _desktops(company: Company) -> Iterator[Running]:
    for one in desktops(company).all:
        is_on = one.running_mode == "ALWAYS_ON"
        usage = Usage(
            service=WORKSPACES,
            name="AW-HW-User-Usage" if is_on else "AW-HW-AutoStop-User",
            operation=f"{one.compute_type}:{one.running_mode}",
            unit="User-Month",
            price=Decimal(_WORKSPACE_PRICES[one.compute_type]),
            is_by_month=True,
        )
        yield running(one, usage)


RUNNING: Mapping[str, Family] = {
    "log groups": _logs,
    "warm functions": _functions,
    "clusters": _clusters,
    "tasks": _services,
    "streams": _streams,
    "secrets": _secrets,
    "SageMaker": _machines,
    "desktops": _desktops,
}
