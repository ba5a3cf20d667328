"""Beyond the bill Cost Explorer is asked only what there is, with the requests that the bill leaves."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from aws import connected
from factories import NOW
from pipeline.desk import PAYER, Desk, dollar_a_day
from plainbill.analyzer.checks.ec2_instance_graviton import Ec2InstanceGraviton
from plainbill.model.cost_answers import OPINIONS, Question
from plainbill.model.resources.aws_advice import is_hole
from plainbill.model.run import Run, RunState
from plainbill.pipeline import refresh
from plainbill.settings import Settings

DAY = timedelta(days=1)
OF_AWS = {"GetAnomalies", "GetCostForecast", "GetCostComparisonDrivers"}


@pytest.fixture
def small(desk: Desk) -> Desk:
    """A desk whose one account pays a dollar a day and is looked at in one Region."""
    desk.answer_a_dollar_a_day(PAYER)
    return desk


def ask(
    desk: Desk, days: int = 0, a_day: int = 40, *, aws_opinions: bool = True, all_of_it: bool = False
) -> Run:
    """Refresh with the payer's credentials; ``all_of_it`` with inventories of commitments."""
    desk.proxy.calls.clear()
    environment = {**desk.demo.environment, "PLAINBILL_ROLE_ARNS": ""}
    limits = Settings(
        cost_explorer_requests_a_day=a_day,
        aws_opinions=aws_opinions,
        regions=("us-east-1",),
        cost_groupings=(),
    )
    checks = (Ec2InstanceGraviton(),) if all_of_it else ()
    with connected(environment, desk.proxy.url) as connector:
        return refresh(connector, desk.store, desk.state, limits, NOW + days * DAY, lambda _: None, checks)


def asked(desk: Desk) -> set[str]:
    """What Cost Explorer was asked beyond the bill."""
    return {call.operation for call in desk.proxy.calls if call.service == "ce"} - {"GetCostAndUsage"}


def answered(desk: Desk) -> set[Question]:
    return {one.topic.question for one in desk.snapshot.answers()}


def test_an_account_without_commitments_pays_for_no_question_about_them(small: Desk) -> None:
    run = ask(small, aws_opinions=False)
    assert asked(small) == set()
    assert (small.snapshot.answers(), run.state) == ((), RunState.COMPLETE)
    ask(small, days=1)
    assert asked(small) == OF_AWS
    assert answered(small) == OPINIONS


def test_a_refused_opinion_is_a_gap_with_what_to_allow_and_stops_nothing(small: Desk) -> None:
    small.proxy.refuse("GetAnomalies", "AccessDeniedException")
    small.proxy.refuse("GetCostForecast", "DataUnavailableException")
    run = ask(small)
    gaps = {gap.source: gap for gap in run.gaps}
    denied, young = gaps["aws_opinion.anomalies"], gaps["aws_opinion.forecast"]
    assert denied.action == "ce:GetAnomalies"
    assert is_hole(denied)
    assert not is_hole(young)
    assert answered(small) == {Question.COMPARISON}


def test_a_throttled_endpoint_is_not_asked_for_the_others(small: Desk) -> None:
    small.proxy.refuse("GetAnomalies", "LimitExceededException")
    run = ask(small)
    assert asked(small) == {"GetAnomalies"}
    assert {gap.kind for gap in run.gaps if gap.source.startswith("aws_opinion")} == {"Throttled"}


def test_what_the_bill_leaves_no_request_for_comes_on_a_following_day_and_a_remark_says_so(
    small: Desk,
) -> None:
    run = ask(small, a_day=6)
    (later,) = [gap for gap in run.gaps if gap.kind == "AskedLater"]
    assert asked(small) == {"GetAnomalies"}
    assert "comparison drivers, forecast" in later.reason
    assert "2026-11-25" in later.remedy
    assert (run.state, is_hole(later)) == (RunState.COMPLETE, False)
    ask(small, days=1, a_day=6)
    assert asked(small) == {"GetCostForecast"}  # before what was answered, though that is a day old
    assert answered(small) == {Question.ANOMALIES, Question.FORECAST}


def test_the_bill_goes_before_where_a_table_of_it_is_missing(small: Desk) -> None:
    ask(small, a_day=2)
    assert asked(small) == set()


def test_what_is_young_enough_is_not_asked_again_and_stays(small: Desk) -> None:
    ask(small)
    first = small.snapshot.answers()
    ask(small)
    assert asked(small) == set()
    assert small.snapshot.answers() == first
    ask(small, days=1)
    assert asked(small) == {"GetAnomalies"}
    ask(small, days=3)
    assert asked(small) == {"GetAnomalies", "GetCostForecast"}
    ask(small, days=7)
    assert "GetCostComparisonDrivers" in asked(small)  # a new month is whole


def test_where_there_is_a_plan_its_use_is_asked_first(small: Desk) -> None:
    ask(small, a_day=6, all_of_it=True)
    assert asked(small) == {"GetSavingsPlansUtilization"}
    assert answered(small) == {Question.PLANS_USED}


def test_a_plan_that_only_the_bill_shows_is_asked_about_too(small: Desk) -> None:
    small.proxy.faults.clear()
    small.proxy.answer("GetCostAndUsage", partial(_with_plan))
    ask(small, aws_opinions=False)
    assert "GetSavingsPlansUtilization" in asked(small)
    assert "GetReservationUtilization" not in asked(small)


def _with_plan(call: object) -> dict[str, object]:
    answer = dollar_a_day((PAYER,), call)  # type: ignore[arg-type]
    for day in answer["ResultsByTime"]:  # type: ignore[attr-defined]
        for group in day["Groups"]:
            group["Keys"] = ["SavingsPlanRecurringFee", PAYER]
    return answer
