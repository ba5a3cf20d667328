"""Metrics by a monitoring account: the same figures in fewer calls, or by the accounts' own roles."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from aws import connected
from factories import NOW
from faults import FaultProxy
from pipeline.desk import ACCOUNTS, DEVELOPMENT, PAYER, PRODUCTION, REGIONS, Desk
from plainbill.analyzer.registry import Check, all_checks
from plainbill.demo.call import Options
from plainbill.demo.large_shape import Shape
from plainbill.demo.links import Link
from plainbill.demo.server import DemoEndpoint
from plainbill.errors import ConfigError
from plainbill.model.inventory import Gap
from plainbill.model.run import Run, RunState
from plainbill.pipeline import refresh
from plainbill.settings import Settings, load_settings

SOURCE = "observability_links"
ALL = tuple(
    Link(source=source, monitoring=PAYER, region=region)
    for source in (PRODUCTION, DEVELOPMENT)
    for region in REGIONS
)
SOME: tuple[Check, ...] = tuple(all_checks()[:20])


@pytest.fixture
def linked(desk: Desk) -> Iterator[Desk]:
    desk.answer_a_dollar_a_day(*ACCOUNTS)
    desk.demo.change(links=ALL)
    yield desk
    desk.demo.options = desk.demo.endpoint.options = Options()


def ask(desk: Desk, monitoring_account: str | None, **settings: Any) -> Run:
    desk.demo.requests.clear()
    with connected(desk.demo.environment, desk.proxy.url) as connector:
        chosen = Settings(monitoring_account=monitoring_account, **settings)
        return refresh(connector, desk.store, desk.state, chosen, NOW, lambda _: None, SOME)


def figures(desk: Desk) -> tuple[Mapping[str, Any], Mapping[Any, Any]]:
    return dict(desk.snapshot.utilization()), dict(desk.snapshot.series().items())


def notes(run: Run) -> list[Gap]:
    return [gap for gap in run.gaps if gap.source == SOURCE]


def asked(desk: Desk, operation: str) -> Counter[str | None]:
    """How often each account was asked since the last refresh began."""
    return Counter(one.account for one in desk.demo.requests if one.operation == operation)


def metrics_cost(run: Run) -> Decimal:
    (cost,) = (one.low for one in run.operations if one.operation == "GetMetricData")
    return cost


# --- what must be left alone ---------------------------------------------------------------


def test_without_the_setting_nobody_is_asked_what_is_linked(linked: Desk) -> None:
    run = ask(linked, None)
    assert (run.state, notes(run)) == (RunState.COMPLETE, [])
    assert asked(linked, "ListSinks").total() == 0
    assert set(asked(linked, "GetMetricData")) == set(ACCOUNTS)


def test_where_metrics_are_free_each_account_is_asked_itself(linked: Desk) -> None:
    run = ask(linked, PAYER, free_metrics="on")
    assert notes(run) == []
    assert (asked(linked, "ListSinks").total(), asked(linked, "GetMetricData").total()) == (0, 0)


# --- what it brings ------------------------------------------------------------------------


def test_every_figure_is_the_same_in_fewer_calls(linked: Desk) -> None:
    ask(linked, None)
    each, by_each = asked(linked, "GetMetricData"), figures(linked)
    run = ask(linked, PAYER)
    assert figures(linked) == by_each
    assert all(map(len, by_each))
    assert (run.state, notes(run)) == (RunState.COMPLETE, [])
    assert asked(linked, "ListSinks") == asked(linked, "ListAttachedLinks") == {PAYER: len(REGIONS)}
    assert asked(linked, "GetMetricData").total() < each.total()


def test_forty_small_places_take_as_many_calls_as_two_large_ones(tmp_path: Path) -> None:
    with DemoEndpoint(now=NOW, shape=Shape(200, 20, 2)) as demo, FaultProxy(demo.url) as proxy:
        desk = Desk(tmp_path / "home", demo, proxy)
        payer, *members = demo.estate.shape.account_ids
        before = ask(desk, None)
        each, by_each = asked(desk, "GetMetricData"), figures(desk)
        places = {(one.account_id, one.region) for one in desk.running}
        regions = {region for _, region in places}
        demo.change(
            links=[Link(source=one, monitoring=payer, region=region) for one in members for region in regions]
        )
        run = ask(desk, payer)
        assert figures(desk) == by_each
        assert asked(desk, "GetMetricData").total() < each.total() / 4
        assert metrics_cost(run) < metrics_cost(before) * Decimal("1.05")  # a few metrics were asked twice
        assert notes(run) == []
        desk.close()


# --- what is not linked, and what goes wrong -----------------------------------------------


def test_an_account_that_is_not_linked_is_asked_itself_with_a_remark(linked: Desk) -> None:
    ask(linked, None)
    by_each = figures(linked)
    linked.demo.change(links=[link for link in ALL if link.source == PRODUCTION])
    run = ask(linked, PAYER)
    assert figures(linked) == by_each
    (note,) = notes(run)
    assert (run.state, note.kind) == (RunState.COMPLETE, "AskedInItsOwnAccount")
    assert f"{DEVELOPMENT} in eu-west-1" in note.reason
    assert PRODUCTION not in note.reason
    assert asked(linked, "GetMetricData")[DEVELOPMENT] > 0


def test_a_link_that_leaves_namespaces_out_hides_nothing(linked: Desk) -> None:
    ask(linked, None)
    by_each = figures(linked)
    linked.demo.change(links=[replace(link, namespaces=frozenset({"AWS/EC2"})) for link in ALL])
    run = ask(linked, PAYER)
    assert figures(linked) == by_each
    (note,) = notes(run)
    assert run.state is RunState.COMPLETE
    assert "Links share no such metrics, though there are some" in note.reason
    assert "AWS/EC2" not in note.reason


@pytest.mark.parametrize("action", ["oam:ListSinks", "oam:ListAttachedLinks"])
def test_who_may_not_ask_what_is_linked_asks_each_account_and_says_so(linked: Desk, action: str) -> None:
    ask(linked, None)
    by_each = figures(linked)
    linked.demo.change(denied=frozenset({(PAYER, "*", action)}))
    run = ask(linked, PAYER)
    assert figures(linked) == by_each
    (note,) = notes(run)
    assert run.state is RunState.COMPLETE
    assert action in note.reason
    assert "oam:ListSinks, oam:ListAttachedLinks" in note.remedy


def test_a_monitoring_account_that_may_not_read_metrics_holds_up_only_its_own(linked: Desk) -> None:
    ask(linked, None)
    load, series = figures(linked)
    linked.demo.change(denied=frozenset({(PAYER, "*", "cloudwatch:GetMetricData")}))
    run = ask(linked, PAYER)
    load_now, series_now = figures(linked)
    assert load_now == {arn: one for arn, one in load.items() if PAYER not in arn}
    assert series_now == {key: one for key, one in series.items() if f":{PAYER}:" not in key[0]}
    assert run.state is RunState.PARTIAL
    assert {gap.account_id for gap in run.gaps if gap.action == "cloudwatch:GetMetricData"} == {PAYER}
    (note,) = notes(run)
    assert "cloudwatch:GetMetricData" in note.reason


def test_a_monitoring_account_that_cannot_be_entered_is_said(linked: Desk) -> None:
    run = ask(linked, "999988887777")
    (note,) = notes(run)
    assert run.state is RunState.COMPLETE
    assert "999988887777 is not among the accounts" in note.reason
    assert set(asked(linked, "GetMetricData")) == set(ACCOUNTS)


@pytest.mark.parametrize("account", ["production", "1234", "1111222233334", "arn:aws:iam::111122223333:root"])
def test_what_is_no_account_is_refused(monkeypatch: pytest.MonkeyPatch, account: str) -> None:
    monkeypatch.setenv("PLAINBILL_MONITORING_ACCOUNT", account)
    monkeypatch.setenv("PLAINBILL_DOTENV", os.devnull)
    with pytest.raises(ConfigError, match="PLAINBILL_MONITORING_ACCOUNT"):
        load_settings()
