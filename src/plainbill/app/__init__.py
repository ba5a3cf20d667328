"""The web: reads storage, never AWS."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from functools import cache

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.types import ASGIApp

from plainbill import __version__
from plainbill.analyzer.registry import Check
from plainbill.app import problems
from plainbill.app.api import api_router
from plainbill.app.api_advice import advice_router
from plainbill.app.api_budgets import budgets_router
from plainbill.app.api_commitments import commitments_router
from plainbill.app.api_costs import costs_router
from plainbill.app.api_decisions import decisions_router
from plainbill.app.api_findings import findings_router
from plainbill.app.api_outlook import outlook_router
from plainbill.app.api_policies import policies_router
from plainbill.app.api_showback import showback_router
from plainbill.app.api_what_if import what_if_router
from plainbill.app.assets import Assets, assets_router, missing_assets
from plainbill.app.budgets import Budgets
from plainbill.app.changes_params import ChangesParams
from plainbill.app.commitments import Commitments
from plainbill.app.cost_params import CostExplorerParams
from plainbill.app.cost_record import CostRecord
from plainbill.app.doctor import Doctor, Examiner, doctor_router
from plainbill.app.events import events_router
from plainbill.app.outlook import Outlook
from plainbill.app.pages import Overview, pages_router
from plainbill.app.pages_advice import AdvicePage, advice_pages_router
from plainbill.app.pages_anomalies import AnomalyPages, anomaly_pages_router
from plainbill.app.pages_budgets import BudgetPages, budget_pages_router
from plainbill.app.pages_commitments import CommitmentsPage, commitment_pages_router
from plainbill.app.pages_costs import CostPages, cost_pages_router
from plainbill.app.pages_findings import FindingPages, finding_pages_router
from plainbill.app.pages_policies import PolicyPages, policy_pages_router
from plainbill.app.pages_settings import AccessTexts, SettingsPages, settings_router
from plainbill.app.pages_showback import ShowbackPages, showback_pages_router
from plainbill.app.pages_what_if import WhatIfPages, what_if_pages_router
from plainbill.app.params import OverviewParams
from plainbill.app.ready import ReadyAnswers
from plainbill.app.record import Record
from plainbill.app.refresh import Refresher, RefreshProcess, keep_fresh
from plainbill.app.report import ReportPages, Reports, report_router
from plainbill.app.search import Search, search_router
from plainbill.app.security import Security, check_exposure
from plainbill.app.showback import Showbacks
from plainbill.app.watch import Watch
from plainbill.app.what_if_params import IdlePresetsParams
from plainbill.app.what_if_record import WhatIfs
from plainbill.model.period import utc_now
from plainbill.settings import Settings
from plainbill.storage import Home

__all__ = ["Dashboard", "RefreshProcess", "Refresher", "check_exposure", "create_app", "missing_assets"]

_LARGEST_REQUEST = 64 * 1024  # bytes; no request of ours has a body worth the name
_SHORTEST_LOOK = 0.2  # seconds between two looks for newer data
_SILENT: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False}


class Dashboard(FastAPI):
    """The application, with the guard outside of everything, error pages included."""

    record: Record
    settings: Settings
    overview: Overview

    def build_middleware_stack(self) -> ASGIApp:
        """Put the short way and the guard around FastAPI's own layers."""
        return Security(ReadyAnswers(super().build_middleware_stack(), self.record), self.settings)

    def problem_page(self, problem: problems.ProblemView) -> str:
        """Return a problem as HTML."""
        return self.overview.problem(problem)


