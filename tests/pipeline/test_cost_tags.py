"""Several tags and cost categories are read in turn, each with days of its own, and none is lost."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from aws import connected
from data_fetcher.answers import cost_day, cost_page, group, total_day
from factories import NOW
from faults import Call
from pipeline.desk import HISTORY, PAYER, Desk
from plainbill.model.billing import bill_source
from plainbill.model.cost import AnyTable, CostTable, NamedTable
from plainbill.model.period import Period
from plainbill.model.run import Run
from plainbill.pipeline import Manner, refresh
from plainbill.settings import Settings
from plainbill.storage.expected import NextRequests, next_requests
from plainbill.storage.snapshot.named import tables_of

ALWAYS = 5
"""Requests for what is asked for whatever is set: costs three ways, usage two ways."""
TEAM, PROJECT = CostTable.TAG, NamedTable(CostTable.TAG, "project")
NAMES = ("team", "project", "a: very/odd = name")


@pytest.fixture
def small(desk: Desk) -> Desk:
    """A desk whose one account may read the bill alone: a dollar a day, and a tag's value is its key."""
    desk.proxy.faults.clear()
    desk.proxy.refuse("DescribeRegions", "UnauthorizedOperation", status=403)
    desk.proxy.answer("GetCostAndUsage", answer)
    return desk


def answer(call: Call) -> dict[str, Any]:
    asked = call.parameters["TimePeriod"]
    first, end = (date.fromisoformat(asked[side]) for side in ("Start", "End"))
    days = list(Period.of_days(first, end).dates())
    if call.parameters["Granularity"] == "MONTHLY":
        return cost_page(cost_day(first))
    if "GroupBy" not in call.parameters:
        return cost_page(*(total_day(day, "1") for day in days))
    by = call.parameters["GroupBy"][0]
    key = "Tax" if by["Type"] == "DIMENSION" else f"{by['Key']}$of {by['Key']}"
    return cost_page(*(cost_day(day, group("1", key, PAYER)) for day in days))


def ask(desk: Desk, *tags: str, days: int = 0, a_day: int = 60, again: bool = False) -> Run:
    """Refresh so many days after ``NOW``."""
    desk.proxy.calls.clear()
    limits = settings(*tags, a_day=a_day)
    with connected({**desk.demo.environment, "PLAINBILL_ROLE_ARNS": ""}, desk.proxy.url) as connector:
        now = NOW + timedelta(days=days)
        how = Manner(costs_again=again)
        return refresh(connector, desk.store, desk.state, limits, now, lambda _: None, (), how)


def settings(*tags: str, a_day: int = 60) -> Settings:
    return Settings(
        cost_explorer_requests_a_day=a_day,
        aws_opinions=False,
        cost_groupings=(),
        cost_tag=tags,
        cost_category=(),
    )


def tags_asked(desk: Desk) -> list[str]:
    calls = [one.parameters for one in desk.proxy.calls if one.operation == "GetCostAndUsage"]
    return [one["GroupBy"][0]["Key"] for one in calls if one.get("GroupBy", [{}])[0].get("Type") == "TAG"]


def keys(desk: Desk, table: AnyTable) -> list[str]:
    return desk.snapshot.cost_keys(table)


def of(name: str, desk: Desk) -> AnyTable:
    return tables_of([f"tag:{one}" for one in NAMES], desk.snapshot)[f"tag:{name}"]


# --- what must be left alone ----------------------------------------------------------------


def test_a_single_tag_is_stored_as_it_always_was(small: Desk) -> None:
    ask(small, "team")
    manifest = small.snapshot.manifest
    assert (manifest.named, keys(small, TEAM)) == ({}, ["team$of team"])
    assert any(name.startswith("tag-") for name in manifest.files)


def test_another_order_or_one_more_tag_asks_again_for_none_that_is_read(small: Desk) -> None:
    ask(small, "team")
    ask(small, "project", "team")
    assert tags_asked(small) == ["project"]
    assert (keys(small, TEAM), keys(small, PROJECT)) == (["team$of team"], ["project$of project"])
    ask(small, "team", "project")
    assert tags_asked(small) == []


def test_a_tag_that_is_not_asked_for_any_more_keeps_its_days(small: Desk) -> None:
    ask(small, "team", "project")
    ask(small, "team", days=1)
    assert (tags_asked(small), keys(small, PROJECT)) == (["team"], ["project$of project"])
    ask(small, "project", "new", days=2)
    assert (tags_asked(small), keys(small, TEAM)) == (["new", "project"], ["team$of team"])
    span = small.snapshot.manifest.span(TEAM)
    assert span
    assert span.as_of == NOW + timedelta(days=1)
    assert small.total(TEAM, HISTORY) == HISTORY.days


# --- several --------------------------------------------------------------------------------


def test_each_tag_is_a_request_and_sums_to_the_same_bill(small: Desk) -> None:
    run = ask(small, *NAMES)
    assert tags_asked(small) == list(NAMES)
    assert [gap.kind for gap in run.gaps if "cost_explorer" in gap.source] == []
    for name in NAMES:
        table = of(name, small)
        assert keys(small, table) == [f"{name}$of {name}"]
        assert small.total(table, HISTORY) == small.total(CostTable.CONTROL, HISTORY) == HISTORY.days
    ask(small, *NAMES, days=1)
    assert small.total(of(NAMES[2], small), HISTORY) == HISTORY.days


def test_what_does_not_fit_into_a_day_is_a_gap_with_its_day_and_has_its_turn(small: Desk) -> None:
    seen = []
    for day in range(4):
        run = ask(small, *NAMES, days=day, a_day=ALWAYS + 1)
        seen += tags_asked(small)
        gaps = {gap.source: gap.reason for gap in run.gaps if gap.kind == "RequestsUsedUp"}
        assert len(gaps) == 2
        told = gaps.get("cost_explorer.tag:project")
        if day == 0:
            assert told
            assert told.startswith("Never asked yet")
            assert small.snapshot.manifest.span(PROJECT) is None
        if day == 2:
            assert told
            assert told.startswith("Asked last at 2026-11-25 12:00 UTC")
    assert seen == [*NAMES, NAMES[0]]
    assert small.total(PROJECT, HISTORY) == HISTORY.days


def test_a_further_tag_leaves_requests_to_be_made_today(small: Desk) -> None:
    ask(small, "team")
    details = settings("team").cost_details, settings("team", "project").cost_details
    asked = [next_requests(small.snapshot, 60, ALWAYS + 1, NOW, one) for one in details]
    assert asked == [NextRequests(left=0, new_tables=0), NextRequests(left=60 - ALWAYS - 1, new_tables=1)]


def test_names_of_tables_are_told_apart_and_read_back() -> None:
    odd = NamedTable(CostTable.COST_CATEGORY, "a:b/../c")
    assert NamedTable.of(odd.value) == odd
    assert bill_source(odd) == "cost_explorer.cost_category:a:b/../c"
    assert odd.stem.startswith("cost_category_")
    assert "/" not in odd.stem
    assert odd.stem != NamedTable(CostTable.COST_CATEGORY, "a:b/c").stem
