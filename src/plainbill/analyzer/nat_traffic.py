"""What NAT gateways are judged by: their traffic, and the routes that lead to them."""

from __future__ import annotations

from collections.abc import Sequence

from plainbill.analyzer.waste_check import Context
from plainbill.model.findings import Ok, Unknown
from plainbill.model.metrics import Metric
from plainbill.model.resources.vpc import NatGateway, RouteTable

_NAMESPACE = "AWS/NATGateway"
ACTIVE_CONNECTIONS = Metric(_NAMESPACE, "ActiveConnectionCount", "Maximum", "connections")
PACKETS_OUT = Metric(_NAMESPACE, "PacketsInFromSource", "Sum", "packets")
PACKETS_BACK = Metric(_NAMESPACE, "PacketsInFromDestination", "Sum", "packets")
BYTES_OUT = Metric(_NAMESPACE, "BytesInFromSource", "Sum", "bytes")
BYTES_BACK = Metric(_NAMESPACE, "BytesInFromDestination", "Sum", "bytes")
PROCESSED = (BYTES_OUT, BYTES_BACK)
"""Each byte that is billed as processed is once in one of these."""


def not_judged(gateway: NatGateway) -> Ok | Unknown | None:
    """Return the answer for a gateway that is not judged by its traffic, None for all others."""
    if gateway.state != "available":
        return Ok(f"it is {gateway.state}, and so not in service")
    if gateway.is_regional:
        return Unknown("CloudWatch measures a regional NAT gateway by zone only, not as a whole")
    return None


def tables_to(gateway: NatGateway, context: Context) -> Sequence[RouteTable] | None:
    """Return the route tables that lead to a gateway; None where they were not read to the end."""
    tables = context.inventory.beside(gateway, RouteTable)
    if tables is None:
        return None
    return [table for table in tables if gateway.nat_gateway_id in table.nat_gateway_ids]
