"""The costs that pages and the API ask for, made once per snapshot and question."""

from __future__ import annotations

from collections.abc import Sequence

from plainbill.app.cost_params import CostExplorerParams, ExplorerQuery, explorer_query
from plainbill.app.record import Edition, Record
from plainbill.app.views.cost_explorer import explorer_view
from plainbill.app.views.cost_shapes import CostExplorerView
from plainbill.model.cost import CostTable


class CostRecord:
    """Answers questions about costs from what is stored."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self._keys = record.cached(4, _keys)
        self._views = record.cached(64, self._make)

    def query(self, edition: Edition, params: CostExplorerParams) -> ExplorerQuery:
        """Return what the parameters mean; raises ``ParameterError``."""
        costs = self.record.cost_query(edition, params)
        return explorer_query(params, costs, *self.keys(edition))

    def keys(self, edition: Edition) -> tuple[Sequence[str], Sequence[str]]:
        """Return every service and every record type that is stored."""
        services, types = (
            self._keys(edition.of_reading(), table) for table in (CostTable.SERVICE, CostTable.RECORD_TYPE)
        )
        return services, types

    def explorer(self, edition: Edition, query: ExplorerQuery) -> CostExplorerView:
        """Return the answer to a question."""
        return self._views(edition.of_reading(), query)

    def _make(self, edition: Edition, query: ExplorerQuery) -> CostExplorerView:
        return explorer_view(edition.snapshot, query, self.record.costs(edition, query.costs).view)


def _keys(edition: Edition, table: CostTable) -> Sequence[str]:
    return [] if edition.snapshot is None else edition.snapshot.cost_keys(table)
