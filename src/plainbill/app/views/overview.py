"""Everything the first screen shows."""

from __future__ import annotations

from collections.abc import Sequence

from plainbill.analyzer.cost_by_service import CostReport, fold_other
from plainbill.app.queries import Known
from plainbill.app.views.costs import Costs, day_rows, service_rows
from plainbill.app.views.idle_switch import RULES
from plainbill.app.views.sentence import sentence
from plainbill.app.views.shapes import (
    IdleInstancesView,
    IdleTableView,
    OtherwiseView,
    OverviewView,
    SavingCardView,
    ServiceRowView,
    StatusView,
)
from plainbill.model.cost import CostMetric

SERVICES_SHOWN = 8


def overview_view(
    status: StatusView,
    costs: Costs,
    idle: IdleInstancesView,
    table: IdleTableView,
    known: Known,
    coverage: float | None,
    saving: SavingCardView | None = None,
    otherwise: OtherwiseView | None = None,
) -> OverviewView:
    """Put the page together; ``coverage`` is the share of CPU hours seen."""
    folded = None if costs.report is None else fold_other(costs.report, SERVICES_SHOWN)
    return OverviewView(
        status=status,
        costs=costs.view,
        idle=idle,
        table=table,
        sentence=sentence(status, costs.view, idle),
        breakdown=[] if folded is None else _breakdown(folded, costs),
        stacked=[] if folded is None else day_rows(folded),
        metrics=[metric.value for metric in CostMetric],
        account_options=account_options(known, status),
        region_options=sorted(known.regions or ()),
        expected_coverage=coverage,
        idle_rules=RULES,
        otherwise=otherwise,
        saving=saving,
    )


def _breakdown(folded: CostReport, costs: Costs) -> list[ServiceRowView]:
    last = len(folded.services) - 1
    return [
        ServiceRowView(
            service=row.service,
            cost=row.cost,
            share=row.share,
            previous_cost=row.previous_cost,
            change=row.change,
            is_other=folded is not costs.report and index == last,
            colour=index,
        )
        for index, row in enumerate(service_rows(folded, is_whole=not costs.view.missing_days))
    ]


def account_options(known: Known, status: StatusView) -> Sequence[tuple[str, str | None]]:
    """Return every known account with its name, named ones first."""
    named = [(account, status.accounts.get(account)) for account in known.accounts or ()]
    return sorted(named, key=lambda option: (option[1] is None, (option[1] or "").casefold(), option[0]))
