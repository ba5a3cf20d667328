"""Reserved OpenSearch: ``DescribeReservedInstances``, where the bill has such use; free of charge."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plainbill.aws_connector import Read, Scope
from plainbill.data_fetcher.reserved_nodes import ReservedNodesCollector, terms
from plainbill.model.resources.base import arn_of
from plainbill.model.resources.reserved_nodes import ReservedSearch


class OpenSearchReservedInstances(ReservedNodesCollector):
    """Every reservation of OpenSearch that is not over."""

    name = "opensearch_reserved_instances"
    kind = ReservedSearch
    billed_as = "Amazon OpenSearch Service"
    reads = (
        Read(
            "opensearch",
            "DescribeReservedInstances",
            "what is reserved of OpenSearch, what it costs and when it ends",
        ),
    )
    answered = "ReservedInstances"
    limit = "MaxResults"

    @classmethod
    def reserved(cls, raw: Mapping[str, Any], scope: Scope) -> ReservedSearch:
        """Return one of them."""
        name = raw["ReservedInstanceId"]
        return ReservedSearch(
            **terms(raw, scope),
            reservation_id=name,
            reservation_arn=arn_of("es", scope.region, scope.account_id, f"reserved-instance/{name}"),
            node_type=raw["InstanceType"],
            count=int(raw["InstanceCount"]),
        )
