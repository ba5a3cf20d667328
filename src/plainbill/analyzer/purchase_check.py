"""What of a purchase that AWS recommends would still be used: never buy for what should be stopped.

The use that counts is the lowest of the look-back, less what the findings would take away, less what the
forecast expects to go. All amounts are list prices an hour; a month has 730 hours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum

from plainbill.analyzer.compute_usage import LINUX, normalization_factor
from plainbill.analyzer.removal import Removal
from plainbill.analyzer.reserved_units import group_key
from plainbill.model.cost_answers import PlanOffer, ReservationOffer
from plainbill.prices import HOURS_PER_MONTH

_ZERO, _ONE = Decimal(0), Decimal(1)
_MILLI = Decimal("0.001")


class Advice(StrEnum):
    """What comes of a check."""

    BUY = "buy"
    LESS = "buy less"
    NOT = "do not buy"
    UNKNOWN = "not known"


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseCheck:
    """``stable`` is the lowest use, ``removed`` what findings take away of it, ``trend`` what stays by the
    forecast (1: all of it), ``left`` what remains; in dollars on demand an hour, or in instances.

    ``safe`` is how much to buy at the most, in the offer's own terms (a commitment an hour, or instances),
    and ``monthly_saving`` what that saves. ``break_even_months`` is how long the use must last until the
    whole commitment has paid for itself.
    """

    advice: Advice
    stable: Decimal | None
    removed: Decimal
    trend: Decimal | None
    left: Decimal | None
    safe: Decimal | None
    monthly_saving: Decimal | None
    break_even_months: Decimal | None


def check_plan(
    offer: PlanOffer, removals: Iterable[Removal], lowest_day: Decimal | None, trend: Decimal | None
) -> PurchaseCheck:
    """Hold a Savings Plan against the use that would be left.

    ``lowest_day`` is an average hour of the lowest known day of the look-back, in dollars that no plan
    covers. What is removed counts whole: while it ran under today's plan, that plan moves to other use.
    """
    known = [one for one in (offer.lowest, lowest_day) if one is not None]
    stable = min(known) if known else None
    removed = sum((one.saving.amount for one in _reached(offer, removals)), _ZERO) / HOURS_PER_MONTH
    rate = _rate(offer)
    if stable is None or rate is None:
        return _unknown(stable, removed, trend, None)
    left = max(_ZERO, stable * min(_ONE, _ONE if trend is None else trend) - removed)
    safe = min(offer.hourly, (left * rate).quantize(_MILLI, ROUND_FLOOR))
    return PurchaseCheck(
        advice=_advice(safe, offer.hourly),
        stable=stable,
        removed=removed,
        trend=trend,
        left=left,
        safe=safe,
        monthly_saving=offer.monthly_saving
        if safe == offer.hourly
        else (safe / rate - safe) * HOURS_PER_MONTH,
        break_even_months=offer.term_months * rate,
    )


def check_reservation(
    offer: ReservationOffer, removals: Iterable[Removal], trend: Decimal | None
) -> PurchaseCheck:
    """Hold reservations of EC2 against the instances that would be left; others are not known."""
    removed = sum(_instances(offer, removals), _ZERO)
    whole = offer.upfront + offer.monthly_fee * offer.term_months
    on_demand = offer.monthly_saving + whole / offer.term_months
    break_even = whole / on_demand if on_demand > 0 else None
    if offer.lowest is None or not offer.service.startswith("Amazon Elastic Compute Cloud"):
        return _unknown(offer.lowest, removed, trend, break_even)
    left = max(_ZERO, offer.lowest * min(_ONE, _ONE if trend is None else trend) - removed)
    safe = min(offer.count, left.quantize(_ONE, ROUND_FLOOR))
    return PurchaseCheck(
        advice=_advice(safe, offer.count),
        stable=offer.lowest,
        removed=removed,
        trend=trend,
        left=left,
        safe=safe,
        monthly_saving=offer.monthly_saving * safe / offer.count if offer.count else _ZERO,
        break_even_months=break_even,
    )


def _rate(offer: PlanOffer) -> Decimal | None:
    """Return what a dollar on demand costs under the plan, from AWS's own estimate of the saving."""
    used = offer.hourly * (_ONE if offer.utilization is None else offer.utilization / 100)
    covered = offer.hourly + offer.monthly_saving / HOURS_PER_MONTH
    return used / covered if used > 0 and covered > 0 else None


def _reached(offer: PlanOffer, removals: Iterable[Removal]) -> Iterator[Removal]:
    """Yield what is of the offer's Region and family, where it has these."""
    for one in removals:
        if offer.family is None or (one.usage is not None and one.usage.family == offer.family):
            yield one


def _instances(offer: ReservationOffer, removals: Iterable[Removal]) -> Iterator[Decimal]:
    """Yield removed instances of the reservations' group, counted in instances of the offered type."""
    platform = offer.platform or LINUX
    group = group_key(offer.region, platform, "default", offer.instance_type)
    size = normalization_factor(offer.instance_type)
    for one in removals:
        if one.usage is None:
            continue
        usage = one.usage
        if group_key(usage.region, usage.platform, usage.tenancy, usage.instance_type) != group:
            continue
        mine = normalization_factor(usage.instance_type)
        yield one.instances * (mine / size if mine and size else _ONE)


def _advice(safe: Decimal, offered: Decimal) -> Advice:
    if safe <= 0:
        return Advice.NOT
    return Advice.BUY if safe >= offered else Advice.LESS


def _unknown(
    stable: Decimal | None, removed: Decimal, trend: Decimal | None, break_even: Decimal | None
) -> PurchaseCheck:
    return PurchaseCheck(
        advice=Advice.UNKNOWN,
        stable=stable,
        removed=removed,
        trend=trend,
        left=None,
        safe=None,
        monthly_saving=None,
        break_even_months=break_even,
    )
