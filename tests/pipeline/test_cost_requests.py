"""Cost Explorer is asked no more than its requests a day, what is worth most first, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from aws import connected
from data_fetcher.answers import cost_day, cost_page, group, total_day
from factories import NOW
from faults import Call, FaultProxy
from pipeline.desk import HISTORY, PAYER, Desk
from plainbill.demo.server import DemoEndpoint
from plainbill.model.billing import UsageTable
from plainbill.model.cost import CostTable
from plainbill.model.period import Period
from plainbill.model.resources.aws_advice import is_hole
from plainbill.model.run import OperationCost, Run, RunState
from plainbill.pipeline import Manner, refresh
from plainbill.settings import Settings
from plainbill.storage.expected import cost_requests_made

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DETAILS = ("region", "usage_type", "purchase_type")
ALL = 3 + len(UsageTable) + len(DETAILS)


@pytest.fixture
def small(desk: Desk) -> Desk:
    """A desk whose one account may read the bill alone: a dollar a day, a page each."""
    return without_regions(desk, pages=1)


def without_regions(desk: Desk, pages: int) -> Desk:
    desk.proxy.faults.clear()
    desk.proxy.refuse("DescribeRegions", "UnauthorizedOperation", status=403)
    desk.proxy.answer("GetCostAndUsage", lambda call: page(call, pages))
    return desk


def page(call: Call, pages: int) -> dict[str, Any]:
    """One of ``pages`` pages of an answer: all of it on the first, the others without a group."""
    asked = call.parameters["TimePeriod"]
    first, end = (date.fromisoformat(asked[side]) for side in ("Start", "End"))
    days = list(Period.of_days(first, end).dates())
    number = int(call.parameters.get("NextPageToken", "1"))
    if call.parameters["Granularity"] == "MONTHLY":
        answer = cost_page(cost_day(first))
    elif "GroupBy" in call.parameters:
        answer = cost_page(*(cost_day(day, *([group("1", "Tax", PAYER)] * (number == 1))) for day in days))
    else:
        answer = cost_page(*(total_day(day, "1") for day in days)) if number == 1 else cost_page()
    return answer if number == pages else {**answer, "NextPageToken": str(number + 1)}


def ask(desk: Desk, hours: float = 0, a_day: int = 10, *, again: bool = False) -> Run:
    """Refresh with the account's own credentials alone, so many hours after ``NOW``."""
    desk.proxy.calls.clear()
    environment = {**desk.demo.environment, "PLAINBILL_ROLE_ARNS": ""}
    limits = Settings(cost_explorer_requests_a_day=a_day, aws_opinions=False)
    with connected(environment, desk.proxy.url) as connector:
        return refresh(
            connector, desk.store, desk.state, limits, NOW + hours * HOUR, lambda _: None, (),
            Manner(costs_again=again),
        )  # fmt: skip


def asked(desk: Desk) -> int:
    return desk.proxy.count("GetCostAndUsage")


def used_up(run: Run) -> list[str]:
    return [gap.source.partition(".")[2] for gap in run.gaps if gap.kind == "RequestsUsedUp"]


def test_what_was_asked_today_is_left_alone_and_its_figures_stay(small: Desk) -> None:
    ask(small)
    assert asked(small) == ALL
    before = small.total(CostTable.SERVICE, HISTORY)
    again = ask(small, hours=5)
    assert (asked(small), used_up(again)) == (0, [])
    assert small.total(CostTable.SERVICE, HISTORY) == before == HISTORY.days
    assert small.snapshot.manifest.run_id == again.run_id
    assert small.snapshot.manifest.tables[CostTable.SERVICE].as_of == NOW


def test_it_is_asked_again_on_the_next_day_and_where_somebody_insists(small: Desk) -> None:
    ask(small)
    ask(small, hours=1, a_day=2 * ALL, again=True)
    assert asked(small) == ALL
    assert small.snapshot.manifest.tables[CostTable.CONTROL].as_of == NOW + HOUR
    ask(small, hours=12)  # the first instant of the next day
    assert asked(small) == ALL


def test_with_few_requests_left_the_totals_come_first_and_the_rest_says_when_it_was_asked(
    small: Desk,
) -> None:
    ask(small)
    run = ask(small, hours=24, a_day=2)
    assert asked(small) == 2
    assert used_up(run) == sorted(["record_type", "usage_by_account", "usage_by_operation", *DETAILS])
    gap = next(one for one in run.gaps if one.source == "cost_explorer.record_type")
    assert "Asked last at 2026-11-24 12:00 UTC" in gap.reason
    assert "of the 2 Cost Explorer requests" in gap.reason
    assert "00:00 UTC" in gap.remedy
    assert "PLAINBILL_COST_EXPLORER_REQUESTS_A_DAY" in gap.remedy
    tables = small.snapshot.manifest.tables
    assert tables[CostTable.SERVICE].as_of == tables[CostTable.CONTROL].as_of == NOW + DAY
    assert tables[CostTable.RECORD_TYPE].as_of == NOW
    assert small.total(CostTable.RECORD_TYPE, HISTORY) == HISTORY.days


def test_of_the_details_what_was_asked_longest_ago_comes_first(small: Desk) -> None:
    seen = []
    for day in range(4):
        run = ask(small, hours=24 * day, a_day=6)
        (detail,) = set(DETAILS) - set(used_up(run))
        seen.append(detail)
    assert seen == [*DETAILS, DETAILS[0]]
    assert small.total(CostTable.REGION, HISTORY) == HISTORY.days


