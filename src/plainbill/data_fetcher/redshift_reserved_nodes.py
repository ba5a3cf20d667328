"""Reserved nodes of Redshift: ``DescribeReservedNodes``, where the bill has such use; free of charge."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plainbill.aws_connector import Read, Scope
from plainbill.data_fetcher.reserved_nodes import ReservedNodesCollector, terms
from plainbill.model.resources.base import arn_of
from plainbill.model.resources.reserved_nodes import ReservedWarehouse


class RedshiftReservedNodes(ReservedNodesCollector):
    """Every reservation of Redshift that is not over."""

    name = "redshift_reserved_nodes"
    kind = ReservedWarehouse
    billed_as = "Amazon Redshift"
    reads = (
        Read(
            "redshift",
            "DescribeReservedNodes",
            "what is reserved of Redshift, what it costs and when it ends",
        ),
    )
    answered = "ReservedNodes"
    limit = "MaxRecords"

    @classmethod
    def reserved(cls, raw: Mapping[str, Any], scope: Scope) -> ReservedWarehouse:
        """Return one of them."""
        name = raw["ReservedNodeId"]
        return ReservedWarehouse(
            **terms(raw, scope),
            reservation_id=name,
            reservation_arn=arn_of("redshift", scope.region, scope.account_id, f"reservednode:{name}"),
            node_type=raw["NodeType"],
            count=int(raw["NodeCount"]),
        )
