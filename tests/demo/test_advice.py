"""AWS's advice to the demo company over HTTP, and how our checks stand to each piece of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from aws import connected
from demo.stock import client, refusal
from factories import NOW
from plainbill.analyzer.checks.lambda_function_memory_oversized import LambdaFunctionMemoryOversized
from plainbill.analyzer.comparison import Because, Stance
from plainbill.analyzer.engine import run_checks
from plainbill.analyzer.own_verdicts import Judged
from plainbill.analyzer.reading import context_of
from plainbill.analyzer.registry import all_checks
from plainbill.analyzer.second_opinion import SecondOpinions, second_opinions
from plainbill.aws_connector import Scope
from plainbill.aws_connector.errors import AccessDenied, NotEnabled, ServerFailure
from plainbill.data_fetcher.compute_optimizer import ComputeOptimizer
from plainbill.data_fetcher.cost_optimization_hub import CostOptimizationHub
from plainbill.data_fetcher.trusted_advisor import TrustedAdvisor
from plainbill.demo.answers_cost_optimization_hub import NOT_ENROLLED
from plainbill.demo.call import Call
from plainbill.demo.endpoint import ANSWERS
from plainbill.demo.estate_advice import AGREE, DISAGREE, ONLY_THEIRS, advice
from plainbill.demo.estate_measured import flags, measured
from plainbill.demo.fleet import DEVELOPMENT, MANAGEMENT, PRODUCTION
from plainbill.demo.server import DemoEndpoint
from plainbill.model.resources.aws_advice import TrustedAdvisorRecommendation
from plainbill.model.run import Run, RunState
from plainbill.pipeline import refresh
from plainbill.settings import Settings
from plainbill.storage import Home, SnapshotStore, State

JENKINS = "jenkins-controller"
OFF = {
    ("compute_optimizer", DEVELOPMENT, NotEnabled.__name__),
    ("trusted_advisor", DEVELOPMENT, NotEnabled.__name__),
}
ACTION = "cost-optimization-hub:ListRecommendations"


def read(aws: DemoEndpoint, root: Path) -> tuple[Run, SecondOpinions]:
    """Refresh from the company, and hold what is stored against the advice that is stored."""
    home = Home(root)
    store, state, checks = SnapshotStore(home.snapshots), State(home.state_db), all_checks()
    with connected(aws.environment, aws.url) as connector:
        run = refresh(connector, store, state, Settings(), NOW, lambda _: None, checks)
    state.close()
    snapshot = store.latest()
    assert snapshot is not None
    manifest = snapshot.manifest
    known = context_of(snapshot, manifest.gaps, manifest.taken_at, checks)
    report = run_checks(checks, known, manifest.places)
    said = second_opinions(report, known, checks)
    snapshot.close()
    return run, said


@pytest.fixture(scope="module")
def whole(aws: DemoEndpoint, tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, SecondOpinions]:
    return read(aws, tmp_path_factory.mktemp("whole"))


@pytest.fixture
def other() -> Iterator[DemoEndpoint]:
    """An endpoint whose answers a test may change."""
    with DemoEndpoint(now=NOW) as endpoint:
        yield endpoint


def test_a_stock_client_sees_all_as_the_payer_by_pages_and_its_own_as_a_member(aws: DemoEndpoint) -> None:
    truth = advice(aws.company).all
    payer = client(aws, "cost-optimization-hub", MANAGEMENT).get_paginator("list_recommendations")
    pages = list(payer.paginate(maxResults=5))
    assert len(pages) == -(-len(truth) // 5)
    told = [one["recommendationId"] for page in pages for one in page["items"]]
    assert told == [one.name for one in truth]
    member = client(aws, "cost-optimization-hub", DEVELOPMENT).list_recommendations()["items"]
    assert {one["accountId"] for one in member} == {DEVELOPMENT}


def test_what_several_accounts_tell_is_kept_once(aws: DemoEndpoint) -> None:
    with connected(aws.environment, aws.url) as connector:
        found = []
        for account in connector.accounts:
            some, gaps = CostOptimizationHub.read(connector, Scope(account.account_id, "eu-west-1"))
            assert gaps == []
            found += [one.resource_id for one in some]
    assert sorted(found) == sorted(one.name for one in advice(aws.company).all)


def test_the_payer_speaks_for_members_that_are_not_asked(aws: DemoEndpoint) -> None:
    with connected({**aws.environment, "PLAINBILL_ROLE_ARNS": ""}, aws.url) as connector:
        found, _ = CostOptimizationHub.read(connector, Scope(MANAGEMENT, "us-east-1"))
    assert len(found) == len(advice(aws.company).all)


def test_we_stand_to_each_piece_of_advice_as_the_company_says(
    aws: DemoEndpoint, whole: tuple[Run, SecondOpinions]
) -> None:
    run, said = whole
    assert {(gap.source, gap.account_id, gap.kind) for gap in run.gaps} == OFF
    assert run.state is RunState.COMPLETE
    stands = {one.advice.resource_id: one.stance for one in said.opinions if one.advice}
    truth = advice(aws.company).all
    assert {one.subject or one.action: stands[one.name].value for one in truth} == {
        one.subject or one.action: one.expected for one in truth
    }
    assert said.unasked == []
    assert said.counts[Stance.ONLY_OURS] > 0


def test_we_stand_to_compute_optimizer_as_the_company_says(
    aws: DemoEndpoint, whole: tuple[Run, SecondOpinions]
) -> None:
    """Something of each stance, and one opinion of what the Hub repeats."""
    stands: dict[tuple[str | None, bool], set[str]] = {}
    for one in whole[1].opinions:
        is_end = one.advice is not None and one.advice.action_type in {"Delete", "Stop"}
        stands.setdefault((one.arn, is_end), set()).add(one.stance.value)
    truth = [said for said in measured(aws.company) if said.expected]
    assert {said.expected for said in truth} == {AGREE, DISAGREE, ONLY_THEIRS}
    for said in truth:
        assert stands[said.arn, said.kind == "idle"] == {said.expected}, said.arn
    repeated = [one for one in whole[1].opinions if len(one.speakers) > 1]
    assert len(repeated) >= 8
    assert all(one.speakers[:2] == ("Cost Optimization Hub", "Compute Optimizer") for one in repeated)


def test_we_stand_to_trusted_advisor_as_the_company_says(
    aws: DemoEndpoint, whole: tuple[Run, SecondOpinions]
) -> None:
    said = [
        (voice.check_id, one.stance.value)
        for one in whole[1].opinions
        for voice in (one.advice, *one.also)
        if isinstance(voice, TrustedAdvisorRecommendation)
    ]
    truth = flags(aws.company)
    assert {one.expected for one in truth} == {AGREE, DISAGREE, ONLY_THEIRS}
    assert sorted(said) == sorted((one.check_id, one.expected) for one in truth)


def test_the_reason_names_what_aws_measured_and_the_busy_hour_that_it_did_not_see(
    whole: tuple[Run, SecondOpinions],
) -> None:
    (jenkins,) = [one for one in whole[1].opinions if one.resource and one.resource.name == JENKINS]
    assert "Compute Optimizer looked at 14 days: Cpu Maximum 12.50" in jenkins.why
    assert "before the 14 days that Cost Optimization Hub looked at" in jenkins.why


def test_what_fits_its_work_by_aws_s_measure_is_a_disagreement(whole: tuple[Run, SecondOpinions]) -> None:
    cleared = [one for one in whole[1].opinions if one.because is Because.AWS_CLEARED]
    assert len(cleared) == 3
    assert all("Memory Maximum 81.00" in one.why and one.advice is None for one in cleared)


def test_the_memory_of_functions_is_known_where_compute_optimizer_knows_it(
    whole: tuple[Run, SecondOpinions], aws: DemoEndpoint
) -> None:
    judged = {one.resource.resource_id for one in _lambda(whole[1])}
    assert judged == {"thumbnail-maker"}
    stock = client(aws, "compute-optimizer", PRODUCTION).get_lambda_function_recommendations()
    named = {one["functionArn"] for one in stock["lambdaFunctionRecommendations"]}
    assert f"arn:aws:lambda:us-east-1:{PRODUCTION}:function:thumbnail-maker:$LATEST" in named


def _lambda(said: SecondOpinions) -> list[Judged]:
    ours = (judged for one in said.opinions for judged in (one.ours, *one.others) if judged)
    return [one for one in ours if one.title == LambdaFunctionMemoryOversized.title]


@pytest.mark.parametrize(
    ("service", "call", "asked", "code"),
    [
        ("compute-optimizer", "get_idle_recommendations", {}, "OptInRequiredException"),
        (
            "support",
            "describe_trusted_advisor_checks",
            {"language": "en"},
            "SubscriptionRequiredException",
        ),
    ],
)
def test_a_stock_client_of_an_account_without_it_is_refused_in_aws_s_words(
    aws: DemoEndpoint, service: str, call: str, asked: dict[str, str], code: str
) -> None:
    with pytest.raises(ClientError) as error:
        getattr(client(aws, service, DEVELOPMENT), call)(**asked)
    assert refusal(error) == code


def test_a_stock_client_is_told_who_is_enrolled(aws: DemoEndpoint) -> None:
    told = {
        one: client(aws, "compute-optimizer", one).get_enrollment_status()["status"]
        for one in (MANAGEMENT, PRODUCTION, DEVELOPMENT)
    }
    assert told == {MANAGEMENT: "Active", PRODUCTION: "Active", DEVELOPMENT: "Inactive"}


def test_pages_of_one_bring_the_same(aws: DemoEndpoint, other: DemoEndpoint) -> None:
    def said(endpoint: DemoEndpoint) -> list[str]:
        with connected(endpoint.environment, endpoint.url) as connector:
            found, gaps = ComputeOptimizer.read(connector, Scope(PRODUCTION, "eu-west-1"))
        assert gaps == []
        return [one.arn for one in found]

    other.change(list_page=1)
    assert said(other) == said(aws)
    assert len(set(said(aws))) == len(said(aws)) >= 15


def test_one_kind_that_is_denied_is_a_hole_and_the_others_go_on(other: DemoEndpoint) -> None:
    action = "compute-optimizer:GetEBSVolumeRecommendations"
    other.change(denied=frozenset({(PRODUCTION, "us-east-1", action)}))
    with connected(other.environment, other.url) as connector:
        found, gaps = ComputeOptimizer.read(connector, Scope(PRODUCTION, "us-east-1"))
    assert [(gap.kind, gap.region, gap.action) for gap in gaps] == [
        (AccessDenied.__name__, "us-east-1", action)
    ]
    assert found


def test_errors_inside_an_answer_are_gaps_and_no_silence(other: DemoEndpoint) -> None:
    hostile = {"identifier": "i-1", "code": "InternalError", "message": "<script>\nalert(1)</script>"}

    def with_errors(_: Call) -> dict[str, object]:
        return {"idleRecommendations": [], "errors": [hostile, hostile]}

    other.endpoint.answers = {**ANSWERS, "compute-optimizer:GetIdleRecommendations": with_errors}
    with connected(other.environment, other.url) as connector:
        found, gaps = ComputeOptimizer.read(connector, Scope(MANAGEMENT, "us-east-1"))
    assert found == []
    assert {gap.kind for gap in gaps} == {ServerFailure.__name__}
    assert {gap.region for gap in gaps} == set(other.company.enabled_regions)
    assert all("InternalError: i-1, " in gap.reason and "\n" not in gap.reason for gap in gaps)
    assert all("The same for 2 resources in all." in gap.reason for gap in gaps)


@pytest.mark.parametrize("status", ["Inactive", "Pending", "Failed"])
def test_an_account_whose_enrolment_is_not_active_is_not_asked_further(
    other: DemoEndpoint, status: str
) -> None:
    told = {"status": status, "statusReason": "still at work", "memberAccountsEnrolled": False}
    other.endpoint.answers = {**ANSWERS, "compute-optimizer:GetEnrollmentStatus": lambda _: told}
    with connected(other.environment, other.url) as connector, pytest.raises(NotEnabled, match=status):
        ComputeOptimizer.read(connector, Scope(MANAGEMENT, "us-east-1"))
    asked = [one.operation for one in other.requests if one.service == "compute-optimizer"]
    assert asked == ["GetEnrollmentStatus"]


def test_an_account_that_is_not_enrolled_is_said_and_makes_nothing_incomplete(
    other: DemoEndpoint, tmp_path: Path, whole: tuple[Run, SecondOpinions]
) -> None:
    other.change(faults={("*", "*", ACTION): NOT_ENROLLED})
    run, said = read(other, tmp_path)
    assert run.state is RunState.COMPLETE
    assert {(gap.kind, gap.source) for gap in run.gaps} == {
        (NotEnabled.__name__, name)
        for name in (CostOptimizationHub.name, ComputeOptimizer.name, TrustedAdvisor.name)
    }
    hub = [gap for gap in run.gaps if gap.source == CostOptimizationHub.name]
    assert len(hub) == 3
    assert "Enable Cost Optimization Hub" in hub[0].remedy
    assert list(said.gaps) == list(run.gaps)
    assert {one.resource.account_id for one in said.unasked} == {DEVELOPMENT}, "which has no voice at all"
    ours = [judged for one in whole[1].opinions for judged in (one.ours, *one.others) if judged]
    there = {one.finding_id for one in ours if one.finding_id and one.resource.account_id == DEVELOPMENT}
    assert {one.finding_id for one in said.unasked} == there


def test_advice_that_is_denied_in_one_account_is_a_hole_there_only(
    other: DemoEndpoint, tmp_path: Path
) -> None:
    other.change(denied=frozenset({(PRODUCTION, "*", ACTION)}))
    run, said = read(other, tmp_path)
    assert run.state is RunState.PARTIAL
    (gap,) = [one for one in run.gaps if one.kind != NotEnabled.__name__]
    assert (gap.kind, gap.account_id, gap.action) == (AccessDenied.__name__, PRODUCTION, ACTION)
    assert said.unasked == [], "Compute Optimizer still speaks there"
    assert Because.NOT_FOUND in {one.because for one in said.opinions}
