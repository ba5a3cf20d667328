"""Endpoints that no model is asked through."""

from __future__ import annotations

from dataclasses import dataclass

from plainbill.analyzer.measured import covered, read_for, too_young
from plainbill.analyzer.waste_check import Context, WasteCheck, threshold
from plainbill.analyzer.wording import days_text
from plainbill.model.findings import Action, Effort, Measurement, Ok, Unknown, Verdict, Waste
from plainbill.model.metrics import Metric
from plainbill.model.money import Money
from plainbill.model.resources.sagemaker import SageMakerVariant
from plainbill.prices.managed import monthly_sagemaker_endpoint

_CALLS = Metric("AWS/SageMaker", "Invocations", "Sum", "calls", is_sparse=True)
_ALIVE = Metric("/aws/sagemaker/Endpoints", "CPUUtilization", "Maximum", "%")
"""Published every minute of every running variant, called or not: it proves that the silence was measured."""


@dataclass(frozen=True)
class SageMakerEndpointIdle(WasteCheck[SageMakerVariant]):
    """A real-time endpoint is billed for its instances by the second, whether or not anyone calls it.

    Delete the endpoint (or the one variant); the model and the configuration cost nothing and make it anew
    within minutes. For rare calls there are serverless endpoints, which are billed by use.
    """

    id, title = "sagemaker_endpoint_idle", "SageMaker endpoint without a call"
    resource, action, effort = SageMakerVariant, Action.DELETE, Effort.LOW
    metrics = (_CALLS, _ALIVE)
    rule = "Not one invocation in {days} days, while its instances were measured on nearly all of them."
    source = "Compute Optimizer: no invocation in 14 days"

    days: int = threshold(14, "Days to look back on.")

    def evaluate(self, resource: SageMakerVariant, context: Context) -> Verdict:
        """Judge one variant of an endpoint."""
        return self._without_metrics(resource, context) or self._by_metrics(resource, context)

    def _without_metrics(self, resource: SageMakerVariant, context: Context) -> Verdict | None:
        """Return the answer where what is measured does not matter."""
        if resource.is_serverless or resource.instance_count == 0:
            return Ok("it has no instance that is billed")
        if resource.is_serverless is None:
            return Unknown("its configuration could not be read")
        if resource.hosts_components:
            return Unknown("its models are inference components, whose calls are measured apart")
        if resource.status != "InService":
            return Unknown(f"it is {resource.status}, not InService")
        if young := too_young(context, resource.created_at, self.days):
            return young
        return None

    def _by_metrics(self, resource: SageMakerVariant, context: Context) -> Verdict:
        alive = covered(context, resource, _ALIVE, self.days)
        if isinstance(alive, Unknown):
            return alive
        calls = read_for(context, resource, _CALLS, self.days)
        if isinstance(calls, Unknown):
            return calls
        if total := calls.total:
            return Ok(f"{total:,.0f} calls in {days_text(self.days)}")
        cost = self._monthly(resource, context)
        return Waste(
            f"no call in {days_text(self.days)}, {resource.instance_count} {resource.instance_type} running",
            cost,
            cost,
            evidence=(
                Measurement("calls", 0, "calls", 1),
                Measurement("days measured", len(alive.known), "days", self.days),
                Measurement("highest CPU", alive.maximum, "%"),
            ),
            keeps_billing=("the model's files in S3",),
            cleared_by="one call",
        )

    @staticmethod
    def _monthly(resource: SageMakerVariant, context: Context) -> Money | None:
        if resource.instance_type is None or not resource.instance_count:
            return None
        return monthly_sagemaker_endpoint(
            context.rates, resource.region, resource.instance_type, resource.instance_count
        )
