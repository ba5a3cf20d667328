"""Costs as a stock client gets them, against the company's own sums."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from botocore.exceptions import ClientError

from demo.stock import client, refusal
from factories import NOW, TODAY
from plainbill.demo.allotted import COST_CATEGORY as CATEGORY
from plainbill.demo.allotted import COST_TAG, SECOND_TAG
from plainbill.demo.company import Company
from plainbill.demo.cost_query import DIMENSIONS
from plainbill.demo.fleet import DEVELOPMENT, MANAGEMENT
from plainbill.demo.server import DemoEndpoint
from plainbill.demo.services import CLOUDFRONT, CLOUDWATCH, EC2
from plainbill.model.cost import CostMetric
from plainbill.model.period import Period

METRICS = [metric.cost_explorer_name for metric in CostMetric]
MONTH = Period.of_days(date(2026, 10, 20), date(2026, 11, 19))
DAY = timedelta(days=1)


def costs(aws: DemoEndpoint, period: Period, *group_by: str, account: str = MANAGEMENT, **more: Any) -> Any:
    asked: dict[str, Any] = {
        "TimePeriod": {"Start": str(period.first_day), "End": str(period.end_day)},
        "Granularity": "DAILY",
        "Metrics": METRICS,
    }
    if group_by:
        asked["GroupBy"] = [{"Type": "DIMENSION", "Key": key} for key in group_by]
    return client(aws, "ce", account).get_cost_and_usage(**(asked | more))


def pages(aws: DemoEndpoint, period: Period, *group_by: str, **more: Any) -> list[Any]:
    """All pages of an answer."""
    answers = [costs(aws, period, *group_by, **more)]
    while token := answers[-1].get("NextPageToken"):
        answers.append(costs(aws, period, *group_by, NextPageToken=token, **more))
    return answers


def sums(answers: Iterable[Mapping[str, Any]], metric: CostMetric) -> dict[tuple[str, ...], Decimal]:
    name = metric.cost_explorer_name
    found: dict[tuple[str, ...], Decimal] = {}
    for answer in answers:
        for result in answer["ResultsByTime"]:
            groups = [(tuple(group["Keys"]), group["Metrics"]) for group in result["Groups"]]
            for keys, metrics in groups or [((), result["Total"])] * bool(result["Total"]):
                found[keys] = found.get(keys, Decimal(0)) + Decimal(metrics[name]["Amount"])
    return found


def test_totals_are_empty_when_grouped_and_zero_groups_are_absent(aws: DemoEndpoint) -> None:
    answer = costs(aws, MONTH, "RECORD_TYPE")
    for result in answer["ResultsByTime"]:
        assert result["Total"] == {}
        for group in result["Groups"]:
            assert any(Decimal(amount["Amount"]) for amount in group["Metrics"].values())
    by_day = {result["TimePeriod"]["Start"]: result["Groups"] for result in answer["ResultsByTime"]}
    types = {day: {group["Keys"][0] for group in groups} for day, groups in by_day.items()}
    assert "Tax" in types["2026-11-01"]
    assert "Support" in types["2026-11-01"]
    assert "Tax" not in types["2026-11-02"]


def test_the_end_is_exclusive(aws: DemoEndpoint) -> None:
    days = [result["TimePeriod"] for result in costs(aws, MONTH)["ResultsByTime"]]
    assert days[0] == {"Start": "2026-10-20", "End": "2026-10-21"}
    assert days[-1] == {"Start": "2026-11-18", "End": "2026-11-19"}
    assert len(days) == 30


@pytest.mark.parametrize("metric", CostMetric)
@pytest.mark.parametrize(
    "group_by",
    [("SERVICE",), ("SERVICE", "LINKED_ACCOUNT"), ("RECORD_TYPE", "REGION"), ("PURCHASE_TYPE", "REGION")],
)
def test_groups_are_the_company_s_own_sums(
    aws: DemoEndpoint, company: Company, metric: CostMetric, group_by: tuple[str, ...]
) -> None:
    told = sums([costs(aws, MONTH, *group_by)], metric)
    truth = company.bill.totals(MONTH, metric, *(DIMENSIONS[key] for key in group_by))
    assert {keys: amount for keys, amount in told.items() if amount} == {
        keys: amount for keys, amount in truth.items() if amount
    }


@pytest.mark.parametrize("metric", CostMetric)
def test_every_grouping_sums_to_the_control_total_to_the_last_digit(
    aws: DemoEndpoint, company: Company, metric: CostMetric
) -> None:
    (control,) = sums([costs(aws, MONTH)], metric).values()
    assert control == company.bill.total(MONTH, metric)
    for dimension in DIMENSIONS:
        assert sum(sums(pages(aws, MONTH, dimension), metric).values()) == control
    for pair in (("USAGE_TYPE", "OPERATION"), ("USAGE_TYPE", "LINKED_ACCOUNT")):
        by_month = pages(aws, MONTH, *pair, Granularity="MONTHLY")
        assert sum(sums(by_month, metric).values()) == control


@pytest.mark.parametrize(
    ("kind", "key"), [("TAG", COST_TAG), ("TAG", SECOND_TAG), ("COST_CATEGORY", CATEGORY), ("TAG", "nobody")]
)
def test_a_tag_or_category_holds_all_of_the_bill_and_names_what_has_none(
    aws: DemoEndpoint, company: Company, kind: str, key: str
) -> None:
    groups = [{"Type": kind, "Key": key}, {"Type": "DIMENSION", "Key": "LINKED_ACCOUNT"}]
    found = sums([costs(aws, MONTH, GroupBy=groups)], CostMetric.UNBLENDED)
    assert sum(found.values()) == company.bill.total(MONTH, CostMetric.UNBLENDED)
    assert all(value.startswith(f"{key}$") for value, _ in found)
    assert (f"{key}$" in {value for value, _ in found}) == (kind == "TAG")


def test_months_are_the_sums_of_their_days(aws: DemoEndpoint, company: Company) -> None:
    whole = Period.of_days(date(2025, 10, 1), date(2026, 12, 1))
    results = costs(aws, whole, Granularity="MONTHLY")["ResultsByTime"]
    assert len(results) == 14
    for result in results:
        month = Period.of_days(*(date.fromisoformat(result["TimePeriod"][end]) for end in ("Start", "End")))
        told = Decimal(result["Total"]["UnblendedCost"]["Amount"])
        assert told == company.bill.total(month, CostMetric.UNBLENDED)
        assert result["Estimated"] == (month.first_day == date(2026, 11, 1))


def test_pages_may_end_within_a_day_and_lose_nothing(aws: DemoEndpoint) -> None:
    whole = costs(aws, MONTH, "SERVICE", "LINKED_ACCOUNT")
    with DemoEndpoint(now=NOW) as small:
        small.change(cost_groups_page=77)
        told = pages(small, MONTH, "SERVICE", "LINKED_ACCOUNT")
        with pytest.raises(ClientError) as error:
            costs(small, MONTH, "SERVICE", NextPageToken=told[0]["NextPageToken"])
        assert refusal(error) == "InvalidNextTokenException"
    assert len(told) > 10
    days = [result["TimePeriod"]["Start"] for page in told for result in page["ResultsByTime"]]
    assert len(days) > len(set(days)), "some day goes on over the page"
    for metric in CostMetric:
        assert sums(told, metric) == sums([whole], metric)


def test_only_what_is_not_invoiced_is_estimated_and_today_is_low(aws: DemoEndpoint) -> None:
    period = Period.of_days(date(2026, 10, 25), TODAY + DAY)
    results = {r["TimePeriod"]["Start"]: r for r in costs(aws, period)["ResultsByTime"]}
    estimated = {day for day, result in results.items() if result["Estimated"]}
    assert estimated == {day for day in results if day >= "2026-11-01"}
    today, yesterday = (
        Decimal(results[str(day)]["Total"]["UnblendedCost"]["Amount"]) for day in (TODAY, TODAY - DAY)
    )
    assert 0 < today < yesterday / 2


def test_days_to_come_are_there_and_empty(aws: DemoEndpoint) -> None:
    ahead = costs(aws, Period.of_days(TODAY, date(2026, 12, 1)), "SERVICE")["ResultsByTime"]
    assert len(ahead) == 7
    assert ahead[0]["Groups"]
    assert [result["Groups"] for result in ahead[1:]] == [[]] * 6


def test_a_member_sees_its_own_costs_only(aws: DemoEndpoint, company: Company) -> None:
    told = sums([costs(aws, MONTH, "LINKED_ACCOUNT", account=DEVELOPMENT)], CostMetric.UNBLENDED)
    own = company.bill.total(MONTH, CostMetric.UNBLENDED, account_id=DEVELOPMENT)
    assert told == {(DEVELOPMENT,): own}


def test_accounts_are_named_only_where_they_are_grouped_by(aws: DemoEndpoint, company: Company) -> None:
    assert costs(aws, MONTH, "SERVICE")["DimensionValueAttributes"] == []
    named = costs(aws, MONTH, "SERVICE", "LINKED_ACCOUNT")["DimensionValueAttributes"]
    assert {item["Value"]: item["Attributes"]["description"] for item in named} == {
        account.account_id: account.name for account in company.accounts
    }


def only(key: str, *values: str) -> dict[str, Any]:
    return {"Dimensions": {"Key": key, "Values": list(values)}}


@pytest.mark.parametrize(
    ("expression", "kept"),
    [
        pytest.param(only("SERVICE", EC2, CLOUDFRONT), {EC2, CLOUDFRONT}, id="any of the values"),
        pytest.param(
            {"And": [only("SERVICE", EC2, CLOUDFRONT), {"Not": only("SERVICE", EC2)}]},
            {CLOUDFRONT},
            id="and not",
        ),
        pytest.param(
            {"Or": [only("SERVICE", EC2), {"And": [only("REGION", "global"), only("SERVICE", CLOUDFRONT)]}]},
            {EC2, CLOUDFRONT},
            id="or and",
        ),
        pytest.param(
            {"Dimensions": {"Key": "SERVICE", "Values": ["AmazonCloud"], "MatchOptions": ["STARTS_WITH"]}},
            {CLOUDWATCH},
            id="starts with",
        ),
    ],
)
def test_filters_keep_what_they_say(
    aws: DemoEndpoint, company: Company, expression: dict[str, Any], kept: set[str]
) -> None:
    told = sums([costs(aws, MONTH, "SERVICE", Filter=expression)], CostMetric.UNBLENDED)
    truth = company.bill.totals(MONTH, CostMetric.UNBLENDED, "service")
    assert told == {(service,): truth[service,] for service in kept}


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"TimePeriod": {"Start": "2026-11-02", "End": "2026-11-02"}}, id="an empty period"),
        pytest.param({"TimePeriod": {"Start": "2025-09-30", "End": "2026-11-02"}}, id="older than 13 months"),
        pytest.param({"TimePeriod": {"Start": "2026-11-25", "End": "2026-11-26"}}, id="from tomorrow"),
        pytest.param(
            {"TimePeriod": {"Start": "2026-11-01", "End": "2026-12-02"}}, id="past next month's start"
        ),
        pytest.param({"TimePeriod": {"Start": "1.11.2026", "End": "2.11.2026"}}, id="dates of another kind"),
        pytest.param({"Granularity": "HOURLY"}, id="hours, which nobody switched on"),
        pytest.param({"Metrics": ["ListCost"]}, id="a metric that is none"),
        pytest.param({"Filter": only("SERVICE", EC2) | {"Not": only("REGION", "global")}}, id="two roots"),
        pytest.param({"Filter": {"And": [only("SERVICE", EC2)]}}, id="and of one"),
        pytest.param(
            {"GroupBy": [{"Type": "DIMENSION", "Key": key} for key in ("SERVICE", "REGION", "RECORD_TYPE")]},
            id="three groups",
        ),
    ],
)
def test_what_cost_explorer_refuses_is_refused(aws: DemoEndpoint, change: dict[str, Any]) -> None:
    with pytest.raises(ClientError) as error:
        costs(aws, MONTH, **change)
    assert refusal(error) == "ValidationException"


def values_of(aws: DemoEndpoint, dimension: str, **more: Any) -> Sequence[str]:
    answer = client(aws, "ce").get_dimension_values(
        TimePeriod={"Start": "2026-10-20", "End": "2026-11-19"}, Dimension=dimension, **more
    )
    assert answer["ReturnSize"] == len(answer["DimensionValues"]) <= answer["TotalSize"]
    return [item["Value"] for item in answer["DimensionValues"]]


def test_dimension_values_are_those_of_the_period(aws: DemoEndpoint) -> None:
    assert values_of(aws, "RECORD_TYPE") == [
        "Credit",
        "Private Rate Discount",
        "Refund",
        "SavingsPlanCoveredUsage",
        "SavingsPlanNegation",
        "SavingsPlanRecurringFee",
        "Support",
        "Tax",
        "Usage",
    ]
    assert values_of(aws, "SERVICE", SearchString="compute cloud") == [EC2]
    assert values_of(aws, "SERVICE", Filter=only("REGION", "global"), SearchString="cloudf") == [CLOUDFRONT]


def test_amounts_are_plain_strings_of_at_most_ten_decimals(aws: DemoEndpoint) -> None:
    amounts = [
        amount["Amount"]
        for result in costs(aws, MONTH, "SERVICE", "LINKED_ACCOUNT")["ResultsByTime"]
        for group in result["Groups"]
        for amount in group["Metrics"].values()
    ]
    assert all(set(text) <= set("-0123456789.") and len(text.partition(".")[2]) <= 10 for text in amounts)
    assert max(len(text.partition(".")[2]) for text in amounts) == 10
    assert any(text.startswith("-") for text in amounts), "negation and credits are negative"
