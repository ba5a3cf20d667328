"""What Compute Optimizer and Trusted Advisor say to the company, beside what the Hub repeats of them.

Production and the paying account are enrolled and have a support plan; development has neither. ``expected``
is how our checks stand to it, written by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from plainbill.demo.company import Company
from plainbill.demo.estate_addresses import UNASSOCIATED, addresses
from plainbill.demo.estate_advice import AGREE, DISAGREE, ONLY_THEIRS, Advice, advice
from plainbill.demo.estate_apps import functions
from plainbill.demo.fleet import DEVELOPMENT, IRELAND, PRODUCTION, VIRGINIA

UNENROLLED = frozenset({DEVELOPMENT})
"""Accounts that opted in to nothing and have no support plan."""
_LISTS = {
    "Ec2Instance": "instance",
    "EbsVolume": "volume",
    "RdsDbInstance": "database",
    "LambdaFunction": "function",
}


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What Compute Optimizer says of one thing; ``metrics`` is name, statistic and value.

    ``kind`` is a list's: instance, volume, function, service, database, group or idle. ``then`` is None where
    it would leave the thing as it is; ``expected`` is None for what is no advice.
    """

    account_id: str
    region: str
    kind: str
    arn: str
    finding: str
    now: str
    then: str | None = None
    saving: float = 0.0
    reasons: tuple[str, ...] = ()
    metrics: tuple[tuple[str, str, float], ...] = ()
    days: float = 14.0
    expected: str | None = None


@dataclass(frozen=True, kw_only=True)
class Flag:
    """One resource that a check of Trusted Advisor flags, in the words of the check's columns."""

    check_id: str
    account_id: str
    region: str
    cells: tuple[str, ...]
    expected: str


CHECKS: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "Qch7DwouX1": (
        "cost_optimizing",
        "Low Utilization Amazon EC2 Instances",
        ("Region/AZ", "Instance ID", "Instance Name", "Instance Type", "Estimated Monthly Savings",
         "14-Day Average CPU Utilization", "14-Day Average Network I/O", "Number of Days Low Utilization"),
    ),
    "Z4AUBRNSmz": ("cost_optimizing", "Unassociated Elastic IP Addresses", ("Region", "IP Address")),
    "Ti39halfu8": (
        "cost_optimizing",
        "Amazon RDS Idle DB Instances",
        ("Region", "DB Instance Name", "Multi-AZ", "Instance Type", "Storage Provisioned (GB)",
         "Days Since Last Connection", "Estimated Monthly Savings (On Demand)"),
    ),
    "hjLMh88uM8": (
        "cost_optimizing",
        "Idle Load Balancers",
        ("Region", "Load Balancer Name", "Reason", "Estimated Monthly Savings"),
    ),
    "c2vlfg0bfw": (
        "cost_optimizing",
        "Inactive AWS Network Firewall",
        ("Status", "Region", "Resource Arn", "Last Updated Time"),
    ),
    "c1z7kmr03n": ("cost_optimizing", "Amazon RDS cost optimization recommendations for DB instances",
                   ("Status", "Region", "Resource Arn")),
    "Pfx0RwqBli": ("security", "Amazon S3 Bucket Permissions", ("Region", "Bucket Name")),
}  # fmt: skip
"""Category, name and columns of some of the checks, by id: one repeats the Hub, one is not about costs."""


def measured(company: Company) -> tuple[Measured, ...]:
    """Return what Compute Optimizer says: all that the Hub repeats of enrolled accounts, and more."""
    return company.once(_measured) if company.instances else ()


def flags(company: Company) -> tuple[Flag, ...]:
    """Return what Trusted Advisor flags."""
    return company.once(_flags) if company.instances else ()


def _measured(company: Company) -> tuple[Measured, ...]:
    repeated = (
        _repeated(one)
        for one in advice(company).all
        if one.account_id not in UNENROLLED and one.subject_arn is not None and one.kind in _LISTS
    )
    return (*repeated, *_of_functions(company), *_further(company))


def _repeated(one: Advice) -> Measured:
    """Return the original of what the Hub says."""
    is_end = one.action in {"Delete", "Stop"}
    metrics = {
        "Ec2Instance": (("Cpu", "Maximum", 12.5), ("NETWORK_IN_BYTES_PER_SECOND", "Maximum", 250_000.0)),
        "EbsVolume": (("VolumeReadOpsPerSecond", "Maximum", 0.0 if is_end else 40.0),),
        "RdsDbInstance": (
            ("CPU", "Maximum", 4.0),
            ("DatabaseConnections", "Maximum", 0.0 if is_end else 9.0),
        ),
        "LambdaFunction": (("Memory", "Maximum", 402.0), ("Duration", "Maximum", 850.0)),
    }
    ends = "Unattached" if one.kind == "EbsVolume" else "Idle"
    sized = "NotOptimized" if one.kind in {"EbsVolume", "LambdaFunction"} else "Overprovisioned"
    reason = "MemoryOverprovisioned" if one.kind == "LambdaFunction" else "CPUOverprovisioned"
    return Measured(
        account_id=one.account_id,
        region=one.region,
        kind="idle" if is_end else _LISTS[one.kind],
        arn=str(one.subject_arn),
        finding=ends if is_end else sized,
        now=one.current,
        then=one.recommended,
        saving=one.saving,
        reasons=() if is_end or one.kind == "EbsVolume" else (reason,),
        metrics=metrics[one.kind],
        days=float(one.lookback),
        expected=one.expected,
    )


