"""DynamoDB: the names of tables, and each table by its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plainbill.demo.call import Answer, Call
from plainbill.demo.estate_tables import Index, Table, tables
from plainbill.demo.wire_scope import WireError

_MOST = 100


def list_tables(call: Call) -> Mapping[str, Any]:
    """List the names of an account's tables in a region; a page begins after the last name of another."""
    size = call.params.get("Limit", _MOST)
    if not 1 <= size <= _MOST:
        raise WireError("ValidationException", f"Limit must be between 1 and {_MOST}, not {size}")
    size = min(size, call.options.list_page or size)
    after = call.params.get("ExclusiveStartTableName", "")
    names = sorted(one.name for one in tables(call.company).at(call.account, call.region))
    rest = [name for name in names if name > after]
    page = rest[:size]
    return {"TableNames": page} | ({"LastEvaluatedTableName": page[-1]} if len(rest) > size else {})


def describe_table(call: Call) -> Mapping[str, Any]:
    """Describe one table and its indexes."""
    name = call.params["TableName"]
    table = tables(call.company).named(call.account, call.region, name)
    if table is None:
        message = f"Requested resource not found: Table: {name} not found"
        raise WireError("ResourceNotFoundException", message)
    return {"Table": _table(table)}


def _table(one: Table) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "TableName": one.name,
        "TableArn": one.arn("dynamodb", f"table/{one.name}"),
        "TableStatus": "ACTIVE",
        "CreationDateTime": one.created_at,
        "TableSizeBytes": one.size_bytes,
        "ItemCount": one.size_bytes // 700,
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "ProvisionedThroughput": _capacity(one.read_units, one.write_units),
        "DeletionProtectionEnabled": False,
    }
    if one.is_on_demand:  # AWS says nothing of it where it never was
        facts["BillingModeSummary"] = {"BillingMode": "PAY_PER_REQUEST"}
    if one.indexes:
        facts["GlobalSecondaryIndexes"] = [_index(one, index) for index in one.indexes]
    return facts


def _index(table: Table, index: Index) -> dict[str, Any]:
    return {
        "IndexName": index.name,
        "IndexArn": table.arn("dynamodb", f"table/{table.name}/index/{index.name}"),
        "IndexStatus": "ACTIVE",
        "IndexSizeBytes": table.size_bytes // 4,
        "ItemCount": table.size_bytes // 700,
        "KeySchema": [{"AttributeName": index.name, "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "KEYS_ONLY"},
        "ProvisionedThroughput": _capacity(index.read_units, index.write_units),
    }


def _capacity(read_units: int, write_units: int) -> dict[str, Any]:
    return {
        "NumberOfDecreasesToday": 0,
        "ReadCapacityUnits": read_units,
        "WriteCapacityUnits": write_units,
    }


ANSWERS: Mapping[str, Answer] = {
    "dynamodb:ListTables": list_tables,
    "dynamodb:DescribeTable": describe_table,
}
