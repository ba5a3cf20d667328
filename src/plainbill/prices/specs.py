"""What EC2 instance types are, and which types could stand in for one."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property
from importlib.resources import files

from plainbill.errors import PlainbillError
from plainbill.model.money import Money
from plainbill.prices.price_book import PriceBook

ARM64 = "arm64"

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


class InstanceSpecs:
    """All types known, by name."""

    def __init__(self, specs: Iterable[InstanceSpec]) -> None:
        self._specs = {spec.instance_type: spec for spec in specs}

    @classmethod
    def load(cls) -> InstanceSpecs:
        """Return the types that come with the package; read from the file once."""
        return _packaged()

    def __len__(self) -> int:
        return len(self._specs)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all types, sorted."""
        return tuple(sorted(self._specs))

    def of(self, instance_type: str) -> InstanceSpec | None:
        """Return the facts of a type, None for one that is not known."""
        return self._specs.get(instance_type)

    def one_size_down(self, instance_type: str) -> str | None:
        """Return the next smaller type of the same family, None for the smallest, for bare metal or unknown.

        Smaller means fewer vCPUs, or as many with less memory (t3.large to t3.medium): look at both.
        """
        here = self.of(instance_type)
        if here is None or here.is_bare_metal:
            return None
        smaller = [spec for spec in self._families.get(here.family, ()) if _size(spec) < _size(here)]
        return max(smaller, key=_size).instance_type if smaller else None

    def successors(self, instance_type: str, region: str, prices: PriceBook) -> tuple[str, ...]:
        """Return the current types that could replace one of a previous generation, cheapest first.

        Same series, newer generation, same vCPUs and architecture, no less memory or local disk, at a lower list
        price in the region. Empty for a type that AWS calls current, for accelerated ones (another chip is
        another program) and where the region has no list. Bandwidth may be lower: ask ``shortfalls``.
        """
        here = self.of(instance_type)
        if here is None or here.is_current:
            return ()
        newer = [
            spec
            for spec in self._similar(here)
            if spec.architectures & here.architectures and _generation(spec) > _generation(here)
        ]
        return _cheaper(here, newer, region, prices)

    def graviton(self, instance_type: str, region: str, prices: PriceBook) -> str | None:
        """Return the cheapest current arm64 type that could do an x86 type's work; None where there is none.

        Same series and vCPUs, not an older generation, nothing less of anything, and a lower list price in
        the region. The program must run on arm64, and Windows does not: only the owner can know.
        """
        here = self.of(instance_type)
        if here is None or ARM64 in here.architectures:
            return None
        arms = [
            spec
            for spec in self._similar(here)
            if ARM64 in spec.architectures and _generation(spec) >= _generation(here)
        ]
        return next(iter(_cheaper(here, arms, region, prices)), None)

    def shortfalls(self, instance_type: str, other_type: str) -> tuple[Shortfall, ...] | None:
        """Return of which baseline bandwidth the other type has less, None where either type is not known.

        A bandwidth that is not told of either type is a shortfall too: it could be.
        """
        here, other = self.of(instance_type), self.of(other_type)
        if here is None or other is None:
            return None
        compared = (
            Shortfall("network", here.network_mbps, other.network_mbps),
            Shortfall("EBS", here.ebs_mbps, other.ebs_mbps),
        )
        return tuple(one for one in compared if one.is_less)

    def _similar(self, here: InstanceSpec) -> list[InstanceSpec]:
        if here.series is None or here.is_accelerated or here.is_bare_metal:
            return []
        alike = self._by_shape.get((here.series, here.vcpus), ())
        return [spec for spec in alike if spec.is_current and _can_replace(here, spec)]

    @cached_property
    def _families(self) -> Mapping[str, list[InstanceSpec]]:
        families: dict[str, list[InstanceSpec]] = {}
        for spec in self._specs.values():
            if not spec.is_bare_metal:
                families.setdefault(spec.family, []).append(spec)
        return families

    @cached_property
    def _by_shape(self) -> Mapping[tuple[str | None, int], list[InstanceSpec]]:
        shapes: dict[tuple[str | None, int], list[InstanceSpec]] = {}
        for spec in self._specs.values():
            shapes.setdefault((spec.series, spec.vcpus), []).append(spec)
        return shapes


def _size(spec: InstanceSpec) -> tuple[int, int]:
    return spec.vcpus, spec.memory_mib


def _generation(spec: InstanceSpec) -> int:
    return spec.generation or 0


def _can_replace(here: InstanceSpec, other: InstanceSpec) -> bool:
    """Whether a type has at least the memory and local disk, and no CPU limits that the old one had not."""
    return (
        not other.is_bare_metal
        and not other.is_accelerated
        and other.memory_mib >= here.memory_mib
        and other.instance_store_gb >= here.instance_store_gb
        and (other.baseline_percent or 100) >= (here.baseline_percent or 100)
        and (here.is_flex or not other.is_flex)
    )


def _cheaper(
    here: InstanceSpec, others: Iterable[InstanceSpec], region: str, prices: PriceBook
) -> tuple[str, ...]:
    price = prices.of_type(region, here.instance_type)
    if price is None:
        return ()
    priced: list[tuple[Money, str]] = []
    for other in others:
        offer = prices.of_type(region, other.instance_type)
        if offer is not None and offer < price:
            priced.append((offer, other.instance_type))
    return tuple(name for _, name in sorted(priced, key=lambda pair: (pair[0].amount, pair[1])))


@cache
def _packaged() -> InstanceSpecs:
    table = files("plainbill.prices").joinpath("instance_types.csv").read_text(encoding="utf-8")
    return InstanceSpecs(parse(table))


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
