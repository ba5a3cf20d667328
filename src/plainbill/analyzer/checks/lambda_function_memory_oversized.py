"""Functions that are given far more memory than their calls use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from plainbill.analyzer.aws_measured import assessment, is_left_alone, measured
from plainbill.analyzer.waste_check import Context, WasteCheck, threshold
from plainbill.analyzer.wording import days_text
from plainbill.model.findings import Action, Confidence, Effort, Measurement, Ok, Unknown, Verdict, Waste
from plainbill.model.resources.aws_advice import ComputeOptimizerRecommendation
from plainbill.model.resources.lambda_function import LambdaFunction

_UNDECIDED = "Unavailable"
_MOST_MIB = 1792
"""Compute Optimizer judges no function with more memory (its user guide, "Requirements")."""
_USED = "Memory Maximum"


@dataclass(frozen=True)
class LambdaFunctionMemoryOversized(WasteCheck[LambdaFunction]):
    """A call is billed by its memory as well as its duration, whether it uses the memory or not.

    CloudWatch does not measure a function's memory, Compute Optimizer does: its figures and its estimate are
    used as they are. Lower the memory to what AWS recommends and watch the duration, for CPU comes with
    memory and a slower call is billed for longer.
    """

    id, title = "lambda_function_memory_oversized", "Oversized memory of a Lambda function"
    resource, action, effort = LambdaFunction, Action.RIGHTSIZE, Effort.LOW
    needs = (ComputeOptimizerRecommendation,)
    rule = (
        "Compute Optimizer measured, no more than {max_age_days} days ago, that less memory would cost less."
    )
    source = "AWS Compute Optimizer, GetLambdaFunctionRecommendations"

    max_age_days: int = threshold(7, "Days after which what AWS measured proves nothing any more.")

    def evaluate(self, resource: LambdaFunction, context: Context) -> Verdict:
        """Judge one function by what Compute Optimizer says of it."""
        said = context.once((self.id, "by arn"), lambda: _by_arn(context)).get(resource.arn)
        if said is None:
            return Unknown(_why_nothing_is_said(resource, context))
        if said.finding == _UNDECIDED:
            return Unknown(assessment(said))
        if said.current_summary != f"{resource.memory_mib} MB":
            return Unknown(f"it had {said.current_summary or 'another memory'} when Compute Optimizer looked")
        if is_left_alone(said):
            return Ok(assessment(said))
        if said.refreshed_at is None or context.now - said.refreshed_at > timedelta(days=self.max_age_days):
            return Unknown(f"what AWS measured is more than {days_text(self.max_age_days)} old")
        return self._waste(resource, said)

    @staticmethod
    def _waste(resource: LambdaFunction, said: ComputeOptimizerRecommendation) -> Waste:
        use, less = said.measured.get(_USED), said.recommended_summary
        enough = None if less is None else float(less.split()[0])
        return Waste(
            f"{less or 'less memory'} would do instead of {resource.memory_mib} MB. {measured(said)}".strip(),
            said.saving,
            confidence=Confidence.REVIEW,
            evidence=(
                Measurement("memory", float(resource.memory_mib), "MB", enough),
                Measurement("highest memory use", None if use is None else float(use), "MB"),
                Measurement("days that AWS looked at", said.lookback_days, "days"),
            ),
            keeps_billing=("the calls, with less memory",),
            doubts=(
                "with less memory a call has less CPU, and may take longer",
                "the saving is AWS's estimate, not arithmetic of Plainbill's",
            ),
            cleared_by="a call that uses most of the memory",
        )


def _by_arn(context: Context) -> Mapping[str, ComputeOptimizerRecommendation]:
    advice = context.inventory.resources.get(ComputeOptimizerRecommendation, ())
    return {
        one.subject_arn: one
        for one in advice
        if isinstance(one, ComputeOptimizerRecommendation)
        and one.subject_arn is not None
        and one.current_type == "LambdaFunction"
    }


def _why_nothing_is_said(resource: LambdaFunction, context: Context) -> str:
    kind, inventory = ComputeOptimizerRecommendation, context.inventory
    gap = inventory.gap(kind, resource.account_id, resource.region)
    if gap is not None:
        return f"only Compute Optimizer measures the memory of its calls: {gap.reason}"
    if kind not in inventory.resources:
        return "only Compute Optimizer measures the memory of its calls, and it was not asked"
    if resource.memory_mib > _MOST_MIB:
        return f"Compute Optimizer judges no function with more than {_MOST_MIB:,} MB"
    return "Compute Optimizer says nothing of it: it judges only what is called 50 times in 14 days"
