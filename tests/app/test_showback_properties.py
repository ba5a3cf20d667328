"""Whatever was billed to whomever, showback sums to AWS's own total to the cent."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.estates import ACCOUNTS, RECORD_TYPES, Estate, estates, periods_of
from app.test_cost_properties import TABLES, seen, stored
from plainbill.analyzer.cents import to_cent
from plainbill.analyzer.showback import Rule
from plainbill.app.cost_params import GroupBy
from plainbill.app.queries import CostQuery
from plainbill.app.showback_params import OWNERS, ShowbackQuery
from plainbill.app.views.cost_shapes import CostExplorerView
from plainbill.app.views.showback import Grouped, Owners, days_of_rows, showback_view
from plainbill.app.views.showback_shapes import ShowbackView
from plainbill.model.cost import CostMetric, CostTable
from plainbill.model.period import Period
from plainbill.storage import Snapshot


def shown(snapshot: Snapshot, query: ShowbackQuery) -> ShowbackView:
    costs, by = query.costs, query.by
    owners = Owners(by, ACCOUNTS if by is GroupBy.ACCOUNT else snapshot.cost_keys(TABLES[by]))
    table = CostTable.RECORD_TYPE if query.types else TABLES[by]

    def of(only: tuple[GroupBy, str]) -> CostExplorerView:
        return seen(snapshot, costs.period, GroupBy.ACCOUNT, costs.metric, only=(only,), table=table)

    grouped = Grouped(
        owners=seen(snapshot, costs.period, by, costs.metric, table=table),
        types={name: of((GroupBy.RECORD_TYPE, name)) for name in query.types},
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
                shared=("web", ACCOUNTS[0]),
                is_untagged_shared=data.draw(st.booleans()),
                types=types if by is GroupBy.ACCOUNT else (),
                rule=data.draw(st.sampled_from([Rule.PROPORTIONAL, Rule.EVEN, Rule.NONE])),
                fixed=(),
                unit=None,
                is_monthly=False,
            )
            sums_up(shown(snapshot, query), estate, query)
            sums_up(shown(snapshot, replace(query, types=())), estate, query)
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
