"""What the class names of RDS, ElastiCache and OpenSearch say, and which class would be cheaper.

A class carries the name of an instance type in another dress: ``db.m5.large`` is RDS's m5.large,
``cache.r6g.large`` ElastiCache's r6g.large, ``m6g.large.search`` OpenSearch's. vCPUs and generation are
those of the type; memory is not told by the name (a cache keeps some of it for itself), so two classes of
the same size are compared by name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from plainbill.model.money import Money
from plainbill.prices import items
from plainbill.prices.instance_spec import InstanceSpec
from plainbill.prices.items import Deployment, Item, Licence
from plainbill.prices.rate import RateSource
from plainbill.prices.specs import ARM64, InstanceSpecs

_DRESS = re.compile(r"^(?P<before>(?:db|cache)\.)?(?P<type>[a-z0-9-]+\.[a-z0-9]+)(?P<after>\.search)?$")
_NEVER_ON_ARM = ("sqlserver", "oracle")
"""RDS's engines without Graviton classes."""


@dataclass(frozen=True, slots=True)
class ManagedClass:
    """One class of a managed service, and the instance type behind its name."""

    name: str
    spec: InstanceSpec

    @property
    def is_arm(self) -> bool:
        """Whether it runs on Graviton."""
        return ARM64 in self.spec.architectures

    @property
    def vcpus(self) -> int:
        """The vCPUs that extended support and Performance Insights are billed by."""
        return self.spec.vcpus


def managed_class(name: str, specs: InstanceSpecs) -> ManagedClass | None:
    """Return what a class name says; None for one that is no instance type (db.serverless, ra3.4xlarge)."""
    dressed = _DRESS.match(name)
    spec = specs.of(dressed["type"]) if dressed else None
    return None if spec is None else ManagedClass(name, spec)


def one_class_down(name: str, specs: InstanceSpecs) -> str | None:
    """Return the class of the next smaller type of the family; whether it is sold, its price tells."""
    here = managed_class(name, specs)
    smaller = specs.one_size_down(here.spec.instance_type) if here else None
    return None if here is None or smaller is None else name.replace(here.spec.instance_type, smaller)


def newer_rds_classes(
    rates: RateSource,
    region: str,
    specs: InstanceSpecs,
    db_class: str,
    engine: str,
    *,
    deployment: Deployment = Deployment.SINGLE_AZ,
    licence: Licence = Licence.NONE,
) -> tuple[str, ...]:
    """Return the cheaper classes of a newer generation for a database, cheapest first, Graviton included.

    Same series and size, and only classes whose price is known in the region: without prices there is no
    answer, which is an empty one. RDS moves MySQL, MariaDB, PostgreSQL and Aurora to Graviton by itself;
    from which version on an engine runs there, only ``DescribeOrderableDBInstanceOptions`` can tell.
    """

    def item(name: str) -> Item:
        return items.rds_instance(name, engine, deployment, licence)

    names = _alike(db_class, specs, with_arm=not engine.startswith(_NEVER_ON_ARM))
    return _cheaper(rates, region, item, db_class, names)


def newer_cache_nodes(
    rates: RateSource, region: str, specs: InstanceSpecs, node_type: str, engine: str
) -> tuple[str, ...]:
    """Return the cheaper ElastiCache nodes of a newer generation, cheapest first, Graviton included.

    Same series and size, priced in the region. A node of another generation has a slightly other memory:
    compare it with what is used.
    """
    names = _alike(node_type, specs, with_arm=True)
    return _cheaper(rates, region, lambda name: items.cache_node(name, engine), node_type, names)


def newer_opensearch_nodes(
    rates: RateSource, region: str, specs: InstanceSpecs, node_type: str
) -> tuple[str, ...]:
    """Return the cheaper OpenSearch nodes of a newer generation, cheapest first, Graviton included."""
    names = _alike(node_type, specs, with_arm=True)
    return _cheaper(rates, region, items.opensearch_node, node_type, names)


def _alike(name: str, specs: InstanceSpecs, *, with_arm: bool) -> list[str]:
    here = managed_class(name, specs)
    if here is None or here.spec.generation is None:
        return []
    size = here.spec.instance_type.partition(".")[2]
    others = (specs.of(other) for other in specs.names if other.endswith(f".{size}"))
    return [
        name.replace(here.spec.instance_type, other.instance_type)
        for other in others
        if other is not None
        and other.series == here.spec.series
        and (other.generation or 0) > here.spec.generation
        and (with_arm or ARM64 not in other.architectures)
    ]


def _cheaper(
    rates: RateSource, region: str, item: Callable[[str], Item], name: str, others: Iterable[str]
) -> tuple[str, ...]:
    here = rates.rate(region, item(name))
    if here is None:
        return ()
    priced: list[tuple[Money, str]] = []
    for other in others:
        rate = rates.rate(region, item(other))
        if rate is not None and rate.price < here.price:
            priced.append((rate.price, other))
    return tuple(other for _, other in sorted(priced, key=lambda pair: (pair[0].amount, pair[1])))
