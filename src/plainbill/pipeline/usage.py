"""The part of a refresh that reads what usage was billed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial

from plainbill.aws_connector import Connector
from plainbill.data_fetcher import billed_usage
from plainbill.data_fetcher.crew import Reading, Unit
from plainbill.model.billing import UsageSpan, UsageTable
from plainbill.model.period import Period
from plainbill.storage import Snapshot


def usage_units(
    connector: Connector, last: Snapshot | None, today: date
) -> Iterator[Unit[tuple[UsageTable, UsageSpan]]]:
    """Yield one unit a table, asked of the paying account; the whole window each time, for its days move."""
    payer = connector.accounts[0].account_id
    currency = last.manifest.currency if last and last.manifest.tables else None
    for table in UsageTable:
        read = partial(_read_usage, connector, payer, billed_usage.window(today), table, currency)
        yield Unit(billed_usage.source_name(table), payer, None, read)


def _read_usage(
    connector: Connector, account_id: str, period: Period, table: UsageTable, currency: str | None
) -> Reading[tuple[UsageTable, UsageSpan]]:
    span, gaps = billed_usage.read(connector, account_id, period, table, currency)
    return Reading((table, span) if span else None, len(span.records) if span else 0, gaps)
