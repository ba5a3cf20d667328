"""The facts of one EC2 instance type, and the table they come from."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from plainbill.errors import PlainbillError

_NAME = re.compile(
    r"^(?P<series>[a-z]+)(?P<generation>\d+)(?P<options>[a-z]*)(?P<flex>-flex)?\.(?P<size>[\w-]+)$"
)


@dataclass(frozen=True, slots=True)
class InstanceSpec:
    """The facts of one type, as ``DescribeInstanceTypes`` tells them; None is what it does not tell."""

    instance_type: str
    vcpus: int
    memory_mib: int
    architectures: frozenset[str]
    is_current: bool
    """AWS's own flag; false means "previous generation"."""
    is_bare_metal: bool
    baseline_percent: Decimal | None
    """What a burstable type may use of each vCPU all the time; None for a type that is not burstable."""
    gpus: Decimal
    is_accelerated: bool
    """Has GPUs, Inferentia, Trainium, FPGAs or media chips."""
    instance_store_gb: int
    hypervisor: str | None
    manufacturer: str | None
    network_mbps: int | None
    """Baseline bandwidth, not the burst."""
    ebs_mbps: int | None
    """Baseline bandwidth to EBS, in megabits."""

    @property
    def is_burstable(self) -> bool:
        """Whether the type earns CPU credits."""
        return self.baseline_percent is not None

    @property
    def family(self) -> str:
        """The part before the point: m7i-flex of m7i-flex.large."""
        return self.instance_type.partition(".")[0]

    @property
    def series(self) -> str | None:
        """The letters AWS's names begin with (m of m7i-flex), None for names that are not made that way."""
        named = _NAME.match(self.instance_type)
        return named["series"] if named else None

    @property
    def generation(self) -> int | None:
        """The number in the name (7 of m7i-flex), None for names that are not made that way."""
        named = _NAME.match(self.instance_type)
        return int(named["generation"]) if named else None

    @property
    def is_flex(self) -> bool:
        """Whether the type gives its full CPU most of the time only (m7i-flex)."""
        return self.family.endswith("-flex")


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A baseline bandwidth of two types, in megabits a second; None is not told."""

    of: str
    has: int | None
    would_have: int | None

    @property
    def is_less(self) -> bool:
        """Whether the other type has, or could have, less."""
        return self.has is None or self.would_have is None or self.would_have < self.has


def parse(table: str) -> list[InstanceSpec]:
    """Read the table that tools/build_instance_types.py writes; ``PlainbillError`` for a line of no type."""
    reader = csv.DictReader(line for line in table.splitlines() if not line.startswith("#"))
    return [_spec(row) for row in reader]


def _spec(row: Mapping[str, str]) -> InstanceSpec:
    if not row.get("instance_type"):
        raise PlainbillError("the table of instance types holds a line without a type: write it again")
    return InstanceSpec(
        instance_type=row["instance_type"],
        vcpus=int(row["vcpus"]),
        memory_mib=int(row["memory_mib"]),
        architectures=frozenset(row["architectures"].split("+")),
        is_current=row["current"] == "yes",
        is_bare_metal=row["bare_metal"] == "yes",
        baseline_percent=Decimal(row["baseline_percent"]) if row["baseline_percent"] else None,
        gpus=Decimal(row["gpus"]),
        is_accelerated=row["accelerated"] == "yes",
        instance_store_gb=int(row["instance_store_gb"]),
        hypervisor=row["hypervisor"] or None,
        manufacturer=row["manufacturer"] or None,
        network_mbps=int(row["network_mbps"]) if row["network_mbps"] else None,
        ebs_mbps=int(row["ebs_mbps"]) if row["ebs_mbps"] else None,
    )
