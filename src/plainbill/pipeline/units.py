"""The part of a refresh that reads what costs are divided by: the metrics that somebody named."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import partial

from plainbill.aws_connector import Connector
from plainbill.data_fetcher import unit_metrics
from plainbill.data_fetcher.crew import Crew, Reading, Unit
from plainbill.data_fetcher.unit_metrics import UnitDays, UnitMetrics
from plainbill.model.inventory import Gap
from plainbill.model.progress import Progress
from plainbill.model.units import UnitMetric, UnitSeries
from plainbill.storage import State


def read_units(
    connector: Connector, state: State, now: datetime, report: Callable[[Progress], None]
) -> Sequence[Gap]:
    """Keep what CloudWatch says of each named metric beside its closed days; return what is missing.

    Raises ``StorageError``.
    """
    named = [one for one in state.units() if one.metric is not None]
    if not named:
        return ()
    with Crew(report) as crew:
        for days in crew.results(crew.start(unit_metric_units(connector, named, now))):
            state.keep_unit_days(days.metric, days.values, days.until, now)
    return crew.gaps


def unit_metric_units(
    connector: Connector, named: Iterable[UnitSeries], now: datetime
) -> Iterator[Unit[UnitDays]]:
    """Yield one unit for each series that is read from CloudWatch: each has open days of its own."""
    for one in named:
        if metric := one.metric:
            first = min((day for day, _ in one.values), default=None)
            read = partial(_read, connector, metric, first, now)
            yield Unit(UnitMetrics.name, metric.account_id, metric.region, read)


def _read(connector: Connector, metric: UnitMetric, first: date | None, now: datetime) -> Reading[UnitDays]:
    if metric.account_id not in {account.account_id for account in connector.accounts}:
        return Reading(None, 0, [unit_metrics.not_entered(metric)])
    days, gaps = unit_metrics.read(connector, metric, first, now)
    return Reading(days, len(days.values) if days else 0, gaps)
