"""Notebooks that nobody switches off."""

from __future__ import annotations

from dataclasses import dataclass

from plainbill.analyzer.waste_check import Context, WasteCheck, threshold
from plainbill.analyzer.wording import days_text
from plainbill.model.findings import Action, Confidence, Effort, Measurement, Ok, Verdict, Waste
from plainbill.model.resources.sagemaker import SageMakerNotebook
from plainbill.prices.managed import monthly_sagemaker_notebook


@dataclass(frozen=True)
class SageMakerNotebookRunning(WasteCheck[SageMakerNotebook]):
    """A notebook instance is billed by the second while it is in service, nights and weekends too.

    Stop it when nobody works with it; a lifecycle configuration can stop it by itself after an idle hour.
    Its files stay on its volume, which is billed on.
    """

    id, title = "sagemaker_notebook_running", "Notebook that runs day and night"
    resource, action, effort = SageMakerNotebook, Action.STOP, Effort.VERY_LOW
    rule = "In service for {min_days} days without a stop."
    source = "cloudburn flags each running notebook; the days without a stop are our own proposal"

    min_days: int = threshold(7, "Days of running on end; a night's stop begins them anew.")

    def evaluate(self, resource: SageMakerNotebook, context: Context) -> Verdict:
        """Judge one notebook instance."""
        if resource.status != "InService":
            return Ok(f"it is {resource.status}")
        running = context.now - resource.changed_at
        if running.days < self.min_days:
            return Ok(f"started or changed {days_text(running.days)} ago")
        cost = monthly_sagemaker_notebook(context.rates, resource.region, resource.instance_type)
        return Waste(
            f"{resource.instance_type} in service for {days_text(running.days)} on end (threshold "
            f"{days_text(self.min_days)})",
            cost,
            cost,
            Confidence.REVIEW,
            evidence=(Measurement("running on end", running.days, "days", self.min_days),),
            keeps_billing=("its volume",),
            doubts=("AWS does not measure whether somebody works with it",),
            cleared_by="a stop",
        )
