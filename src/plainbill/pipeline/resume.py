"""A refresh that was stopped is gone on with: the next one takes over what AWS had answered it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

import orjson

from plainbill import __version__
from plainbill.aws_connector import Connector
from plainbill.aws_connector.answers import Answers
from plainbill.errors import StorageError
from plainbill.model.inventory import Gap
from plainbill.model.period import minute
from plainbill.model.run import OperationCost, RunState
from plainbill.settings import Settings
from plainbill.storage import Home, Journal, SnapshotStore, State

SOURCE = "refresh"
STOPPED_WITHIN = timedelta(hours=1)
"""How long ago the last answer may have come."""
BEGUN_WITHIN = timedelta(hours=6)
"""How old the figures may be by then: those of a large estate take a while."""
_AHEAD = timedelta(minutes=1)  # that a clock may be set back without notice
_NOT_OF_CONCERN = frozenset({"home", "host", "port", "password", "allowed_hosts", "refresh_hours"})
_RUNS_LOOKED_AT = 10
_GONE_ON_WITH = "The process ended before the refresh was done; the next refresh took over what it had read."
_GIVEN_UP = "The process ended before the refresh was done; what it had read was not taken over."
_REMEDY = "Nothing; `plainbill refresh --anew` asks AWS for everything."


@dataclass
class Resumption:
    """Where a refresh begins: ``instant`` is what its figures are of.

    That of the stopped refresh where its answers are taken over, so that the same is asked; else the present.
    """

    instant: datetime
    answers: Answers | None = None
    journal: Journal | None = None
    stopped_at: datetime | None = None
    dropped: list[str] = field(default_factory=list)

    def remarks(self) -> Sequence[Gap]:
        """Return what the run has to say of what was taken over, and of what could not be; mostly nothing."""
        said = [*self.dropped, *(self.journal.problems if self.journal else ())]
        if self.answers and self.stopped_at:
            taken = self.answers.taken
            said.insert(
                0,
                f"{taken:,} of {taken + self.answers.asked:,} answers were taken over from the refresh that "
                f"was stopped at {minute(self.stopped_at)}; all figures are of {minute(self.instant)}.",
            )
        return [_remark(" ".join(said))] if said else []


@contextmanager
def resumable(
    home: Home,
    connector: Connector,
    settings: Settings,
    store: SnapshotStore,
    state: State,
    clock: Callable[[], datetime],
    *,
    anew: bool = False,
) -> Iterator[Resumption]:
    """Take over what a stopped refresh was answered, and keep what this one is, until the block has ended.

    A block that raises leaves the journal for the next refresh. The caller holds the collector's lock. With
    ``anew`` nothing is taken over. A journal that cannot be written stops nothing.
    """
    about, now = _about(connector, settings), clock()
    resumption = Resumption(now)
    found = Journal.reopen(home.journal, clock) if home.journal.exists() else None
    journal = None if anew else _left_over(home, found, about, store, now, resumption)
    if found:
        _account_for(state, found, _GONE_ON_WITH if journal else _GIVEN_UP)
        if journal is None:
            found.close()
    if journal:
        resumption.instant, resumption.stopped_at = journal.instant, journal.kept_at
    else:
        try:
            journal = Journal.begin(home.journal, about, now, clock)
        except StorageError as error:
            resumption.dropped.append(f"If this refresh is stopped, the next begins anew: {error}.")
            yield resumption
            return
    resumption.journal, resumption.answers = journal, connector.keep_answers(journal)
    try:
        yield resumption
        journal.discard()
    finally:
        journal.close()


def _left_over(
    home: Home,
    journal: Journal | None,
    about: str,
    store: SnapshotStore,
    now: datetime,
    resumption: Resumption,
) -> Journal | None:
    """Return the journal of a stopped refresh if it may be gone on with; why not goes to ``dropped``."""
    if journal is None:
        if home.journal.exists():
            resumption.dropped.append(
                "What a stopped refresh left could not be read, and was not taken over."
            )
        return None
    last, stopped_at = store.latest(), journal.kept_at
    if stopped_at is None or (last and journal.instant <= last.manifest.taken_at <= now + _AHEAD):
        return None  # it had read nothing yet, or its snapshot is there: nobody misses anything
    if journal.about != about:
        why = "it was of other accounts or settings, or of another version"
    elif not now - STOPPED_WITHIN <= stopped_at <= now + _AHEAD:
        why = f"that is not within {STOPPED_WITHIN.seconds // 3600} hour before now"
    elif not now - BEGUN_WITHIN <= journal.instant <= now + _AHEAD:
        why = f"it had begun at {minute(journal.instant)}"
    else:
        return journal
    resumption.dropped.append(
        f"What the refresh stopped at {minute(stopped_at)} had read was not taken over: {why}."
    )
    return None


def _about(connector: Connector, settings: Settings) -> str:
    """Return a digest of all that decides what AWS answers: who asks, the settings, the version."""
    told = [
        __version__,
        connector.accounts[0].account_id,
        os.environ.get("AWS_ENDPOINT_URL"),
        settings.model_dump(mode="json", exclude=set(_NOT_OF_CONCERN)),
    ]
    return hashlib.sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _account_for(state: State, journal: Journal, error: str) -> None:
    """Write down what the stopped run had asked: killed, it could not say so, and was billed all the same.

    Every attempt that costs is in the journal before it is sent, refused ones and repeated ones too.

    Until then it is held to have asked for as much of the bill as it had planned.
    """
    for run in state.runs(_RUNS_LOOKED_AT):
        if run.started_at == journal.instant:
            if run.finished_at is None and run.error not in {_GONE_ON_WITH, _GIVEN_UP}:
                found = _operations(journal)
                state.finish_run(replace(run, state=RunState.FAILED, operations=found, error=error))
            return


def _operations(journal: Journal) -> tuple[OperationCost, ...]:
    counted: dict[tuple[str, str], tuple[int, Decimal, Decimal]] = {}
    for kept in journal.unaccounted:
        key = (kept.service, kept.operation)
        calls, low, high = counted.get(key, (0, Decimal(0), Decimal(0)))
        counted[key] = (calls + 1, low + Decimal(kept.low), high + Decimal(kept.high))
    return tuple(
        OperationCost(service=service, operation=operation, calls=calls, low=low, high=high)
        for (service, operation), (calls, low, high) in sorted(counted.items())
    )


def _remark(reason: str) -> Gap:
    return Gap(
        source=SOURCE,
        account_id=None,
        region=None,
        kind="Resumed",
        action=None,
        reason=reason,
        remedy=_REMEDY,
    )
