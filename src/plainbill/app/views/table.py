"""One page of the idle table, as the URL asks for it: filtered, sorted, with small drawings' data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from math import ceil
from typing import Any

from plainbill.app.views.shapes import IdleInstanceView, IdleTableView, SparkView
from plainbill.model.period import Period
from plainbill.model.utilization import Hours, Utilization

ROWS_PER_PAGE = 25
_STEP = 6  # hours of one step of a sparkline


def matching_rows(rows: Sequence[IdleInstanceView], q: str, sort: str) -> list[IdleInstanceView]:
    """Return the rows that hold every word of ``q``, sorted by a field (``-field``: largest first).

    Rows whose value is unknown come last whichever way; equal values are ordered by instance id.
    """
    words = q.casefold().split()
    found = sorted(
        (row for row in rows if all(word in _text(row) for word in words)),
        key=lambda row: row.instance_id,
    )
    field, is_descending = sort.removeprefix("-"), sort.startswith("-")
    known = [row for row in found if getattr(row, field) is not None]
    unknown = [row for row in found if getattr(row, field) is None]
    return sorted(known, key=lambda row: _value(row, field), reverse=is_descending) + unknown


def table_page(
    rows: Sequence[IdleInstanceView],
    utilization: Mapping[str, Utilization],
    window: Period | None,
    *,
    q: str = "",
    sort: str = "-monthly_cost",
    page: int = 1,
) -> IdleTableView:
    """Return one page of the matching rows; a page beyond the last is the last.

    ``utilization`` is by instance id; sparks cover ``window`` and are made for the shown rows only.
    """
    found = matching_rows(rows, q, sort)
    pages = max(1, ceil(len(found) / ROWS_PER_PAGE))
    page = min(page, pages)
    shown = found[(page - 1) * ROWS_PER_PAGE : page * ROWS_PER_PAGE]
    sparks = {
        row.instance_id: spark(utilization[row.instance_id], window)
        for row in shown
        if window is not None and row.instance_id in utilization
    }
    return IdleTableView(
        rows=shown, sparks=sparks, q=q, sort=sort, page=page, pages=pages, matching=len(found)
    )


def spark(used: Utilization, window: Period) -> SparkView:
    """Return CPU over ``window`` in six-hour steps; a step without any datapoint is None."""
    offset = int((window.start - used.period.start) / timedelta(hours=1))
    starts = range(offset, offset + window.hours, _STEP)
    averages = [_known(used.cpu_average, start) for start in starts]
    maxima = [_known(used.cpu_maximum, start) for start in starts]
    return SparkView(
        average=[sum(values) / len(values) if values else None for values in averages],
        maximum=[max(values, default=None) for values in maxima],
    )


def _known(hours: Hours, start: int) -> list[float]:
    return [value for value in hours[max(start, 0) : max(start + _STEP, 0)] if value is not None]


def _value(row: IdleInstanceView, field: str) -> Any:
    value = getattr(row, field)
    return value.casefold() if isinstance(value, str) else value


def _text(row: IdleInstanceView) -> str:
    parts = (
        row.name, row.instance_id, row.instance_type, row.account_id, row.account_name, row.region,
        row.availability_zone, *row.managed_by,
    )  # fmt: skip
    return " ".join(part for part in parts if part).casefold()
