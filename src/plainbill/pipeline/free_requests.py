"""Whether a fleet's metrics may be asked one by one, within CloudWatch's free requests."""

from __future__ import annotations

from datetime import datetime, timedelta

from plainbill.data_fetcher.cloudwatch import SERIES
from plainbill.model.billing import UsageSpan
from plainbill.model.free_requests import MONTH_DAYS, billed_requests, requests_of, room_of_a_refresh
from plainbill.model.period import midnight, month_start
from plainbill.model.run import RunState
from plainbill.settings import Settings
from plainbill.storage import Snapshot, State

_MONTH = timedelta(days=MONTH_DAYS)
_MOST_RUNS = 1_000
_METRICS = len({series.metric for series in SERIES})


def free_room(settings: Settings, state: State, last: Snapshot | None, now: datetime) -> int | None:
    """Return how many requests a refresh may make in place of ``GetMetricData``; None for any number.

    ``auto`` makes none unless all that the last refresh measured has room, and the last bill tells what
    others ask of CloudWatch: the free million is of the whole organization.
    """
    if settings.free_metrics != "auto":
        return None if settings.free_metrics == "on" else 0
    billed = last.billed() if last else None
    if last is None or billed is None or billed.by_operation is None:
        return 0
    room = room_of_a_refresh(
        made=requests_of(state.operations_in(midnight(month_start(now.date())), now)),
        of_others=_of_others(state, billed.by_operation),
        refreshes=_refreshes_a_month(settings.refresh_hours, state, now),
    )
    return room if _measured(last, room) <= room else 0


def _of_others(state: State, span: UsageSpan) -> int:
    """Return how many requests a month the bill has beyond our own."""
    ours = requests_of(state.operations_in(span.period.start, span.period.end))
    return round(max(0, billed_requests(span.records) - ours) * MONTH_DAYS / span.period.days)


def _refreshes_a_month(hours: int, state: State, now: datetime) -> int:
    """Return the most of what is planned and what there was in the last month; one a day at the least."""
    planned = MONTH_DAYS * 24 // hours if hours else 0
    runs = [one for one in state.runs(_MOST_RUNS) if one.started_at > now - _MONTH]
    return max(planned, MONTH_DAYS, sum(one.state is not RunState.RUNNING for one in runs))


def _measured(last: Snapshot, enough: int) -> int:
    """Return how many requests the last reading's metrics would take; counted no further than ``enough``."""
    of_instances = _METRICS * sum(one.state == "running" for one in last.instances())
    return of_instances if of_instances > enough else of_instances + len(last.series())
