"""What AWS's price list answered, as rows: a usage, the day, and the price as AWS's own digits."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pyarrow as pa

from plainbill.model.money import Money, plain
from plainbill.prices import Listed, Origin, Rate, Unit, UsageKey
from plainbill.storage.text import storable

LISTED_NAME = "price_list.parquet"

_KEY = ("region", "service", "usage_type", "operation")
_RATE = ("price", "currency", "unit", "source")
_SCHEMA = pa.schema(
    [
        *(pa.field(name, pa.string(), nullable=False) for name in _KEY),
        pa.field("asked_on", pa.date32(), nullable=False),
        *(pa.field(name, pa.string()) for name in _RATE),
    ]
)


def listed_rows(answers: Iterable[Listed]) -> pa.Table:
    """Return answers as a table, one row each; without a price where the list has none."""
    return pa.Table.from_pylist([_row(one) for one in answers], schema=_SCHEMA)


def _row(one: Listed) -> dict[str, object]:
    row: dict[str, object] = {name: storable(getattr(one.key, name)) for name in _KEY}
    row["asked_on"] = one.asked_on
    if one.rate is not None:
        price = one.rate.price
        row |= {"price": plain(price.amount), "currency": price.currency}
        row |= {"unit": one.rate.unit.value, "source": storable(one.rate.source)}
    return row


def listed_of(table: pa.Table) -> tuple[Listed, ...]:
    """Read answers back, equal to what was stored."""
    return tuple(
        Listed(UsageKey(*(row[name] for name in _KEY)), row["asked_on"], _rate(row))
        for row in table.to_pylist()
    )


def _rate(row: dict[str, Any]) -> Rate | None:
    if row["price"] is None:
        return None
    price = Money(Decimal(row["price"]), row["currency"])
    return Rate(price, Unit(row["unit"]), row["asked_on"], row["source"], Origin.PRICE_LIST)
