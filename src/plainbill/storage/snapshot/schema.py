"""The columns of each table of a snapshot, and how values become rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, timedelta
from decimal import Context, Decimal, Inexact, InvalidOperation
from typing import Any

import pyarrow as pa

from plainbill.errors import StorageError
from plainbill.model.cost import AnyTable, CostMetric, CostRecord, CostTable
from plainbill.model.exact import FINEST
from plainbill.model.metrics import Series
from plainbill.model.period import Period
from plainbill.model.utilization import Hours, NotAsked, Utilization
from plainbill.storage.snapshot.columns import INSTANT, hours_of, without_zone
from plainbill.storage.snapshot.load_file import HOURS, UTILIZATION
from plainbill.storage.text import storable

AMOUNT = pa.decimal128(18, 10)

_EXACT = Context(prec=18, traps=[Inexact, InvalidOperation])

COSTS = pa.schema(
    [
        pa.field("day", pa.date32(), nullable=False),
        pa.field("key", pa.string()),
        pa.field("account_id", pa.string()),
        *(pa.field(metric.value, AMOUNT, nullable=False) for metric in CostMetric),
        pa.field("is_estimated", pa.bool_(), nullable=False),
    ]
)
COSTS_BY_SERVICE = COSTS.append(pa.field("service", pa.string()))
"""The costs of usage types, which have a service and no account."""
SERIES = pa.schema(
    [
        pa.field("arn", pa.string(), nullable=False),
        pa.field("metric", pa.string(), nullable=False),
        pa.field("start", INSTANT, nullable=False),
        pa.field("step", pa.int64(), nullable=False),
        pa.field("values", pa.list_(pa.float64()), nullable=False),
    ]
)


def cost_rows(records: Sequence[CostRecord], table: AnyTable) -> pa.Table:
    """Return cost records as a table; ``StorageError`` for an amount that would lose a digit."""
    columns: dict[str, Any] = {
        "day": [record.day for record in records],
        "key": [_text(record.key) for record in records],
        "account_id": [_text(record.account_id) for record in records],
        "is_estimated": [record.is_estimated for record in records],
    }
    metrics = tuple(CostMetric)
    amounts = [_amounts(record, metrics) for record in records]
    columns |= {metric.value: [of_one[number] for of_one in amounts] for number, metric in enumerate(metrics)}
    if table is not CostTable.USAGE_TYPE:
        return pa.table(columns, schema=COSTS)
    columns["service"] = [_text(record.service) for record in records]
    return pa.table(columns, schema=COSTS_BY_SERVICE)


def utilization_rows(utilization: Mapping[str, Utilization]) -> pa.Table:
    """Return hourly statistics as a table, one row an instance; an hour without a datapoint is null."""
    seen = utilization.values()
    columns: dict[str, Any] = {
        "arn": [storable(arn) for arn in utilization],
        "start": [one.period.start for one in seen],
        "end": [one.period.end for one in seen],
    }
    columns |= {name: [_hours(getattr(one, name)) for one in seen] for name in HOURS}
    return pa.table(columns, schema=UTILIZATION)


def _hours(hours: Hours | NotAsked) -> list[float | None] | None:
    return None if isinstance(hours, NotAsked) else list(hours)


def series_rows(series: Mapping[tuple[str, str], Series]) -> pa.Table:
    """Return metrics as a table, one row a metric of a resource; a step without a datapoint is null."""
    measured = series.values()
    columns: dict[str, Any] = {
        "arn": [storable(arn) for arn, _ in series],
        "metric": [key for _, key in series],
        "start": [one.period.start for one in measured],
        "step": [int(one.step.total_seconds()) for one in measured],
        "values": [list(one.values) for one in measured],
    }
    return pa.table(columns, schema=SERIES)


def _amounts(record: CostRecord, metrics: Iterable[CostMetric]) -> list[Decimal]:
    """Return the amounts of a record; mostly all of them are one and the same object."""
    found: list[Decimal] = []
    last: Decimal | None = None
    for metric in metrics:
        amount = record.amounts.get(metric)
        if amount is None or amount is not last:
            found.append(_amount(record, metric, amount))
            last = amount
        else:
            found.append(found[-1])
    return found


def _amount(record: CostRecord, metric: CostMetric, amount: Decimal | None) -> Decimal:
    if amount is None or not amount.is_finite():
        raise StorageError(
            f"{_where(record, metric)} is {amount}; every cost record needs an amount of each of: "
            f"{', '.join(CostMetric)}"
        )
    try:
        return amount.quantize(FINEST, context=_EXACT)
    except (Inexact, InvalidOperation):
        raise StorageError(
            f"{_where(record, metric)} is {amount}: it does not fit 8 digits before and 10 after the decimal "
            "point exactly"
        ) from None


def _where(record: CostRecord, metric: CostMetric) -> str:
    return f"{metric.value} of {record.key or 'the control total'} on {record.day}"


def _text(text: str | None) -> str | None:
    return None if text is None else storable(text)


class StoredSeries(Mapping[tuple[str, str], Series]):
    """Metrics by (ARN, ``Metric.key``), turned into Python values one at a time."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table.combine_chunks().cast(without_zone(SERIES))
        arns, metrics = self._table["arn"].to_pylist(), self._table["metric"].to_pylist()
        self._rows = {key: row for row, key in enumerate(zip(arns, metrics, strict=True))}

    def __getitem__(self, key: tuple[str, str]) -> Series:
        row = self._rows[key]
        start = self._table["start"][row].as_py().replace(tzinfo=UTC)
        step = timedelta(seconds=self._table["step"][row].as_py())
        values = hours_of(self._table["values"][row].values)
        return Series(Period(start, start + len(values) * step), step, values)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)
