"""Costs per day, as Cost Explorer's ``GetCostAndUsage`` reports them: one request a page, $0.01 each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from sys import intern
from typing import Any

from plainbill.aws_connector import Connector, Read, Scope
from plainbill.aws_connector.errors import AwsCallError, PagesChanged
from plainbill.data_fetcher.asking import amount, day_of
from plainbill.data_fetcher.source import Source, as_documented
from plainbill.model.billing import bill_source
from plainbill.model.cost import AnyTable, CostMetric, CostRecord, CostTable
from plainbill.model.inventory import Gap
from plainbill.model.period import Period, month_start

REGION = "us-east-1"  # Cost Explorer has one endpoint
MONTHS_KEPT = 13  # before the month in progress; Cost Explorer's daily history

USAGE_TYPE_MONTHS = 2  # before the month in progress: usage types are many, and each page is paid for
_NAMED: Mapping[CostTable, str] = {CostTable.TAG: "TAG", CostTable.COST_CATEGORY: "COST_CATEGORY"}
"""What is grouped by under a name of the owner's own, and how Cost Explorer calls its kind."""
_METRICS = tuple((metric, metric.cost_explorer_name) for metric in CostMetric)
_DAY = timedelta(days=1)

_LATER_STARTS = (3, 0)  # months before the one in progress; each refusal is a request
REFUSES_OLD_DAYS = frozenset({"DataUnavailableException", "BillExpirationException", "ValidationException"})
"""Codes of an account that is younger than the days asked for, or has just switched Cost Explorer on."""
_NOT_YET = "Cost Explorer has no days before {} ({})."
_MISSING = "Cost Explorer did not answer for {}."
_MIXED = "Costs came in {}: they cannot be added up."
_REMEDIES = {
    "HistoryUnavailable": "Nothing, if the account is not older; else refresh again in a day or two: Cost "
    "Explorer takes days to fill its history after it was switched on.",
    "DaysMissing": "Refresh again later; a new account's costs appear about a day after Cost Explorer is on.",
    "MixedCurrencies": "Keep each currency's accounts in a Plainbill of their own (PLAINBILL_HOME).",
}


