"""What commitments came to over some days: used and unused are parts of the committed, to the last digit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from plainbill.model.cost_answers import CommitmentDay, Committed, CoverageDay
from plainbill.model.period import month_start

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentSum(Committed):
    """The days from ``start`` to ``last`` that are known, ``days`` of them.

    ``difference`` is the committed less used and unused: nothing, unless AWS's own figures differ.
    """

    start: date
    last: date
    days: int

    @property
    def difference(self) -> Decimal:
        """What AWS's figures leave unexplained."""
        return self.committed - self.used - self.unused


def commitment_sum(days: Iterable[CommitmentDay]) -> CommitmentSum | None:
    """Add days up; None where there is none."""
    each = sorted(days, key=lambda one: one.day)
    if not each:
        return None
    return CommitmentSum(
        start=each[0].day,
        last=each[-1].day,
        days=len(each),
        committed=sum((one.committed for one in each), _ZERO),
        used=sum((one.used for one in each), _ZERO),
        unused=sum((one.unused for one in each), _ZERO),
        on_demand=_all_known([one.on_demand for one in each]),
        saved=_all_known([one.saved for one in each]),
    )


def by_month(days: Iterable[CommitmentDay]) -> list[CommitmentSum]:
    """Add days up by calendar month, the latest first."""
    months: dict[date, list[CommitmentDay]] = {}
    for one in days:
        months.setdefault(month_start(one.day), []).append(one)
    sums = (commitment_sum(months[month]) for month in sorted(months, reverse=True))
    return [one for one in sums if one is not None]


def coverage(days: Iterable[CoverageDay]) -> float | None:
    """Return the covered part of what could be covered; None where there was none."""
    covered = on_demand = _ZERO
    for one in days:
        covered, on_demand = covered + one.covered, on_demand + one.on_demand
    return float(covered / (covered + on_demand)) if covered + on_demand else None


def _all_known(amounts: Iterable[Decimal | None]) -> Decimal | None:
    known = _ZERO
    for amount in amounts:
        if amount is None:
            return None
        known += amount
    return known
