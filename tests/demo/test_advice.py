"""AWS's advice to the demo company over HTTP, and how our checks stand to each piece of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from aws import connected
from demo.stock import client
from factories import NOW
from plainbill.analyzer.comparison import Because, Stance
from plainbill.analyzer.engine import run_checks
from plainbill.analyzer.reading import context_of
from plainbill.analyzer.registry import all_checks
from plainbill.analyzer.second_opinion import SecondOpinions, second_opinions
from plainbill.aws_connector import Scope
from plainbill.aws_connector.errors import AccessDenied, NotEnabled
from plainbill.data_fetcher.cost_optimization_hub import CostOptimizationHub
from plainbill.demo.answers_cost_optimization_hub import NOT_ENROLLED
from plainbill.demo.estate_advice import advice
from plainbill.demo.fleet import DEVELOPMENT, MANAGEMENT, PRODUCTION
from plainbill.demo.server import DemoEndpoint
from plainbill.model.run import Run, RunState
from plainbill.pipeline import refresh
from plainbill.settings import Settings
from plainbill.storage import Home, SnapshotStore, State

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
    assert run.gaps == ()
    stands = {one.advice.resource_id: one.stance for one in said.opinions if one.advice}
    truth = advice(aws.company).all
    assert {one.subject or one.action: stands[one.name].value for one in truth} == {
        one.subject or one.action: one.expected for one in truth
    }
    assert said.unasked == []
    assert said.counts[Stance.ONLY_OURS] > 0


def test_an_account_that_is_not_enrolled_is_said_and_makes_nothing_incomplete(
    other: DemoEndpoint, tmp_path: Path, whole: tuple[Run, SecondOpinions]
) -> None:
    other.change(faults={("*", "*", ACTION): NOT_ENROLLED})
    run, said = read(other, tmp_path)
    assert run.state is RunState.COMPLETE
    assert {(gap.kind, gap.source) for gap in run.gaps} == {(NotEnabled.__name__, CostOptimizationHub.name)}
    assert len(run.gaps) == 3
    assert "Enable Cost Optimization Hub" in run.gaps[0].remedy
    assert (said.opinions, list(said.gaps)) == ([], list(run.gaps))
    ours = [judged for one in whole[1].opinions for judged in (one.ours, *one.others) if judged]
    found = {one.finding_id for one in ours if one.finding_id}
    assert {one.finding_id for one in said.unasked} == found


def test_advice_that_is_denied_in_one_account_is_a_hole_there_only(
    other: DemoEndpoint, tmp_path: Path
) -> None:
    other.change(denied=frozenset({(PRODUCTION, "*", ACTION)}))
    run, said = read(other, tmp_path)
    assert run.state is RunState.PARTIAL
    (gap,) = run.gaps
    assert (gap.kind, gap.account_id, gap.action) == (AccessDenied.__name__, PRODUCTION, ACTION)
    assert {one.resource.account_id for one in said.unasked} == {PRODUCTION}
    assert Because.NOT_FOUND in {one.because for one in said.opinions}
