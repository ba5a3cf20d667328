"""What Cost Explorer answers beside the bill, over real HTTP: the demo's figures are those of its bill."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from factories import NOW, TODAY
from faults import FaultProxy
from plainbill.aws_connector import Connector
from plainbill.aws_connector.errors import AccessDenied, NotEnabled, PagesChanged, UnreadableAnswer
from plainbill.data_fetcher import cost_answers
from plainbill.demo.server import DemoEndpoint
from plainbill.model.cost import CostMetric
from plainbill.model.cost_answers import (
    AwsAnomaly,
    CommitmentDay,
    CommitmentUse,
    CostAnswer,
    CostDriver,
    CoverageDay,
    ForecastMonth,
    PlanOffer,
    Question,
    ReservationOffer,
    Topic,
)
from plainbill.model.period import Period
from plainbill.model.spending import COST_EXPLORER_REQUEST

PAYER = "111122223333"
EC2 = "Amazon Elastic Compute Cloud - Compute"
DAY = timedelta(days=1)


def read(connector: Connector, question: Question, stored: CostAnswer | None = None) -> CostAnswer:
    service = EC2 if question.value.startswith("reservation") else ""
    return cost_answers.read(connector, PAYER, Topic(question, service), NOW, stored)


def rows(answer: CostAnswer, kind: type[Any]) -> list[Any]:
    assert all(isinstance(one, kind) for one in answer.rows)
    return list(answer.rows)


@pytest.mark.parametrize(
    ("code", "error"),
    [("AccessDeniedException", AccessDenied), ("DataUnavailableException", NotEnabled)],
)
def test_a_refusal_is_told_and_never_an_empty_answer(
    connector: Connector, proxy: FaultProxy, code: str, error: type[Exception]
) -> None:
    proxy.refuse("GetCostForecast", code)
    with pytest.raises(error):
        read(connector, Question.FORECAST)


def test_an_answer_without_what_aws_promises_is_no_answer(connector: Connector, proxy: FaultProxy) -> None:
    proxy.answer("GetSavingsPlansUtilization", lambda _: {"SavingsPlansUtilizationsByTime": [{}]})
    with pytest.raises(UnreadableAnswer):
        read(connector, Question.PLANS_USED)


def test_an_amount_that_is_no_number_is_no_answer(connector: Connector, proxy: FaultProxy) -> None:
    month = {"TimePeriod": {"Start": "2026-11-24", "End": "2026-12-01"}, "MeanValue": "NaN"}
    proxy.answer("GetCostForecast", lambda _: {"ForecastResultsByTime": [month]})
    with pytest.raises(UnreadableAnswer):
        read(connector, Question.FORECAST)


def test_pages_that_changed_are_begun_anew_once_and_only_while_requests_are_left(
    connector: Connector, proxy: FaultProxy
) -> None:
    proxy.refuse("GetAnomalies", "InvalidNextTokenException", times=1)
    assert rows(read(connector, Question.ANOMALIES), AwsAnomaly)
    assert proxy.count("GetAnomalies") == 2
    proxy.refuse("GetAnomalies", "InvalidNextTokenException")
    with pytest.raises(PagesChanged):
        cost_answers.read(connector, PAYER, Topic(Question.ANOMALIES), NOW, None, lambda: False)
    assert proxy.count("GetAnomalies") == 3


def test_the_plans_use_is_the_bills_own_to_the_last_digit(connector: Connector, demo: DemoEndpoint) -> None:
    answer = read(connector, Question.PLANS_USED)
    days = rows(answer, CommitmentDay)
    assert days[-1].day == TODAY - 2 * DAY
    for one in days[-40:]:
        day = Period.of_days(one.day, one.day + DAY)
        fee, unused = (
            demo.company.bill.total(day, metric, record_type="SavingsPlanRecurringFee")
            for metric in (CostMetric.UNBLENDED, CostMetric.AMORTIZED)
        )
        assert (one.committed, one.used, one.unused) == (fee, fee - unused, unused)
    (each,) = rows(read(connector, Question.PLANS_EACH), CommitmentUse)
    assert each.commitment_id.endswith("savingsplan/6f1c2a7e-9b3d-4f58-8c21-0d5e7a94b1f3")
    assert each.used == sum(one.used for one in days[-30:])


def test_what_plans_covered_is_the_bills_covered_usage(connector: Connector, demo: DemoEndpoint) -> None:
    for one in rows(read(connector, Question.PLANS_COVERAGE), CoverageDay)[-10:]:
        day = Period.of_days(one.day, one.day + DAY)
        covered = demo.company.bill.total(day, CostMetric.UNBLENDED, record_type="SavingsPlanCoveredUsage")
        assert one.covered == covered
        assert one.on_demand > 0


def test_of_reservations_days_and_each_one_add_up_to_the_same(connector: Connector) -> None:
    days = rows(read(connector, Question.RESERVED_USED), CommitmentDay)[-30:]
    each = rows(read(connector, Question.RESERVED_EACH), CommitmentUse)
    assert len({one.commitment_id for one in each}) == 3
    for name in ("committed", "used", "unused"):
        assert sum(getattr(one, name) for one in days) == sum(getattr(one, name) for one in each)
    assert all(one.used + one.unused == one.committed for one in (*days, *each))
    assert rows(read(connector, Question.RESERVED_COVERAGE), CoverageDay)[-1].covered == 8 * 24


def test_closed_days_are_not_asked_for_again_and_stay_as_they_were(
    connector: Connector, proxy: FaultProxy
) -> None:
    first = read(connector, Question.PLANS_USED)
    again = read(connector, Question.PLANS_USED, first)
    asked = [one.parameters["TimePeriod"]["Start"] for one in proxy.calls if "Granularity" in one.parameters]
    assert asked[-2:] == ["2025-10-01", str(date(2026, 11, 23) - 35 * DAY)]
    assert again.rows == first.rows
    assert (again.start, again.end) == (first.start, first.end)


def test_aws_would_buy_without_asking_what_is_idle(connector: Connector) -> None:
    (plan,) = rows(read(connector, Question.PLANS_TO_BUY), PlanOffer)
    assert plan.lowest < plan.average < plan.highest
    assert plan.payment == "No Upfront"
    (reserved,) = rows(read(connector, Question.RESERVED_TO_BUY), ReservationOffer)
    assert (reserved.count, reserved.term_months, reserved.service) == (reserved.lowest, 12, EC2)


def test_awss_opinions_are_of_the_same_bill(connector: Connector, demo: DemoEndpoint) -> None:
    months = rows(read(connector, Question.FORECAST), ForecastMonth)
    assert [one.start for one in months] == [TODAY, *(date(2026, 12, 1), date(2027, 1, 1), date(2027, 2, 1))]
    assert all(one.low < one.expected < one.high for one in months)
    (anomaly,) = rows(read(connector, Question.ANOMALIES), AwsAnomaly)
    days = Period.of_days(anomaly.start, anomaly.end)
    spent = demo.company.bill.total(days, CostMetric.NET_UNBLENDED, service=anomaly.name)
    assert anomaly.actual == spent.quantize(Decimal("0.01"))
    assert anomaly.impact == pytest.approx(anomaly.actual - anomaly.expected, abs=Decimal("0.02"))


def test_of_awss_reasons_only_the_first_page_is_paid_for(
    connector: Connector, proxy: FaultProxy, demo: DemoEndpoint
) -> None:
    answer = read(connector, Question.COMPARISON)
    drivers = rows(answer, CostDriver)
    assert (len(drivers), proxy.count("GetCostComparisonDrivers")) == (10, 1)
    assert (answer.start, answer.end) == (date(2026, 9, 1), date(2026, 11, 1))
    assert all(one.after - one.before == one.change != 0 for one in drivers)
    tax = [one for one in drivers if one.kind == "TAX"]
    october = Period.of_days(date(2026, 10, 1), date(2026, 11, 1))
    assert all(
        one.after == demo.company.bill.total(october, CostMetric.UNBLENDED, service="Tax") for one in tax
    )


def test_each_request_is_a_cent_on_the_meter(connector: Connector) -> None:
    before = sum(one.low for one in connector.meter.operations())
    read(connector, Question.FORECAST)
    assert sum(one.low for one in connector.meter.operations()) - before == COST_EXPLORER_REQUEST
