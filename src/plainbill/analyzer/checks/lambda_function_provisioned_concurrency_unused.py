"""Functions that are kept warm for calls that do not come."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from plainbill.analyzer.measured import is_published, read_for, too_young
from plainbill.analyzer.waste_check import Context, WasteCheck, threshold
from plainbill.analyzer.wording import days_text
from plainbill.model.findings import Action, Confidence, Effort, Measurement, Ok, Unknown, Verdict, Waste
from plainbill.model.metrics import Metric
from plainbill.model.money import Money
from plainbill.model.resources.lambda_concurrency import LambdaProvisionedConcurrency
from plainbill.prices.items import Processor
from plainbill.prices.managed import monthly_provisioned_concurrency

_USED = Metric("AWS/Lambda", "ProvisionedConcurrencyUtilization", "Maximum", "share", is_sparse=True)
_HEADROOM = 1.3
"""What is kept above the highest use that was measured."""


@dataclass(frozen=True)
class LambdaFunctionProvisionedConcurrencyUnused(WasteCheck[LambdaProvisionedConcurrency]):
    """Provisioned concurrency keeps a function's memory warm and is billed by the second, called or not.

    Take it away from an alias that nobody calls; elsewhere lower it to what the busiest moment used, and a
    third more. Calls beyond it still work: they start cold and are billed by their duration.
    """

    id, title = "lambda_function_provisioned_concurrency_unused", "Unused provisioned concurrency"
    resource, action, effort = LambdaProvisionedConcurrency, Action.RIGHTSIZE, Effort.LOW
    metrics = (_USED,)
    rule = "The busiest moment of {days} days used less than {max_used_percent} % of it, or no call came."
    source = "nable: less than 50 % used in 14 days; the headroom of 30 % is our own"

    days: int = threshold(14, "Days to look back on; a change of the setting begins them anew.")
    max_used_percent: float = threshold(50.0, "Percent in use at one time from which on it is fine.")

    def evaluate(self, resource: LambdaProvisionedConcurrency, context: Context) -> Verdict:
        """Judge the provisioned concurrency of one alias or version."""
        if resource.status != "READY":
            return Unknown(f"its provisioned concurrency is {resource.status}, not READY")
        if too_young(context, resource.changed_at, self.days):
            return Unknown(f"it was changed less than {days_text(self.days)} ago")
        series = read_for(context, resource, _USED, self.days)
        if isinstance(series, Unknown):
            return series
        # Lambda publishes it with each call that provisioned concurrency could serve. Without any datapoint
        # no call came, where another alias here shows that Lambda publishes it at all.
        if not series.known and not is_published(context, resource, _USED):
            return Unknown(f"{_USED.name} is published of no function here, so its silence proves nothing")
        return self._by_peak(resource, context, 100 * (series.maximum or 0.0))

    def _by_peak(self, resource: LambdaProvisionedConcurrency, context: Context, peak: float) -> Verdict:
        """Judge by the highest use in percent; 0 where no call came."""
        if peak >= self.max_used_percent:
            return Ok(f"{peak:.0f} % in use at the busiest moment")
        kept = min(resource.requested, ceil(resource.requested * peak / 100 * _HEADROOM))
        if kept == resource.requested:
            return Ok("no smaller number would do")
        said = f"{peak:.1f} % in use at the busiest moment" if kept else "no call"
        return Waste(
            f"{said} in {days_text(self.days)} (threshold {self.max_used_percent:g} %) of "
            f"{resource.requested} environments kept warm; {kept} would do",
            self._monthly(resource, context, resource.requested - kept),
            self._monthly(resource, context, resource.requested),
            Confidence.REVIEW if kept else Confidence.HIGH,
            evidence=(Measurement("highest use", peak, "%", self.max_used_percent),),
            keeps_billing=("the calls themselves", *((f"{kept} environments",) if kept else ())),
            doubts=("a rare rush of calls may be what it is for",),
            cleared_by=f"a moment with {self.max_used_percent:g} % in use",
        )

    @staticmethod
    def _monthly(resource: LambdaProvisionedConcurrency, context: Context, count: int) -> Money | None:
        if resource.memory_mib is None or resource.architecture not in set(Processor):
            return None
        processor = Processor(resource.architecture)
        return monthly_provisioned_concurrency(
            context.rates, resource.region, resource.memory_mib, count, processor
        )
