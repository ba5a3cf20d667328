"""The stored costs as series of days: only days that AWS has filled, a day that is not known as a gap."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import numpy as np

from plainbill.analyzer.anomaly import Parts
from plainbill.analyzer.cost_by_service import NO_SERVICE, OTHER
from plainbill.analyzer.daily_series import DailySeries
from plainbill.app.views.gaps import NOT_READ_YET
from plainbill.app.views.stored_costs import known_days
from plainbill.model.cost import AnyTable, CostColumn, CostMetric, CostTable, DailyCost
from plainbill.model.period import Period
from plainbill.storage import Snapshot

HISTORY = 400
"""Days that forecasts are made from: Cost Explorer keeps about so many by day."""
MOST_ACCOUNTS = 40
"""Accounts, the dearest first, whose services are looked at one by one."""
SERVICES_SHOWN = 10
_METRIC = CostMetric.UNBLENDED
_FILLED_AFTER = timedelta(days=2)
"""A day is whole when it ended a day before it was read: Cost Explorer fills it within about 24 hours."""
_DAY = timedelta(days=1)


def why_no_day(snapshot: Snapshot | None) -> str:
    """Say why no whole day of costs is known, where none is."""
    return NOT_READ_YET if snapshot is None else "no day of costs has been read to its end yet"


def whole_days(snapshot: Snapshot, table: AnyTable = CostTable.SERVICE) -> list[date]:
    """Return the days whose costs are there and whole, in order; estimated ones are, late ones are not."""
    span = snapshot.manifest.span(table)
    if span is None:
        return []
    period = Period.of_days(
        max(span.period.first_day, span.period.end_day - HISTORY * _DAY), span.period.end_day
    )
    known = known_days(snapshot, table, period)
    return sorted(day for day, at in known.items() if day + _FILLED_AFTER <= at.date())


def services_of_bill(snapshot: Snapshot) -> tuple[DailySeries, Mapping[str, DailySeries]] | None:
    """Return the total and the dearest services with the rest as one; None where no day is whole."""
    days = whole_days(snapshot)
    if not days:
        return None
    rows = snapshot.daily_costs(CostTable.SERVICE, Period.of_days(days[0], days[-1] + _DAY), _METRIC)
    named = _by_key(rows)
    size = {name: sum(abs(cost) for day, cost in costs.items() if day > days[-1] - 28 * _DAY)
            for name, costs in named.items()}  # fmt: skip
    shown = sorted(size, key=lambda name: (-size[name], name))[:SERVICES_SHOWN]
    rest = [costs for name, costs in named.items() if name not in shown]
    parts = {name: _series(days, [named[name]]) for name in shown if size[name]}
    if rest and any(size[name] for name in named if name not in shown):
        parts[OTHER] = _series(days, [*rest, *([named[OTHER]] if OTHER in parts else [])])
    return _series(days, named.values()), parts


def parts_of_bill(snapshot: Snapshot) -> tuple[Parts, int]:
    """Return the bill by service and account, and how many accounts there are; not all need be among them."""
    days = whole_days(snapshot)
    if not days:
        return {}, 0
    period = Period.of_days(days[0], days[-1] + _DAY)
    accounts = [account for account, _ in snapshot.costs_by_account(period, _METRIC)]
    parts: dict[tuple[str, str], DailySeries] = {}
    for account in accounts[:MOST_ACCOUNTS]:
        rows = snapshot.daily_costs(CostTable.SERVICE, period, _METRIC, account)
        for service, costs in _by_key(rows).items():
            parts[(service, account)] = _series(days, [costs])
    return parts, len(accounts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a table of costs on one basis: of a key, an account or a service, where they are given."""

    table: AnyTable
    metric: CostMetric
    key: str | None = None
    account: str | None = None
    service: str | None = None


def series_of(
    snapshot: Snapshot, days: Sequence[date], part: Part
) -> tuple[DailySeries, Mapping[date, Decimal]]:
    """Return what a part cost on some whole days, in order, and the same exactly."""
    period = Period.of_days(days[0], days[-1] + _DAY)
    exact: defaultdict[date, Decimal] = defaultdict(Decimal)
    for row in snapshot.grouped_costs(
        part.table,
        period,
        part.metric,
        CostColumn.KEY,
        key=part.key,
        account=part.account,
        service=part.service,
    ):
        exact[row.day] += row.cost
    return _series(days, [{day: float(cost) for day, cost in exact.items()}]), exact


def _by_key(rows: Iterable[DailyCost]) -> dict[str, dict[date, float]]:
    found: defaultdict[str, dict[date, float]] = defaultdict(dict)
    for row in rows:
        found[row.key or NO_SERVICE][row.day] = float(row.cost)
    return found


def _series(days: Sequence[date], several: Iterable[Mapping[date, float]]) -> DailySeries:
    """Add costs up; a whole day without a row cost nothing, any other is not known."""
    values = np.full((days[-1] - days[0]).days + 1, np.nan)
    places = [(day - days[0]).days for day in days]
    values[places] = 0.0
    for costs in several:
        for day, cost in costs.items():
            values[(day - days[0]).days] += cost
    return DailySeries(days[0], values)
