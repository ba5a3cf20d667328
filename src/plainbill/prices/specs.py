"""What EC2 instance types are, and which types could stand in for one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from importlib.resources import files

from plainbill.model.money import Money
from plainbill.prices.ec2 import TypePrices
from plainbill.prices.instance_spec import InstanceSpec, Shortfall, parse

ARM64 = "arm64"


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

    def successors(self, instance_type: str, region: str, prices: TypePrices) -> tuple[str, ...]:
        """Return the types that could replace one that AWS calls previous generation, cheapest first.

        Those of ``newer``; empty for a type that AWS calls current.
        """
        here = self.of(instance_type)
        return () if here is None or here.is_current else self.newer(instance_type, region, prices)

    def newer(self, instance_type: str, region: str, prices: TypePrices) -> tuple[str, ...]:
        """Return the current types of a newer generation that could do the same work for less, cheapest
        first.

        Same series, vCPUs and architecture, no less memory or local disk, at a lower list price in the
        region. Empty for accelerated types (another chip is another program) and where the region has no
        list. Bandwidth may be lower: ask ``shortfalls``.
        """
        here = self.of(instance_type)
        if here is None:
            return ()
        newer = [
            spec
            for spec in self._similar(here)
            if spec.architectures & here.architectures and _generation(spec) > _generation(here)
        ]
        return _cheaper(here, newer, region, prices)

    def graviton(self, instance_type: str, region: str, prices: TypePrices) -> str | None:
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

    def steady(self, instance_type: str, region: str, prices: TypePrices) -> str | None:
        """Return the cheapest current type without CPU credits that could do a burstable type's work.

        Of the same architecture, as many vCPUs or more, no less memory, and neither flex (which gives its
        full CPU most of the time only) nor accelerated. It may cost more than the burstable one: None only
        where the type is not burstable, or the region has no price of any such type.
        """
        here = self.of(instance_type)
        if here is None or not here.is_burstable:
            return None
        priced = [
            (price.amount, spec.instance_type)
            for spec in self._specs.values()
            if spec.architectures & here.architectures
            and _is_steady(spec)
            and spec.vcpus >= here.vcpus
            and spec.memory_mib >= here.memory_mib
            and (price := prices.of_type(region, spec.instance_type)) is not None
        ]
        return min(priced)[1] if priced else None

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


def _is_steady(spec: InstanceSpec) -> bool:
    """Whether a current type gives all of its CPU all of the time, and is no special hardware."""
    special = spec.is_bare_metal or spec.is_accelerated or spec.is_flex or spec.is_burstable
    return spec.is_current and not special


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
    here: InstanceSpec, others: Iterable[InstanceSpec], region: str, prices: TypePrices
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
