"""Costs of a period by service and day, their shares, and their change against the period before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from plainbill.model.cost import DailyCost
from plainbill.model.exact import exact_sum
from plainbill.model.period import Period

NO_SERVICE = "No service"
"""The name of costs that AWS books on no service."""

OTHER = "Other"
"""The name of the folded rest."""

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceCost:
    """One service: its cost, its part of the total, and the cost of the period before.

    ``share`` is None where a part of the total means nothing: the total is zero or, with credits above
    the usage, below. ``previous_cost`` and ``change`` are None where the period before is not known;
    a service that had no cost in a known period had exactly zero.
    """

    service: str
    cost: Decimal
    share: float | None
    previous_cost: Decimal | None
    change: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCost:
    """One UTC day by service; estimated where any part of it is."""

    day: date
    is_estimated: bool
    costs: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class CostReport:
    """What a period cost; every sum is exact.

    ``services`` is ordered from the highest cost down, credits last. ``daily`` holds the days that have
    a cost and ``missing_days`` the others: not read, not there yet, or truly free; who read them knows.
    """

    period: Period
    total: Decimal
    previous_total: Decimal | None
    change: Decimal | None
    services: Sequence[ServiceCost]
    daily: Sequence[DayCost]
    missing_days: Sequence[date]
    is_estimated: bool


def cost_report(
    current: Sequence[DailyCost], previous: Sequence[DailyCost] | None, period: Period
) -> CostReport:
    """Group the costs of ``period`` and compare them with ``previous``, the equal period before it.

    ``previous`` is None where it is not known, which is not the same as an empty one: that cost nothing.
    Raises ``ValueError`` for a cost outside of the period, which would be in no day and yet in the total.
    """
    if strays := sorted({row.day for row in current} - set(period.dates())):
        raise ValueError(f"a cost of {strays[0]} is not in {period.first_day} .. {period.end_day}")
    costs = _by_service(current)
    before = None if previous is None else _by_service(previous)
    total = exact_sum(costs.values())
    previous_total = None if before is None else exact_sum(before.values())
    daily = _daily(current)
    days = {day.day for day in daily}
    return CostReport(
        period=period,
        total=total,
        previous_total=previous_total,
        change=_change(total, previous_total),
        services=_services(costs, before, total),
        daily=daily,
        missing_days=[day for day in period.dates() if day not in days],
        is_estimated=any(row.is_estimated for row in current),
    )


def fold_other(report: CostReport, keep: int = 8) -> CostReport:
    """Return the report with all but the ``keep`` weightiest services in one, ``OTHER``, at the end.

    Weight is the size of the cost whichever its sign, so that a large credit stays in sight. No sum
    changes; a rest of one service keeps its name.
    """
    if len(report.services) <= keep + 1:
        return report
    named = (row for row in report.services if row.service != OTHER)  # one of that name joins the rest
    by_weight = sorted(named, key=lambda row: (-abs(row.cost), row.service))
    kept = {row.service for row in by_weight[:keep]}
    rest = [row for row in report.services if row.service not in kept]
    cost = exact_sum(row.cost for row in rest)
    previous = (
        None if report.previous_total is None else exact_sum(row.previous_cost or _ZERO for row in rest)
    )
    other = ServiceCost(
        service=OTHER,
        cost=cost,
        share=_share(cost, report.total),
        previous_cost=previous,
        change=_change(cost, previous),
    )
    return replace(
        report,
        services=[*(row for row in report.services if row.service in kept), other],
        daily=[replace(day, costs=_fold_day(day.costs, kept)) for day in report.daily],
    )


def _fold_day(costs: Mapping[str, Decimal], kept: set[str]) -> dict[str, Decimal]:
    folded = {service: cost for service, cost in costs.items() if service in kept}
    rest = [cost for service, cost in costs.items() if service not in kept]
    return {**folded, OTHER: exact_sum(rest)} if rest else folded


def _by_service(rows: Sequence[DailyCost]) -> dict[str, Decimal]:
    parts: defaultdict[str, list[Decimal]] = defaultdict(list)
    for row in rows:
        parts[row.key or NO_SERVICE].append(row.cost)
    return {service: exact_sum(costs) for service, costs in parts.items()}


def _daily(rows: Sequence[DailyCost]) -> list[DayCost]:
    by_day: defaultdict[date, list[DailyCost]] = defaultdict(list)
    for row in rows:
        by_day[row.day].append(row)
    return [
        DayCost(
            day=day,
            is_estimated=any(row.is_estimated for row in of_day),
            costs=_by_service(of_day),
        )
        for day, of_day in sorted(by_day.items())
    ]


def _services(
    costs: Mapping[str, Decimal], before: Mapping[str, Decimal] | None, total: Decimal
) -> list[ServiceCost]:
    gone = [service for service, cost in (before or {}).items() if cost and service not in costs]
    rows = [_service(service, costs.get(service, _ZERO), before, total) for service in (*costs, *gone)]
    return sorted(rows, key=lambda row: (-row.cost, row.service))


def _service(
    service: str, cost: Decimal, before: Mapping[str, Decimal] | None, total: Decimal
) -> ServiceCost:
    previous = None if before is None else before.get(service, _ZERO)
    return ServiceCost(
        service=service,
        cost=cost,
        share=_share(cost, total),
        previous_cost=previous,
        change=_change(cost, previous),
    )


def _share(cost: Decimal, total: Decimal) -> float | None:
    return float(cost / total) if total > 0 else None


def _change(cost: Decimal, previous: Decimal | None) -> Decimal | None:
    return None if previous is None else exact_sum((cost, -previous))
