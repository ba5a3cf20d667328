"""Reserved DB instances: ``DescribeReservedDBInstances``, where the bill has such use; free of charge."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plainbill.aws_connector import Read, Scope
from plainbill.data_fetcher.reserved_nodes import ReservedNodesCollector, terms
from plainbill.model.resources.base import arn_of
from plainbill.model.resources.reserved_nodes import ReservedDatabase


class RdsReservedInstances(ReservedNodesCollector):
    """Every reservation of RDS that is not over."""

    name = "rds_reserved_instances"
    kind = ReservedDatabase
    billed_as = "Amazon Relational Database Service"
    reads = (
        Read("rds", "DescribeReservedDBInstances", "what is reserved of RDS, what it costs and when it ends"),
    )
    answered = "ReservedDBInstances"
    limit = "MaxRecords"

    @classmethod
    def reserved(cls, raw: Mapping[str, Any], scope: Scope) -> ReservedDatabase:
        """Return one of them."""
        name = raw["ReservedDBInstanceId"]
        return ReservedDatabase(
            **terms(raw, scope),
            reservation_id=name,
            reservation_arn=raw.get("ReservedDBInstanceArn")
            or arn_of("rds", scope.region, scope.account_id, f"ri:{name}"),
            node_type=raw["DBInstanceClass"],
            count=int(raw["DBInstanceCount"]),
            is_multi_az=raw.get("MultiAZ"),
        )
