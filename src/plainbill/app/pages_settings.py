"""The page of settings and its JSON: what is set, by what, and to which effect; never a secret."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response

from plainbill import __version__
from plainbill.app.answers import Answer
from plainbill.app.api import JSON_TYPE, answers_with
from plainbill.app.assets import AnswerResponse
from plainbill.app.examples_face import SETTINGS
from plainbill.app.pages import PAGE_ANSWERS, Overview
from plainbill.app.params import Params
from plainbill.app.record import Edition, Record
from plainbill.app.seen import Seen
from plainbill.app.views.installation import (
    AccessView,
    SettingRowView,
    SettingsView,
    StoredView,
    aws_variables,
    next_refresh,
    setting_rows,
)
from plainbill.app.wire import encode
from plainbill.storage import Home
from plainbill.storage.sizes import stored_sizes

HERE = "/settings"
AccessTexts = Callable[[], Sequence[AccessView]]
"""Makes the policies and roles to copy; the web itself does not know what is asked of AWS."""


def settings_router(pages: SettingsPages) -> APIRouter:
    """Return the routes of the page and of its JSON."""
    router = APIRouter()

    @router.get(
        HERE,
        operation_id="settingsPage",
        summary="The page of settings",
        responses=PAGE_ANSWERS,
        response_class=HTMLResponse,
        tags=["page"],
    )
    async def page(_params: Annotated[Params, Query()]) -> Response:
        """Every setting in force, the theme of this browser, and the policies that let Plainbill read."""
        edition = await pages.record.edition()
        return AnswerResponse(await run_in_threadpool(pages.html, edition))

    @router.get(
        "/api/settings",
        operation_id="settings",
        summary="Every setting in force, where it comes from and what it does",
        response_model=SettingsView,
        responses=answers_with(SETTINGS),
        tags=["data"],
    )
    async def data(_params: Annotated[Params, Query()]) -> Response:
        """Of secrets only whether they are set."""
        edition = await pages.record.edition()
        return AnswerResponse(await run_in_threadpool(pages.json, edition))

    return router


@dataclass(frozen=True, kw_only=True)
class SettingsPages:
    """Looks anew each time, for files grow and refreshes come and go; renders where that shows."""

    record: Record
    home: Home
    clock: Callable[[], datetime]
    is_refreshing_itself: bool
    access: AccessTexts
    overview: Overview

    def json(self, edition: Edition) -> Answer:
        """Return the view as JSON."""
        return self._encoded(self._view(edition))

    def html(self, edition: Edition) -> Answer:
        """Return the page."""
        return self._rendered(self.record.seen(edition), self._view(edition))

    @cached_property
    def _encoded(self) -> Callable[[SettingsView], Answer]:
        return self.record.cached(1, lambda view: Answer(encode(view), JSON_TYPE))

    @cached_property
    def _rendered(self) -> Callable[[Seen, SettingsView], Answer]:
        return self.record.cached(
            1, lambda seen, view: self.overview.page("settings.html", seen.status, HERE, view=view)
        )

    def _view(self, edition: Edition) -> SettingsView:
        settings = self.record.settings
        taken_at = None if edition.snapshot is None else edition.snapshot.manifest.taken_at
        hours = settings.refresh_hours if self.is_refreshing_itself else 0
        return SettingsView(
            version=__version__,
            home=str(self.home.root),
            settings=self._settings,
            aws_variables=aws_variables(os.environ),
            stored=tuple(
                StoredView(what=one.what, files=one.files, size=one.size) for one in stored_sizes(self.home)
            ),
            last_refresh=taken_at,
            next_refresh=next_refresh(taken_at, hours, self.clock()),
            access=self._access,
        )

    @cached_property
    def _settings(self) -> Sequence[SettingRowView]:
        return tuple(setting_rows(self.record.settings))

    @cached_property
    def _access(self) -> Sequence[AccessView]:
        return tuple(self.access())
