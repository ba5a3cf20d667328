"""AWS's own advice: the cost checks of Trusted Advisor, which come with a support plan.

The ``support`` API names the columns of every check; the newer ``trustedadvisor`` API numbers them, so that
nothing tells a saving from a measurement.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from plainbill.aws_connector import Connector, Read, Scope
from plainbill.data_fetcher.collector import Collector, Page
from plainbill.data_fetcher.further_calls import FurtherCalls
from plainbill.data_fetcher.source import as_documented
from plainbill.data_fetcher.trusted_advisor_checks import FEED_OF_THE_HUB, flagged
from plainbill.model.inventory import Gap
from plainbill.model.resources import Resource
from plainbill.model.resources.aws_advice import TrustedAdvisorRecommendation

_SERVICE, _PILLAR, _LANGUAGE = "support", "cost_optimizing", "en"


class TrustedAdvisor(Collector):
    """What Trusted Advisor's cost checks flag in one account, of all Regions at once.

    One call for the checks, one for which of them flag anything, and one for each that does.
    """

    name = "trusted_advisor"
    kind = TrustedAdvisorRecommendation
    is_global = True
    is_advice = True
    reads = (
        Read(_SERVICE, "DescribeTrustedAdvisorChecks", "the cost checks of Trusted Advisor"),
        Read(_SERVICE, "DescribeTrustedAdvisorCheckSummaries", "which of its checks flag anything"),
        Read(_SERVICE, "DescribeTrustedAdvisorCheckResult", "what Trusted Advisor flags, and why"),
    )

    @classmethod
    def fetch(cls, connector: Connector, scope: Scope) -> Iterator[Page]:
        """Yield the one page of the checks."""
        read = cls.reads[0]
        return connector.pages(scope, read.service, read.operation, language=_LANGUAGE)

    @classmethod
    def parse(cls, page: Page, scope: Scope) -> Iterator[TrustedAdvisorRecommendation]:
        """Yield what one result flags: ``check`` describes it, ``result`` is AWS's answer."""
        return flagged(page["check"], page["result"], scope)

    @classmethod
    def read(cls, connector: Connector, scope: Scope) -> tuple[list[Resource], list[Gap]]:
        """Return what is flagged, and what is missing.

        Raises ``NotEnabled`` where the support plan does not include the checks, and any other ``AwsError``.
        """
        with as_documented(cls.reads[0], scope):
            checks = [one for page in cls.fetch(connector, scope) for one in cost_checks(page)]
        further = FurtherCalls(cls.name)
        found: list[Resource] = []
        for check in _flagging(connector, scope, checks):
            found.extend(further.ask(partial(_result, connector, scope, check)) or ())
        return found, [replace(gap, region=None) for gap in further.gaps()]  # asked in one Region for all


def cost_checks(page: Page) -> list[Mapping[str, Any]]:
    """Return the checks on costs, without those that only repeat Cost Optimization Hub."""
    return [
        one
        for one in page["checks"]
        if one["category"] == _PILLAR and not one["id"].startswith(FEED_OF_THE_HUB)
    ]


def _flagging(
    connector: Connector, scope: Scope, checks: Sequence[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    _, read, _ = TrustedAdvisor.reads
    if not checks:
        return []
    with as_documented(read, scope):
        ids = [one["id"] for one in checks]
        answer = connector.call(scope, read.service, read.operation, checkIds=ids)
        flags = {one["checkId"] for one in answer["summaries"] if one.get("hasFlaggedResources")}
    return [one for one in checks if one["id"] in flags]


def _result(
    connector: Connector, scope: Scope, check: Mapping[str, Any]
) -> list[TrustedAdvisorRecommendation]:
    _, _, read = TrustedAdvisor.reads
    with as_documented(read, scope):
        answer = connector.call(scope, read.service, read.operation, checkId=check["id"], language=_LANGUAGE)
        return list(TrustedAdvisor.parse({"check": check, "result": answer["result"]}, scope))
