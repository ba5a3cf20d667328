"""The dashboard page, rendered from the same views as the JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Lock
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response

from plainbill.app.answers import Answer, Packed
from plainbill.app.assets import AnswerResponse, Assets
from plainbill.app.budgets import Budgets
from plainbill.app.changes_params import ChangesParams
from plainbill.app.cost_record import CostRecord
from plainbill.app.finding_formats import FINDING_FILTERS
from plainbill.app.formats import FILTERS
from plainbill.app.outlook import Outlook
from plainbill.app.params import IdleParams, OverviewParams
from plainbill.app.places import MORE_PLACES, PLACES
from plainbill.app.problems import ProblemView, problem_answer
from plainbill.app.record import Edition, Record
from plainbill.app.seen import Seen
from plainbill.app.views.budgets import off_track
from plainbill.app.views.changes import changed_sentence
from plainbill.app.views.finding_table import counted_by_confidence
from plainbill.app.views.findings import saving_card
from plainbill.app.views.first import first_findings
from plainbill.app.views.idle import judged_window
from plainbill.app.views.idle_switch import GRADED, RULES, otherwise, said_by_check, said_by_table
from plainbill.app.views.outlook import SeriesForecastView
from plainbill.app.views.overview import overview_view
from plainbill.app.views.reconciliation import reconciliation
from plainbill.app.views.shapes import IdleInstancesView, OtherwiseView, OverviewView, StatusView
from plainbill.app.views.table import table_page
from plainbill.app.waterfall_drawing import bridge_drawing
from plainbill.model.cost import CostMetric

TEMPLATES = Path(__file__).parent / "templates"
HTML_TYPE = "text/html; charset=utf-8"
QUICK_BROTLI = 4  # a page is compressed for one reader, not once for many
PAGE_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/html": {"schema": {"type": "string"}}}},
    304: {"description": "The client holds this very page (`If-None-Match`)"},
    422: problem_answer("A parameter cannot be used", 422, "days is '90'; allowed: 1 to 60"),
}
"""The OpenAPI text of a page's answers."""


class _OneAtATime(Environment):
    """Compiles a template at a time.

    Jinja reads numbers with ``ast.literal_eval``, and Python 3.11 can fail where two threads make syntax
    trees ("AST constructor recursion depth mismatch", CPython issue 106905).
    """

    _compiling = Lock()

    def compile(self, *source: Any, **options: Any) -> Any:
        with self._compiling:
            return super().compile(*source, **options)


