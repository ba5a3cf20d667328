"""What functions, containers, streams, alarms, secrets, endpoints and desktops cost in a month."""

from __future__ import annotations

from decimal import Decimal

from plainbill.model.money import Money
from plainbill.prices import items
from plainbill.prices.items import Processor
from plainbill.prices.monthly import monthly
from plainbill.prices.rate import RateSource

_MIB_PER_GIB = 1024


def monthly_provisioned_concurrency(
    rates: RateSource, region: str, memory_mib: int, executions: int, processor: Processor
) -> Money | None:
    """Return the monthly cost of keeping a function warm, whether it is called or not."""
    kept = Decimal(memory_mib) / _MIB_PER_GIB * executions
    return monthly(rates, region, (items.lambda_provisioned_concurrency(processor), kept))


def monthly_eks_cluster(rates: RateSource, region: str, *, extended_support: bool = False) -> Money | None:
    """Return the monthly cost of a control plane, nodes aside."""
    item = items.EKS_CLUSTER_EXTENDED_SUPPORT if extended_support else items.EKS_CLUSTER
    return monthly(rates, region, (item, 1))


def monthly_fargate_task(
    rates: RateSource,
    region: str,
    vcpus: Decimal,
    memory_gib: Decimal,
    *,
    processor: Processor = Processor.X86_64,
    count: int = 1,
) -> Money | None:
    """Return the monthly cost of Linux tasks or pods that always run; storage above 20 GB comes besides."""
    memory = (items.fargate_memory(processor), memory_gib * count)
    return monthly(rates, region, (items.fargate_vcpu(processor), vcpus * count), memory)


def monthly_kinesis_shards(rates: RateSource, region: str, shards: int) -> Money | None:
    """Return the monthly cost of provisioned shards, requests and retention beyond a day aside."""
    return monthly(rates, region, (items.KINESIS_SHARD, shards))


def monthly_kinesis_on_demand_stream(rates: RateSource, region: str) -> Money | None:
    """Return the monthly cost of an on-demand stream that nobody uses."""
    return monthly(rates, region, (items.KINESIS_ON_DEMAND_STREAM, 1))


def monthly_secrets(rates: RateSource, region: str, count: int) -> Money | None:
    """Return the monthly cost of secrets, requests aside."""
    return monthly(rates, region, (items.SECRET, count))


def monthly_sagemaker_endpoint(
    rates: RateSource, region: str, instance_type: str, count: int
) -> Money | None:
    """Return the monthly cost of an endpoint's instances; no built-in price, so None unless it is billed."""
    return monthly(rates, region, (items.sagemaker_instance(instance_type, "endpoint"), count))


def monthly_sagemaker_notebook(rates: RateSource, region: str, instance_type: str) -> Money | None:
    """Return the monthly cost of a notebook instance that always runs; no built-in price."""
    return monthly(rates, region, (items.sagemaker_instance(instance_type, "notebook"), 1))


def monthly_workspace(rates: RateSource, region: str, bundle: str, running_mode: str) -> Money | None:
    """Return the monthly fee of a WorkSpace; no built-in price."""
    return monthly(rates, region, (items.workspace(bundle, running_mode), 1))
