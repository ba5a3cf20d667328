"""The pages of costs and of what changed them, rendered from the same views as the JSON."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response

from plainbill.analyzer.wording import grouping_words
from plainbill.app.answers import Answer
from plainbill.app.assets import AnswerResponse
from plainbill.app.changes_params import ChangesParams, ChangesQuery
from plainbill.app.cost_params import NAMED, CostExplorerParams, ExplorerQuery, GroupBy
from plainbill.app.cost_record import CostRecord
from plainbill.app.pages import PAGE_ANSWERS, Overview, changed_query
from plainbill.app.record import Edition
from plainbill.app.seen import Seen
from plainbill.app.views.cost_details import value_name
from plainbill.app.views.cost_page import behind_row, cost_page, usual_periods
from plainbill.app.views.overview import account_options
from plainbill.app.waterfall_drawing import bridge_drawing
from plainbill.model.cost import CostMetric, CostTable

_FILTERS = tuple(group for group in GroupBy if group is not GroupBy.ACCOUNT)
_MOST_CHOICES = 400
"""A longer list is no choice any more: the rows lead to what is behind each of them."""
Asked = tuple[tuple[str, str], ...]


def cost_pages_router(costs: CostRecord, pages: CostPages) -> APIRouter:
    """Return the routes of the pages."""
    router = APIRouter(tags=["page"], default_response_class=HTMLResponse)

    @router.get("/cost", operation_id="costPage", summary="The cost explorer", responses=PAGE_ANSWERS)
    async def cost(request: Request, params: Annotated[CostExplorerParams, Query()]) -> Response:
        """Costs of any stored days by whatever is stored; the address holds the question."""
        edition = await costs.record.edition()
        asked = tuple(request.query_params.items())
        return AnswerResponse(await run_in_threadpool(pages.cost, edition, params, asked))

    @router.get(
        "/changes", operation_id="changesPage", summary="Why the bill changed", responses=PAGE_ANSWERS
    )
    async def changes(request: Request, params: Annotated[ChangesParams, Query()]) -> Response:
        """From the last period to this one by causes that add up; the address holds the question."""
        edition = await costs.record.edition()
        asked = tuple(request.query_params.items())
        return AnswerResponse(await run_in_threadpool(pages.changes, edition, params, asked))

    return router


class CostPages:
    """Renders the pages, each again only when something that it shows has changed."""

    def __init__(self, costs: CostRecord, overview: Overview) -> None:
        self._costs, self._record, self._overview = costs, costs.record, overview
        self._rendered = self._record.cached(32, self._render)
        self._rendered_changes = self._record.cached(16, self._render_changes)

    def cost(self, edition: Edition, params: CostExplorerParams, asked: Asked) -> Answer:
        """Return the page; ``asked`` are the address's own words. Raises ``ParameterError``."""
        query = self._costs.query(edition, params)
        return self._rendered(edition, query, asked, self._record.seen(edition))

    def changes(self, edition: Edition, params: ChangesParams, asked: Asked) -> Answer:
        """Return the page of what changed; raises ``ParameterError``."""
        query = self._costs.changes_query(edition, params)
        return self._rendered_changes(edition, query, asked, self._record.seen(edition))

    def _render(self, edition: Edition, query: ExplorerQuery, asked: Asked, seen: Seen) -> Answer:
        return self._page("cost.html", "/cost", edition, seen, asked, self._values(edition, query, asked))

    def _render_changes(self, edition: Edition, query: ChangesQuery, asked: Asked, seen: Seen) -> Answer:
        view = self._costs.changes(edition, query)
        keys, record_types = (self._costs.keys(edition, table) for table in (query.by, CostTable.RECORD_TYPE))
        ranked = sorted(view.steps, key=lambda step: -abs(step.amount))
        values = {
            "view": view,
            "drawn": bridge_drawing(view),
            "ranked": ranked,
            "keys": frozenset(keys),
            "record_types": frozenset(record_types),
        }
        return self._page("changes.html", "/changes", edition, seen, asked, values)

    def _page(
        self, name: str, here: str, edition: Edition, seen: Seen, asked: Asked, values: Mapping[str, Any]
    ) -> Answer:
        return self._overview.page(
            name,
            seen.status,
            here,
            query=changed_query(dict(asked), here),
            periods=usual_periods(edition.today),
            metrics=[metric.value for metric in CostMetric],
            accounts=account_options(self._record.known(edition), seen.status),
            **values,
        )

    def _values(self, edition: Edition, query: ExplorerQuery, asked: Asked) -> dict[str, Any]:
        view = self._costs.explorer(edition, query)
        several = self._costs.several(edition)
        return {
            "view": view,
            "chart": cost_page(view),
            "drawn_as": dict(asked).get("view", "bars"),
            "rows": [(row, behind_row(view, row)) for row in view.rows],
            "asked_group": dict(asked).get("group", ""),
            "per_day": query.per_day,
            "compare": query.compare.value,
            "groups": [choice for group in GroupBy for choice in self._choices(edition, group, several)],
            "filters": filter_choices(self._costs, edition),
            "label_of": partial(label_of, several=several),
            "group_words": self._costs.words_of(edition, query),
            "group_of": lambda group, key: f"{group}:{key.partition('$')[0]}" if group in several else group,
        }

    def _choices(
        self, edition: Edition, group: GroupBy, several: Collection[GroupBy]
    ) -> Sequence[tuple[str, str]]:
        """Return what rows can be of a kind: each tag and cost category where there are several."""
        names = self._costs.named(edition, group) if group in several else ()
        named = [f"{group.value}:{name}" for name in names] or [group.value]
        return [(one, grouping_words(one)) for one in named]


def filter_choices(costs: CostRecord, edition: Edition) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Return what costs can be narrowed to beside an account: name and words, each value and its words."""
    several = costs.several(edition)
    known = {group: _keys(costs, edition, group) for group in _FILTERS}
    return [
        (group.value, group.words, [(key, label_of(group.value, key, several)) for key in keys])
        for group, keys in known.items()
        if 0 < len(keys) <= _MOST_CHOICES
    ]


def _keys(costs: CostRecord, edition: Edition, group: GroupBy) -> Sequence[str]:
    if group not in NAMED:
        return costs.keys(edition, CostTable(group.value))
    tables = dict.fromkeys(costs.named(edition, group).values())
    return [key for table in tables for key in costs.keys(edition, table)]


def label_of(group: str, key: str, several: Collection[str]) -> str:
    """Return how people call a value of a dimension; of several tags with the key of its own before it."""
    if group not in NAMED:
        return key
    return f"{key.partition('$')[0]}: {value_name(key)}" if group in several else value_name(key)
