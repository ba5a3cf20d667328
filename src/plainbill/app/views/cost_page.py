"""What the cost page adds to its answer: the chart's series, the usual periods, what is behind a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from plainbill.analyzer.cost_by_service import NO_SERVICE, OTHER
from plainbill.app.cost_params import DIMENSIONS
from plainbill.app.treemap_drawing import Tile, treemap
from plainbill.app.views.cost_shapes import CostExplorerView, CostRowView, CostSpanView
from plainbill.model.exact import exact_sum
from plainbill.model.period import month_start

SHOWN = 8
"""How many rows have a colour of their own in the chart."""
_DAY = timedelta(days=1)
_HISTORY = 13


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesView:
    """One colour of the chart; the last one may be the folded rest."""

    key: str
    label: str
    is_other: bool
    colour: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StackedSpanView:
    """One day or month of the chart by series label, and what is asked to see what is behind it."""

    span: CostSpanView
    costs: Mapping[str, Decimal]
    behind: Mapping[str, str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TileView:
    """One row as an area; ``colour`` is that of its series, None where it is among the folded rest."""

    row: CostRowView
    behind: Mapping[str, str] | None
    colour: int | None
    place: Tile


@dataclass(frozen=True, slots=True, kw_only=True)
class CostPageView:
    """The chart and its table twin; ``credits`` is what rows below zero sum to, which have no area."""

    series: Sequence[SeriesView]
    stacked: Sequence[StackedSpanView]
    tiles: Sequence[TileView]
    credits: Decimal


def cost_page(view: CostExplorerView) -> CostPageView:
    """Fold all but the weightiest rows into one series; no sum changes."""
    billed = [row for row in view.rows if row.cost]  # one that is gone has no place in a chart of these days
    by_weight = sorted(billed, key=lambda row: (-abs(row.cost), row.key))
    kept = by_weight if len(by_weight) <= SHOWN + 1 else by_weight[:SHOWN]
    series = [
        SeriesView(key=row.key, label=row.name or row.key, is_other=False, colour=place)
        for place, row in enumerate(sorted(kept, key=lambda row: (-row.cost, row.key)))
    ]
    names = {one.key for one in series}
    if any(key not in names for span in view.spans for key in span.costs):
        series.append(SeriesView(key="", label=OTHER, is_other=True, colour=SHOWN))
    return CostPageView(
        series=series,
        stacked=[
            StackedSpanView(span=span, costs=_folded(span.costs, names), behind=behind_span(view, span))
            for span in view.spans
        ],
        tiles=_tiles(view, {one.key: one.colour for one in series if not one.is_other}),
        credits=exact_sum(row.cost for row in view.rows if row.cost < 0),
    )


def _tiles(view: CostExplorerView, colours: Mapping[str, int]) -> Sequence[TileView]:
    rows = [row for row in view.rows if row.cost > 0]
    return [
        TileView(row=row, behind=behind_row(view, row), colour=colours.get(row.key), place=place)
        for row, place in zip(rows, treemap([float(row.cost) for row in rows]), strict=True)
    ]


def _folded(costs: Mapping[str, Decimal], names: set[str]) -> dict[str, Decimal]:
    rest = [cost for key, cost in costs.items() if key not in names]
    return {
        **{key: cost for key, cost in costs.items() if key in names},
        **({"": exact_sum(rest)} if rest else {}),
    }


def behind_row(view: CostExplorerView, row: CostRowView) -> Mapping[str, str] | None:
    """Return the parameters that show what a row is made of; None where nothing finer is stored."""
    if row.key == NO_SERVICE:
        return None
    taken = {*view.only, *(("account",) if view.account else ())}
    if view.group in taken:
        return None
    asked = {*taken, view.group}
    for dimensions in DIMENSIONS.values():
        names = [one.value for one in dimensions]
        if asked <= set(names):
            finer = next((name for name in reversed(names) if name not in asked), None)
            finer = finer or next((name for name in names if name != view.group), view.group)
            return {view.group: row.key, "group": finer}
    return None


def behind_span(view: CostExplorerView, span: CostSpanView) -> Mapping[str, str] | None:
    """Return the parameters that show one month by day, or one day; None where it is shown already."""
    if span.total is None or (span.start, span.end) == (view.period.start, view.period.end):
        return {"granularity": "daily"} if span.total is not None and view.granularity == "monthly" else None
    return {"start": str(span.start), "end": str(span.end), "granularity": "daily"}


def usual_periods(end: date) -> Sequence[tuple[str, date, date]]:
    """Return the usual spans of whole days before ``end``: label, first day, end (exclusive)."""
    this_month = month_start(end)
    spans = [
        ("Month to date", this_month, end),
        ("Last month", month_start(end, -1), this_month),
        ("30 days", end - 30 * _DAY, end),
        ("90 days", end - 90 * _DAY, end),
        ("13 months and this", month_start(end, -_HISTORY), end),
    ]
    return [span for span in spans if span[1] < span[2]]
