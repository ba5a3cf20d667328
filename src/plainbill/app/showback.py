"""Showback and unit costs for the page, the API and the terminal, made once per edition and question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from plainbill.analyzer.cost_periods import Compare, period_before
from plainbill.analyzer.owner_days import Days
from plainbill.analyzer.wording import grouping_words
from plainbill.app.cost_params import NAMED, ExplorerQuery, GroupBy, by_and_name
from plainbill.app.cost_record import CostRecord
from plainbill.app.cost_rules import CostRules
from plainbill.app.queries import CostQuery
from plainbill.app.record import Edition
from plainbill.app.showback_params import (
    OWNERS,
    Nameable,
    RemoveRuleParams,
    SaveRuleParams,
    ShowbackParams,
    ShowbackQuery,
    rule_of,
    unit_of,
)
from plainbill.app.views.cost_rules import without_missing
from plainbill.app.views.cost_shapes import CostExplorerView
from plainbill.app.views.showback import (
    Grouped,
    Owners,
    days_of_rows,
    owner_notes,
    showback_view,
    unread_notes,
)
from plainbill.app.views.showback_shapes import ShowbackRowView, ShowbackView, UnitsView
from plainbill.app.views.unit_costs import CostDays, units_view
from plainbill.model.cost import AnyTable, CostTable, NamedTable
from plainbill.model.cost_rule import CostRule, CostRuleChange, SavedCostRule
from plainbill.model.units import UnitSeries

_REMEMBERED = 64


@dataclass(frozen=True, slots=True)
class _Owner:
    """Who an owner is: its kind, the same with the key or name where that is known, and the table."""

    by: GroupBy
    named: str
    table: AnyTable


class Showbacks:
    """Answers who owes what, from stored costs and what people counted."""

    def __init__(self, costs: CostRecord) -> None:
        self.costs, self.record = costs, costs.record
        self._views = self.record.cached(_REMEMBERED, self._make)
        self._units = self.record.cached(2, self._read_units)
        self._rules = CostRules(self.record)

    def query(self, edition: Edition, params: ShowbackParams) -> tuple[ShowbackQuery, str | None]:
        """Return what the parameters mean and who they said an owner is; raises ``ParameterError``."""
        saved = self._rules.asked_for(edition, params)
        if saved is not None:
            who = self._owner(edition, saved.rule.by, is_saved=True)
            known = self._nameable(edition, who)
            rule, missing = without_missing(saved, known.owners, known.record_types)
            rule = replace(rule, by=who.named)
            if not params.says_anything() or params.says(rule):
                query = self._query(edition, params, who, rule)
                return replace(query, saved=saved.name, missing=tuple(missing)), saved.rule.by
        who = self._owner(edition, params.by)
        rule = rule_of(params, who.named, self._nameable(edition, who))
        query = self._query(edition, params, who, rule)
        return replace(query, saved=self._rules.name_of(edition, rule)), params.by

    def _query(self, edition: Edition, params: ShowbackParams, who: _Owner, rule: CostRule) -> ShowbackQuery:
        return ShowbackQuery(
            costs=self.record.cost_query(edition, params),
            by=who.by,
            rule=rule,
            table=who.table,
            unit=unit_of(params, [one.name for one in self.series(edition)]),
            is_monthly=params.granularity == "monthly",
            is_charged=params.divided == "charged",
        )

    def save_rule(self, edition: Edition, params: SaveRuleParams) -> CostRule:
        """Keep a rule in place of the one of its name and return it; raises ``ParameterError``."""
        who = self._owner(edition, params.by)
        rule = rule_of(params, who.named, self._nameable(edition, who))
        self.record.state.save_cost_rule(
            SavedCostRule(
                name=params.name, rule=rule, is_usual=params.usual, who=params.who, saved_at=self.record.now()
            )
        )
        return rule

    def remove_rule(self, params: RemoveRuleParams) -> bool:
        """Remove a saved rule; False where there is none of that name."""
        change = CostRuleChange(
            at=self.record.now(), name=params.name, rule=None, is_usual=False, who=params.who
        )
        return self.record.state.remove_cost_rule(change)

    def view(self, edition: Edition, query: ShowbackQuery, asked_by: str | None) -> ShowbackView:
        """Return the answer; ``asked_by`` is who an owner was said to be, None where nobody said."""
        return self._views(edition, query, asked_by)

    def owners(self, edition: Edition, by: GroupBy, table: AnyTable) -> Owners:
        """Return who owns anything that is stored."""
        if by is GroupBy.ACCOUNT:
            return Owners(by, self.record.known(edition).accounts or ())
        return Owners(by, self.costs.keys(edition, table))

    def choices(self, edition: Edition, chosen: str) -> Sequence[tuple[str, str]]:
        """Return who an owner can be, and how that is said; ``chosen`` is among them in any case."""
        named = [f"{by.value}:{name}" for by in NAMED for name in self.costs.named(edition, by)]
        others = [by.value for by in OWNERS if by not in NAMED or not self.costs.named(edition, by)]
        return [(one, grouping_words(one)) for one in dict.fromkeys((*named, *others, chosen))]

    def series(self, edition: Edition) -> Sequence[UnitSeries]:
        """Return everything that costs can be divided by."""
        return self._units(edition)

    def _owner(self, edition: Edition, said: str | None, *, is_saved: bool = False) -> _Owner:
        """Return who an owner is; of a saved rule also by what is not known any more."""
        by, name = by_and_name(said) if said else (self._owner_is(edition), "")
        if by is GroupBy.ACCOUNT:
            return _Owner(by, by.value, CostTable.SERVICE)
        if is_saved and name and name not in self.costs.named(edition, by):
            return _Owner(by, f"{by.value}:{name}", NamedTable(CostTable(by.value), name))
        table = self.costs.table_of(edition, by, name, "by")
        name = self.costs.name_of(edition, by, table) or name
        return _Owner(by, f"{by.value}:{name}" if name else by.value, table)

    def _owner_is(self, edition: Edition) -> GroupBy:
        manifest = edition.snapshot.manifest if edition.snapshot else None
        for by in NAMED:
            tables = [CostTable(by.value), *self.costs.named(edition, by).values()]
            if manifest and any(map(manifest.span, tables)):
                return by
        return GroupBy.ACCOUNT

    def _nameable(self, edition: Edition, who: _Owner) -> Nameable:
        return Nameable(
            owners=self.owners(edition, who.by, who.table).known or None,
            record_types=self.costs.keys(edition, CostTable.RECORD_TYPE),
        )

    def _read_units(self, _edition: Edition) -> Sequence[UnitSeries]:
        return self.record.state.units()

    def _make(self, edition: Edition, query: ShowbackQuery, asked_by: str | None) -> ShowbackView:
        owners = self.owners(edition, query.by, query.table)
        grouped = self._grouped(edition, query, owners)
        details = self.record.settings.cost_details
        is_stored = query.by is GroupBy.ACCOUNT or grouped.owners.total is not None
        notes = [
            *owner_notes(query.by, asked_by, details, owners.names),
            *unread_notes(query.by, grouped.owners.notes, is_stored=is_stored),
            *query.missing,
        ]
        series = self.series(edition)
        chosen = next((one for one in series if one.name == query.unit), None)
        view = showback_view(query, owners, grouped, notes, [one.name for one in series])
        view = replace(view, saved_rules=self._rules.views(edition), rule_changes=self._rules.changes())
        if chosen is None:
            return view
        by_row = days_of_rows(view.rows, query, owners, grouped)
        return replace(view, units=self._divided(edition, query, chosen, view.rows, by_row))

    def _grouped(self, edition: Edition, query: ShowbackQuery, owners: Owners) -> Grouped:
        table = CostTable.RECORD_TYPE if query.rule.types else query.table
        ask = partial(self._ask, edition, query.costs)
        by_account = partial(ask, table, GroupBy.ACCOUNT)
        return Grouped(
            owners=ask(table, query.by),
            types={name: by_account((GroupBy.RECORD_TYPE, name)) for name in query.rule.types},
            unowned=[by_account((query.by, key)) for key in owners.unowned],
        )

    def _divided(
        self,
        edition: Edition,
        query: ShowbackQuery,
        series: UnitSeries,
        rows: Sequence[ShowbackRowView],
        by_row: Mapping[str, Days],
    ) -> UnitsView:
        period = query.costs.period
        earlier = period_before(period)
        before = replace(query.costs, period=earlier)
        days = CostDays(
            earlier=earlier,
            now=self._ask(edition, query.costs, CostTable.SERVICE, GroupBy.ACCOUNT),
            before=self._ask(edition, before, CostTable.SERVICE, GroupBy.ACCOUNT),
            rows=rows,
            by_row=by_row,
            is_charged=query.is_charged,
        )
        gaps = edition.snapshot.manifest.gaps if edition.snapshot else ()
        return units_view(series, period, days, gaps, is_monthly=query.is_monthly)

    def _ask(
        self, edition: Edition, costs: CostQuery, table: AnyTable, group: GroupBy, *only: tuple[GroupBy, str]
    ) -> CostExplorerView:
        """Return costs by day; what the cost page has asked for already is not made again."""
        asked = ExplorerQuery(
            costs=costs,
            table=table,
            group=group,
            only=only,
            is_monthly=False,
            compare=Compare.NOTHING,
            per_day=False,
        )
        return self.costs.explorer(edition, asked)
