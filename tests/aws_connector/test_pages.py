"""Paging of everything that pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from plainbill.aws_connector.errors import Asked, PagesChanged, Throttled
from plainbill.aws_connector.pages import Page, pages
from plainbill.aws_connector.service_models import service_model

ASKED = Asked("ce", "GetCostAndUsage", "111122223333", "us-east-1")
COST = service_model("ce").operation("GetCostAndUsage")


def book(*sheets: Page) -> tuple[list[Mapping[str, Any]], Callable[[Mapping[str, Any]], Page]]:
    """Sheets that come in order whatever is asked, and what was asked for each."""
    tokens: list[Mapping[str, Any]] = []

    def ask(given: Mapping[str, Any]) -> Page:
        tokens.append(given)
        return sheets[len(tokens) - 1]

    return tokens, ask


def test_one_page_is_one_question() -> None:
    tokens, ask = book({"ResultsByTime": []})
    assert list(pages(ask, COST, ASKED)) == [{"ResultsByTime": []}]
    assert tokens == [{}]


@pytest.mark.parametrize(
    ("service", "operation", "token", "last"),
    [
        ("ce", "GetCostAndUsage", "NextPageToken", {}),
        ("ce", "GetAnomalies", "NextPageToken", {}),
        ("ce", "GetSavingsPlansCoverage", "NextToken", {}),
        ("ec2", "DescribeInstances", "NextToken", {"NextToken": ""}),
        ("cloudwatch", "GetMetricData", "NextToken", {}),
        ("rds", "DescribeDBInstances", "Marker", {}),
        ("savingsplans", "DescribeSavingsPlans", "nextToken", {}),
        ("compute-optimizer", "GetEC2InstanceRecommendations", "nextToken", {}),
    ],
)
def test_every_way_to_page_is_followed_to_the_end(
    service: str, operation: str, token: str, last: Page
) -> None:
    sheets: list[Page] = [{token: "a"}, {token: "b"}, last]
    given, ask = book(*sheets)
    assert list(pages(ask, service_model(service).operation(operation), ASKED)) == sheets
    assert given == [{}, {token: "a"}, {token: "b"}]


def test_more_results_and_tokens_deep_in_the_answer_are_botocores_to_say() -> None:
    sheets = [
        {"DistributionList": {"IsTruncated": True, "NextMarker": "a"}},
        {"DistributionList": {"IsTruncated": False, "NextMarker": "b"}},
    ]
    given, ask = book(*sheets)
    assert list(pages(ask, service_model("cloudfront").operation("ListDistributions"), ASKED)) == sheets
    assert given == [{}, {"Marker": "a"}]


def test_an_operation_that_does_not_page_has_one_page() -> None:
    given, ask = book({"Account": "111122223333"})
    assert len(list(pages(ask, service_model("sts").operation("GetCallerIdentity"), ASKED))) == 1
    assert given == [{}]


@pytest.mark.parametrize("tokens", [["a", "a"], ["a", "b", "a"], ["a", "b", "c", "b"]])
def test_a_token_that_comes_twice_raises_instead_of_turning_for_ever(tokens: list[str]) -> None:
    _, ask = book(*({"NextPageToken": token} for token in tokens), {})
    with pytest.raises(PagesChanged, match="the same page token came twice"):
        list(pages(ask, COST, ASKED))


def test_pages_before_a_failure_are_given_and_the_failure_is_not_swallowed() -> None:
    def ask(given: Mapping[str, Any]) -> Page:
        if given:
            raise Throttled(ASKED, "LimitExceededException")
        return {"NextPageToken": "a"}

    turning = pages(ask, COST, ASKED)
    assert next(turning) == {"NextPageToken": "a"}
    with pytest.raises(Throttled):
        next(turning)


def test_nothing_is_asked_before_the_first_page_is_wanted() -> None:
    given, ask = book({})
    pages(ask, COST, ASKED)
    assert given == []
