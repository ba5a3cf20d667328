"""The costs that pages and the API ask for, made once per snapshot and question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from plainbill.analyzer.cost_periods import Compare
from plainbill.app.changes_params import ChangesParams, ChangesQuery, with_usual_days
from plainbill.app.cost_params import CostExplorerParams, ExplorerQuery, explorer_query
from plainbill.app.record import Edition, Record
from plainbill.app.views.changes import changes_view, compared_of
from plainbill.app.views.changes_shapes import ChangesView
from plainbill.app.views.cost_explorer import explorer_view
from plainbill.app.views.cost_shapes import CostExplorerView
from plainbill.app.views.status import last_day_with_cost
from plainbill.model.cost import CostTable


class CostRecord:
    """Answers questions about costs from what is stored."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self._keys = record.cached(2 * len(CostTable), _keys)
        self._last_day = record.cached(2, _last_day)
        self._views = record.cached(64, self._make)
        self._changes = record.cached(32, self._make_changes)

    def query(self, edition: Edition, params: CostExplorerParams) -> ExplorerQuery:
        """Return what the parameters mean; raises ``ParameterError``."""
        costs = self.record.cost_query(edition, params)
        return explorer_query(params, costs, partial(self.keys, edition))

    def keys(self, edition: Edition, table: CostTable) -> Sequence[str]:
        """Return every value of a table's dimension that is stored."""
        return self._keys(edition.of_reading(), table)

    def explorer(self, edition: Edition, query: ExplorerQuery) -> CostExplorerView:
        """Return the answer to a question."""
        return self._views(edition.of_reading(), query)

    def changes_query(self, edition: Edition, params: ChangesParams) -> ChangesQuery:
        """Return what the parameters mean; raises ``ParameterError``."""
        dated = with_usual_days(params, self._last_day(edition.of_reading()), edition.today)
        costs, compare = self.record.cost_query(edition, dated), Compare(params.compare)
        return ChangesQuery(costs=costs, compare=compare, by=CostTable(params.by))

    def changes(self, edition: Edition, query: ChangesQuery) -> ChangesView:
        """Return why the bill changed."""
        return self._changes(edition.of_reading(), query)

    def _make_changes(self, edition: Edition, query: ChangesQuery) -> ChangesView:
        then = replace(query.costs, period=compared_of(query))
        now, earlier = (self.record.costs(edition, one).view for one in (query.costs, then))
        return changes_view(edition.snapshot, query, now, earlier, self.record.settings.cost_details)

    def _make(self, edition: Edition, query: ExplorerQuery) -> CostExplorerView:
        whole = self.record.costs(edition, query.costs).view
        return explorer_view(edition.snapshot, query, whole, self.record.settings.cost_details)


def _keys(edition: Edition, table: CostTable) -> Sequence[str]:
    return [] if edition.snapshot is None else edition.snapshot.cost_keys(table)


def _last_day(edition: Edition) -> date | None:
    return last_day_with_cost(edition.snapshot)
