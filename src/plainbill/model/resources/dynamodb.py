"""DynamoDB tables and their global secondary indexes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from plainbill.model.resources.base import Resource, arn_of


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamoDbTable(Resource):
    """One table (``DescribeTable``)."""

    source: ClassVar[str] = "dynamodb_tables"

    table_name: str
    status: str  # ACTIVE | CREATING | ARCHIVED ...
    created_at: datetime
    is_on_demand: bool
    read_units: int = 0  # provisioned, of the table alone
    write_units: int = 0
    size_bytes: int | None = None  # updated about every six hours
    items: int | None = None
    table_class: str = "STANDARD"
    indexes: tuple[str, ...] = ()  # global secondary ones, by name
    replica_regions: tuple[str, ...] = ()
    is_protected: bool = False  # from deletion

    @property
    def resource_id(self) -> str:
        """The table's name."""
        return self.table_name

    @property
    def arn(self) -> str:
        """The ARN."""
        return arn_of("dynamodb", self.region, self.account_id, f"table/{self.table_name}")

    @property
    def dimensions(self) -> Mapping[str, str]:
        """``AWS/DynamoDB``'s dimension of a table without its indexes."""
        return {"TableName": self.table_name}


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamoDbIndex(Resource):
    """One global secondary index of a table (``DescribeTable``); it has capacity and metrics of its own."""

    source: ClassVar[str] = "dynamodb_indexes"

    table_name: str
    index_name: str
    status: str | None  # ACTIVE | CREATING ...
    table_created_at: datetime  # of the index itself AWS does not say
    is_on_demand: bool
    read_units: int = 0
    write_units: int = 0
    size_bytes: int | None = None
    table_class: str = "STANDARD"
    is_replicated: bool = False

    @property
    def resource_id(self) -> str:
        """The table's name and the index's."""
        return f"{self.table_name}/{self.index_name}"

    @property
    def arn(self) -> str:
        """The ARN."""
        return arn_of(
            "dynamodb", self.region, self.account_id, f"table/{self.table_name}/index/{self.index_name}"
        )

    @property
    def dimensions(self) -> Mapping[str, str]:
        """``AWS/DynamoDB``'s dimensions of an index."""
        return {"TableName": self.table_name, "GlobalSecondaryIndexName": self.index_name}
