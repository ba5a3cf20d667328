"""Cost Optimization Hub: its recommendations, of all the organization for the account that pays."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from plainbill.demo.call import Answer, Call, Fault, paged
from plainbill.demo.estate_advice import Advice, advice
from plainbill.model.period import midnight

NOT_ENROLLED = Fault("AccessDeniedException", "AWS account is not enrolled for recommendations", 400)
"""What an account hears that has not switched it on: for ``Options.faults``."""
_READY = timedelta(hours=5)
"""The hour of the day at which the recommendations are made anew."""


def list_recommendations(call: Call) -> Mapping[str, Any]:
    """List what the caller may see: the payer everything, a member its own; filters are not known here."""
    everything = call.account == call.company.payer
    seen = [one for one in advice(call.company).all if everything or one.account_id == call.account]
    items = [_told(call, one) for one in seen]
    token = ("nextToken", "nextToken")
    return paged(call, "items", items, limit="maxResults", token=token, most=1000, default=100)


def _told(call: Call, one: Advice) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "recommendationId": one.name,
        "accountId": one.account_id,
        "currentResourceType": one.kind,
        "recommendedResourceType": one.kind,
        "estimatedMonthlySavings": one.saving,
        "estimatedSavingsPercentage": round(100 * one.saving / one.cost, 2),
        "estimatedMonthlyCost": one.cost,
        "currencyCode": "USD",
        "implementationEffort": one.effort,
        "restartNeeded": one.action in {"Rightsize", "MigrateToGraviton"},
        "actionType": one.action,
        "rollbackPossible": one.action != "Delete",
        "recommendedResourceSummary": one.recommended,
        "lastRefreshTimestamp": midnight(call.company.today) + _READY,
        "recommendationLookbackPeriodInDays": one.lookback,
        "source": "CostExplorer" if one.subject is None else "ComputeOptimizer",
    }
    if one.subject is None:
        return facts
    return facts | {
        "region": one.region,
        "resourceId": one.subject,
        "resourceArn": one.subject_arn,
        "currentResourceSummary": one.current,
        "tags": [{"key": key, "value": value} for key, value in one.tags.items()],
    }


ANSWERS: Mapping[str, Answer] = {"cost-optimization-hub:ListRecommendations": list_recommendations}
