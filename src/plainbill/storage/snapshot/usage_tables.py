"""Billed usage as rows of a snapshot, one file a table; each refresh that reads a table replaces it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pyarrow as pa

from plainbill.errors import StorageError
from plainbill.model.billing import UsageRecord, UsageSpan, UsageTable
from plainbill.model.exact import FINEST
from plainbill.model.period import Period
from plainbill.storage.text import storable

_NUMBER = pa.decimal128(38, 10)
_LIMIT = Decimal(10) ** 28
_NUMBERS = ("quantity", "cost")
_TEXTS = ("usage_type", "key", "unit")
USAGE = pa.schema(
    [
        pa.field("start", pa.date32(), nullable=False),
        pa.field("end", pa.date32(), nullable=False),
        *(pa.field(name, pa.string(), nullable=False) for name in _TEXTS),
        *(pa.field(name, _NUMBER, nullable=False) for name in _NUMBERS),
    ]
)


def usage_file_name(table: UsageTable) -> str:
    """Return the file that holds a table."""
    return f"{table.value}.parquet"


def usage_rows(span: UsageSpan) -> pa.Table:
    """Return billed usage as a table; ``StorageError`` for a number that would lose a digit."""
    columns: dict[str, Any] = {
        name: [getattr(one, name) for one in span.records] for name in ("start", "end")
    }
    columns |= {name: [storable(getattr(one, name)) for one in span.records] for name in _TEXTS}
    columns |= {name: [_number(one, name) for one in span.records] for name in _NUMBERS}
    return pa.table(columns, schema=USAGE)


def usage_of(rows: pa.Table, period: Period, currency: str) -> UsageSpan:
    """Return what ``usage_rows`` was given."""
    records = tuple(UsageRecord(**row) for row in rows.to_pylist())
    return UsageSpan(period=period, currency=currency, records=records)


def _number(record: UsageRecord, name: str) -> Decimal:
    number: Decimal = getattr(record, name)
    if not number.is_finite() or abs(number) >= _LIMIT or number.normalize() != number.quantize(FINEST):
        raise StorageError(
            f"{name} of {record.usage_type} from {record.start} is {number}: "
            "it does not fit 28 digits before and 10 after the decimal point exactly"
        )
    return number
