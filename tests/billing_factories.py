"""Generated bills for tests: say only what the test is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from plainbill.model.billing import BilledUsage, UsageRecord, UsageSpan
from plainbill.model.period import Period

BILL = Period.of_days(date(2026, 10, 22), date(2026, 11, 23))
"""What is asked for on 24 November 2026: 32 days, ten of them in October."""
FIRST_OF_MONTH = date(2026, 11, 1)
ACCOUNT = "111122223333"
HOURS = BILL.hours


def usage(usage_type: str, key: str, quantity: str, cost: str, **changes: Any) -> UsageRecord:
    """The part of November of one usage, by the hour."""
    plain = UsageRecord(
        start=FIRST_OF_MONTH,
        end=BILL.end_day,
        usage_type=usage_type,
        key=key,
        quantity=Decimal(quantity),
        unit="Hrs",
        cost=Decimal(cost),
    )
    return replace(plain, **changes)


def in_october(record: UsageRecord, **changes: Any) -> UsageRecord:
    """The same usage in the days of October."""
    return replace(record, start=BILL.first_day, end=FIRST_OF_MONTH, **changes)


def span(*records: UsageRecord, **changes: Any) -> UsageSpan:
    """One table in US dollars."""
    return replace(UsageSpan(period=BILL, currency="USD", records=records), **changes)


def billed(*records: UsageRecord, **changes: Any) -> BilledUsage:
    """A bill of which only the usage by account was read."""
    return BilledUsage(by_operation=None, by_account=span(*records, **changes))