class CostExplorer(Source):
    """Cost by service, by record type and in total; asked of the account that pays."""

    name = "cost_explorer"
    reads = (
        Read("ce", "GetCostAndUsage", "any cost: by service, by account, by day, with credits and tax apart"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CostAnswer:
    """One table, as answered.

    ``days_answered`` are the days Cost Explorer spoke about: one without records cost nothing, while a
    day that is not among them is unknown. ``account_names`` holds the names of linked accounts.
    """

    records: tuple[CostRecord, ...]
    account_names: Mapping[str, str]
    days_answered: frozenset[date]

    @property
    def currencies(self) -> tuple[str, ...]:
        """The currencies of the answer, sorted; more than one must not be summed."""
        return tuple(sorted({record.currency for record in self.records}))


@dataclass(frozen=True, slots=True)
class Refused:
    """Why Cost Explorer did not answer for older days, and the day it answered from instead."""

    error: AwsCallError
    answered_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CostReading:
    """One table as read for ``period``: a day without records cost nothing, unless it is missing."""

    period: Period
    records: tuple[CostRecord, ...]
    account_names: Mapping[str, str]
    missing_days: frozenset[date]
    refused: Refused | None = None


Ask = Callable[[Period], CostAnswer]
"""Asks for some days of one table."""
MayBegin = Callable[[], bool]
"""Says whether a further set of pages may be begun; what was begun goes on to its last page."""


def _always() -> bool:
    return True


def history_start(today: date, table: AnyTable | None = None) -> date:
    """Return the oldest day to ask for: the first of the month 13 months back, as far as AWS keeps days.

    Usage types are asked from two months back; what was read of them stays, so their history grows.
    """
    return month_start(today, -(USAGE_TYPE_MONTHS if table is CostTable.USAGE_TYPE else MONTHS_KEPT))


def open_period(today: date, oldest_open_day: date | None, table: AnyTable | None = None) -> Period:
    """Return the days to ask for, from the oldest that may still change (None: all that is kept).

    The day in progress is asked for too: Cost Explorer marks it ``Estimated``, so it is asked again, and
    whoever shows whole days only ends the day before.
    """
    oldest = history_start(today, table)
    first = oldest if oldest_open_day is None else max(oldest, min(oldest_open_day, today))
    return Period.of_days(first, today + _DAY)


def request(period: Period, table: AnyTable, name: str | None = None) -> dict[str, Any]:
    """Return the parameters of ``GetCostAndUsage``; all cost metrics come at the price of one.

    ``name`` is that of the tag or cost category.
    """
    parameters: dict[str, Any] = {
        "TimePeriod": {"Start": period.first_day.isoformat(), "End": period.end_day.isoformat()},
        "Granularity": "DAILY",
        "Metrics": [name for _, name in _METRICS],
    }
    if table is not CostTable.CONTROL:
        second = "SERVICE" if table is CostTable.USAGE_TYPE else "LINKED_ACCOUNT"
        kind, key = (_NAMED[table.kind], name) if table.kind in _NAMED else ("DIMENSION", table.value.upper())
        parameters["GroupBy"] = [{"Type": kind, "Key": key}, {"Type": "DIMENSION", "Key": second}]
    return parameters


def fetch(
    connector: Connector, account_id: str, period: Period, table: AnyTable, name: str | None = None
) -> Iterator[dict[str, Any]]:
    """Yield every page of one table; raises ``AwsError``: ``PagesChanged`` when to begin again."""
    scope = Scope(account_id, REGION)
    return connector.pages(scope, "ce", "GetCostAndUsage", **request(period, table, name))


def is_kept(
    connector: Connector, account_id: str, period: Period, table: AnyTable, name: str | None = None
) -> bool:
    """Say whether a stopped refresh was answered this, or began to be: it is paid for."""
    scope = Scope(account_id, REGION)
    return connector.is_kept(scope, "ce", "GetCostAndUsage", **request(period, table, name))


def parse(pages: Iterable[Mapping[str, Any]], table: AnyTable) -> CostAnswer:
    """Turn the pages of one table into records, in the order AWS gave them.

    Grouped answers leave ``Total`` empty and groups without cost out; ungrouped ones have only ``Total``.
    One day may go on over two pages.
    """
    records: list[CostRecord] = []
    names: dict[str, str] = {}
    days: set[date] = set()
    for page in pages:
        for result in page["ResultsByTime"]:
            if table is not CostTable.CONTROL or result["Total"]:
                days.update(_days(result["TimePeriod"]))
                records.extend(_records(result, table))
        names.update(_names(page))
    accounts = {record.account_id for record in records}
    return CostAnswer(
        records=tuple(records),
        account_names={account: name for account, name in names.items() if account in accounts},
        days_answered=frozenset(days),
    )


def read(
    connector: Connector,
    account_id: str,
    period: Period,
    table: AnyTable,
    currency: str | None,
    may_begin: MayBegin = _always,
    refused: Refused | None = None,
    name: str | None = None,
) -> tuple[CostReading | None, list[Gap]]:
    """Return one table, None if nothing of it can be used, and what is missing; raises ``AwsError``.

    ``currency`` is that of the costs already kept, if any. An answer in another currency, or in several,
    is not used: amounts of two currencies must never meet in a sum. ``name`` is that of the tag or cost
    category. The period begins later where Cost Explorer refuses its older days: a young account, or one that
    has just switched it on. ``refused`` is what another table was told a moment ago, so that no request is
    spent on hearing it again. ``may_begin`` is asked before anything is asked a second time.
    """

    def ask(days: Period) -> CostAnswer:
        return parse(fetch(connector, account_id, days, table, name), table)

    with as_documented(CostExplorer.reads[0], Scope(account_id, REGION)):
        period, answer, refused = _as_far_back_as_possible(ask, period, may_begin, refused)
    currencies = {*answer.currencies, *([currency] if currency else [])}
    if len(currencies) > 1:
        return None, [
            _gap(account_id, table, "MixedCurrencies", _MIXED.format(" and ".join(sorted(currencies))))
        ]
    unanswered = [day for day in period.dates() if day not in answer.days_answered]
    gaps = list(_missing_gap(account_id, table, [day for day in unanswered if day < period.end_day - _DAY]))
    if refused:
        reason = _NOT_YET.format(period.first_day, refused.error.code)
        gaps.insert(0, _gap(account_id, table, "HistoryUnavailable", reason))
    if len(unanswered) == period.days:
        return None, gaps
    reading = CostReading(
        period=period,
        records=answer.records,
        account_names=answer.account_names,
        missing_days=frozenset(unanswered),
        refused=refused,
    )
    return reading, gaps


def _as_far_back_as_possible(
    ask: Ask, period: Period, may_begin: MayBegin, known: Refused | None
) -> tuple[Period, CostAnswer, Refused | None]:
    """Return the period that was answered, and why it is shorter than ``period``, if it is.

    Raises the first refusal when every start is refused, or no further one may be tried.
    """
    refusal: AwsCallError | None = None
    for start in _starts(period, known):
        if refusal and not may_begin():
            break
        shorter = Period.of_days(start, period.end_day)
        try:
            answer = _answered(ask, shorter, may_begin)
        except AwsCallError as error:
            if error.code not in REFUSES_OLD_DAYS:
                raise refusal or error from None
            refusal = refusal or error
        else:
            why = refusal or (known.error if known and start > period.first_day else None)
            return shorter, answer, Refused(why, start) if why else None
    assert refusal  # noqa: S101 - there is one start at least
    raise refusal


def _starts(period: Period, known: Refused | None) -> Iterator[date]:
    """Yield where to begin: at the period's own start, then later and later, at the first of a month.

    Starts before the day that another table was answered from are left out.
    """
    first = max(period.first_day, known.answered_from) if known else period.first_day
    yield first
    today = period.end_day - _DAY
    for back in _LATER_STARTS:
        if (start := month_start(today, -back)) > first:
            yield start


def _answered(ask: Ask, period: Period, may_begin: MayBegin) -> CostAnswer:
    """Return one table, page by page, so that a large bill is never held twice.

    When Cost Explorer gives up on a sequence of pages (new data arrived in between), the whole sequence
    is asked for once more from its start, so pages of two states are never mixed.
    """
    try:
        return ask(period)
    except PagesChanged:
        if not may_begin():
            raise
        return ask(period)


def _missing_gap(account_id: str, table: AnyTable, days: Sequence[date]) -> Iterator[Gap]:
    """Yield one gap for all days that ought to have been answered; the day in progress need not be."""
    if days:
        named = f"{len(days)} days from {days[0]} to {days[-1]}" if len(days) > 1 else str(days[0])
        yield _gap(account_id, table, "DaysMissing", _MISSING.format(named))


def _gap(account_id: str, table: AnyTable, kind: str, reason: str) -> Gap:
    return bill_gap(bill_source(table), account_id, kind, reason, _REMEDIES[kind])


def bill_gap(source: str, account_id: str, kind: str, reason: str, remedy: str) -> Gap:
    """Return a gap of the account that pays, which no permission would close."""
    return Gap(
        source=source,
        account_id=account_id,
        region=None,
        kind=kind,
        action=None,
        reason=reason,
        remedy=remedy,
    )


def _records(result: Mapping[str, Any], table: AnyTable) -> Iterator[CostRecord]:
    """Yield the records of one day; what they have in common is held once, for there can be millions."""
    day, is_estimated = day_of(result["TimePeriod"]["Start"]), result["Estimated"]
    control = [{"Keys": (), "Metrics": result["Total"]}]
    for group in control if table is CostTable.CONTROL else result["Groups"]:
        key, other, *_ = *map(intern, group["Keys"]), None, None
        is_by_service = table is CostTable.USAGE_TYPE
        for currency, amounts in _by_currency(group["Metrics"]).items():
            yield CostRecord(
                day=day,
                key=key,
                account_id=None if is_by_service else other,
                service=other if is_by_service else None,
                amounts=amounts,
                currency=intern(currency),
                is_estimated=is_estimated,
            )


def _by_currency(metrics: Mapping[str, Any]) -> dict[str, dict[CostMetric, Decimal]]:
    """Return the amounts of one group, which are all of one currency unless AWS ever mixes them."""
    amounts: dict[str, dict[CostMetric, Decimal]] = {}
    exact: dict[str, Decimal] = {}  # mostly all metrics are the same amount
    for metric, name in _METRICS:
        if told := metrics.get(name):
            written = told["Amount"]
            if written not in exact:
                exact[written] = amount(written)
            amounts.setdefault(told["Unit"], {})[metric] = exact[written]
    return amounts


def _days(period: Mapping[str, str]) -> Iterator[date]:
    first, end = (day_of(period[side]) for side in ("Start", "End"))
    return Period.of_days(first, end).dates()


def _names(page: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for value in page.get("DimensionValueAttributes", ()):
        if name := value.get("Attributes", {}).get("description"):
            yield value["Value"], name
