"""What AWS measured before it gave advice, in sentences: its window, its figures, and what lies outside."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from plainbill.analyzer.waste_check import Context
from plainbill.analyzer.wording import days_text
from plainbill.model.resources import Resource
from plainbill.model.resources.aws_advice import (
    KEEP,
    SPEAKERS,
    ComputeOptimizerRecommendation,
    TrustedAdvisorRecommendation,
)
from plainbill.model.resources.recommendation import AwsRecommendation

_MOST = 4  # figures in a sentence
_LONGEST = 60  # characters of one of them
_HOUR = timedelta(hours=1)
_NO_FIGURES = frozenset(
    {
        "status",
        "region",
        "region/az",
        "name",
        "id",
        "arn",
        "savings",
        "cost",
        "updated",
        "type",
        "reason",
        "address",
    }
)
"""Words in the columns of Trusted Advisor that measure nothing."""


def speaker(advice: AwsRecommendation) -> str:
    """Return which of AWS's services says it."""
    return SPEAKERS[type(advice)]


def measured(advice: AwsRecommendation) -> str:
    """Say what AWS looked at: ``Compute Optimizer looked at 14 days: Cpu Maximum 3.10.``, or nothing."""
    figures = list(_figures(advice))[:_MOST]
    if advice.lookback_days is None and not figures:
        return ""
    window = "" if advice.lookback_days is None else f" looked at {days_text(advice.lookback_days)}"
    told = f"{' measured' if not window else ':'} {', '.join(figures)}" if figures else ""
    return f"{speaker(advice)}{window}{told}."


def assessment(advice: ComputeOptimizerRecommendation) -> str:
    """Say what AWS found of a resource that it would leave as it is."""
    reasons = f" ({', '.join(advice.reason_codes)})" if advice.reason_codes else ""
    return f"Compute Optimizer finds it {advice.finding}{reasons}. {measured(advice)}".strip()


def is_left_alone(advice: AwsRecommendation) -> bool:
    """Say whether it is no advice at all, but that AWS would change nothing or cannot tell."""
    return advice.action_type == KEEP


def outside_window(advice: AwsRecommendation, resource: Resource, context: Context) -> str:
    """Say when the resource was busiest, if that was before the days that AWS looked at; else nothing."""
    if advice.lookback_days is None:
        return ""
    until = advice.refreshed_at or context.now
    since = until - timedelta(days=advice.lookback_days)
    found = _busiest_hour(resource, context)
    if found is None or found[0] + _HOUR > since:
        return ""
    at, percent = found
    return (
        f"Its busiest hour was on {at:%Y-%m-%d} (CPU {percent:.0f} %), before the "
        f"{days_text(advice.lookback_days)} that {speaker(advice)} looked at."
    )


def _busiest_hour(resource: Resource, context: Context) -> tuple[datetime, float] | None:
    """Return the hour of the highest CPU of an instance that is stored, the latest of several."""
    use = context.utilization.get(resource.arn)
    if use is None:
        return None
    known = [(value, hour) for hour, value in enumerate(use.cpu_maximum) if value is not None]
    if not known:
        return None
    value, hour = max(known)
    return use.period.start + hour * _HOUR, value


def _figures(advice: AwsRecommendation) -> Iterator[str]:
    match advice:
        case ComputeOptimizerRecommendation():
            told = advice.measured.items()
        case TrustedAdvisorRecommendation():
            told = {name: value for name, value in advice.measured.items() if not _is_no_figure(name)}.items()
        case _:
            return
    for name, value in told:
        yield f"{name} {value}"[:_LONGEST]


def _is_no_figure(column: str) -> bool:
    return not _NO_FIGURES.isdisjoint(column.lower().split())
