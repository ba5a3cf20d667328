"""What a unit costs, from costs by day and the numbers that people gave."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from plainbill.analyzer.cost_periods import months_of
from plainbill.analyzer.unit_cost import UnitSpan, unit_cost, unit_effects
from plainbill.analyzer.unit_series import Costs, owners_of, unit_spans
from plainbill.app.formats import day as day_text
from plainbill.app.formats import plural
from plainbill.app.views.cost_shapes import CostExplorerView
from plainbill.app.views.gaps import gap_view
from plainbill.app.views.showback_shapes import (
    OwnerUnitsView,
    ShowbackRowView,
    UnitCostView,
    UnitEffectsView,
    UnitMetricView,
    UnitsView,
)
from plainbill.model.inventory import Gap
from plainbill.model.period import Period
from plainbill.model.units import Grain, UnitKind, UnitMetric, UnitSeries


@dataclass(frozen=True, slots=True, kw_only=True)
class CostDays:
    """The costs to divide: all together now and in ``earlier``, and of each row of showback by day."""

    earlier: Period
    now: CostExplorerView
    before: CostExplorerView
    rows: Sequence[ShowbackRowView]
    by_row: Mapping[str, Costs]
    is_charged: bool


def units_view(
    series: UnitSeries, period: Period, days: CostDays, gaps: Iterable[Gap], *, is_monthly: bool
) -> UnitsView:
    """Return costs divided by the numbers of a series; ``gaps`` are all of the last refresh."""
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
        divided="charged" if days.is_charged else "own",
        has_owners=bool(owners_of(series)),
        owners=list(_owner_rows(series, period, days, estimated)),
        metric=None if series.metric is None else metric_view(series.metric, gaps),
        notes=list(_notes(series, spans, period)),
    )


def metric_view(metric: UnitMetric, gaps: Iterable[Gap]) -> UnitMetricView:
    """Return where numbers are read from, and what the last refresh could not read there."""
    place = ("unit_metrics", metric.account_id, metric.region)
    return UnitMetricView(
        namespace=metric.namespace,
        name=metric.metric,
        dimensions=metric.dimensions,
        statistic=metric.statistic.value,
        account_id=metric.account_id,
        region=metric.region,
        named_at=metric.saved_at,
        asked_until=metric.asked_until,
        gaps=[gap_view(gap) for gap in gaps if (gap.source, gap.account_id, gap.region) == place],
    )


def _costs(view: CostExplorerView) -> Costs:
    return {span.start: span.total for span in view.spans}


def _owner_rows(
    series: UnitSeries, period: Period, days: CostDays, estimated: Collection[date]
) -> Iterator[OwnerUnitsView]:
    """Yield the rows of showback, and owners that have numbers alone.

    Where no number is of an owner, each row is divided by all of them: its part of the cost of one.
    """
    having = owners_of(series)

    def row(owner: str, name: str, part: str, cost: Decimal | None) -> OwnerUnitsView:
        numbers_of = owner if having else None
        spans = unit_spans(series, period, days.by_row.get(owner, {}), numbers_of)
        whole = _view(spans, series.kind, period, estimated)
        return OwnerUnitsView(owner=owner, name=name, part=part, cost=cost, whole=whole)

    for one in days.rows:
        yield row(one.owner, one.name, one.part, one.charged if days.is_charged else one.direct)
    for owner in having:
        if owner not in days.by_row:
            yield row(owner, owner, "owner", None)


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
        on = "on" if series.grain is Grain.DAY else "in"
        yield (
            f"The number of {series.name} is not known {on} {said.without_units} of "
            f"{plural(said.spans, word)}: "
            f"{'it' if said.without_units == 1 else 'they'} {are} not counted, and neither is "
            f"{'its' if said.without_units == 1 else 'their'} cost."
        )
    if said.without_cost:
        yield f"The cost of {plural(said.without_cost, word)} is not known: not counted."
    if said.zero:
        yield (
            f"{plural(said.zero, word)} had 0 {series.name}: the cost is counted, and there is no cost of "
            f"each in such a {word} alone."
        )
    if series.metric and not series.values:
        yield f"The next refresh reads the {series.name} from CloudWatch."
    if series.values and not said.counted:
        first, last = (edge(start for start, _ in series.values) for edge in (min, max))
        yield f"Numbers of {series.name} are stored from {day_text(first)} to {day_text(last)}."