def create_app(
    home: Home,
    settings: Settings,
    refresher: Refresher | None,
    *,
    clock: Callable[[], datetime] = utc_now,
    look_every: float = 1.0,
    checks: Sequence[Check] | None = None,
    access: AccessTexts = tuple,
    examiner: Examiner | None = None,
) -> Dashboard:
    """Return the dashboard over one home; without a ``refresher`` it only shows what is stored.

    Without an ``examiner`` no diagnosis can be started from a page.

    ``look_every`` is in seconds: how often a newer snapshot is looked for while requests come. ``checks``
    are the waste checks, all that are there without it. ``access`` makes the policies that the page of
    settings shows to copy.
    """
    record = Record(home, settings, refresher, clock=clock, look_every=look_every, checks=checks)
    assets, what_ifs, costs = Assets(), WhatIfs(record), CostRecord(record)
    outlook, budgets, showbacks = Outlook(record), Budgets(costs), Showbacks(costs)
    reports, commitments = Reports(costs, outlook, showbacks), Commitments(record, outlook)
    doctor, texts = Doctor(home, clock, examiner), cache(access)
    overview = Overview(
        costs,
        assets,
        outlook,
        budgets,
        lambda: {"doctor": doctor.view(), "access": texts(), "can_start": refresher is not None},
    )
    cost_pages, what_if_pages = CostPages(costs, overview), WhatIfPages(what_ifs, overview)
    commitments_page = CommitmentsPage(commitments, overview)
    slow_pages = (
        lambda edition: overview.answer(edition, OverviewParams(), ()),
        lambda edition: cost_pages.cost(edition, CostExplorerParams(), ()),
        lambda edition: cost_pages.changes(edition, ChangesParams(), ()),
        lambda edition: what_if_pages.what_if(edition, what_ifs.usual()),
        commitments_page.answer,
        lambda edition: what_if_pages.idle_rules(edition, IdlePresetsParams()),
    )
    watch = Watch(record, max(look_every, _SHORTEST_LOOK), slow_pages)
    app = Dashboard(
        title="Plainbill",
        version=__version__,
        description=_DESCRIPTION,
        docs_url=None,  # these pages load their scripts from other hosts
        redoc_url=None,
        lifespan=lambda _app: _lifespan(watch, record, assets, refresher, examiner),
        max_body_size=_LARGEST_REQUEST,
        telemetry=_SILENT,
        exception_handlers=dict(problems.HANDLERS),
    )
    app.record, app.settings, app.overview = record, settings, overview
    for router in (
        api_router(record),
        costs_router(costs),
        outlook_router(outlook),
        budgets_router(budgets),
        showback_router(showbacks),
        commitments_router(commitments),
        advice_router(record),
        findings_router(record),
        decisions_router(record),
        events_router(refresher, watch),
        pages_router(record, overview),
        cost_pages_router(costs, cost_pages),
        budget_pages_router(budgets, BudgetPages(budgets, overview)),
        showback_pages_router(showbacks, ShowbackPages(showbacks, overview)),
        anomaly_pages_router(outlook, AnomalyPages(outlook, overview)),
        commitment_pages_router(commitments, commitments_page),
        advice_pages_router(record, AdvicePage(record, overview)),
        finding_pages_router(record, FindingPages(record, overview)),
        what_if_router(what_ifs),
        policies_router(record),
        policy_pages_router(record, PolicyPages(record, overview)),
        what_if_pages_router(what_ifs, what_if_pages),
        search_router(Search(costs, overview)),
        report_router(reports, ReportPages(reports, overview)),
        settings_router(
            SettingsPages(
                record=record,
                home=home,
                clock=clock,
                is_refreshing_itself=refresher is not None,
                access=texts,
                overview=overview,
            )
        ),
        doctor_router(doctor, record, overview),
        assets_router(assets),
    ):
        app.include_router(router)
    return app


@contextlib.asynccontextmanager
async def _lifespan(
    watch: Watch, record: Record, assets: Assets, refresher: Refresher | None, examiner: Examiner | None
) -> AsyncIterator[None]:
    """Keep the data fresh and judged while the server runs; leave no child behind."""
    chores = [asyncio.create_task(watch.run()), asyncio.create_task(asyncio.to_thread(assets.warm))]
    if refresher is not None:
        chores.append(asyncio.create_task(keep_fresh(refresher, record.age, record.settings.refresh_hours)))
    yield
    assets.close()
    for chore in chores:
        chore.cancel()
    await asyncio.gather(*chores, return_exceptions=True)
    for child in (refresher, examiner):
        if child is not None:
            await child.close()


_DESCRIPTION = """AWS costs by service, idle EC2 instances and other waste, from what the last refresh read.

Money is a plain decimal string, instants are UTC, `null` means not known and never zero. Fields are added
over time, never renamed. Answers carry an `ETag`; none of these requests calls AWS. Only a decision about a
finding or an anomaly changes anything, and only here.
"""
