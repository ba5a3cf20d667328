"""DynamoDB tables: ``ListTables`` and ``DescribeTable`` in every enabled Region, free of charge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from plainbill.aws_connector import Connector, Read, Scope, instant
from plainbill.data_fetcher.collector import Collector, Page
from plainbill.data_fetcher.one_by_one import OneByOne
from plainbill.data_fetcher.source import as_documented
from plainbill.model.inventory import Gap
from plainbill.model.resources import Resource
from plainbill.model.resources.dynamodb import DynamoDbTable

_DESCRIBE = Read("dynamodb", "DescribeTable", "the capacity of DynamoDB tables, and so none that is unused")
_LIST = Read("dynamodb", "ListTables", "that there are DynamoDB tables at all")
READS = (_DESCRIBE, _LIST)


class DynamoDbTables(Collector):
    """Every table."""

    name = "dynamodb_tables"
    kind = DynamoDbTable
    reads = READS

    @classmethod
    def fetch(cls, connector: Connector, scope: Scope) -> Iterator[Page]:
        """Yield the answer of ``DescribeTable`` for each table; those that fail are left out."""
        return descriptions(connector, scope).answers(table_names(connector, scope))

    @classmethod
    def parse(cls, page: Page, scope: Scope) -> Iterator[DynamoDbTable]:
        """Yield the table of an answer; AWS tells tags only one by one, and they are not asked for."""
        yield _table(page["Table"], scope)

    @classmethod
    def read(cls, connector: Connector, scope: Scope) -> tuple[list[Resource], list[Gap]]:
        """Return what could be read; refused tables are a gap. Raises ``AwsError`` if none can be listed."""
        return read_described(cls, connector, scope)


def descriptions(connector: Connector, scope: Scope) -> OneByOne:
    """Return the caller of ``DescribeTable``."""
    return OneByOne(connector, scope, _DESCRIBE)


def table_names(connector: Connector, scope: Scope) -> Iterator[Mapping[str, Any]]:
    """Yield the parameters of ``DescribeTable`` for every table; raises ``AwsError``."""
    for page in connector.pages(scope, _LIST.service, _LIST.operation):
        for name in page.get("TableNames", ()):
            yield {"TableName": name}


def read_described(
    collector: type[Collector], connector: Connector, scope: Scope
) -> tuple[list[Resource], list[Gap]]:
    """Return what a collector makes of the tables; refused ones are a gap. Raises ``AwsError``."""
    calls = descriptions(connector, scope)
    with as_documented(_DESCRIBE, scope):
        pages = calls.answers(table_names(connector, scope))
        return [one for page in pages for one in collector.parse(page, scope)], calls.gaps(collector.name)


def is_on_demand(table: Mapping[str, Any]) -> bool:
    """Return whether a table is billed by request; AWS says nothing of it where it never was."""
    mode = (table.get("BillingModeSummary") or {}).get("BillingMode")
    return bool(mode == "PAY_PER_REQUEST")


def capacity(described: Mapping[str, Any]) -> tuple[int, int]:
    """Return the provisioned read and write units of a table or index, 0 for one billed by request."""
    units = described.get("ProvisionedThroughput") or {}
    return int(units.get("ReadCapacityUnits") or 0), int(units.get("WriteCapacityUnits") or 0)


def table_class(table: Mapping[str, Any]) -> str:
    """Return the class that storage and capacity are priced by."""
    return (table.get("TableClassSummary") or {}).get("TableClass") or "STANDARD"


def replica_regions(table: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the other regions that a global table is replicated to."""
    return tuple(one["RegionName"] for one in table.get("Replicas") or ())


def _table(raw: Mapping[str, Any], scope: Scope) -> DynamoDbTable:
    read_units, write_units = capacity(raw)
    return DynamoDbTable(
        account_id=scope.account_id,
        region=scope.region,
        table_name=raw["TableName"],
        status=raw["TableStatus"],
        created_at=instant(raw["CreationDateTime"]),
        is_on_demand=is_on_demand(raw),
        read_units=read_units,
        write_units=write_units,
        size_bytes=raw.get("TableSizeBytes"),
        items=raw.get("ItemCount"),
        table_class=table_class(raw),
        indexes=tuple(one["IndexName"] for one in raw.get("GlobalSecondaryIndexes") or ()),
        replica_regions=replica_regions(raw),
        is_protected=bool(raw.get("DeletionProtectionEnabled")),
    )
