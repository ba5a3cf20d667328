"""The demo company's bill, by formula: every charge of every UTC day, in whole units of 10^-10 US dollars.

Whole units make every grouping of the same days and metric sum to the same amount, to the last digit.
EC2 compute is the instances' running hours times their price, and the surplus credits of burstable ones;
other resources are billed by the hours that they are there (``running.py``).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal

from plainbill.demo.bill_ec2 import REGION_FACTOR, ec2_charges, hourly_price
from plainbill.demo.cell import METRIC_ORDER, REPORTED_HOURS, UNITS, Cell, noise, units
from plainbill.demo.fleet import DEVELOPMENT, MANAGEMENT, PRODUCTION, VIRGINIA
from plainbill.demo.instances import DemoInstance
from plainbill.demo.running import Meters
from plainbill.demo.services import (
    CHARGES,
    CLOUDFRONT,
    CLOUDWATCH,
    GLOBAL,
    NOWHERE,
    RDS,
    ROUTE53,
    S3,
    SUPPORT,
    TAX,
    USAGE_PREFIX,
    Charge,
)
from plainbill.model.cost import CostMetric
from plainbill.model.period import Period, month_start
from plainbill.prices import PriceBook

SPIKE_DAYS_AGO = 9
_SPIKE = {SPIKE_DAYS_AGO: 30.0, SPIKE_DAYS_AGO - 1: 9.0}
"""Somebody left debug logging on: how much more CloudWatch logs cost, by days ago."""
_REFUND_DAYS_AGO = 17
_REFUND = units(312.64)
MONTH = 30.4375
"""Days of one, on average."""
TAX_PER_10_000 = 156
"""Sales tax on the part of the usage that is taxable."""
_SUPPORT_TIERS = ((10_000, 10), (70_000, 7), (170_000, 5))
"""Business support: percent of each next slice of the month's usage, in dollars."""


class Bill:
    """What AWS charges the company on each day up to ``today``, and what of it is still an estimate."""

    def __init__(
        self, instances: Iterable[DemoInstance], prices: PriceBook, today: date, meters: Meters
    ) -> None:
        self.today, self._meters = today, meters
        self._priced = [(instance, hourly_price(instance.resource, prices)) for instance in instances]
        self._days: dict[date, tuple[Cell, ...]] = {}

    @property
    def first_day(self) -> date:
        """The oldest day Cost Explorer still knows: 13 months and the current one."""
        return month_start(self.today, -13)

    def is_estimated(self, day: date) -> bool:
        """Say whether a day is not invoiced yet: this month, the last two days, a month that just ended."""
        if day >= min(month_start(self.today), self.today - timedelta(days=1)):
            return True
        last_month = month_start(self.today, -1)
        return self.today.day <= 3 and day >= last_month

    def cells(self, day: date) -> tuple[Cell, ...]:
        """Return every charge of a day; none outside what is known."""
        if day not in self._days:
            known = self.first_day <= day <= self.today
            self._days[day] = tuple(self._charges(day)) if known else ()
        return self._days[day]

    def total(self, period: Period, metric: CostMetric, **only: str) -> Decimal:
        """Sum a period's charges in US dollars; ``only`` keeps cells by their fields (account_id="...")."""
        index = METRIC_ORDER.index(metric)
        cells = (cell for day in period.dates() for cell in self.cells(day))
        kept = (cell for cell in cells if all(getattr(cell, name) == value for name, value in only.items()))
        return Decimal(sum(cell.amounts[index] for cell in kept)) / UNITS

    def totals(self, period: Period, metric: CostMetric, *by: str) -> dict[tuple[str, ...], Decimal]:
        """Sum a period's charges for each combination of the cells' fields ``by`` (service ...)."""
        index = METRIC_ORDER.index(metric)
        sums: dict[tuple[str, ...], int] = {}
        for day in period.dates():
            for cell in self.cells(day):
                key = tuple(str(getattr(cell, name)) for name in by)
                sums[key] = sums.get(key, 0) + cell.amounts[index]
        return {key: Decimal(amount) / UNITS for key, amount in sums.items()}

    def _charges(self, day: date) -> Iterator[Cell]:
        usage = [
            *ec2_charges(self._priced, day, self.today),
            *self._meters.cells(day),
            *self._services(day),
        ]
        yield from usage
        yield from _adjustments(usage, day, self.today)
        if day.day == 1:
            yield from _monthly(usage, day)

    def _services(self, day: date) -> Iterator[Cell]:
        cells = [cell for charge in CHARGES for cell in self._charge(charge, day)]
        return _blended(cells)

    def _charge(self, charge: Charge, day: date) -> Iterator[Cell]:
        ago = (self.today - day).days
        weekly = charge.weekend if day.weekday() >= 5 else 1.0
        amount = charge.monthly / MONTH * (1 + charge.growth) ** (-ago / MONTH) * weekly
        if charge.service == CLOUDWATCH:
            amount *= _SPIKE.get(ago, 1.0)
        reported = REPORTED_HOURS / 24 if ago == 0 else 1.0
        for account, share in charge.accounts.items():
            for region, part in charge.regions.items():
                jitter = noise(charge.usage_type, account, region, str(day.toordinal()))
                cost = units(amount * share * part * reported * (0.95 + jitter / 10))
                net = cost - _private_rate(charge.service, cost)
                usage_type = USAGE_PREFIX[region] + charge.usage_type
                amounts = (cost, cost, net, net, cost)
                place = (account, region, charge.service)
                quantity = _quantity(charge, region, cost)
                yield Cell(*place, "Usage", usage_type, amounts, quantity, charge.operation, charge.unit)


