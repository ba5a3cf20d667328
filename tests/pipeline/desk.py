"""One Plainbill home in front of the demo company."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path

from aws import connected
from data_fetcher.answers import cost_day, cost_page, group, total_day
from factories import NOW, TODAY
from faults import Call, FaultProxy
from plainbill.analyzer.registry import Check
from plainbill.data_fetcher.cost_explorer import history_start
from plainbill.demo.server import DemoEndpoint
from plainbill.model.cost import AnyTable, CostMetric
from plainbill.model.period import Period
from plainbill.model.progress import Progress
from plainbill.model.resources import Ec2Instance
from plainbill.model.run import Run
from plainbill.pipeline import AS_USUAL, Manner, refresh
from plainbill.settings import Settings
from plainbill.storage import Home, Snapshot, SnapshotStore, State

PAYER, PRODUCTION, DEVELOPMENT = "111122223333", "444455556666", "777788889999"
ACCOUNTS = (PAYER, PRODUCTION, DEVELOPMENT)
REGIONS = ("ap-southeast-2", "eu-west-1", "us-east-1", "us-west-2")
HISTORY = Period.of_days(history_start(TODAY), TODAY + timedelta(days=1))
MONTH = Period.last_days(30, TODAY)


class Desk:
    """One Plainbill home in front of the demo company; ``proxy`` fails on demand."""

    def __init__(self, root: Path, demo: DemoEndpoint, proxy: FaultProxy) -> None:
        home = Home(root)
        self.store, self.state = SnapshotStore(home.snapshots), State(home.state_db)
        self.demo, self.proxy = demo, proxy
        self.steps: list[Progress] = []
        self.environment: dict[str, str] = {}
        self._read: Snapshot | None = None

    def refresh(
        self,
        now: datetime = NOW,
        checks: Sequence[Check] = (),
        how: Manner = AS_USUAL,
        **environment: str,
    ) -> Run:
        """Read costs, instances and their load, and what ``checks`` look at."""
        self.proxy.calls.clear()
        self.steps.clear()
        with connected(
            {**self.demo.environment, **self.environment, **environment}, self.proxy.url
        ) as connector:
            report = self.steps.append
            limits = Settings(aws_opinions=False, cost_explorer_requests_a_day=60)  # they have own tests
            return refresh(connector, self.store, self.state, limits, now, report, checks, how)

    def ask_no_details(self) -> None:
        """Group costs by nothing further: for tests of the tables that are always asked for."""
        settings = ("COST_GROUPINGS", "COST_TAG", "COST_CATEGORY")
        self.environment |= {f"PLAINBILL_{name}": "" for name in settings}

    def answer_a_dollar_a_day(self, *accounts: str) -> None:
        """Put a small bill in front of the company's: for tests that are not about costs."""
        self.proxy.answer("GetCostAndUsage", partial(dollar_a_day, accounts))

    @property
    def snapshot(self) -> Snapshot:
        self._read = self.store.latest()
        assert self._read
        return self._read

    @property
    def running(self) -> list[Ec2Instance]:
        """The stored instances that run: the others have no load."""
        return [one for one in self.snapshot.instances() if one.state == "running"]

    def asked_days(self) -> set[tuple[str, str]]:
        """The periods Cost Explorer was asked for."""
        periods = [c.parameters["TimePeriod"] for c in self.proxy.calls if c.operation == "GetCostAndUsage"]
        return {(period["Start"], period["End"]) for period in periods}

    def close(self) -> None:
        """Let go of the files."""
        if self._read:
            self._read.close()
        self.state.close()

    def total(self, table: AnyTable, period: Period, account: str | None = None) -> Decimal:
        rows = self.snapshot.daily_costs(table, period, CostMetric.NET_AMORTIZED, account)
        return sum((row.cost for row in rows), Decimal(0))


def dollar_a_day(accounts: Sequence[str], call: Call) -> dict[str, object]:
    """Answer ``GetCostAndUsage`` for accounts that pay a dollar of tax a day."""
    asked = call.parameters["TimePeriod"]
    first, end = (date.fromisoformat(asked[side]) for side in ("Start", "End"))
    days = list(Period.of_days(first, end).dates())
    if call.parameters["Granularity"] == "MONTHLY":  # what usage was billed: none
        return cost_page(cost_day(first))
    if "GroupBy" not in call.parameters:
        return cost_page(*(total_day(day, str(len(accounts))) for day in days))
    groups = [group("1", "Tax", account) for account in accounts]
    return cost_page(*(cost_day(day, *groups) for day in days))
