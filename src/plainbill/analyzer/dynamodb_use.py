"""What was consumed of DynamoDB, whose metrics say nothing while nothing happens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from plainbill.analyzer.measured import MIN_COVERAGE
from plainbill.analyzer.waste_check import Context
from plainbill.model.findings import Ok, Unknown
from plainbill.model.metrics import Metric
from plainbill.model.money import Money, total
from plainbill.model.resources import Resource
from plainbill.model.resources.dynamodb import DynamoDbIndex, DynamoDbTable
from plainbill.prices.nodes import monthly_dynamodb_capacity
from plainbill.prices.storage import monthly_dynamodb_storage

_SPACE = "AWS/DynamoDB"
GIB = 1024**3
UNPUBLISHED = Unknown("nothing shows that DynamoDB's metrics are published here, so none is no zero")
READS = Metric(_SPACE, "ConsumedReadCapacityUnits", "Sum", "units", is_sparse=True)
WRITES = Metric(_SPACE, "ConsumedWriteCapacityUnits", "Sum", "units", is_sparse=True)
PROVISIONED = Metric(_SPACE, "ProvisionedReadCapacityUnits", "Maximum", "units")
"""Published all the time for provisioned capacity, used or not."""


def consumed(context: Context, resource: Resource, metric: Metric, days: int) -> Ok | Unknown | None:
    """Return what speaks against "nothing was consumed"; None where nothing was."""
    series = context.used(resource, metric, days)
    if series is None:
        return Unknown(f"{metric.name} of {resource.resource_id} was not read for the last {days} days")
    if series.total:
        return Ok(
            f"{series.total:,.0f} {metric.unit} ({metric.name}) of {resource.resource_id} in {days} days"
        )
    return None


def is_published(context: Context, table: DynamoDbTable, days: int) -> bool:
    """Return whether an absent datapoint of a table means zero, not that nothing was published.

    It does where its provisioned capacity was published in those days, or where consumption was: of the table
    itself at any time, or of another table of the same account and Region in those days.
    """
    provisioned = context.used(table, PROVISIONED, days)
    if provisioned is not None and provisioned.coverage >= MIN_COVERAGE:
        return True
    own = (context.series.get((table.arn, metric.key)) for metric in (READS, WRITES))
    if any(series is not None and series.known for series in own):
        return True
    tables = context.inventory.beside(table, DynamoDbTable) or ()
    others = (context.used(one, metric, days) for one in tables for metric in (READS, WRITES))
    return any(series is not None and series.known for series in others)


def indexes_of(context: Context, table: DynamoDbTable) -> list[DynamoDbIndex] | None:
    """Return the indexes of a table; None where they were not read to the end."""
    if not table.indexes:
        return []
    indexes = context.inventory.beside(table, DynamoDbIndex)
    if indexes is None:
        return None
    found = [one for one in indexes if one.table_name == table.table_name]
    return found if {one.index_name for one in found} >= set(table.indexes) else None


def use_of(context: Context, table: DynamoDbTable, days: int) -> Ok | Unknown | None:
    """Return the use of a table and its indexes, or what is missing to say; None where it is not used.

    Writes to an index come only from writes to its table, so of an index reads are enough.
    """
    indexes = indexes_of(context, table)
    if indexes is None:
        return Unknown("its global secondary indexes were not read to the end")
    asked = [(table, READS), (table, WRITES), *((index, READS) for index in indexes)]
    answers = [consumed(context, resource, metric, days) for resource, metric in asked]
    used = next((one for one in answers if isinstance(one, Ok)), None)
    if used is not None:
        return used
    unknown = next((one for one in answers if isinstance(one, Unknown)), None)
    if unknown is not None:
        return unknown
    if not is_published(context, table, days):
        return UNPUBLISHED
    return None


Parts = Mapping[str, Money]
"""What a table and each of its indexes cost, by ARN: a finding on an index is not counted twice."""


def capacity_parts(context: Context, table: DynamoDbTable, indexes: Sequence[DynamoDbIndex]) -> Parts | None:
    """Return the month's price of provisioned units; None for classes and replicas, priced otherwise."""
    if table.table_class != "STANDARD" or table.replica_regions:
        return None
    return _all_known(
        (one.arn, monthly_dynamodb_capacity(context.rates, table.region, one.read_units, one.write_units))
        for one in _billed(table, indexes)
    )


def storage_parts(context: Context, table: DynamoDbTable, indexes: Sequence[DynamoDbIndex]) -> Parts | None:
    """Return the month's price of stored data; None for what is priced otherwise, or of unknown size."""
    if table.table_class != "STANDARD" or table.replica_regions:
        return None
    return _all_known(
        (one.arn, None if one.size_bytes is None else _storage(context, table.region, one.size_bytes))
        for one in _billed(table, indexes)
    )


def together(parts: Parts | None) -> Money | None:
    """Return the sum of parts; None where they are not known."""
    if not parts:
        return None
    return total(parts.values(), next(iter(parts.values())).currency)


def _billed(
    table: DynamoDbTable, indexes: Sequence[DynamoDbIndex]
) -> tuple[DynamoDbTable | DynamoDbIndex, ...]:
    return (table, *indexes)


def _storage(context: Context, region: str, size_bytes: int) -> Money | None:
    return monthly_dynamodb_storage(context.rates, region, Decimal(size_bytes) / GIB)


def _all_known(priced: Iterable[tuple[str, Money | None]]) -> Parts | None:
    found = dict(priced)
    known = {arn: cost for arn, cost in found.items() if cost is not None}
    return known if len(known) == len(found) else None


def by_whom(indexes: Sequence[DynamoDbIndex]) -> str:
    """Write who consumed nothing."""
    if len(indexes) < 2:
        return "by the table and its index" if indexes else "by the table"
    return f"by the table and its {len(indexes)} indexes"
