"""Whatever was billed, every view of the same days and basis sums to AWS's own total."""

from __future__ import annotations

import tempfile
from decimal import Decimal
from itertools import product
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.estates import ACCOUNTS, Estate, estates, periods_of
from plainbill.analyzer.cost_periods import Compare
from plainbill.app.cost_params import ExplorerQuery, GroupBy
from plainbill.app.queries import CostQuery
from plainbill.app.views.cost_explorer import explorer_view
from plainbill.app.views.cost_page import cost_page
from plainbill.app.views.cost_shapes import CostExplorerView
from plainbill.app.views.costs import costs_of
from plainbill.model.cost import AnyTable, CostMetric, CostTable
from plainbill.model.period import Period
from plainbill.storage import Snapshot, SnapshotStore

TABLES: dict[GroupBy, CostTable] = {
    **{group: CostTable(group.value) for group in GroupBy if group is not GroupBy.ACCOUNT},
    GroupBy.ACCOUNT: CostTable.SERVICE,
}


def seen(
    snapshot: Snapshot,
    period: Period,
    group: GroupBy,
    metric: CostMetric = CostMetric.UNBLENDED,
    account: str | None = None,
    *,
    only: tuple[tuple[GroupBy, str], ...] = (),
    table: AnyTable | None = None,
    is_monthly: bool = False,
) -> CostExplorerView:
    costs = CostQuery(period=period, metric=metric, account=account)
    query = ExplorerQuery(
        costs=costs,
        table=table or TABLES[group],
        group=group,
        only=only,
        is_monthly=is_monthly,
        compare=Compare.PREVIOUS,
        per_day=False,
    )
    return explorer_view(snapshot, query, costs_of(snapshot, costs).view)


def adds_up(view: CostExplorerView, truth: Decimal) -> None:
    """Rows, spans, chart and AWS's own total are one amount, to the last digit."""
    assert view.total == truth
    assert sum((row.cost for row in view.rows), Decimal(0)) == truth
    assert sum((span.total or Decimal(0) for span in view.spans), Decimal(0)) == truth
    chart = cost_page(view)
    assert sum((sum(one.costs.values(), Decimal(0)) for one in chart.stacked), Decimal(0)) == truth
    assert len(chart.series) <= 10
    assert sum((tile.row.cost for tile in chart.tiles), chart.credits) == truth
    proof = view.reconciliation
    assert proof.control_total == truth
    assert proof.difference == 0


def stored(estate: Estate, folder: str) -> Snapshot:
    store = SnapshotStore(Path(folder))
    store.write(estate.collected())
    snapshot = store.latest()
    assert snapshot is not None
    return snapshot


@settings(max_examples=30, suppress_health_check=list(HealthCheck))
@given(data=st.data(), estate=estates())
def test_every_view_sums_to_the_control_total(data: st.DataObject, estate: Estate) -> None:
    period = data.draw(periods_of(estate))
    metric = data.draw(st.sampled_from(list(CostMetric)))
    with tempfile.TemporaryDirectory() as folder:
        snapshot = stored(estate, folder)
        for group, account, is_monthly in product(GroupBy, (None, *ACCOUNTS[:1]), (False, True)):
            if account and group is GroupBy.USAGE_TYPE:
                continue  # no table holds both
            view = seen(snapshot, period, group, metric, account, is_monthly=is_monthly)
            if view.total is None:
                assert len(view.missing_days) == period.days
                continue
            if view.reconciliation.control_total is None:
                assert view.reconciliation.note
                continue
            adds_up(view, estate.total(period, metric, account))
        snapshot.close()


@settings(max_examples=20, suppress_health_check=list(HealthCheck))
@given(data=st.data(), estate=estates())
def test_what_is_behind_a_row_sums_to_the_row(data: st.DataObject, estate: Estate) -> None:
    period = data.draw(periods_of(estate))
    with tempfile.TemporaryDirectory() as folder:
        snapshot = stored(estate, folder)
        for group in (one for one in GroupBy if one is not GroupBy.ACCOUNT):
            for row in seen(snapshot, period, group).rows:
                finer = GroupBy.SERVICE if group is GroupBy.USAGE_TYPE else GroupBy.ACCOUNT
                behind = seen(snapshot, period, finer, only=((group, row.key),), table=TABLES[group])
                assert sum((one.cost for one in behind.rows), Decimal(0)) == row.cost
                assert behind.reconciliation.part == row.cost
        for row in seen(snapshot, period, GroupBy.SERVICE).rows:
            only = ((GroupBy.SERVICE, row.key),)
            behind = seen(snapshot, period, GroupBy.USAGE_TYPE, only=only, table=CostTable.USAGE_TYPE)
            assert (behind.total or Decimal(0)) == row.cost
        for row in seen(snapshot, period, GroupBy.ACCOUNT).rows:
            behind = seen(snapshot, period, GroupBy.SERVICE, account=row.key)
            assert behind.total == row.cost
        snapshot.close()


@settings(max_examples=20, suppress_health_check=list(HealthCheck))
@given(data=st.data(), estate=estates())
def test_changes_of_rows_sum_to_the_change(data: st.DataObject, estate: Estate) -> None:
    period = data.draw(periods_of(estate))
    with tempfile.TemporaryDirectory() as folder:
        snapshot = stored(estate, folder)
        for group in GroupBy:
            view = seen(snapshot, period, group)
            if view.compared is not None and view.compared.change is not None:
                changes = [row.change for row in view.rows if row.change is not None]
                assert sum(changes, Decimal(0)) == view.compared.change
        snapshot.close()
