"""What a unit costs, from costs by day and the numbers that people gave."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from plainbill.analyzer.cost_periods import months_of
from plainbill.analyzer.unit_cost import UnitSpan, unit_cost, unit_effects
from plainbill.analyzer.unit_series import Costs, owners_of, unit_spans
from plainbill.app.formats import day as day_text
from plainbill.app.formats import plural
from plainbill.app.views.cost_shapes import CostExplorerView
from plainbill.app.views.showback import Owners
from plainbill.app.views.showback_shapes import OwnerUnitsView, UnitCostView, UnitEffectsView, UnitsView
from plainbill.model.period import Period
from plainbill.model.units import Grain, UnitKind, UnitSeries


@dataclass(frozen=True, slots=True, kw_only=True)
class CostDays:
    """The costs to divide: all together now and in ``earlier``, and by owner now; each view is by day."""

    earlier: Period
    now: CostExplorerView
    before: CostExplorerView
    by_owner: CostExplorerView
    owners: Owners


def units_view(series: UnitSeries, period: Period, days: CostDays, *, is_monthly: bool) -> UnitsView:
    """Return costs divided by the numbers of a series."""
    spans = unit_spans(series, period, _costs(days.now))
    old = unit_spans(series, days.earlier, _costs(days.before))
    estimated = frozenset(span.start for span in days.now.spans if span.is_estimated)
    effects = unit_effects(old, spans)
    return UnitsView(
        name=series.name,
        kind=series.kind.value,
        grain=series.grain.value,
        source=series.source,
        imported_at=series.saved_at,
        granularity="monthly" if is_monthly or series.grain is Grain.MONTH else "daily",
        whole=_view(spans, series.kind, period, estimated),
        rows=list(_rows(series, spans, period, estimated, is_monthly=is_monthly)),
        previous=_view(old, series.kind, days.earlier, frozenset()),
        effects=None
        if effects is None
        else UnitEffectsView(
            before=effects.before,
            after=effects.after,
            change=effects.change,
            spans=effects.spans,
            volume=effects.volume,
            unit_cost=effects.unit_cost,
        ),
        owners=[_of_owner(series, owner, period, days, estimated) for owner in owners_of(series)],
        notes=list(_notes(series, spans, period)),
    )


def _costs(view: CostExplorerView) -> Costs:
    return {span.start: span.total for span in view.spans}


def _costs_of(owner: str, days: CostDays) -> Costs:
    """Return what an owner's own costs were each day; on a day that is known and has none they were zero."""
    keys = [row.key for row in days.by_owner.rows if days.owners.of(row.key) == owner]
    return {
        span.start: None
        if span.total is None
        else sum((span.costs.get(key, Decimal(0)) for key in keys), Decimal(0))
        for span in days.by_owner.spans
    }


def _of_owner(
    series: UnitSeries, owner: str, period: Period, days: CostDays, estimated: Collection[date]
) -> OwnerUnitsView:
    spans = unit_spans(series, period, _costs_of(owner, days), owner)
    names: Mapping[str, str | None] = {row.key: row.name for row in days.by_owner.rows}
    name = names.get(owner) if days.owners.is_account else None
    return OwnerUnitsView(owner=owner, name=name or owner, whole=_view(spans, series.kind, period, estimated))


def _view(
    spans: Sequence[UnitSpan], kind: UnitKind, period: Period, estimated: Collection[date]
) -> UnitCostView:
    said = unit_cost(spans, kind)
    counted = [span for span in spans if span.is_counted]
    return UnitCostView(
        start=period.first_day,
        end=period.end_day,
        spans=said.spans,
        counted=said.counted,
        without_units=said.without_units,
        without_cost=said.without_cost,
        zero=said.zero,
        cost=said.cost,
        units=said.units,
        unit_cost=said.unit_cost,
        is_estimated=any(span.start <= day < span.end for span in counted for day in estimated),
    )


def _rows(
    series: UnitSeries,
    spans: Sequence[UnitSpan],
    period: Period,
    estimated: Collection[date],
    *,
    is_monthly: bool,
) -> Iterator[UnitCostView]:
    if series.grain is Grain.DAY and is_monthly:
        for month in months_of(period):
            inside = [span for span in spans if month.first_day <= span.start < month.end_day]
            yield _view(inside, series.kind, month, estimated)
    else:
        for span in spans:
            yield _view([span], series.kind, Period.of_days(span.start, span.end), estimated)


def _notes(series: UnitSeries, spans: Sequence[UnitSpan], period: Period) -> Iterator[str]:
    said, word = unit_cost(spans, series.kind), series.grain.value
    if series.grain is Grain.MONTH and len(spans) < len(list(months_of(period))):
        yield "These numbers are of whole months, so months that are only partly in the period are left out."
    if said.without_units:
        are = "is" if said.without_units == 1 else "are"
        yield (
            f"There is no number of {series.name} for {said.without_units} of {plural(said.spans, word)}: "
            f"{'it' if said.without_units == 1 else 'they'} {are} not counted, and neither {are} "
            f"{'its' if said.without_units == 1 else 'their'} cost."
        )
    if said.without_cost:
        yield f"The cost of {plural(said.without_cost, word)} is not known: not counted."
    if said.zero:
        yield (
            f"{plural(said.zero, word)} had 0 {series.name}: the cost is counted, and there is no cost of "
            f"each in such a {word} alone."
        )
    if series.values and not said.counted:
        first, last = (edge(start for start, _ in series.values) for edge in (min, max))
        yield f"Numbers of {series.name} are stored from {day_text(first)} to {day_text(last)}."
