"""Log groups that keep their logs for ever."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from plainbill.analyzer.measured import gib, is_published, read_for, too_young
from plainbill.analyzer.waste_check import Context, WasteCheck, threshold
from plainbill.analyzer.wording import days_text
from plainbill.model.findings import Action, Confidence, Effort, Measurement, Ok, Unknown, Verdict, Waste
from plainbill.model.metrics import Metric
from plainbill.model.resources.logs import LogGroup
from plainbill.prices.storage import monthly_log_storage

_INCOMING = Metric("AWS/Logs", "IncomingBytes", "Sum", "bytes", is_sparse=True)
_GIB = 2**30


@dataclass(frozen=True)
class LogsGroupWithoutRetention(WasteCheck[LogGroup]):
    """A log group without a retention keeps every line for ever, and each is billed every month.

    Set a retention; older logs are then deleted by AWS. What must be kept can be exported to S3 first.
    Taking in new logs, usually the larger part of the bill, costs the same as before.
    """

    id, title = "logs_group_without_retention", "Log group that keeps everything"
    resource, action, effort = LogGroup, Action.UPGRADE, Effort.VERY_LOW
    metrics = (_INCOMING,)
    rule = (
        "No retention, at least {min_stored_gib} GiB stored, and older than {keep_days} days. The saving is "
        "what is stored less all that came in during the last {keep_days} days."
    )
    source = "Trusted Advisor and all scanners flag a missing retention; the bound of the saving is our own"

    keep_days: int = threshold(30, "Days of logs that would be kept; 60 at the most can be measured.")
    min_stored_gib: float = threshold(1.0, "GiB stored from which on it is worth a finding.")

    def evaluate(self, resource: LogGroup, context: Context) -> Verdict:
        """Judge one log group."""
        if resource.retention_days is not None:
            return Ok(f"logs are kept for {days_text(resource.retention_days)}")
        if resource.log_class == "DELIVERY":
            return Ok("its class keeps logs for two days")
        if resource.stored_bytes < self.min_stored_gib * _GIB:
            return Ok(f"{gib(resource.stored_bytes)} stored, less than {self.min_stored_gib:g} GiB")
        if young := too_young(context, resource.created_at, self.keep_days):
            return young
        incoming = self._incoming(resource, context)
        stored = Decimal(resource.stored_bytes) / _GIB
        cost = monthly_log_storage(context.rates, resource.region, stored)
        # What came in is measured before AWS compresses it, so what is kept of it is less: a lower bound.
        older = Decimal(0) if incoming is None else stored - Decimal(repr(incoming)) / _GIB
        saving = monthly_log_storage(context.rates, resource.region, older) if older > 0 else None
        came = "an unknown amount" if incoming is None else gib(incoming)
        return Waste(
            f"{gib(resource.stored_bytes)} stored and no retention; {came} came in during the last "
            f"{days_text(self.keep_days)}",
            saving,
            cost,
            Confidence.MEDIUM,
            evidence=(
                Measurement("stored", resource.stored_bytes / _GIB, "GiB", self.min_stored_gib),
                Measurement(
                    f"came in, {days_text(self.keep_days)}",
                    None if incoming is None else incoming / _GIB,
                    "GiB",
                ),
            ),
            keeps_billing=("taking in new logs", f"the logs of the last {days_text(self.keep_days)}"),
            doubts=("a law or a contract may ask for older logs",),
            cleared_by="any retention",
        )

    def _incoming(self, resource: LogGroup, context: Context) -> float | None:
        """Return the bytes that came in during the days that would be kept; None where nothing proves it."""
        series = read_for(context, resource, _INCOMING, self.keep_days)
        if isinstance(series, Unknown):
            return None
        # CloudWatch Logs publishes the metric of every group by itself, but only when something comes in:
        # silence is zero where this group, or another one here, was measured at all.
        if series.known or is_published(context, resource, _INCOMING):
            return series.total or 0.0
        return None
