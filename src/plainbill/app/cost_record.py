"""The costs that pages and the API ask for, made once per snapshot and question."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from plainbill.analyzer.cost_periods import Compare
from plainbill.analyzer.wording import grouping_words
from plainbill.app.changes_params import ChangesParams, ChangesQuery, with_usual_days
from plainbill.app.cost_params import NAMED, CostExplorerParams, ExplorerQuery, GroupBy, explorer_query
from plainbill.app.queries import one_of
from plainbill.app.record import Edition, Record
from plainbill.app.views.changes import changes_view, compared_of
from plainbill.app.views.changes_shapes import ChangesView
from plainbill.app.views.cost_explorer import explorer_view
from plainbill.app.views.cost_shapes import CostExplorerView
from plainbill.app.views.status import last_day_with_cost
from plainbill.model.cost import AnyTable, CostTable, NamedTable
from plainbill.storage.snapshot.named import tables_of


class CostRecord:
    """Answers questions about costs from what is stored."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self._keys = record.cached(2 * len(CostTable), _keys)
        self._named = record.cached(4, self._tables)
        self._last_day = record.cached(2, _last_day)
        self._views = record.cached(64, self._make)
        self._changes = record.cached(32, self._make_changes)

    def query(self, edition: Edition, params: CostExplorerParams) -> ExplorerQuery:
        """Return what the parameters mean; raises ``ParameterError``."""
        costs = self.record.cost_query(edition, params)
        return explorer_query(params, costs, partial(self.keys, edition), partial(self.table_of, edition))

    def named(self, edition: Edition, by: GroupBy) -> Mapping[str, AnyTable]:
        """Return the tables of tags or cost categories by their names: those asked for, then others."""
        return self._named(edition.of_reading(), by)

    def several(self, edition: Edition) -> Collection[GroupBy]:
        """Return of what kind there are several: tags, cost categories."""
        return [by for by in NAMED if len(self.named(edition, by)) > 1]

    def name_of(self, edition: Edition, by: GroupBy, table: AnyTable) -> str | None:
        """Return the key or name of the tag or cost category that a table is of, where it is known."""
        return next((name for name, one in self.named(edition, by).items() if one == table), None)

    def words_of(self, edition: Edition, query: ExplorerQuery) -> str:
        """Say what each row is; of several tags or cost categories with the name."""
        by = query.group
        name = self.name_of(edition, by, query.table) if by in self.several(edition) else None
        return grouping_words(f"{by.value}:{name or ''}")

    def table_of(self, edition: Edition, by: GroupBy, name: str, parameter: str) -> AnyTable:
        """Return the table of a tag or cost category, without a name of the first that is stored.

        Raises ``ParameterError`` of ``parameter`` for a name that is neither asked for nor stored.
        """
        tables = self.named(edition, by)
        if name and tables:
            one_of(parameter, f"{by.value}:{name}", [f"{by.value}:{one}" for one in tables])
            return tables[name]
        manifest = edition.snapshot.manifest if edition.snapshot else None
        stored = (table for table in tables.values() if manifest and manifest.span(table))
        return next(stored, next(iter(tables.values()), CostTable(by.value)))

    def table_with(self, edition: Edition, group: GroupBy, key: str) -> AnyTable:
        """Return the table that holds a value of a dimension; of a tag that is not known one never read."""
        tables, kind = self.named(edition, group) if group in NAMED else {}, CostTable(group.value)
        name = key.partition("$")[0]
        return tables.get(name, NamedTable(kind, name)) if tables else kind

    def keys(self, edition: Edition, table: AnyTable) -> Sequence[str]:
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

    def _tables(self, edition: Edition, by: GroupBy) -> Mapping[str, AnyTable]:
        kind, snapshot = CostTable(by.value), edition.snapshot
        wanted = tables_of(self.record.settings.cost_details, snapshot)
        tables = {NamedTable.of(one).name: table for one, table in wanted.items() if table.kind is kind}
        if snapshot is None:
            return tables
        holder, named = snapshot.holder(kind), map(NamedTable.of, snapshot.manifest.named)
        stored: dict[str, AnyTable] = {one.name: one for one in named if one.kind is kind}
        others = {**({holder: kind} if holder else {}), **stored}
        return {**tables, **{name: table for name, table in others.items() if name not in tables}}

    def _make_changes(self, edition: Edition, query: ChangesQuery) -> ChangesView:
        then = replace(query.costs, period=compared_of(query))
        now, earlier = (self.record.costs(edition, one).view for one in (query.costs, then))
        return changes_view(edition.snapshot, query, now, earlier, self.record.settings.cost_details)

    def _make(self, edition: Edition, query: ExplorerQuery) -> CostExplorerView:
        whole = self.record.costs(edition, query.costs).view
        return explorer_view(edition.snapshot, query, whole, self.record.settings.cost_details)


def _keys(edition: Edition, table: AnyTable) -> Sequence[str]:
    return [] if edition.snapshot is None else edition.snapshot.cost_keys(table)


def _last_day(edition: Edition) -> date | None:
    return last_day_with_cost(edition.snapshot)
