"""Why one bill is not the other: the change, split into causes that add up to it exactly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from plainbill.analyzer.bill_lines import ChargeKind, Line
from plainbill.analyzer.unit_rates import RateChange
from plainbill.model.exact import exact_sum, exactly, finest

_ZERO = Decimal(0)


class Cause(StrEnum):
    """Why a bill changed, in the order in which the steps lead from one bill to the other."""

    LENGTH = "length"
    NEW = "new"
    GONE = "gone"
    MORE = "more"
    LESS = "less"
    PRICE = "price"
    COMMITMENT = "commitment"
    DISCOUNT = "discount"
    CREDIT = "credit"
    FEE = "fee"
    TAX = "tax"
    UNEXPLAINED = "unexplained"


_OF_KIND = {
    ChargeKind.COMMITMENT: Cause.COMMITMENT,
    ChargeKind.DISCOUNT: Cause.DISCOUNT,
    ChargeKind.CREDIT: Cause.CREDIT,
    ChargeKind.FEE: Cause.FEE,
    ChargeKind.TAX: Cause.TAX,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one line adds to one cause; ``before`` and ``after`` are what the line cost, where it is one.

    Of a usage type whose price moved ``rate`` says how; it is not split by account.
    """

    cause: Cause
    key: str
    account_id: str | None
    amount: Decimal
    before: Decimal | None = None
    after: Decimal | None = None
    rate: RateChange | None = None
    is_offset: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One cause: ``amount`` is the sum of its parts, which stand largest first."""

    cause: Cause
    amount: Decimal
    parts: Sequence[Part]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bridge:
    """``after`` is ``before`` plus the amounts of all steps, to the last digit."""

    before: Decimal
    after: Decimal
    steps: Sequence[Step]

    @property
    def change(self) -> Decimal:
        """After minus before."""
        return exact_sum((self.after, -self.before))


def bridge(
    lines: Iterable[Line],
    days: tuple[int, int],
    rates: Iterable[RateChange] = (),
    control: tuple[Decimal, Decimal] | None = None,
) -> Bridge:
    """Split the change between two periods of ``days`` (before, after) days.

    Usage that both have is first brought to the same number of days; a line that only one of them has is new
    or gone. ``rates`` are set apart from more and less usage. What AWS's own totals, ``control``, name beyond
    the lines is ``UNEXPLAINED``.
    """
    known = list(lines)
    parts = [part for line in known if not line.is_offset for part in _parts(line, days)]
    parts += _offsets([line for line in known if line.is_offset], parts)
    parts += [part for one in rates for part in _priced(one)]
    before, after = exact_sum(line.before for line in known), exact_sum(line.after for line in known)
    if control is not None:
        beyond = exact_sum((control[1], -after, -control[0], before))
        parts.append(
            Part(cause=Cause.UNEXPLAINED, key="In AWS's total and in no row", account_id=None, amount=beyond)
        )
        before, after = control
    by_cause: defaultdict[Cause, list[Part]] = defaultdict(list)
    for part in parts:
        if part.amount:
            by_cause[part.cause].append(part)
    return Bridge(
        before=before, after=after, steps=[_step(one, by_cause[one]) for one in Cause if by_cause[one]]
    )


def _step(cause: Cause, parts: Sequence[Part]) -> Step:
    ordered = sorted(parts, key=lambda one: (-abs(one.amount), one.key, one.account_id or ""))
    return Step(cause=cause, amount=exact_sum(one.amount for one in parts), parts=ordered)


def _parts(line: Line, days: tuple[int, int]) -> Iterator[Part]:
    change = exact_sum((line.after, -line.before))
    if line.kind is not ChargeKind.USAGE:
        yield _part(_OF_KIND[line.kind], line, change)
    elif not line.before or not line.after:
        yield _part(Cause.NEW if line.after else Cause.GONE, line, change)
    else:
        length = _longer(line.before, days)
        rest = exact_sum((change, -length))
        yield _part(Cause.LENGTH, line, length)
        yield _part(_direction(rest), line, rest)


def _offsets(lines: Iterable[Line], parts: Iterable[Part]) -> list[Part]:
    """Return the offsets, each among more or less usage.

    A refund makes a service look as if it were used less. Where a service of the account moved about as
    much, the other way than the offset, the offset stands beside it; else where its own sign says.
    """
    moves: defaultdict[str | None, list[Decimal]] = defaultdict(list)
    for part in parts:
        if part.cause in (Cause.MORE, Cause.LESS):
            moves[part.account_id].append(part.amount)
    placed = []
    for line in lines:
        change = exact_sum((line.after, -line.before))
        nearest = min(moves[line.account_id], key=lambda move: abs(move + change), default=_ZERO)
        is_beside = abs(nearest + change) < abs(nearest)
        placed.append(_part(_direction(nearest if is_beside else change), line, change))
    return placed


def _longer(cost: Decimal, days: tuple[int, int]) -> Decimal:
    """Return what more days, or fewer, would have cost at as much a day."""
    with exactly():
        return finest(cost * (days[1] - days[0]) / days[0])


def _priced(one: RateChange) -> Iterator[Part]:
    """Set a price apart: its change stood where the sign of it says, its usage stands where its own does."""
    yield Part(cause=Cause.PRICE, key=one.usage_type, account_id=None, amount=one.price, rate=one)
    moved = defaultdict[Cause, Decimal](Decimal)
    moved[_direction(one.change)] -= one.change
    moved[_direction(one.usage)] += one.usage
    for cause, amount in moved.items():
        yield Part(cause=cause, key=f"{one.usage_type}, its price set apart", account_id=None, amount=amount)


def _direction(amount: Decimal) -> Cause:
    return Cause.MORE if amount > 0 else Cause.LESS


def _part(cause: Cause, line: Line, amount: Decimal) -> Part:
    return Part(
        cause=cause,
        key=line.key,
        account_id=line.account_id,
        amount=amount,
        before=line.before,
        after=line.after,
        is_offset=line.is_offset,
    )
