"""AWS's own advice: Cost Optimization Hub's ``ListRecommendations``, free of charge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from plainbill.aws_connector import Connector, Read, Scope, instant_or_none
from plainbill.data_fetcher.collector import Collector, Page, decimals, tags_of
from plainbill.model.inventory import Gap
from plainbill.model.resources import Resource
from plainbill.model.resources.recommendation import NO_REGION, AwsRecommendation

_PAGE = 1000  # what the API gives at most


class CostOptimizationHub(Collector):
    """What AWS recommends, one a resource: the action that saves most.

    It holds what Compute Optimizer and Cost Explorer found, brought together. Every account is asked: one
    tells of itself, the paying account also of the others of its organization.
    """

    name = "cost_optimization_hub"
    kind = AwsRecommendation
    is_global = True
    is_advice = True
    reads = (
        Read(
            "cost-optimization-hub",
            "ListRecommendations",
            "what AWS itself recommends, and so whether it agrees with the findings",
        ),
    )

    @classmethod
    def fetch(cls, connector: Connector, scope: Scope) -> Iterator[Page]:
        """Yield the pages of ``ListRecommendations``."""
        return connector.pages(
            scope,
            "cost-optimization-hub",
            "ListRecommendations",
            includeAllRecommendations=False,
            maxResults=_PAGE,
        )

    @classmethod
    def parse(cls, page: Page, scope: Scope) -> Iterator[AwsRecommendation]:  # noqa: ARG003 - AWS says whose
        """Yield the recommendations of a page."""
        return map(_recommendation, page.get("items", ()))

    @classmethod
    def read(cls, connector: Connector, scope: Scope) -> tuple[list[Resource], list[Gap]]:
        """Return the account's recommendations and those of accounts that are not asked themselves.

        So none is there twice when the paying account and its members are all asked. Raises ``AwsError``.
        """
        others = {one.account_id for one in connector.accounts} - {scope.account_id}
        found, gaps = super().read(connector, scope)
        return [one for one in found if one.account_id not in others], gaps


def _recommendation(raw: Mapping[str, Any]) -> AwsRecommendation:
    return AwsRecommendation(
        account_id=raw["accountId"],
        region=raw.get("region") or NO_REGION,
        tags=tags_of(raw, "tags"),
        recommendation_id=raw["recommendationId"],
        action_type=raw["actionType"],
        subject_arn=raw.get("resourceArn") or None,
        subject_id=raw.get("resourceId") or None,
        effort_level=raw.get("implementationEffort") or None,
        monthly_saving=decimals(raw.get("estimatedMonthlySavings")),
        monthly_cost=decimals(raw.get("estimatedMonthlyCost")),
        currency=raw.get("currencyCode") or None,
        lookback_days=raw.get("recommendationLookbackPeriodInDays"),
        origin=raw.get("source") or None,
        refreshed_at=instant_or_none(raw.get("lastRefreshTimestamp")),
        current_type=raw.get("currentResourceType") or None,
        current_summary=raw.get("currentResourceSummary") or None,
        recommended_type=raw.get("recommendedResourceType") or None,
        recommended_summary=raw.get("recommendedResourceSummary") or None,
        needs_restart=raw.get("restartNeeded"),
        can_be_undone=raw.get("rollbackPossible"),
    )
