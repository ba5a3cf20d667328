"""Kinesis streams that nobody writes to."""

from __future__ import annotations

from dataclasses import dataclass

from plainbill.analyzer.billed_use import SHARDS, STREAMS, HourlyThing, with_the_bill
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
    rule = (
        "Not one record came in within {days} days. Also where CloudWatch does not tell: hours of streams on "
        "the bill of the account and Region, and not one record put."
    )
    source = (
        "OptScale and others: 7 days without a record; 14 are our own proposal. "
        "By the bill: Flexera's rule for NAT gateways"
    )

    days: int = threshold(14, "Days to look back on.")

    def evaluate(self, resource: KinesisStream, context: Context) -> Verdict:
        """Judge one stream."""
        if resource.status not in {"ACTIVE", "UPDATING"}:
            return Ok(f"it is {resource.status}")
        if young := too_young(context, resource.created_at, self.days):
            return young
        records = read_for(context, resource, _RECORDS, self.days)
        if isinstance(records, Unknown):
            return self._beside_the_bill(resource, records.reason, context)
        if total := records.total:
            return Ok(f"{total:,.0f} records in {days_text(self.days)}")
        reads = context.used(resource, _READS, self.days)
        # Kinesis publishes nothing while nothing happens. That it publishes here at all is shown by this
        # stream's own readers, or by another stream with records.
        is_read = reads is not None and bool(reads.known)
        missing = None
        if not (records.known or is_read or is_published(context, resource, _RECORDS)):
            missing = f"{_RECORDS.name} is published of no stream here, so its silence proves nothing"
        return self._beside_the_bill(resource, missing, context, is_read=is_read)

    def _beside_the_bill(
        self, resource: KinesisStream, missing: str | None, context: Context, *, is_read: bool = False
    ) -> Verdict:
        is_whole = resource.mode == "ON_DEMAND"  # billed as a whole, not by shards
        thing = HourlyThing(
            resource=resource,
            metered=STREAMS if is_whole else SHARDS,
            since=resource.created_at,
            days=self.days,
            metrics=(_RECORDS,),
            count=1 if is_whole else resource.open_shards or 0,
        )
        return with_the_bill(self._waste(resource, context, is_read=is_read), missing, thing, context, 1)

    def _waste(self, resource: KinesisStream, context: Context, *, is_read: bool) -> Waste:
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
