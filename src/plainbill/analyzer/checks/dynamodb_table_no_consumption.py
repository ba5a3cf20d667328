"""DynamoDB tables that nobody has read or written for long."""

from __future__ import annotations

from dataclasses import dataclass

from plainbill.analyzer.daily import too_young
from plainbill.analyzer.dynamodb_use import (
    GIB,
    READS,
    WRITES,
    Parts,
    by_whom,
    capacity_parts,
    indexes_of,
    storage_parts,
    together,
    use_of,
)
from plainbill.analyzer.waste_check import Context, WasteCheck, threshold
from plainbill.model.findings import Action, Confidence, Effort, Measurement, Ok, Verdict, Waste
from plainbill.model.resources.dynamodb import DynamoDbIndex, DynamoDbTable


@dataclass(frozen=True)
class DynamoDbTableNoConsumption(WasteCheck[DynamoDbTable]):
    """A table that nobody reads or writes is billed for its data, and for capacity if that is provisioned.

    Export it to S3 (an export consumes no capacity), then delete it. Data that must stay is cheaper in S3 or
    in the table class for infrequent access.
    """

    id, title = "dynamodb_table_no_consumption", "DynamoDB table without use"
    resource, needs = DynamoDbTable, (DynamoDbIndex,)
    metrics = (READS, WRITES)
    action, effort = Action.DELETE, Effort.LOW
    rule = "It holds data or capacity, and not one unit was consumed in {min_days} days, of it or an index."
    source = "Cloudburn: consumed units = 0 in 30 days, over twice the time"

    min_days: int = threshold(60, "Days to look back on.")

    def measures(self, resource: DynamoDbTable) -> bool:
        """Not where it costs nothing."""
        return not _is_free(resource)

    def evaluate(self, resource: DynamoDbTable, context: Context) -> Verdict:
        """Judge one table together with its indexes."""
        if _is_free(resource):
            return Ok("empty and billed by request: it costs nothing")
        if young := too_young(context, resource.created_at, self.min_days):
            return young
        if use := use_of(context, resource, self.min_days):
            return use
        indexes = indexes_of(context, resource) or []
        sizes = [resource.size_bytes, *(index.size_bytes for index in indexes)]
        stored = sum(size for size in sizes if size is not None) if None not in sizes else None
        parts = _parts(context, resource, indexes)
        cost = together(parts)
        return Waste(
            reason=f"0 units were consumed in {self.min_days} days, {by_whom(indexes)}; "
            f"{_amount(stored)} stored.",
            monthly_saving=cost,
            monthly_cost=cost,
            confidence=Confidence.REVIEW if resource.replica_regions else Confidence.MEDIUM,
            evidence=(
                Measurement("consumed", 0, "units", 0),
                Measurement("stored", None if stored is None else stored / GIB, "GiB"),
            ),
            keeps_billing=("backups on demand, and the export",),
            doubts=tuple(_doubts(resource)),
            cleared_by="One read or write.",
            parts=parts or {},
        )


def _is_free(table: DynamoDbTable) -> bool:
    has_capacity = not table.is_on_demand and (table.read_units or table.write_units)
    return table.size_bytes == 0 and not has_capacity


def _parts(context: Context, table: DynamoDbTable, indexes: list[DynamoDbIndex]) -> Parts | None:
    """Return storage and capacity of the table and of each index; None where any of it is not known."""
    storage = storage_parts(context, table, indexes)
    if storage is None or table.is_on_demand:
        return storage
    capacity = capacity_parts(context, table, indexes)
    return None if capacity is None else {arn: cost + capacity[arn] for arn, cost in storage.items()}


def _amount(stored: int | None) -> str:
    return "an unknown amount is" if stored is None else f"{stored / GIB:,.1f} GiB are"


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
