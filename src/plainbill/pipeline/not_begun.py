"""Refreshes that fail before anything can be asked: they are runs as well, so that pages can say why."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from plainbill.errors import AwsError, SpendingCapError
from plainbill.model.run import Run, RunState, new_run_id
from plainbill.storage import State


@contextmanager
def recorded(state: State, clock: Callable[[], datetime]) -> Iterator[None]:
    """Record a refresh whose sign-in fails, or that the cap holds back, as failed; the error goes on.

    One that fails for the same reason as the one before is kept as that one, with a later end: a server
    tries every hour, for as long as the credentials are expired.
    """
    began = clock()
    try:
        yield
    except (AwsError, SpendingCapError) as error:
        state.finish_run(_failed(next(iter(state.runs(1)), None), began, clock(), str(error)))
        raise


def _failed(last: Run | None, began: datetime, ended: datetime, why: str) -> Run:
    if last is not None and last.state is RunState.FAILED and not last.operations and last.error == why:
        return replace(last, finished_at=ended)
    return Run(
        run_id=new_run_id(began),
        state=RunState.FAILED,
        started_at=began,
        finished_at=ended,
        accounts=(),
        regions=(),
        operations=(),
        gaps=(),
        error=why,
    )
