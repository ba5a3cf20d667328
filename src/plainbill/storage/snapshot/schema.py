"""The columns of each table of a snapshot, and how values become rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from decimal import Context, Decimal, Inexact, InvalidOperation
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from plainbill.errors import StorageError
from plainbill.model.cost import CostMetric, CostRecord
from plainbill.model.period import Period
from plainbill.model.resources import Ec2Instance
from plainbill.model.utilization import Utilization
from plainbill.storage.text import storable, storable_texts

AMOUNT = pa.decimal128(18, 10)
HOURS = ("cpu_average", "cpu_maximum", "network_in", "network_out")

_TEN_PLACES = Decimal("1E-10")
_EXACT = Context(prec=18, traps=[Inexact, InvalidOperation])
_INSTANT = pa.timestamp("us", tz="UTC")
_TEXTS = pa.list_(pa.string())

COSTS = pa.schema(
    [
        pa.field("day", pa.date32(), nullable=False),
        pa.field("key", pa.string()),
        pa.field("account_id", pa.string()),
        *(pa.field(metric.value, AMOUNT, nullable=False) for metric in CostMetric),
        pa.field("is_estimated", pa.bool_(), nullable=False),
    ]
)
INSTANCES = pa.schema(
    [
        pa.field("instance_id", pa.string(), nullable=False),
        pa.field("account_id", pa.string(), nullable=False),
        pa.field("region", pa.string(), nullable=False),
        pa.field("instance_type", pa.string(), nullable=False),
        pa.field("state", pa.string(), nullable=False),
        pa.field("platform", pa.string(), nullable=False),
        pa.field("tenancy", pa.string(), nullable=False),
        pa.field("lifecycle", pa.string(), nullable=False),
        pa.field("launched_at", _INSTANT, nullable=False),
        pa.field("first_launched_at", _INSTANT),
        pa.field("availability_zone", pa.string()),
        pa.field("architecture", pa.string()),
        pa.field("detailed_monitoring", pa.bool_(), nullable=False),
        pa.field("ebs_volume_ids", _TEXTS, nullable=False),
        pa.field("public_ips", _TEXTS, nullable=False),
        pa.field("managed_by", _TEXTS, nullable=False),
        pa.field("tags", pa.map_(pa.string(), pa.string()), nullable=False),
    ]
)
UTILIZATION = pa.schema(
    [
        pa.field("arn", pa.string(), nullable=False),
        pa.field("start", _INSTANT, nullable=False),
        pa.field("end", _INSTANT, nullable=False),
        *(pa.field(name, pa.list_(pa.float64()), nullable=False) for name in HOURS),
    ]
)


def cost_rows(records: Sequence[CostRecord]) -> pa.Table:
    """Return cost records as a table; ``StorageError`` for an amount that would lose a digit."""
    columns: dict[str, Any] = {
        "day": [record.day for record in records],
        "key": [_text(record.key) for record in records],
        "account_id": [_text(record.account_id) for record in records],
        "is_estimated": [record.is_estimated for record in records],
    }
    columns |= {metric.value: [_amount(record, metric) for record in records] for metric in CostMetric}
    return pa.table(columns, schema=COSTS)


def instance_rows(instances: Sequence[Ec2Instance]) -> pa.Table:
    """Return instances as a table, one row each."""
    names = [field.name for field in fields(Ec2Instance)]
    rows = [{name: _plain(getattr(instance, name)) for name in names} for instance in instances]
    return pa.Table.from_pylist(rows, schema=INSTANCES)


def instances_of(table: pa.Table) -> tuple[Ec2Instance, ...]:
    """Read instances back, equal to what was stored."""
    rows: Iterable[dict[str, Any]] = table.cast(_without_zone(INSTANCES)).to_pylist(maps_as_pydicts="strict")
    return tuple(Ec2Instance(**{name: _restored(value) for name, value in row.items()}) for row in rows)


def utilization_rows(utilization: Mapping[str, Utilization]) -> pa.Table:
    """Return hourly statistics as a table, one row an instance; an hour without a datapoint is null."""
    seen = utilization.values()
    columns: dict[str, Any] = {
        "arn": [storable(arn) for arn in utilization],
        "start": [one.period.start for one in seen],
        "end": [one.period.end for one in seen],
    }
    columns |= {name: [list(getattr(one, name)) for one in seen] for name in HOURS}
    return pa.table(columns, schema=UTILIZATION)


def _amount(record: CostRecord, metric: CostMetric) -> Decimal:
    where = f"{metric.value} of {record.key or 'the control total'} on {record.day}"
    amount = record.amounts.get(metric)
    if amount is None or not amount.is_finite():
        raise StorageError(
            f"{where} is {amount}; every cost record needs an amount of each of: {', '.join(CostMetric)}"
        )
    try:
        return amount.quantize(_TEN_PLACES, context=_EXACT)
    except (Inexact, InvalidOperation):
        raise StorageError(
            f"{where} is {amount}: it does not fit 8 digits before and 10 after the decimal point exactly"
        ) from None


def _text(text: str | None) -> str | None:
    return None if text is None else storable(text)


def _plain(value: object) -> object:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, Mapping):
        return list(storable_texts(value).items())
    return list(map(_plain, value)) if isinstance(value, tuple) else value


def _restored(value: object) -> Any:
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC)
    return tuple(value) if isinstance(value, list) else value


def _without_zone(schema: pa.Schema) -> pa.Schema:
    """Return the schema with naive instants: pyarrow asks the system's zone files even for UTC."""
    naive = (field.with_type(pa.timestamp("us")) if field.type == _INSTANT else field for field in schema)
    return pa.schema(list(naive))


class StoredUtilization(Mapping[str, Utilization]):
    """Hourly statistics by instance ARN, turned into Python values one instance at a time.

    Thousands of instances hold millions of hours; as columns they take 8 bytes each, as Python floats 32.
    """

    def __init__(self, table: pa.Table) -> None:
        self._table = table.combine_chunks().cast(_without_zone(UTILIZATION))
        self._rows = {arn: row for row, arn in enumerate(self._table["arn"].to_pylist())}

    def __getitem__(self, arn: str) -> Utilization:
        row = self._rows[arn]
        start, end = (self._table[name][row].as_py().replace(tzinfo=UTC) for name in ("start", "end"))
        cpu_average, cpu_maximum, network_in, network_out = (
            _hours(self._table[name][row].values) for name in HOURS
        )
        return Utilization(
            period=Period(start, end),
            cpu_average=cpu_average,
            cpu_maximum=cpu_maximum,
            network_in=network_in,
            network_out=network_out,
        )

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


def _hours(values: pa.DoubleArray) -> tuple[float | None, ...]:
    if len(values) == 0:
        return ()
    span = slice(values.offset, values.offset + len(values))
    hours: list[float | None] = list(memoryview(values.buffers()[1]).cast("d")[span])
    if values.null_count:
        for hour in pc.indices_nonzero(values.is_null()).to_pylist():
            hours[hour] = None
    return tuple(hours)
