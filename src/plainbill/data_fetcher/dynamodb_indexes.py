"""Global secondary indexes of DynamoDB tables: ``DescribeTable`` in every enabled Region, free of charge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from plainbill.aws_connector import Scope, instant
from plainbill.data_fetcher.collector import Page
from plainbill.data_fetcher.dynamodb_tables import (
    OfDescribedTables,
    capacity,
    is_on_demand,
    replica_regions,
    table_class,
)
from plainbill.model.resources.dynamodb import DynamoDbIndex


class DynamoDbIndexes(OfDescribedTables):
    """Every global secondary index; the tables are described once more, because one source is one kind."""

    name = "dynamodb_indexes"
    kind = DynamoDbIndex

    @classmethod
    def parse(cls, page: Page, scope: Scope) -> Iterator[DynamoDbIndex]:
        """Yield the indexes of the table of an answer."""
        table = page["Table"]
        return (_index(raw, table, scope) for raw in table.get("GlobalSecondaryIndexes") or ())


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
