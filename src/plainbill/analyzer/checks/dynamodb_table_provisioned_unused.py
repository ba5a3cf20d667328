"""DynamoDB tables with provisioned capacity that nobody consumes."""

from __future__ import annotations

from dataclasses import dataclass

from plainbill.analyzer.daily import too_young
from plainbill.analyzer.dynamodb_use import (
    PROVISIONED,
    READS,
    WRITES,
    by_whom,
    capacity_parts,
    indexes_of,
    together,
    use_of,
)
from plainbill.analyzer.waste_check import Context, WasteCheck, threshold
from plainbill.model.findings import Action, Confidence, Effort, Measurement, Ok, Verdict, Waste
from plainbill.model.resources.dynamodb import DynamoDbIndex, DynamoDbTable


@dataclass(frozen=True)
class DynamoDbTableProvisionedUnused(WasteCheck[DynamoDbTable]):
    """Provisioned read and write units are billed by the hour, used or not.

    Switch the table to on-demand: nothing is lost, and what is not used costs nothing but its storage. If
    nobody needs the data, export and delete it.
    """

    id, title = "dynamodb_table_provisioned_unused", "Provisioned DynamoDB capacity without use"
    resource, needs = DynamoDbTable, (DynamoDbIndex,)
    metrics = (READS, WRITES, PROVISIONED)
    action, effort = Action.RIGHTSIZE, Effort.VERY_LOW
    rule = (
        "Provisioned, and not one read or write unit consumed in {min_days} days, of the table or an index."
    )
    source = "AWS Compute Optimizer, idle DynamoDB tables: 14 days, table and all indexes"

    min_days: int = threshold(14, "Days to look back on.")

    def measures(self, resource: DynamoDbTable) -> bool:
        """Only with capacity of its own."""
        return _has_capacity(resource)

    def evaluate(self, resource: DynamoDbTable, context: Context) -> Verdict:
        """Judge one table together with its indexes."""
        if not _has_capacity(resource):
            return Ok("billed by request")
        if young := too_young(context, resource.created_at, self.min_days):
            return young
        if use := use_of(context, resource, self.min_days):
            return use
        indexes = indexes_of(context, resource) or ()
        reads = resource.read_units + sum(index.read_units for index in indexes)
        writes = resource.write_units + sum(index.write_units for index in indexes)
        parts = capacity_parts(context, resource, indexes)
        cost = together(parts)
        return Waste(
            reason=f"0 of {reads:,} provisioned read and {writes:,} write units were consumed in "
            f"{self.min_days} days, {by_whom(indexes)}.",
            monthly_saving=cost,
            monthly_cost=cost,
            confidence=Confidence.MEDIUM if resource.replica_regions else Confidence.HIGH,
            evidence=(
                Measurement("read units provisioned", reads, "units"),
                Measurement("write units provisioned", writes, "units"),
                Measurement("consumed", 0, "units", 0),
            ),
            keeps_billing=("storage and backups of the table",),
            doubts=tuple(_doubts(resource)),
            cleared_by="One read or write.",
            parts=parts or {},
        )


def _has_capacity(table: DynamoDbTable) -> bool:
    return not table.is_on_demand and bool(table.read_units or table.write_units)


def _doubts(table: DynamoDbTable) -> list[str]:
    doubts = ["The first 25 read and write units of a payer are free, and reserved capacity may cover them."]
    if table.replica_regions:
        doubts.append(f"It is replicated to {len(table.replica_regions)} other Regions: one may stand by.")
    return doubts
