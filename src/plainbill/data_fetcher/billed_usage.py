"""Usage of about the last month as it was billed, from Cost Explorer: $0.01 a request, one request a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from sys import intern
from typing import Any

from plainbill.aws_connector import Connector, Scope
from plainbill.aws_connector.errors import AwsCallError, PagesChanged
from plainbill.data_fetcher.asking import amount, day_of
from plainbill.data_fetcher.cost_explorer import REFUSES_OLD_DAYS, REGION, CostExplorer, MayBegin, bill_gap
from plainbill.data_fetcher.source import as_documented
from plainbill.model.billing import LATE, UsageRecord, UsageSpan, UsageTable, bill_source
from plainbill.model.inventory import Gap
from plainbill.model.period import Period, month_start

DAYS = 32
"""Whole days that are asked for at least: the longest look-back of a check that the bill can stand in for."""
LAST_MONTH = 7
"""Days of an earlier month that are asked for at least: prices are compared from month to month."""
_GROUP_BY = {
    UsageTable.OPERATION: ("USAGE_TYPE", "OPERATION"),
    UsageTable.ACCOUNT: ("USAGE_TYPE", "LINKED_ACCOUNT"),
}
_COST, _QUANTITY = "UnblendedCost", "UsageQuantity"
_USAGE_ONLY = {"Dimensions": {"Key": "RECORD_TYPE", "Values": ["Usage"]}}
"""Without what plans and reservations cover, which has prices of its own, and without credits and tax."""
_DAY = timedelta(days=1)
_WAIT = "Nothing, if the account is younger; else refresh again in a day or two."
_SEPARATE = "Keep each currency's accounts in a Plainbill of their own (PLAINBILL_HOME)."


@dataclass(frozen=True, slots=True)
class UsageAnswer:
    """One table, as answered; more than one currency must not be used."""

    records: tuple[UsageRecord, ...]
    currencies: tuple[str, ...]


def window(today: date) -> Period:
    """Return the closed days to ask for: 32 to 38 of them, a week or more in the month before the last."""
    end = today - LATE * _DAY
    month = month_start(end - _DAY)
    return Period.of_days(min(end - DAYS * _DAY, month - LAST_MONTH * _DAY), end)


def request(period: Period, table: UsageTable) -> dict[str, Any]:
    """Return the parameters of ``GetCostAndUsage``: by month, so that there are few groups, and few pages."""
    return {
        "TimePeriod": {"Start": period.first_day.isoformat(), "End": period.end_day.isoformat()},
        "Granularity": "MONTHLY",
        "Metrics": [_COST, _QUANTITY],
        "Filter": _USAGE_ONLY,
        "GroupBy": [{"Type": "DIMENSION", "Key": key} for key in _GROUP_BY[table]],
    }


def fetch(
    connector: Connector, account_id: str, period: Period, table: UsageTable
) -> Iterator[dict[str, Any]]:
    """Yield every page of one table; raises ``AwsError``: ``PagesChanged`` when to begin again."""
    scope = Scope(account_id, REGION)
    return connector.pages(scope, "ce", "GetCostAndUsage", **request(period, table))


def is_kept(connector: Connector, account_id: str, period: Period, table: UsageTable) -> bool:
    """Say whether a stopped refresh was answered this, or began to be: it is paid for."""
    scope = Scope(account_id, REGION)
    return connector.is_kept(scope, "ce", "GetCostAndUsage", **request(period, table))


def parse(pages: Iterable[Mapping[str, Any]]) -> UsageAnswer:
    """Turn the pages of one table into records, in the order AWS gave them."""
    records: list[UsageRecord] = []
    currencies: set[str] = set()
    for page in pages:
        for result in page["ResultsByTime"]:
            start, end = (day_of(result["TimePeriod"][side]) for side in ("Start", "End"))
            for group in result["Groups"]:
                records.append(_record(group, start, end))
                currencies.add(group["Metrics"][_COST]["Unit"])
    return UsageAnswer(tuple(records), tuple(sorted(currencies)))


def read(
    connector: Connector,
    account_id: str,
    period: Period,
    table: UsageTable,
    currency: str | None,
    may_begin: MayBegin = lambda: True,
) -> tuple[UsageSpan | None, list[Gap]]:
    """Return one table, None if it cannot be used, and what is missing; raises ``AwsError``.

    ``currency`` is that of the costs already kept, if any: a price in another one is not used.
    ``may_begin`` is asked before anything is asked a second time.
    """
    try:
        with as_documented(CostExplorer.reads[0], Scope(account_id, REGION)):
            answer = _answered(connector, account_id, period, table, may_begin)
    except AwsCallError as error:
        if error.code not in REFUSES_OLD_DAYS:
            raise
        reason = f"Cost Explorer has no usage from {period.first_day} on ({error.code})."
        return None, [bill_gap(bill_source(table), account_id, "HistoryUnavailable", reason, _WAIT)]
    currencies = {*answer.currencies, *([currency] if currency else [])}
    if len(currencies) > 1:
        reason = f"Usage came in {' and '.join(sorted(currencies))}: it has no one price."
        return None, [bill_gap(bill_source(table), account_id, "MixedCurrencies", reason, _SEPARATE)]
    return UsageSpan(period=period, currency=currencies.pop() if currencies else "USD",
                     records=answer.records), []  # fmt: skip


def _answered(
    connector: Connector, account_id: str, period: Period, table: UsageTable, may_begin: MayBegin
) -> UsageAnswer:
    """Return one table; when its pages change in between, all of them are asked for once more."""
    try:
        return parse(fetch(connector, account_id, period, table))
    except PagesChanged:
        if not may_begin():
            raise
        return parse(fetch(connector, account_id, period, table))


def _record(group: Mapping[str, Any], start: date, end: date) -> UsageRecord:
    usage_type, key = map(intern, group["Keys"])
    metrics = group["Metrics"]
    return UsageRecord(
        start=start,
        end=end,
        usage_type=usage_type,
        key=key,
        quantity=amount(metrics[_QUANTITY]["Amount"]),
        unit=intern(metrics[_QUANTITY]["Unit"]),
        cost=amount(metrics[_COST]["Amount"]),
    )