def environment(templates: Path = TEMPLATES) -> Environment:
    """Return the templates' environment: everything escaped, nothing undefined passes silently."""
    made = _OneAtATime(
        loader=FileSystemLoader(templates),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update({**FILTERS, **FINDING_FILTERS, "changed_sentence": changed_sentence})
    made.globals.update(places=PLACES, more_places=MORE_PLACES)
    return made


def pages_router(record: Record, overview: Overview) -> APIRouter:
    """Return the route of the page."""
    router = APIRouter(tags=["page"], default_response_class=HTMLResponse)

    @router.get("/", operation_id="overview", summary="The dashboard", responses=PAGE_ANSWERS)
    async def page(request: Request, params: Annotated[OverviewParams, Query()]) -> Response:
        """Everything on one page, every number already in the HTML; `part` gives a part of it."""
        edition = await record.edition()
        asked = tuple(request.query_params.items())
        return AnswerResponse(await run_in_threadpool(overview.answer, edition, params, asked))

    return router


class Overview:
    """Renders the page, and again only when something that it shows has changed."""

    def __init__(
        self,
        costs: CostRecord,
        assets: Assets,
        outlook: Outlook,
        budgets: Budgets,
        first_steps: Callable[[], Mapping[str, Any]],
    ) -> None:
        self._first_steps = first_steps
        self._costs, self._record, self._assets, self._outlook = costs, costs.record, assets, outlook
        self._budgets = budgets
        self._templates = environment()
        self._rendered = self._record.cached(32, self._render)
        self._first = self._record.cached(2, self._make_first)

    def answer(self, edition: Edition, params: OverviewParams, asked: tuple[tuple[str, str], ...]) -> Answer:
        """Return the page for these parameters; ``asked`` are the URL's own words."""
        if edition.snapshot is None:  # what leads to a first reading changes with the doctor, too
            return self._render(edition, params, asked, self._record.seen(edition))
        return self._rendered(edition, params, asked, self._record.seen(edition))

    def page(self, name: str, status: StatusView, here: str, **values: object) -> Answer:
        """Return any page of this look: ``name`` is its template, ``here`` its path."""
        html = self._templates.get_template(name).render(
            status=status, asset=self._assets.url, here=here, **values
        )
        return Answer(Packed(html.encode("utf-8"), QUICK_BROTLI), HTML_TYPE)

    def problem(self, problem: ProblemView) -> str:
        """Return a page that says why there is no other."""
        return self._templates.get_template("problem.html").render(
            problem=problem, asset=self._assets.url, here=None
        )

    def _render(
        self, edition: Edition, params: OverviewParams, asked: tuple[tuple[str, str], ...], seen: Seen
    ) -> Answer:
        view = self._view(edition, params, seen.status)
        name = "parts/idle.html" if params.part == "idle" else "overview.html"
        html = self._templates.get_template(name).render(
            view=view,
            proof=reconciliation(view.costs),
            status=view.status,
            asset=self._assets.url,
            query=changed_query(dict(asked)),
            here="/",
            outlook=self._month_end(edition, view),
            anomalies=self._outlook.anomalies(edition),
            off_track=off_track(self._budgets.view(edition)),
            **self._first(edition, view.costs.currency),
            **self._changed(edition, params),
            aws_forecast=self._outlook.aws_month(edition),
            **(self._first_steps() if edition.snapshot is None and not view.status.is_refreshing else {}),
        )
        return Answer(Packed(html.encode("utf-8"), QUICK_BROTLI), HTML_TYPE)

    def _make_first(self, edition: Edition, currency: str) -> Mapping[str, Any]:
        """Return what to do first, and what is counted of the findings by how sure they are."""
        table = self._record.findings(edition)
        return {
            "first": first_findings(table.rows, currency),
            "by_confidence": counted_by_confidence(table),
        }

    def _changed(self, edition: Edition, params: OverviewParams) -> Mapping[str, Any]:
        """Return why the shown days cost more or less than those before."""
        period = self._record.cost_query(edition, params).period
        asked = ChangesParams(
            start=period.first_day, end=period.end_day, metric=params.metric, account=params.account
        )
        changes = self._costs.changes(edition, self._costs.changes_query(edition, asked))
        return {"changes": changes, "drawn": bridge_drawing(changes)}

    def _month_end(self, edition: Edition, view: OverviewView) -> SeriesForecastView | None:
        """Return the forecast of the month, None where the page shows other costs than it is made from."""
        costs = view.costs
        if costs.account is not None or costs.metric != CostMetric.UNBLENDED.value:
            return None
        return self._outlook.month(edition)

    def _view(self, edition: Edition, params: OverviewParams, status: StatusView) -> OverviewView:
        record = self._record
        query = record.idle_query(edition, params)
        idle = record.idle(edition, query)
        window = judged_window(edition.snapshot, query.rule)
        usage = record.usage(edition)
        return overview_view(
            status,
            record.costs(edition, record.cost_query(edition, params).by_months()),
            idle,
            table_page(idle.instances, usage, window, q=params.q, sort=params.sort, page=params.page),
            record.known(edition),
            record.coverage(edition, query),
            saving_card(record.judged(edition), record.findings(edition)),
            self._otherwise(edition, params, idle),
        )

    def _otherwise(
        self, edition: Edition, params: OverviewParams, idle: IdleInstancesView
    ) -> OtherwiseView | None:
        """Hold the shown rule against the graded check, and the graded rule against the first one."""
        shown, first = said_by_table(idle), RULES[0]
        if idle.criteria.name != GRADED:
            said = said_by_check(self._record.judged(edition), idle.account, idle.region)
            return otherwise(shown, said, next(rule.title for rule in RULES if rule.name == GRADED))
        if edition.snapshot is None:
            return None
        asked = IdleParams(account=params.account, region=params.region)
        other = self._record.idle(edition, self._record.idle_query(edition, asked))
        return otherwise(shown, said_by_table(other), first.title)


def changed_query(asked: Mapping[str, str], path: str = "/") -> Callable[..., str]:
    """Return a function that gives the URL of a page with some parameters changed, None for without."""

    def query(**changes: object) -> str:
        words = {**asked, **{name: "" if value is None else str(value) for name, value in changes.items()}}
        left = {name: word for name, word in words.items() if word and name != "part"}
        return f"{path}?{urlencode(left)}" if left else path

    return query
