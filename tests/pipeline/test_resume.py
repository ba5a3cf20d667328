"""What a stopped refresh was answered is taken over where that is safe, and only there."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from aws import connected
from factories import NOW
from faults import Call, Fault, FaultProxy
from pipeline.desk import ACCOUNTS, MONTH, Desk, dollar_a_day
from plainbill.demo.answers_identity import access_key
from plainbill.demo.server import DemoEndpoint
from plainbill.errors import PlainbillError
from plainbill.model.billing import UsageTable, bill_source
from plainbill.model.cost import CostTable
from plainbill.model.progress import Progress
from plainbill.model.run import Run, RunState
from plainbill.pipeline import Manner, refresh
from plainbill.pipeline.resume import resumable
from plainbill.settings import Settings
from plainbill.storage import Home
from plainbill.storage.snapshot.asked import BASE_TABLES, wanted_tables
from storage.keeping import collected

LATER = NOW + timedelta(minutes=30)
YEAR = 365 * 24 * 60  # minutes
MOST = frozenset({"cloudwatch", *map(bill_source, wanted_tables(()))})
"""What a stopped refresh has read something of: the bill and the metrics are read side by side."""
ENDED = frozenset({"done", "gap"})


class StoppedError(PlainbillError):
    """What ends a refresh here."""


def settings(root: Path, metric_days: int = 60, requests_a_day: int = 60) -> Settings:
    """Mostly requests enough for the bill twice, and nothing asked of Cost Explorer beside it."""
    return Settings(
        home=root,
        metric_days=metric_days,
        cost_groupings=(),
        cost_explorer_requests_a_day=requests_a_day,
        aws_opinions=False,
    )


class Office(Desk):
    """A desk whose refresh can be stopped at any step, and is gone on with."""

    def __init__(self, root: Path, demo: DemoEndpoint, proxy: FaultProxy) -> None:
        super().__init__(root, demo, proxy)
        self.home, self.settings = Home(root), settings(root)
        self.answer_a_dollar_a_day(*ACCOUNTS)

    def go_on(self, now: datetime = LATER, *, stop_at: Collection[str] = (), anew: bool = False) -> Run:
        """Refresh; stop as soon as a step of every source in ``stop_at`` has ended."""
        self.proxy.calls.clear()
        ahead = set(stop_at)

        def report(step: Progress) -> None:
            if step.source in ahead and step.state in ENDED:
                ahead.remove(step.source)
                if not ahead:
                    raise StoppedError(step.source)

        with (
            connected(self.demo.environment, self.proxy.url) as connector,
            resumable(
                self.home, connector, self.settings, self.store, self.state, lambda: now, anew=anew
            ) as begun,
        ):
            at, how = begun.instant, Manner(remarks=begun.remarks)
            return refresh(connector, self.store, self.state, self.settings, at, report, (), how)

    def stopped(self) -> None:
        """Refresh until each table of the bill was answered, and metrics of one place."""
        with pytest.raises(StoppedError):
            self.go_on(NOW, stop_at=MOST)

    def bills(self) -> int:
        return self.proxy.count("GetCostAndUsage")


@pytest.fixture
def office(tmp_path: Path, demo: DemoEndpoint) -> Iterator[Office]:
    with FaultProxy(demo.url) as proxy:
        office = Office(tmp_path / "home", demo, proxy)
        yield office
        office.close()


def remarks(run: Run) -> list[str]:
    return [gap.reason for gap in run.gaps if gap.kind == "Resumed"]


# --- what was paid for -------------------------------------------------------------------------


def test_answers_that_were_paid_for_are_read_though_the_requests_of_the_day_are_used_up(
    office: Office,
) -> None:
    office.settings = settings(office.home.root, requests_a_day=len(BASE_TABLES))
    office.stopped()
    run = office.go_on()
    assert office.bills() == 0
    snapshot = office.store.latest()
    assert snapshot
    assert set(snapshot.manifest.tables) == set(BASE_TABLES)
    refused = {gap.source for gap in run.gaps if gap.kind == "RequestsUsedUp"}
    assert refused.isdisjoint(map(bill_source, BASE_TABLES))
    assert refused >= set(map(bill_source, UsageTable)), "what was not asked is not said"


@pytest.mark.parametrize("anew", [False, True], ids=["taken over", "anew"])
def test_a_refresh_that_was_killed_is_held_to_have_made_each_request_that_it_sent(
    office: Office, monkeypatch: pytest.MonkeyPatch, anew: bool
) -> None:
    office.proxy.refuse("GetCostAndUsage", "LimitExceededException", times=2)
    with monkeypatch.context() as killed:  # what is killed writes nothing down
        killed.setattr(office.state, "finish_run", lambda _: None)
        office.stopped()
    sent = office.bills()
    office.go_on(anew=anew)
    first = office.state.runs()[-1]
    counted = sum(one.calls for one in first.operations if one.service == "ce")
    assert counted == sent > 2
    assert first.state is RunState.FAILED


# --- asks again ---------------------------------------------------------------------------


def test_after_a_refresh_that_ended_everything_is_asked_again(office: Office) -> None:
    first = office.go_on(NOW)
    asked = len(office.proxy.calls)
    second = office.go_on()
    assert remarks(first) == remarks(second) == []
    assert second.started_at == LATER
    assert len(office.proxy.calls) > asked / 2
    assert not office.home.journal.exists()


def test_anew_means_anew(office: Office) -> None:
    office.stopped()
    run = office.go_on(anew=True)
    assert run.started_at == LATER
    assert remarks(run) == []
    assert office.bills() >= 5


@pytest.mark.parametrize(
    ("minutes", "why"),
    [
        pytest.param(61, "that is not within 1 hour before now", id="too long ago"),
        pytest.param(-2, "that is not within 1 hour before now", id="a clock that was set back"),
        pytest.param(YEAR, "that is not within 1 hour before now", id="a year ahead"),
        pytest.param(-YEAR, "that is not within 1 hour before now", id="a year back"),
    ],
)
def test_answers_that_are_too_old_or_of_the_future_are_not_taken_over(
    office: Office, minutes: int, why: str
) -> None:
    office.stopped()
    run = office.go_on(NOW + timedelta(minutes=minutes))
    assert remarks(run) == [
        f"What the refresh stopped at 2026-11-24 12:00 UTC had read was not taken over: {why}."
    ]
    assert office.bills() >= 5


def test_under_other_settings_nothing_is_taken_over(office: Office) -> None:
    office.stopped()
    office.settings = settings(office.home.root, metric_days=30)
    run = office.go_on()
    [said] = remarks(run)
    assert "it was of other accounts or settings, or of another version" in said
    assert office.bills() >= 5


def test_a_damaged_journal_is_dropped_and_that_is_said(office: Office) -> None:
    office.stopped()
    office.home.journal.write_bytes(b"PBJ\n" + office.home.journal.read_bytes()[5:])
    run = office.go_on()
    assert remarks(run) == ["What a stopped refresh left could not be read, and was not taken over."]
    assert office.bills() >= 5


def test_a_refusal_is_asked_again(office: Office) -> None:
    office.proxy.refuse("DescribeInstances", "UnauthorizedOperation", status=403, times=1)
    office.stopped()
    run = office.go_on()
    assert office.proxy.count("DescribeInstances") > 0
    assert not [gap for gap in run.gaps if gap.kind == "AccessDenied"]


def test_neither_keys_nor_roles_are_kept(office: Office) -> None:
    office.stopped()
    with connected(office.demo.environment, office.proxy.url) as connector:
        roles = [account.role_arn for account in connector.accounts if account.role_arn]
    journal = office.home.journal.read_bytes()
    for secret in (
        b"demo-session",
        b"demo-secret",
        b"AssumeRole",
        access_key(roles[0].split(":")[4]).encode(),
    ):
        assert secret not in journal
    assert b"DescribeInstances" in journal


# --- takes over ---------------------------------------------------------------------------


def test_a_snapshot_of_the_future_does_not_stand_for_the_one_that_was_stopped(office: Office) -> None:
    office.store.write(collected("of-next-year", {}, NOW + timedelta(minutes=YEAR)))
    office.stopped()
    [said] = remarks(office.go_on())
    assert "answers were taken over from the refresh that was stopped at 2026-11-24 12:00 UTC" in said


def test_what_was_answered_is_not_asked_again_and_the_run_says_so(office: Office) -> None:
    office.stopped()
    asked = len(office.proxy.calls)
    run = office.go_on()
    assert run.state is RunState.COMPLETE
    assert run.started_at == NOW
    assert office.bills() == 0
    assert office.proxy.count("DescribeRegions") == 0
    assert len(office.proxy.calls) < asked
    [said] = remarks(run)
    assert "taken over from the refresh that was stopped at 2026-11-24 12:00 UTC" in said
    assert "all figures are of 2026-11-24 12:00 UTC" in said


def test_a_remark_makes_no_run_partial(office: Office) -> None:
    office.stopped()
    run = office.go_on()
    assert run.gaps
    assert run.state is RunState.COMPLETE


def test_pages_whose_token_is_too_old_are_asked_for_from_the_first(office: Office) -> None:
    office.proxy.faults.clear()
    office.proxy.faults.append(refusal_of_tokens("AccessDeniedException"))
    office.proxy.answer(
        "GetCostAndUsage", lambda call: dollar_a_day(ACCOUNTS, call) | {"NextPageToken": "more"}
    )
    office.stopped()
    assert tokens(office) == 1, "no second page was asked for: the test tried nothing"
    office.proxy.faults.clear()
    office.proxy.faults.append(refusal_of_tokens("InvalidNextTokenException"))
    office.answer_a_dollar_a_day(*ACCOUNTS)
    run = office.go_on()
    assert tokens(office) == 1, "no token of the stopped refresh was used: the test tried nothing"
    assert run.state is RunState.COMPLETE
    assert office.total(CostTable.CONTROL, MONTH) == office.total(CostTable.SERVICE, MONTH) == 90


def refusal_of_tokens(code: str) -> Fault:
    """Refuse every page but the first."""
    words = json.dumps({"__type": code, "message": "refused by the test"}).encode()
    return Fault(has_token, 400, lambda _: words)


def has_token(call: Call) -> bool:
    return "NextPageToken" in call.parameters


def tokens(office: Office) -> int:
    return sum(map(has_token, office.proxy.calls))
