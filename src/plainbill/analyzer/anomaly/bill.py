"""The anomalies of a bill: per service and per account, each once, in money and with its likely cause."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256

import numpy as np

from plainbill.analyzer.anomaly.baseline import BillBaseline
from plainbill.analyzer.anomaly.detector import Event, Ground, Rule, Shape, detect
from plainbill.analyzer.cents import to_cent
from plainbill.analyzer.daily_series import DailySeries, Floats

Parts = Mapping[tuple[str, str], DailySeries]
"""The bill by (service, account); all of the same days."""

APART = ("Tax", "AWS Support", "Refund")
"""Beginnings of services whose charges follow the bill or the calendar, not use: they are no anomalies."""
LEAST_FLOOR = 1.0
FLOOR_SHARE = 0.01
_MOSTLY = 0.6
_BEFORE = 28  # days that say what each part usually costs


class Scope(StrEnum):
    """What an anomaly was found in."""

    SERVICE = "service"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """The part of a service (an account) or of an account (a service) that changed most, and by how much."""

    name: str
    impact: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Anomaly:
    """Days ``[start, end)`` of one service or account that cost more or less than expected, to the cent.

    It is one on a ``ground``, for which it had to be off by more than ``limit`` a day when it began.
    ``cause`` is None where no part explains most of it. ``is_open`` says that its last day is the last one
    that is known. ``id`` stays the same from refresh to refresh as long as its first day does.
    """

    id: str
    scope: Scope
    name: str
    shape: Shape
    ground: Ground
    limit: Decimal
    start: date
    end: date
    expected: Decimal
    actual: Decimal
    cause: Cause | None
    is_open: bool

    @property
    def impact(self) -> Decimal:
        """What it cost more, or less, than expected."""
        return self.actual - self.expected


def anomalies_of(parts: Parts, first: date) -> list[Anomaly]:
    """Return the anomalies that had not ended before the day ``first``, latest first, then by size.

    The floor is 1 % of what the bill usually is in a day, and never under 1 of its currency.
    """
    counted = {key: series for key, series in parts.items() if not key[0].startswith(APART)}
    if not counted:
        return []
    whole = _sum(counted.values())
    rule = Rule(floor=max(LEAST_FLOOR, FLOOR_SHARE * float(np.nan_to_num(np.nanmedian(whole.values)))))
    services = list(_found(counted, Scope.SERVICE, rule, first))
    accounts = [each for each in _found(counted, Scope.ACCOUNT, rule, first) if not _is_among(each, services)]
    return sorted(
        [*services, *accounts], key=lambda each: (-each.end.toordinal(), -abs(each.impact), each.id)
    )


def _found(parts: Parts, scope: Scope, rule: Rule, first: date) -> Iterator[Anomaly]:
    place = 0 if scope is Scope.SERVICE else 1
    for name in sorted({key[place] for key in parts}):
        mine = {key[1 - place]: series for key, series in parts.items() if key[place] == name}
        series = _sum(mine.values())
        start = (first - series.first).days
        if not _moves(series.values, start, rule.floor):
            continue
        for event in detect(BillBaseline(series), series.values, rule, start):
            yield _anomaly(scope, name, event, series, mine)


def _sum(several: Iterable[DailySeries]) -> DailySeries:
    """Add series of the same days; a day that one of them does not know, none does."""
    each = list(several)
    return DailySeries(each[0].first, np.sum([series.values for series in each], axis=0))


def _moves(values: Floats, start: int, floor: float) -> bool:
    """Say whether any day could be an alarm at all, which most small series cannot."""
    known = values[max(0, start - 2 * _BEFORE) :]
    known = known[~np.isnan(known)]
    return len(known) > 0 and float(known.max() - known.min()) > floor


def _anomaly(
    scope: Scope, name: str, event: Event, series: DailySeries, parts: Mapping[str, DailySeries]
) -> Anomaly:
    start = series.first + timedelta(days=event.start)
    known = np.flatnonzero(~np.isnan(series.values))
    words = "\x1f".join((scope, name, start.isoformat(), str(event.direction), str(event.is_ramp)))
    return Anomaly(
        id=sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:16],
        scope=scope,
        name=name,
        shape=event.shape,
        ground=event.ground,
        limit=to_cent(event.limit),
        start=start,
        end=series.first + timedelta(days=event.end),
        expected=to_cent(event.expected),
        actual=to_cent(event.actual),
        cause=_cause(event, parts),
        is_open=event.end > int(known[-1]),
    )


def _cause(event: Event, parts: Mapping[str, DailySeries]) -> Cause | None:
    """Return the part whose days differ most from its weeks before, where that is most of the difference."""
    changes = {name: _change(series.values, event) for name, series in parts.items()}
    name = max(changes, key=lambda each: (changes[each] * event.direction, each))
    impact = event.actual - event.expected
    if changes[name] * event.direction < _MOSTLY * abs(impact):
        return None
    return Cause(name=name, impact=to_cent(changes[name]))


def _change(values: Floats, event: Event) -> float:
    days, before = values[event.start : event.end], values[max(0, event.start - _BEFORE) : event.start]
    days, before = days[~np.isnan(days)], before[~np.isnan(before)]
    usual = float(np.median(before)) if len(before) else 0.0
    return float(days.sum()) - usual * len(days)


def _is_among(each: Anomaly, services: Sequence[Anomaly]) -> bool:
    """Say whether an anomaly of an account is that of a service, seen from the other side."""
    return any(
        one.start < each.end
        and one.end > each.start
        and (one.impact > 0) == (each.impact > 0)
        and (each.cause is None or one.name == each.cause.name)
        for one in services
    )
