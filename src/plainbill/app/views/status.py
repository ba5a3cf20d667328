"""How old, how complete and how dear the shown data are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from plainbill.analyzer.policy import Ruled
from plainbill.app.views.gaps import gap_view
from plainbill.app.views.setting import setting_of
from plainbill.app.views.shapes import MeteredView, OperationView, PolicyChangeView, StatusView
from plainbill.model.cost import CostMetric, CostTable
from plainbill.model.inventory import Gap
from plainbill.model.period import is_of_the_future, minute
from plainbill.model.resources.aws_advice import is_hole
from plainbill.model.run import Run, RunState
from plainbill.model.spending import expected_cost
from plainbill.storage import Snapshot

_SHORTEST_STALE = timedelta(hours=48)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """What the record of refreshes says: ``runs`` newest first, money in US dollars.

    ``requests_...`` are those to Cost Explorer: of this UTC day, left of it, and allowed. ``new_tables`` are
    those of the bill that a refresh asks for and that were never read.
    """

    runs: Sequence[Run]
    month_spend: tuple[Decimal, Decimal]
    month_cap: Decimal | None
    ruled: Ruled
    is_refreshing: bool
    problems: Sequence[str]
    requests_today: int = 0
    requests_left: int | None = None
    requests_a_day: int | None = None
    new_tables: int = 0
    metered: Sequence[MeteredView] = ()


def status_view(
    snapshot: Snapshot | None, facts: RunFacts, now: datetime, refresh_hours: int, data_until: date | None
) -> StatusView:
    """Return the state of the data; the price of calls is that of the last ended refresh that made any."""
    over = [run for run in facts.runs if run.state is not RunState.RUNNING]
    ended = next(iter(over), None)
    asked = next((run for run in over if run.operations), ended)
    manifest = None if snapshot is None else snapshot.manifest
    gaps: Sequence[Gap] = manifest.gaps if manifest is not None else ended.gaps if ended is not None else ()
    accounts = {} if manifest is None else dict(manifest.accounts)
    total = {*accounts, *(gap.account_id for gap in gaps if gap.account_id)}
    taken_at = None if manifest is None else manifest.taken_at
    age = None if taken_at is None else now - taken_at
    return StatusView(
        state=_state(age, gaps, ended, refresh_hours, is_refreshing=facts.is_refreshing),
        taken_at=taken_at,
        age_seconds=_seconds(age),
        data_until=data_until,
        accounts_read=len(_read_accounts(snapshot, facts.runs)),
        accounts_total=len(total),
        accounts=accounts,
        regions=[] if manifest is None else list(manifest.regions),
        gaps=[gap_view(gap) for gap in gaps],
        calls=0 if asked is None else asked.calls,
        cost_low=Decimal(0) if asked is None else asked.cost_low,
        cost_high=Decimal(0) if asked is None else asked.cost_high,
        month_cost_low=facts.month_spend[0],
        month_cost_high=facts.month_spend[1],
        next_cost_high=expected_cost(facts.runs, facts.requests_left, facts.new_tables),
        month_cap=facts.month_cap,
        policy=facts.ruled.policy,
        policy_problems=list(facts.ruled.problems),
        policy_changes=[
            PolicyChangeView(
                check_id=one.check.id,
                title=one.check.title,
                name=one.name,
                value=setting_of(one.value),
                usual=setting_of(one.usual),
            )
            for one in (facts.ruled.changes if facts.ruled.policy is not None else ())
        ],
        operations=_operations(asked),
        is_refreshing=facts.is_refreshing,
        last_error=None if ended is None else ended.error,
        problems=[*_wrong_clock(taken_at, now), *facts.problems],
        requests_today=facts.requests_today,
        requests_a_day=facts.requests_a_day,
        metered=list(facts.metered),
    )


def last_day_with_cost(snapshot: Snapshot | None) -> date | None:
    """Return the last day that holds a cost and was over when it was read; None when there is none."""
    span = None if snapshot is None else snapshot.manifest.tables.get(CostTable.SERVICE)
    if snapshot is None or span is None:
        return None
    rows = snapshot.daily_costs(CostTable.SERVICE, span.period, CostMetric.UNBLENDED)
    return max((row.day for row in rows if row.day < span.as_of.date()), default=None)


def _seconds(age: timedelta | None) -> int | None:
    """Return the age as far as it is known: of data from the future it is not."""
    return None if age is None or is_of_the_future(age) else max(0, int(age.total_seconds()))


def _wrong_clock(taken_at: datetime | None, now: datetime) -> Iterator[str]:
    if taken_at is not None and is_of_the_future(now - taken_at):
        yield (
            f"The data say that they were read on {minute(taken_at)}, but this machine's clock "
            f"says {minute(now)}: it was wrong then, or is wrong now. Check it, then refresh"
        )


def _state(
    age: timedelta | None, gaps: Sequence[Gap], ended: Run | None, refresh_hours: int, *, is_refreshing: bool
) -> str:
    if age is None:
        has_failed = ended is not None and ended.state is RunState.FAILED
        return "loading" if is_refreshing else "failed" if has_failed else "empty"
    if is_of_the_future(age) or age > max(2 * timedelta(hours=refresh_hours), _SHORTEST_STALE):
        return "stale"
    return "partial" if any(map(is_hole, gaps)) else "complete"


def _read_accounts(snapshot: Snapshot | None, runs: Sequence[Run]) -> set[str]:
    """The accounts that were looked into, not only seen on the bill."""
    if snapshot is None:
        return set()
    for run in runs:
        if run.run_id == snapshot.manifest.run_id:
            return set(run.accounts)
    return {instance.account_id for instance in snapshot.instances()}


def _operations(run: Run | None) -> list[OperationView]:
    return [
        OperationView(
            service=each.service, operation=each.operation, calls=each.calls, low=each.low, high=each.high
        )
        for each in (run.operations if run is not None else ())
    ]
