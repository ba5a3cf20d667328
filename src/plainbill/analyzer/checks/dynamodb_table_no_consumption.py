"""DynamoDB tables that nobody has read or written for long."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from plainbill.analyzer.daily import too_young
from plainbill.analyzer.dynamodb_use import (
    PROVISIONED,
    READS,
    WRITES,
    by_whom,
    capacity_cost,
    indexes_of,
    use_of,
)
from plainbill.analyzer.waste_check import Context, WasteCheck, threshold
from plainbill.model.findings import Action, Confidence, Effort, Measurement, Ok, Verdict, Waste
from plainbill.model.money import Money
from plainbill.model.resources.dynamodb import DynamoDbIndex, DynamoDbTable
from plainbill.prices.storage import monthly_dynamodb_storage

_GIB = 1024**3


@dataclass(frozen=True)
class DynamoDbTableNoConsumption(WasteCheck[DynamoDbTable]):
    """A table that nobody reads or writes is billed for its data, and for capacity if that is provisioned.

    Export it to S3 (an export consumes no capacity), then delete it. Data that must stay is cheaper in S3 or
    in the table class for infrequent access.
    """

    id, title = "dynamodb_table_no_consumption", "DynamoDB table without use"
    resource, needs = DynamoDbTable, (DynamoDbIndex,)
    metrics = (READS, WRITES, PROVISIONED)
    action, effort = Action.DELETE, Effort.LOW
    rule = "It holds data or capacity, and not one unit was consumed in {min_days} days, of it or an index."
    source = "Cloudburn: consumed units = 0 in 30 days, over twice the time"

    min_days: int = threshold(60, "Days to look back on.")

    def evaluate(self, resource: DynamoDbTable, context: Context) -> Verdict:
        """Judge one table together with its indexes."""
        if resource.size_bytes == 0 and (resource.is_on_demand or not resource.read_units):
            return Ok("empty and billed by request: it costs nothing")
        if young := too_young(context, resource.created_at, self.min_days):
            return young
        if use := use_of(context, resource, self.min_days):
            return use
        indexes = indexes_of(context, resource) or []
        sizes = [resource.size_bytes, *(index.size_bytes for index in indexes)]
        stored = sum(size for size in sizes if size is not None) if None not in sizes else None
        cost = _cost(context, resource, indexes, stored)
        return Waste(
            reason=f"0 units were consumed in {self.min_days} days, {by_whom(indexes)}; "
            f"{_amount(stored)} stored.",
            monthly_saving=cost,
            monthly_cost=cost,
            confidence=Confidence.REVIEW if resource.replica_regions else Confidence.MEDIUM,
            evidence=(
                Measurement("consumed", 0, "units", 0),
                Measurement("stored", None if stored is None else stored / _GIB, "GiB"),
            ),
            keeps_billing=("backups on demand, and the export",),
            doubts=tuple(_doubts(resource)),
            cleared_by="One read or write.",
        )


def _cost(
    context: Context, table: DynamoDbTable, indexes: list[DynamoDbIndex], stored: int | None
) -> Money | None:
    """Return storage and capacity together; None for what is priced otherwise, or of unknown size."""
    if stored is None or table.table_class != "STANDARD" or table.replica_regions:
        return None
    storage = monthly_dynamodb_storage(context.rates, table.region, Decimal(stored) / _GIB)
    if table.is_on_demand:
        return storage
    capacity = capacity_cost(context, table, indexes)
    return None if storage is None or capacity is None else storage + capacity


def _amount(stored: int | None) -> str:
    return "an unknown amount is" if stored is None else f"{stored / _GIB:,.1f} GiB are"


def _doubts(table: DynamoDbTable) -> list[str]:
    doubts = [
        "The first 25 GB of a Region are free.",
        "Exports and backups read a table without consuming units.",
    ]
    if table.replica_regions:
        doubts.append(f"It is replicated to {len(table.replica_regions)} other Regions: one may stand by.")
    if table.is_protected:
        doubts.append("It is protected from deletion: somebody means to keep it.")
    return doubts
