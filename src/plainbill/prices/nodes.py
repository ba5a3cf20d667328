"""What nodes of caches, warehouses and search domains cost in a month, and DynamoDB's capacity."""

from __future__ import annotations

from decimal import Decimal

from plainbill.model.money import Money
from plainbill.prices import items
from plainbill.prices.monthly import Part, monthly
from plainbill.prices.rate import RateSource


def monthly_cache_nodes(
    rates: RateSource, region: str, node_type: str, engine: str, count: int
) -> Money | None:
    """Return the monthly cost of ElastiCache nodes; ``engine`` is redis, memcached or valkey."""
    return monthly(rates, region, (items.cache_node(node_type, engine), count))


def monthly_redshift_nodes(rates: RateSource, region: str, node_type: str, count: int) -> Money | None:
    """Return the monthly cost of the nodes of a provisioned cluster; managed storage of RA3 comes besides."""
    return monthly(rates, region, (items.redshift_node(node_type), count))


def monthly_opensearch_nodes(rates: RateSource, region: str, node_type: str, count: int) -> Money | None:
    """Return the monthly cost of nodes of one type, as ``DescribeDomain`` spells it (m6g.large.search)."""
    return monthly(rates, region, (items.opensearch_node(node_type), count))


def monthly_opensearch_storage(
    rates: RateSource, region: str, volume_type: str, size_gib: int, nodes: int, iops: int | None = None
) -> Money | None:
    """Return the monthly cost of the EBS storage of a domain's data nodes; each has a volume of this size.

    None for gp3, whose price is not held, and for io1 without its IOPS.
    """
    parts: list[Part] = [(items.opensearch_storage(volume_type), size_gib * nodes)]
    if volume_type == "io1" and iops is not None:
        parts.append((items.opensearch_iops("io1"), iops * nodes))
    elif volume_type not in {"gp2", "standard"}:
        return None
    return monthly(rates, region, *parts)


def monthly_dynamodb_capacity(
    rates: RateSource, region: str, read_units: Decimal | int, write_units: Decimal | int
) -> Money | None:
    """Return the monthly cost of provisioned capacity of a table or index of the standard class."""
    reads = (items.DYNAMODB_READ_CAPACITY, read_units)
    return monthly(rates, region, reads, (items.DYNAMODB_WRITE_CAPACITY, write_units))
