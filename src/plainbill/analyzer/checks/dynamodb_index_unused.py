"""Global secondary indexes of DynamoDB that nobody reads."""

from __future__ import annotations

from dataclasses import dataclass

from plainbill.analyzer.daily import too_young
from plainbill.analyzer.dynamodb_use import GIB, READS, UNPUBLISHED, consumed, is_published
from plainbill.analyzer.waste_check import Context, WasteCheck, threshold
from plainbill.model.findings import Action, Confidence, Effort, Measurement, Unknown, Verdict, Waste
from plainbill.model.money import Money
from plainbill.model.resources.dynamodb import DynamoDbIndex, DynamoDbTable
from plainbill.prices.nodes import monthly_dynamodb_capacity


@dataclass(frozen=True)
class DynamoDbIndexUnused(WasteCheck[DynamoDbIndex]):
    """An index is billed for its own copy of the data and for every write that it repeats, read or not.

    Delete the index; the table is not touched. It can be made again, which is billed as writing all of it.
    """

    id, title = "dynamodb_index_unused", "DynamoDB index that nobody reads"
    resource, needs, metrics = DynamoDbIndex, (DynamoDbTable,), (READS,)
    action, effort = Action.DELETE, Effort.LOW
    rule = "Not one read unit consumed in {min_days} days."
    source = "Our own proposal; the index must not be read for as long as a table must not be used"

    min_days: int = threshold(60, "Days to look back on; monthly jobs must have had their turn.")

    def evaluate(self, resource: DynamoDbIndex, context: Context) -> Verdict:
        """Judge one index."""
        if resource.status not in {None, "ACTIVE"}:
            return Unknown(f"it is {resource.status}")
        if young := too_young(context, resource.table_created_at, self.min_days):
            return young
        tables = context.inventory.beside(resource, DynamoDbTable) or ()
        table = next((one for one in tables if one.table_name == resource.table_name), None)
        if table is None:
            return Unknown("its table was not read")
        if use := consumed(context, resource, READS, self.min_days):
            return use
        if not is_published(context, table, self.min_days):
            return UNPUBLISHED
        cost = _cost(context, resource)
        size = None if resource.size_bytes is None else resource.size_bytes / GIB
        return Waste(
            reason=f"0 read units were consumed of it in {self.min_days} days.",
            monthly_saving=cost,
            monthly_cost=cost,
            confidence=Confidence.REVIEW if resource.is_replicated else Confidence.MEDIUM,
            evidence=(Measurement("read units consumed", 0, "units", 0), Measurement("stored", size, "GiB")),
            keeps_billing=("the table and its other indexes",),
            doubts=(
                "AWS does not say when the index was made; it may be younger than its table.",
                "Its storage, and its writes where they are billed by request, are not counted.",
            ),
            cleared_by="One query or scan of the index.",
        )


def _cost(context: Context, index: DynamoDbIndex) -> Money | None:
    if index.is_on_demand or index.table_class != "STANDARD" or index.is_replicated:
        return None
    return monthly_dynamodb_capacity(context.rates, index.region, index.read_units, index.write_units)
