"""What DynamoDB says of a table and its indexes is kept; silence on the billing mode means provisioned."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from plainbill.aws_connector import Scope
from plainbill.data_fetcher.dynamodb_indexes import DynamoDbIndexes
from plainbill.data_fetcher.dynamodb_tables import DynamoDbTables
from plainbill.model.resources.dynamodb import DynamoDbIndex, DynamoDbTable

IRELAND = Scope("111122223333", "eu-west-1")
MADE = datetime(2026, 3, 2, 8, tzinfo=UTC)
LEAST: dict[str, Any] = {"TableName": "carts", "TableStatus": "ACTIVE", "CreationDateTime": MADE.timestamp()}
INDEX: dict[str, Any] = {
    "IndexName": "by-day",
    "IndexStatus": "ACTIVE",
    "ProvisionedThroughput": {"ReadCapacityUnits": 20, "WriteCapacityUnits": 10},
    "IndexSizeBytes": 1024,
}


def parsed(**changes: Any) -> DynamoDbTable:
    (one,) = DynamoDbTables.parse({"Table": LEAST | changes}, IRELAND)
    return one


def test_a_table_described_with_the_least_has_no_more_than_that() -> None:
    assert parsed() == DynamoDbTable(
        account_id="111122223333",
        region="eu-west-1",
        table_name="carts",
        status="ACTIVE",
        created_at=MADE,
        is_on_demand=False,
    )
    assert parsed().arn == "arn:aws:dynamodb:eu-west-1:111122223333:table/carts"


@pytest.mark.parametrize(
    ("summary", "is_on_demand"),
    [
        ({}, False),
        ({"BillingModeSummary": {"BillingMode": "PROVISIONED"}}, False),
        ({"BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"}}, True),
    ],
)
def test_a_table_is_on_demand_where_aws_says_so(summary: dict[str, Any], is_on_demand: bool) -> None:
    assert parsed(**summary).is_on_demand is is_on_demand


def test_capacity_size_class_indexes_and_replicas_are_kept() -> None:
    one = parsed(
        ProvisionedThroughput={"ReadCapacityUnits": 100, "WriteCapacityUnits": 50},
        TableSizeBytes=4096,
        ItemCount=7,
        TableClassSummary={"TableClass": "STANDARD_INFREQUENT_ACCESS"},
        GlobalSecondaryIndexes=[INDEX],
        Replicas=[{"RegionName": "us-east-1"}],
        DeletionProtectionEnabled=True,
    )
    assert (one.read_units, one.write_units, one.size_bytes, one.items) == (100, 50, 4096, 7)
    assert (one.table_class, one.indexes) == ("STANDARD_INFREQUENT_ACCESS", ("by-day",))
    assert (one.replica_regions, one.is_protected) == (("us-east-1",), True)


def test_each_index_is_one_of_its_own() -> None:
    assert list(DynamoDbIndexes.parse({"Table": LEAST}, IRELAND)) == []
    page = {"Table": LEAST | {"GlobalSecondaryIndexes": [INDEX, INDEX | {"IndexName": "by-name"}]}}
    first, second = DynamoDbIndexes.parse(page, IRELAND)
    assert first == DynamoDbIndex(
        account_id="111122223333",
        region="eu-west-1",
        table_name="carts",
        index_name="by-day",
        status="ACTIVE",
        table_created_at=MADE,
        is_on_demand=False,
        read_units=20,
        write_units=10,
        size_bytes=1024,
    )
    assert second.arn == "arn:aws:dynamodb:eu-west-1:111122223333:table/carts/index/by-name"
    assert second.dimensions == {"TableName": "carts", "GlobalSecondaryIndexName": "by-name"}
