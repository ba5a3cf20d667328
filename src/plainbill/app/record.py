"""Everything a request may look at: the last complete snapshot, the state, the prices; never AWS."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from time import monotonic
from typing import Any, ParamSpec, TypeVar

from plainbill.analyzer.idle import IdleRule
from plainbill.analyzer.policy import Ruled, under
from plainbill.analyzer.registry import Check, Registered, registered
from plainbill.app.answers import AnswerCache
from plainbill.app.finding_params import FindingParams, PlaceParams
from plainbill.app.finding_queries import FindingQuery, finding_query, place_query
from plainbill.app.once import Once
from plainbill.app.params import CostParams, IdleParams
from plainbill.app.place_query import PlaceQuery
from plainbill.app.queries import CostQuery, IdleQuery, Known, cost_query, idle_query
from plainbill.app.refresh import Refresher
from plainbill.app.run_memory import RunMemory
from plainbill.app.seen import Seen, seen
from plainbill.app.settled import settle
from plainbill.app.views.checks import checks_view
from plainbill.app.views.costs import Costs, costs_of
from plainbill.app.views.finding_shapes import ChecksView
from plainbill.app.views.finding_table import FindingTable
from plainbill.app.views.findings import finding_rows
from plainbill.app.views.idle import hours_seen, idle_view
from plainbill.app.views.judged import Judged, judge
from plainbill.app.views.metered import metered_views
from plainbill.app.views.policies import PoliciesView, policies_view
from plainbill.app.views.shapes import IdleInstancesView, MeteredView, StatusView
from plainbill.app.views.standing import Standing, standing_of
from plainbill.app.views.status import RunFacts, last_day_with_cost, status_view
from plainbill.errors import StorageError
from plainbill.model.cost import CostMetric, CostTable
from plainbill.model.lifecycle import FindingRecord
from plainbill.model.period import utc_now
from plainbill.model.utilization import Utilization
from plainbill.settings import Settings
from plainbill.storage import Home, Snapshot, SnapshotStore, State
from plainbill.storage.expected import next_requests

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Edition:
    """What all answers of a moment are made from: one snapshot seen on one day, and the state's version.

    The version changes with every decision about a finding, whichever process takes it.
    """

    reading: str
    rules: str
    version: int
    today: date = field(compare=False)
    snapshot: Snapshot | None = field(compare=False)
    ruled: Ruled = field(compare=False)
    """The checks with the thresholds of the policy that is in force; ``rules`` tells it from others."""

    @property
    def id(self) -> str:
        """What is equal only for editions whose answers are."""
        return f"{self.reading}/{self.version}"

    def of_snapshot(self) -> Edition:
        """Return the same for what is equal on every day: what checks say of a snapshot."""
        return replace(self, reading=self.reading.partition("/")[0], version=0)

    def of_reading(self) -> Edition:
        """Return the same for what rests on the reading alone, and so need not be made again."""
        return replace(self, version=0)


class Record:
    """Reads storage for the web; views are made once per edition and query.

    A new snapshot is noticed at once when the refresher ends, and at most ``look_every`` seconds after it
    appeared when another process wrote it; a new day at once. While it is watched (``Watch``), requests do
    not look: they get what is shown until the newer one is ready. At most two snapshots are held in judged
    form, the shown one and the one that is made ready.
    """

    is_watched = False
    is_turning = False
    """Whether a newer snapshot is there and is being made ready."""
    trouble: StorageError | None = None
    """Why the last look failed."""

    def __init__(
        self,
        home: Home,
        settings: Settings,
        refresher: Refresher | None,
        *,
        clock: Callable[[], datetime] = utc_now,
        look_every: float = 1.0,
        checks: Sequence[Check] | None = None,
    ) -> None:
        self.settings, self.answers = settings, AnswerCache()
        known = registered() if checks is None else Registered(tuple(checks))
        self.usual_checks, self.refused = known.checks, known.refused
        self._store, self._state = SnapshotStore(home.snapshots), State(home.state_db)
        self._refresher, self._clock, self._look_every = refresher, clock, look_every
        self._clear: list[Callable[[], None]] = []
        self._costs = self.cached(128, _costs)
        self._idle = self.cached(64, _idle)
        self._coverage = self.cached(16, _coverage)
        self._known = self.cached(2, _known)
        self._last_day = self.cached(2, _last_day)
        self._metered = self.cached(2, self._make_metered)
        self._remembered = RunMemory(self._state)
        self._usage = self.cached(2, _usage)
        self._ruled = self.cached(2, self._rule)
        self._judged = Once(2, self._judge)
        self._standing = Once(2, self._make_standing)
        self._findings = Once(2, self._make_findings)
        self._checks_view = Once(2, self._make_checks_view)
        self._ended = refresher.last_event if refresher else None
        self._looked = monotonic()
        self._snapshot = self._store.latest()

    def cached(self, size: int, make: Callable[P, R]) -> Callable[P, R]:
        """Return a function that remembers its last ``size`` values until another snapshot is shown.

        One thread makes a value and others wait for it; arguments are hashable, and given by their places.
        """
        made: Once[tuple[Any, ...], R] = Once(size, lambda given: make(*given))  # type: ignore[call-arg]
        self._clear.append(made.clear)
        return lambda *given: made(given)  # type: ignore[return-value]

    async def edition(self) -> Edition:
        """Return the present edition; looks for a newer snapshot now and then.

        Raises ``StorageError`` where that cannot be done.
        """
        if self.is_watched:
            if self.trouble is not None:
                raise self.trouble
            return self.edition_of(self._snapshot)
        now, ended = monotonic(), self._refresher.last_event if self._refresher else None
        if now - self._looked >= self._look_every or ended is not self._ended:
            self._looked, self._ended = now, ended  # before the look, so that a crowd looks once
            self.show(await asyncio.to_thread(self.newest))
        return self.edition_of(self._snapshot)

    @property
    def shown(self) -> Snapshot | None:
        """The snapshot that requests see."""
        return self._snapshot

    def newest(self) -> Snapshot | None:
        """Return the newest snapshot there is, shown or not; raises ``StorageError``."""
        return self._store.latest()

    def make_ready(self, snapshot: Snapshot | None) -> Edition:
        """Make what every page of findings needs of a snapshot; return the edition that it is ready for."""
        edition = self.edition_of(snapshot)
        self.findings(edition).warm()
        self.checks_view(edition)
        listed = self.standing(edition).listed
        assert listed is None or listed.realisable is not None  # noqa: S101  made by asking for it
        return edition

    def age(self) -> timedelta | None:
        """Return the age of the data, None when there are none; asks the store itself."""
        snapshot = self._store.latest()
        return None if snapshot is None else self._clock() - snapshot.manifest.taken_at

    def known(self, edition: Edition) -> Known:
        """Return the accounts, regions and days that parameters may name."""
        return self._known(edition.of_reading())

    def cost_query(self, edition: Edition, params: CostParams) -> CostQuery:
        """Return what the parameters mean; raises ``ParameterError``."""
        return cost_query(params, self.known(edition), self.settings, edition.today)

    def idle_query(self, edition: Edition, params: IdleParams) -> IdleQuery:
        """Return what the parameters mean; raises ``ParameterError``."""
        return idle_query(params, self.known(edition), self.settings)

    def costs(self, edition: Edition, query: CostQuery) -> Costs:
        """Return the costs that a query asks for."""
        return self._costs(edition.of_reading(), query)

    def idle(self, edition: Edition, query: IdleQuery) -> IdleInstancesView:
        """Return the instances that a query asks for."""
        return self._idle(edition.of_reading(), query)

    def judged(self, edition: Edition) -> Judged | None:
        """Return what all waste checks said, None before anything was read; they run once per snapshot."""
        return self._judged(edition.of_snapshot())

    def policies(self) -> PoliciesView:
        """Return all policies, which of them is in force and who put it there."""
        state = self._state
        uses = state.policy_uses()
        return policies_view(state.policies(), state.policy_in_force(), uses, self.usual_checks)

    @property
    def state(self) -> State:
        """What people said and what was remembered."""
        return self._state

    def now(self) -> datetime:
        """Return the present moment."""
        return self._clock()

    def standing(self, edition: Edition) -> Standing:
        """Return the findings with what is remembered of each and what people decided."""
        return self._standing(edition)

    def change_finding(
        self, edition: Edition, finding_id: str, change: Callable[[FindingRecord, datetime], FindingRecord]
    ) -> FindingRecord | None:
        """Change what is remembered of a finding as a person decided; None where there is no such finding.

        ``change`` gets the record and the present moment, and may raise. A finding that the shown reading
        has and no refresh has recorded yet is recorded first.
        """
        standing = self.standing(edition)
        if standing.is_behind(finding_id):
            self._state.advance_findings(lambda records: standing.caught_up(finding_id, records))
        now = self._clock()
        return self._state.change_finding(finding_id, lambda record: change(record, now))

    def findings(self, edition: Edition) -> FindingTable:
        """Return every finding, set aside, gone or not, ready for questions."""
        return self._findings(edition)

    def checks_view(self, edition: Edition) -> ChecksView:
        """Return every check with what it said."""
        return self._checks_view(edition)

    def finding_query(self, edition: Edition, params: FindingParams) -> FindingQuery:
        """Return what the parameters mean; raises ``ParameterError``."""
        return finding_query(params, self.known(edition), self.judged(edition))

    def place_query(self, edition: Edition, params: PlaceParams) -> PlaceQuery:
        """Return what the parameters mean; raises ``ParameterError``."""
        return place_query(params, self.known(edition), self.judged(edition))

    def status(self, edition: Edition) -> StatusView:
        """Return the state of the data at this moment."""
        now, a_day = self._clock(), self.settings.cost_explorer_requests_a_day
        last_day, metered = self._last_day(edition.of_reading()), self._metered(edition.of_reading())
        is_refreshing = self._refresher is not None and self._refresher.is_running
        remembered = self._remembered(edition.version, now, is_refreshing=is_refreshing)
        made = remembered.requests_today
        asked = next_requests(edition.snapshot, a_day, made, now, self.settings.cost_details)
        facts = RunFacts(
            runs=remembered.runs,
            month_spend=remembered.month_spend,
            month_cap=self.settings.monthly_api_dollars,
            ruled=edition.ruled,
            is_refreshing=is_refreshing or self.is_turning,
            problems=self._problems(),
            requests_today=made,
            requests_left=asked.left,
            requests_a_day=a_day,
            new_tables=asked.new_tables,
            metered=metered,
        )
        return status_view(edition.snapshot, facts, now, self.settings.refresh_hours, last_day)

    def _problems(self) -> Sequence[str]:
        """What is damaged, what is served instead, and what cannot be kept now."""
        damaged = self._store.problems
        return (*damaged, *([self._store.served()] if damaged else ()), *self._state.problems)

    def seen(self, edition: Edition) -> Seen:
        """Return the status for a page, to remember it by and to make it from."""
        return seen(self.status(edition))

    def usage(self, edition: Edition) -> Mapping[str, Utilization]:
        """Return the metrics of the running instances by instance id."""
        return self._usage(edition.of_reading())

    def coverage(self, edition: Edition, query: IdleQuery) -> float | None:
        """Return the share of the hours of all running instances whose CPU was seen."""
        return self._coverage(edition.of_reading(), query.rule)

    def show(self, snapshot: Snapshot | None) -> None:
        """Show another snapshot; what was made from the old one must not keep its files open."""
        if snapshot is self._snapshot:
            return
        self._snapshot = snapshot
        for clear in self._clear:
            clear()
        for made in (self._judged, self._standing, self._findings, self._checks_view):
            made.keep(lambda edition: edition.snapshot is snapshot)

    def edition_of(self, snapshot: Snapshot | None) -> Edition:
        """Return the edition that a snapshot makes at this moment."""
        today = self._clock().date()
        name = "empty" if snapshot is None else f"{snapshot.manifest.sequence}-{snapshot.manifest.run_id}"
        version = self._state.version()
        ruled, rules = self._ruled(version)
        return Edition(f"{name}/{today}", rules, version, today, snapshot, ruled)

    def _rule(self, _version: int) -> tuple[Ruled, str]:
        """Return the checks of the policy that is in force, and what tells it from others."""
        policy = self._state.policy_in_force()
        return under(self.usual_checks, policy), repr(policy)

    def _judge(self, edition: Edition) -> Judged | None:
        snapshot = edition.snapshot
        if snapshot is None:
            return None
        judged = judge(snapshot, edition.ruled.checks, self.refused)
        settle(judged.report)
        return judged

    def _make_findings(self, edition: Edition) -> FindingTable:
        return FindingTable(finding_rows(self._standing(edition)))

    def _make_checks_view(self, edition: Edition) -> ChecksView:
        return checks_view(edition.ruled.checks, self._standing(edition), self.refused)

    def _make_metered(self, edition: Edition) -> list[MeteredView]:
        return metered_views(edition.snapshot, lambda days: self._state.operations_in(days.start, days.end))

    def _make_standing(self, edition: Edition) -> Standing:
        today = datetime.combine(edition.today, time.min, UTC)
        return standing_of(self.judged(edition), self._state.findings(), today)


def _costs(edition: Edition, query: CostQuery) -> Costs:
    return costs_of(edition.snapshot, query)


def _idle(edition: Edition, query: IdleQuery) -> IdleInstancesView:
    return idle_view(edition.snapshot, query)


def _coverage(edition: Edition, rule: IdleRule) -> float | None:
    return hours_seen(edition.snapshot, rule)


def _last_day(edition: Edition) -> date | None:
    return last_day_with_cost(edition.snapshot)


def _known(edition: Edition) -> Known:
    """Accounts are known by their name, their bill or their instances."""
    snapshot = edition.snapshot
    if snapshot is None:
        return Known(accounts=None, regions=None, metric_days=None)
    manifest, instances = snapshot.manifest, snapshot.instances()
    accounts = {*manifest.accounts, *(instance.account_id for instance in instances)}
    if span := manifest.tables.get(CostTable.SERVICE):
        billed = snapshot.costs_by_account(span.period, CostMetric.UNBLENDED)
        accounts |= {account for account, _ in billed}
    return Known(
        accounts=frozenset(accounts),
        regions=frozenset({*manifest.regions, *(instance.region for instance in instances)}),
        metric_days=None if manifest.metrics_period is None else manifest.metrics_period.hours // 24,
    )


def _usage(edition: Edition) -> Mapping[str, Utilization]:
    if edition.snapshot is None:
        return {}
    metrics = edition.snapshot.utilization()
    instances = edition.snapshot.instances()
    return {each.instance_id: metrics[each.arn] for each in instances if each.arn in metrics}