def _of_functions(company: Company) -> tuple[Measured, ...]:
    """Return what is said of functions that are well, and of one that is too seldom called to tell."""
    rows: tuple[tuple[str, str, str, float], ...] = (
        (VIRGINIA, "checkout-pricing", "Optimized", 871.0),
        (VIRGINIA, "loyalty-points", "Optimized", 790.0),
        (VIRGINIA, "search-suggest", "Optimized", 455.0),
        (IRELAND, "gdpr-report", "Unavailable", 12.0),
    )
    found = (
        (functions(company).named(PRODUCTION, region, name), finding, memory)
        for region, name, finding, memory in rows
    )
    return tuple(
        Measured(
            account_id=one.account_id,
            region=one.region,
            kind="function",
            arn=one.arn("lambda", f"function:{one.name}"),
            finding=finding,
            now=f"{one.memory_mib} MB",
            reasons=("InsufficientData",) if finding == "Unavailable" else (),
            metrics=(("Memory", "Maximum", memory),),
        )
        for one, finding, memory in found
        if one is not None
    )


def _further(company: Company) -> tuple[Measured, ...]:
    here = company.instances_in(PRODUCTION, VIRGINIA)
    searching = tuple(
        Measured(
            account_id=PRODUCTION,
            region=VIRGINIA,
            kind="instance",
            arn=f"arn:aws:ec2:{VIRGINIA}:{PRODUCTION}:instance/{one.instance_id}",
            finding="Optimized",
            now=one.fleet.instance_type,
            metrics=(("Cpu", "Maximum", 38.0), ("Memory", "Maximum", 81.0)),
            expected=DISAGREE,  # we know nothing of its memory, and would make it smaller
        )
        for one in here
        if one.fleet.name == "search-node"
    )
    service = f"arn:aws:ecs:{VIRGINIA}:{PRODUCTION}:service/shop"
    return (
        *searching,
        Measured(
            account_id=PRODUCTION, region=VIRGINIA, kind="idle", arn=f"{service}/gift-finder-2024",
            finding="Idle", now="", then="Delete", saving=72.08,
            metrics=(("CPU", "Maximum", 0.6), ("Memory", "Maximum", 0.6)), expected=AGREE,
        ),
        Measured(
            account_id=PRODUCTION, region=VIRGINIA, kind="service", arn=f"{service}/recommendations",
            finding="Overprovisioned", now="1024/4096", then="512/2048", saving=86.5,
            reasons=("CPUOverprovisioned",), metrics=(("Cpu", "Maximum", 55.0), ("Memory", "Maximum", 41.0)),
            expected=ONLY_THEIRS,  # no check of ours
        ),
        Measured(
            account_id=PRODUCTION, region=VIRGINIA, kind="group",
            arn=f"arn:aws:autoscaling:{VIRGINIA}:{PRODUCTION}:autoScalingGroup:0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
            ":autoScalingGroupName/storefront-web",
            finding="Overprovisioned", now="m6i.large", then="m6i.medium", saving=140.2,
            reasons=("CPUOverprovisioned",), metrics=(("Cpu", "Maximum", 61.0),), expected=ONLY_THEIRS,
        ),
    )  # fmt: skip


def _flags(company: Company) -> tuple[Flag, ...]:
    here = company.instances_in(PRODUCTION, VIRGINIA)
    gateway = next(one for one in here if one.fleet.name == "sftp-gateway")
    free = next(one for one in addresses(company).at(PRODUCTION, VIRGINIA) if UNASSOCIATED in one.waste)
    firewall = f"arn:aws:network-firewall:{VIRGINIA}:{PRODUCTION}:firewall/old-egress"
    rows = (
        ("Z4AUBRNSmz", (VIRGINIA, free.public_ip), AGREE),
        ("hjLMh88uM8", (VIRGINIA, "reporting-classic", "Low Request Count", "$18.25"), AGREE),
        ("Ti39halfu8", (VIRGINIA, "inventory-import", "No", "db.m5.large", "100", "14+", "$124.83"),
         DISAGREE),
        ("Qch7DwouX1", (f"{VIRGINIA}a", gateway.instance_id, "sftp-gateway", "t3.medium", "$30.37", "3.1%",
                        "4.20MB", "9 days"), DISAGREE),
        ("c2vlfg0bfw", ("Yellow", VIRGINIA, firewall, "2026-11-23T04:00:00Z"), ONLY_THEIRS),
    )  # fmt: skip
    return tuple(
        Flag(check_id=check, account_id=PRODUCTION, region=VIRGINIA, cells=cells, expected=expected)
        for check, cells, expected in rows
    )