def _quantity(charge: Charge, region: str, cost: int) -> int:
    """Return how much it was, in 10^-10 of the unit; 0 where the price of one is not told."""
    if charge.price is None:
        return 0
    return round(cost / (Decimal(str(charge.price)) * REGION_FACTOR.get(region, Decimal(1))))


def _private_rate(service: str, cost: int) -> int:
    """Return what the company's own contract takes off; net metrics are already without it."""
    return cost * 18 // 100 if service == CLOUDFRONT else 0


def _blended(cells: Iterable[Cell]) -> Iterator[Cell]:
    """Blend S3's volume tiers over the organization: the small account pays more, the large one less."""
    cells = list(cells)
    moved: dict[tuple[str, str], int] = {}
    for cell in cells:
        if cell.service == S3 and cell.account_id == DEVELOPMENT:
            moved[cell.region, cell.usage_type] = cell.amounts[0] // 20
    for cell in cells:
        if cell.service != S3:
            yield cell
            continue
        shift = moved.get((cell.region, cell.usage_type), 0)
        yield cell.with_blended(cell.amounts[0] + (shift if cell.account_id == DEVELOPMENT else -shift))


def _adjustments(usage: Iterable[Cell], day: date, today: date) -> Iterator[Cell]:
    """Yield what is taken off again: a private rate, a migration credit, one refund."""
    for cell in usage:
        if cell.service == CLOUDFRONT:
            off = -_private_rate(cell.service, cell.amounts[0])
            yield Cell(*cell.place, "Private Rate Discount", cell.usage_type, (off, off, 0, 0, off), 0)
        elif cell.service == RDS and cell.account_id == PRODUCTION and cell.region == VIRGINIA:
            yield Cell.plain(*cell.place, "Credit", cell.usage_type, -(cell.amounts[0] * 6 // 100))
    if (today - day).days == _REFUND_DAYS_AGO:
        place = (PRODUCTION, GLOBAL, CLOUDFRONT)
        yield Cell.plain(*place, "Refund", "DataTransfer-Out-Bytes", -_REFUND)


def _monthly(usage: Iterable[Cell], day: date) -> Iterator[Cell]:
    """Yield what is billed once, on the first of the month: hosted zones, support, tax."""
    days = monthrange(day.year, day.month)[1]
    by_account: dict[str, int] = {}
    for cell in usage:
        if cell.record_type == "Usage":
            by_account[cell.account_id] = by_account.get(cell.account_id, 0) + cell.amounts[0] * days
    for account, zones in ((PRODUCTION, 38), (DEVELOPMENT, 12), (MANAGEMENT, 4)):
        yield Cell.plain(account, GLOBAL, ROUTE53, "Usage", "HostedZone", units(0.5) * zones)
    fee = support_fee(sum(by_account.values()))
    yield Cell.plain(MANAGEMENT, NOWHERE, SUPPORT, "Support", "Support-Business", fee)
    for account, amount in by_account.items():
        yield Cell.plain(account, NOWHERE, TAX, "Tax", "Tax", amount * TAX_PER_10_000 // 10_000)


def support_fee(usage: int) -> int:
    """Return what business support costs for a month of so much usage, both in units."""
    fee = 0
    for slice_dollars, percent in _SUPPORT_TIERS:
        part = min(usage, units(slice_dollars))
        fee += part * percent // 100
        usage -= part
    return fee
