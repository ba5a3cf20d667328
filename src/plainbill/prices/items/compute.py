"""EC2, EBS, Lambda, EKS and Fargate, as items."""

from __future__ import annotations

from functools import lru_cache

from plainbill.prices.items.kinds import Item, Processor, Unit


@lru_cache(maxsize=4_096)
def ec2_instance(instance_type: str, system: str = "linux", *, is_dedicated: bool = False) -> Item:
    """An on-demand instance, on shared hardware or on the account's own; licence included.

    ``system`` is ``linux``, ``windows``, ``rhel``, ``suse``, ``ubuntu-pro``, or ``linux`` or ``windows`` with
    ``-sql-std``, ``-sql-web`` or ``-sql-ent``.
    """
    return Item("ec2", f"{instance_type}:{system}{':dedicated' if is_dedicated else ''}", Unit.HOUR)


EC2_CPU_CREDITS_T3 = Item("ec2", "cpu_credits.t3", Unit.VCPU_HOUR)
"""Surplus credits of an unlimited t3 beyond its baseline."""


def ebs_storage(volume_type: str) -> Item:
    """The provisioned size of a volume: gp2, gp3, io1, io2, st1, sc1 or standard (magnetic)."""
    return Item("ebs", volume_type, Unit.GB_MONTH)


def ebs_iops(volume_type: str, tier: int = 1) -> Item:
    """Provisioned IOPS of io1, io2, or of gp3 above its baseline.

    io2 is sold in three tiers: up to 32,000, from there to 64,000, and above.
    """
    return Item("ebs", volume_type if tier == 1 else f"{volume_type}.tier{tier}", Unit.IOPS_MONTH)


def ebs_throughput(volume_type: str) -> Item:
    """Provisioned MiB/s of gp3 above its baseline."""
    return Item("ebs", volume_type, Unit.MIBPS_MONTH)


EBS_MAGNETIC_REQUESTS = Item("ebs", "standard_requests", Unit.MILLION)
EBS_SNAPSHOT = Item("ebs", "snapshot", Unit.GB_MONTH)
"""Stored blocks of a snapshot in the standard tier: the changed blocks, not the volume's size."""
EBS_SNAPSHOT_ARCHIVE = Item("ebs", "snapshot_archive", Unit.GB_MONTH)
"""All blocks of a snapshot in the archive tier, for at least 90 days."""
EBS_FAST_SNAPSHOT_RESTORE = Item("ebs", "fast_snapshot_restore", Unit.HOUR)
"""One snapshot in one availability zone."""


def lambda_duration(processor: Processor) -> Item:
    """On-demand duration, first tier."""
    return Item("lambda", f"duration.{processor.value}", Unit.GB_SECOND)


def lambda_provisioned_concurrency(processor: Processor) -> Item:
    """Memory kept warm, whether it is called or not."""
    return Item("lambda", f"provisioned_concurrency.{processor.value}", Unit.GB_SECOND)


LAMBDA_REQUESTS = Item("lambda", "requests", Unit.MILLION)
EKS_CLUSTER = Item("eks", "cluster", Unit.HOUR)
"""The control plane of a version in standard support."""
EKS_CLUSTER_EXTENDED_SUPPORT = Item("eks", "cluster.extended_support", Unit.HOUR)
"""The control plane of a version in extended support: the whole price, not a surcharge."""


def fargate_vcpu(processor: Processor) -> Item:
    """One vCPU of a Linux task or pod."""
    return Item("fargate", f"linux.{processor.value}", Unit.VCPU_HOUR)


def fargate_memory(processor: Processor) -> Item:
    """One GB of a Linux task's or pod's memory."""
    return Item("fargate", f"linux.{processor.value}", Unit.GB_HOUR)
