"""Kinesis streams that nobody writes to."""

from __future__ import annotations

from dataclasses import dataclass

from plainbill.analyzer.measured import is_published, read_for, too_young
from plainbill.analyzer.waste_check import Context, WasteCheck, threshold
from plainbill.analyzer.wording import days_text
from plainbill.model.findings import Action, Effort, Measurement, Ok, Unknown, Verdict, Waste
from plainbill.model.metrics import Metric
from plainbill.model.money import Money
from plainbill.model.resources.kinesis import KinesisStream
from plainbill.prices.managed import monthly_kinesis_on_demand_stream, monthly_kinesis_shards

_RECORDS = Metric("AWS/Kinesis", "IncomingRecords", "Sum", "records", is_sparse=True)
_READS = Metric("AWS/Kinesis", "GetRecords.Success", "SampleCount", "reads", is_sparse=True)


@dataclass(frozen=True)
class KinesisStreamIdle(WasteCheck[KinesisStream]):
    """A stream is billed by the hour, for each shard or as a whole, whether or not records come in.

    Delete it; what is still in it is lost, so look at the retention first. One that is needed now and then
    can have fewer shards.
    """

    id, title = "kinesis_stream_idle", "Kinesis stream without a record"
    resource, action, effort = KinesisStream, Action.DELETE, Effort.LOW
    metrics = (_RECORDS, _READS)
    rule = "Not one record came in within {days} days."
    source = "OptScale and others: 7 days without a record; 14 are our own proposal"

    days: int = threshold(14, "Days to look back on.")

    def evaluate(self, resource: KinesisStream, context: Context) -> Verdict:
        """Judge one stream."""
        if resource.status not in {"ACTIVE", "UPDATING"}:
            return Ok(f"it is {resource.status}")
        if young := too_young(context, resource.created_at, self.days):
            return young
        records = read_for(context, resource, _RECORDS, self.days)
        if isinstance(records, Unknown):
            return records
        if total := records.total:
            return Ok(f"{total:,.0f} records in {days_text(self.days)}")
        reads = context.used(resource, _READS, self.days)
        # Kinesis publishes nothing while nothing happens. That it publishes here at all is shown by this
        # stream's own readers, or by another stream with records.
        is_read = reads is not None and bool(reads.known)
        if not (records.known or is_read or is_published(context, resource, _RECORDS)):
            return Unknown(f"{_RECORDS.name} is published of no stream here, so its silence proves nothing")
        cost = self._monthly(resource, context)
        what = f"{resource.open_shards} shards" if resource.mode == "PROVISIONED" else "on demand"
        return Waste(
            f"no record came in within {days_text(self.days)}; {what}",
            cost,
            cost,
            evidence=(
                Measurement("records", 0, "records", 1),
                Measurement("open shards", resource.open_shards),
            ),
            keeps_billing=("whatever still reads from it, such as a function",) if is_read else (),
            doubts=("something still reads from it",) if is_read else (),
            cleared_by="one record",
        )

    @staticmethod
    def _monthly(resource: KinesisStream, context: Context) -> Money | None:
        """Return the price without longer retention and enhanced fan-out, which come besides."""
        if resource.mode == "ON_DEMAND":
            return monthly_kinesis_on_demand_stream(context.rates, resource.region)
        if not resource.open_shards:
            return None
        return monthly_kinesis_shards(context.rates, resource.region, resource.open_shards)
