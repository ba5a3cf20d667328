"""Global secondary indexes of DynamoDB tables: ``DescribeTable`` in every enabled Region, free of charge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from plainbill.aws_connector import Connector, Scope, instant
from plainbill.data_fetcher.collector import Collector, Page
from plainbill.data_fetcher.dynamodb_tables import (
    READS,
    capacity,
    descriptions,
    is_on_demand,
    read_described,
    replica_regions,
    table_class,
    table_names,
)
from plainbill.model.inventory import Gap
from plainbill.model.resources import Resource
from plainbill.model.resources.dynamodb import DynamoDbIndex


class DynamoDbIndexes(Collector):
    """Every global secondary index; the tables are described once more, because one source is one kind."""

    name = "dynamodb_indexes"
    kind = DynamoDbIndex
    reads = READS

    @classmethod
    def fetch(cls, connector: Connector, scope: Scope) -> Iterator[Page]:
        """Yield the answer of ``DescribeTable`` for each table; those that fail are left out."""
        return descriptions(connector, scope).answers(table_names(connector, scope))

    @classmethod
    def parse(cls, page: Page, scope: Scope) -> Iterator[DynamoDbIndex]:
        """Yield the indexes of the table of an answer."""
        table = page["Table"]
        return (_index(raw, table, scope) for raw in table.get("GlobalSecondaryIndexes") or ())

    @classmethod
    def read(cls, connector: Connector, scope: Scope) -> tuple[list[Resource], list[Gap]]:
        """Return what could be read; refused tables are a gap. Raises ``AwsError`` if none can be listed."""
        return read_described(cls, connector, scope)


def _index(raw: Mapping[str, Any], table: Mapping[str, Any], scope: Scope) -> DynamoDbIndex:
    read_units, write_units = capacity(raw)
    return DynamoDbIndex(
        account_id=scope.account_id,
        region=scope.region,
        table_name=table["TableName"],
        index_name=raw["IndexName"],
        status=raw.get("IndexStatus"),
        table_created_at=instant(table["CreationDateTime"]),
        is_on_demand=is_on_demand(table),
        read_units=read_units,
        write_units=write_units,
        size_bytes=raw.get("IndexSizeBytes"),
        table_class=table_class(table),
        is_replicated=bool(replica_regions(table)),
    )
