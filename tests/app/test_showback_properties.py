"""Whatever was billed to whomever, showback sums to AWS's own total to the cent."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.estates import ACCOUNTS, PROJECT, RECORD_TYPES, Estate, estates, periods_of
from app.test_cost_properties import TABLES, seen, stored
from factories import NOW
from plainbill.analyzer.cents import to_cent
from plainbill.app.cost_params import GroupBy
from plainbill.app.queries import CostQuery
from plainbill.app.showback_params import OWNERS, ShowbackQuery
from plainbill.app.views.cost_rules import without_missing
from plainbill.app.views.cost_shapes import CostExplorerView
from plainbill.app.views.showback import Grouped, Owners, days_of_rows, showback_view
from plainbill.app.views.showback_shapes import ShowbackView
from plainbill.model.cost import CostMetric, CostTable
from plainbill.model.cost_rule import CostRule, SavedCostRule, Spread
from plainbill.model.period import Period
from plainbill.storage import Snapshot


def shown(snapshot: Snapshot, query: ShowbackQuery) -> ShowbackView:
    costs, by = query.costs, query.by
    owners = Owners(by, ACCOUNTS if by is GroupBy.ACCOUNT else snapshot.cost_keys(query.table))
    table = CostTable.RECORD_TYPE if query.rule.types else query.table

    def of(only: tuple[GroupBy, str]) -> CostExplorerView:
        return seen(snapshot, costs.period, GroupBy.ACCOUNT, costs.metric, only=(only,), table=table)

    grouped = Grouped(
        owners=seen(snapshot, costs.period, by, costs.metric, table=table),
        types={name: of((GroupBy.RECORD_TYPE, name)) for name in query.rule.types},
        unowned=[of((by, key)) for key in owners.unowned],
    )
    view = showback_view(query, owners, grouped, [], [])
    for is_charged in (False, True):
        each_day_sums_up(view, grouped, owners, replace(query, is_charged=is_charged))
    return view


def each_day_sums_up(view: ShowbackView, grouped: Grouped, owners: Owners, query: ShowbackQuery) -> None:
    """The days of a row are its column of the table, and the rows of a day all that was billed on it."""
    by_row = days_of_rows(view.rows, query, owners, grouped)
    for row in view.rows:
        whole = sum(by_row[row.owner].values(), Decimal(0))
        assert whole == (row.charged if query.is_charged else row.direct)
    for span in grouped.owners.spans:
        if span.total is not None:
            of_day = sum((by_row[row.owner][span.start] for row in view.rows), Decimal(0))
            assert abs(of_day - span.total) < Decimal("0.01")


OWNED: Mapping[GroupBy, frozenset[str]] = {
    GroupBy.TAG: frozenset({"web", "a$b"}),
    GroupBy.COST_CATEGORY: frozenset({"Production"}),
    GroupBy.ACCOUNT: frozenset(ACCOUNTS),
}
"""Who owns what the estates may have; saved rules name others, too."""


@st.composite
def rules(draw: st.DrawFn, by: GroupBy, types: tuple[str, ...]) -> CostRule:
    """Any rule that could have been saved, and what is left of it where some of its names are gone."""
    names = sorted({*OWNED[by], "gone", "new"})
    shared = draw(st.sets(st.sampled_from(names), max_size=2))
    bearers = draw(st.lists(st.sampled_from(names), unique=True, min_size=1, max_size=3))
    cuts = sorted(
        draw(st.lists(st.integers(0, 10_000), min_size=len(bearers) - 1, max_size=len(bearers) - 1))
    )
    parts = [Decimal(end - start) / 100 for start, end in zip([0, *cuts], [*cuts, 10_000], strict=True)]
    spread = draw(st.sampled_from(Spread))
    rule = CostRule(
        by=by.value,
        shared=tuple(sorted(shared - set(bearers) if spread is Spread.FIXED else shared)),
        is_untagged_shared=draw(st.booleans()),
        types=types,
        spread=spread,
        fixed=tuple(zip(bearers, parts, strict=True)) if spread is Spread.FIXED else (),
    )
    saved = SavedCostRule(name="any", rule=rule, is_usual=True, who="kim", saved_at=NOW)
    left, notes = without_missing(saved, draw(st.sampled_from([None, OWNED[by]])), RECORD_TYPES)
    assert len(notes) == len(rule.shared) + len(rule.fixed) - len(left.shared) - len(left.fixed)
    return left


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(data=st.data(), estate=estates())
def test_showback_sums_to_the_control_total_to_the_cent(data: st.DataObject, estate: Estate) -> None:
    period: Period = data.draw(periods_of(estate))
    metric = data.draw(st.sampled_from(list(CostMetric)))
    types = tuple(data.draw(st.sets(st.sampled_from(RECORD_TYPES), max_size=3)))
    with tempfile.TemporaryDirectory() as folder:
        snapshot = stored(estate, folder)
        for by in OWNERS:
            query = ShowbackQuery(
                costs=CostQuery(period=period, metric=metric, account=None),
                by=by,
                table=TABLES[by],
                rule=data.draw(rules(by, types if by is GroupBy.ACCOUNT else ())),
                unit=None,
                is_monthly=False,
            )
            sums_up(shown(snapshot, query), estate, query)
            sums_up(shown(snapshot, replace(query, rule=replace(query.rule, types=()))), estate, query)
        project = replace(query, by=GroupBy.TAG, table=PROJECT, rule=data.draw(rules(GroupBy.TAG, ())))
        sums_up(shown(snapshot, project), estate, project)
        snapshot.close()


def sums_up(view: ShowbackView, estate: Estate, query: ShowbackQuery) -> None:
    if view.total is None:
        assert len(view.missing_days) == query.costs.period.days
        return
    billed = estate.total(query.costs.period, query.costs.metric)
    assert view.total == to_cent(billed)
    assert view.reconciliation.control_total in (None, billed)
    for column, whole in (("direct", view.total), ("charged", view.total), ("share", 0), ("cost", billed)):
        assert sum((getattr(row, column) for row in view.rows), Decimal(0)) == whole
    assert sum((one.cost for one in view.untagged_by_account), Decimal(0)) == sum(
        (row.cost for row in view.rows if not row.owner), Decimal(0)
    )