def test_none_a_day_asks_nothing_and_shows_nothing_as_zero(small: Desk) -> None:
    run = ask(small, a_day=0)
    assert (asked(small), run.state) == (0, RunState.FAILED)
    assert len(used_up(run)) == ALL
    assert all(gap.reason.startswith("Never asked yet") for gap in run.gaps if gap.kind == "RequestsUsedUp")
    assert small.store.latest() is None


def test_pages_that_were_begun_are_finished_and_a_note_says_so(desk: Desk) -> None:
    small = without_regions(desk, pages=4)
    run = ask(small, a_day=6)
    assert asked(small) == 8  # two sets of pages: the second was begun with two requests left
    assert used_up(run) == sorted(["record_type", "usage_by_account", "usage_by_operation", *DETAILS])
    (note,) = [gap for gap in run.gaps if gap.kind == "RequestsPassed"]
    assert note.reason.startswith("2 more requests than the 6")
    assert not is_hole(note)
    assert small.total(CostTable.CONTROL, HISTORY) == HISTORY.days


def test_pages_that_change_are_begun_anew_only_while_requests_are_left(desk: Desk) -> None:
    small = without_regions(desk, pages=2)
    small.proxy.refuse("GetCostAndUsage", "RequestChangedException")
    changed = small.proxy.faults.pop()
    small.proxy.faults.insert(0, replace(changed, applies=lambda call: "NextPageToken" in call.parameters))
    run = ask(small, a_day=2)
    assert asked(small) == 2
    assert "PagesChanged" in {gap.kind for gap in run.gaps}


def test_retries_count_and_a_failed_table_is_asked_again_the_same_day(small: Desk) -> None:
    small.proxy.refuse("GetCostAndUsage", "InternalErrorException", status=500, times=3)
    small.proxy.faults.insert(0, small.proxy.faults.pop())
    first = ask(small)
    assert asked(small) == 3 + ALL - 1
    assert [gap.source for gap in first.gaps if "cost_explorer" in gap.source] == ["cost_explorer.service"]
    ask(small, hours=1, a_day=2 * ALL)
    assert asked(small) == 1
    assert cost_requests_made(small.state, NOW) == 3 + ALL
    assert small.total(CostTable.SERVICE, HISTORY) == HISTORY.days


def test_a_refresh_that_died_has_spent_what_it_was_about_to(small: Desk) -> None:
    planned = OperationCost(
        service="ce", operation="GetCostAndUsage", calls=5, low=Decimal("0.05"), high=Decimal("0.05")
    )
    run = replace(ask(small, hours=-24), run_id="died", started_at=NOW, finished_at=None)
    small.state.start_run(run)
    small.state.note_run(replace(run, operations=(planned,)))
    small.state.close_interrupted()
    assert cost_requests_made(small.state, NOW + HOUR) == 5
    assert ask(small, hours=1, a_day=6).state is RunState.PARTIAL
    assert asked(small) == 1


def test_a_refresh_over_midnight_counts_on_both_days(small: Desk) -> None:
    run = ask(small)
    small.state.finish_run(replace(run, finished_at=NOW + DAY))
    assert cost_requests_made(small.state, NOW) == cost_requests_made(small.state, NOW + DAY) == ALL
    assert cost_requests_made(small.state, NOW + 2 * DAY) == cost_requests_made(small.state, NOW - DAY) == 0


@pytest.fixture(scope="module")
def desks(demo: DemoEndpoint) -> Iterator[Any]:
    """Makes one desk after another; a proxy's threads are not started for each."""
    with FaultProxy(demo.url) as proxy, TemporaryDirectory() as folder:
        number = iter(range(10_000))
        yield lambda: Desk(Path(folder) / str(next(number)), demo, proxy)


refreshes = st.lists(
    st.tuples(
        st.booleans(),  # whether somebody insists
        st.integers(1, 3),  # pages of each answer
        st.sampled_from([None, "LimitExceededException", "RequestChangedException", "AccessDeniedException"]),
        st.integers(0, 4),  # how often it comes
    ),
    min_size=1,
    max_size=4,
)


@given(several=refreshes, a_day=st.integers(0, 12))
@example(several=[(True, 3, None, 0), (True, 3, None, 0)], a_day=10)
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_sequence_of_refreshes_in_a_day_passes_its_requests_or_loses_a_day(
    desks: Any, several: list[tuple[bool, int, str | None, int]], a_day: int
) -> None:
    desk: Desk = desks()
    made, known = 0, Decimal(0)
    for number, (again, pages, code, times) in enumerate(several):
        without_regions(desk, pages)
        if code:
            desk.proxy.refuse("GetCostAndUsage", code, times=times)
            desk.proxy.faults.insert(0, desk.proxy.faults.pop())
        run = ask(desk, hours=number, a_day=a_day, again=again)
        last_set = pages + (times if code else 0)  # what may follow the last request that was allowed
        assert asked(desk) <= (max(0, a_day - made - 1 + last_set) if made < a_day else 0)
        made += asked(desk)
        assert made == cost_requests_made(desk.state, NOW)
        if made > a_day and asked(desk):
            assert [gap.kind for gap in run.gaps if gap.kind == "RequestsPassed"]
        if desk.store.latest():
            total = desk.total(CostTable.SERVICE, HISTORY)
            assert total in {Decimal(0), Decimal(HISTORY.days)}
            assert total >= known
            known = total
    desk.close()
