"""Secrets that nobody reads."""

from __future__ import annotations

from dataclasses import dataclass

from plainbill.analyzer.measured import too_young
from plainbill.analyzer.waste_check import Context, WasteCheck, threshold
from plainbill.analyzer.wording import days_text
from plainbill.model.findings import Action, Confidence, Effort, Measurement, Ok, Verdict, Waste
from plainbill.model.resources.secretsmanager import Secret
from plainbill.prices.managed import monthly_secrets


@dataclass(frozen=True)
class SecretsmanagerSecretUnused(WasteCheck[Secret]):
    """Each secret is billed every month, read or not; an old one is also one more that can leak.

    Delete it. AWS keeps it for 7 to 30 days more, unbilled, in which it can be brought back.
    """

    id, title = "secretsmanager_secret_unused", "Secret nobody reads"
    resource, action, effort = Secret, Action.DELETE, Effort.VERY_LOW
    rule = "Made and last read at least {days} days ago, and not looked after by an AWS service."
    source = "aws-thrifty, aws-doctor, cloudburn: not read for 90 days"

    days: int = threshold(90, "Days without a read.")

    def evaluate(self, resource: Secret, context: Context) -> Verdict:
        """Judge one secret."""
        if resource.owning_service is not None:
            return Ok("an AWS service made it and looks after it")
        if resource.primary_region not in {None, resource.region}:
            return Ok("it is a copy of a secret of another Region")
        age = context.age(resource.last_accessed_at)
        if age is not None and age.days < self.days:
            return Ok(f"read {days_text(age.days)} ago")
        if young := too_young(context, resource.created_at, self.days):
            return young
        cost = monthly_secrets(context.rates, resource.region, 1)
        said = "never read" if age is None else f"last read {days_text(age.days)} ago"
        return Waste(
            f"{said} (threshold {days_text(self.days)})",
            cost,
            cost,
            Confidence.MEDIUM,
            evidence=(Measurement("last read", None if age is None else age.days, "days", self.days),),
            doubts=("what is needed once a year, or in an emergency, is seldom read",),
            cleared_by="one read",
        )
