"""``plainbill refresh``: one run of the collector."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from typing import Any

from plainbill.aws_connector import Connector
from plainbill.cli.progress import ProgressBars
from plainbill.data_fetcher import all_reads
from plainbill.errors import PlainbillError
from plainbill.model.period import utc_now
from plainbill.model.progress import Progress
from plainbill.model.run import Run, RunState, run_json
from plainbill.pipeline import refresh
from plainbill.settings import Settings, load_settings
from plainbill.storage import CollectorLock, Home, SnapshotStore, State

_EXIT = {RunState.COMPLETE: 0, RunState.PARTIAL: 3}

Report = Callable[[Progress], None]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare how the run is told."""
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print the run as one JSON object")
    form.add_argument("--events", action="store_true", help="print each step as a line of JSON")


def run(args: argparse.Namespace) -> int:
    """Refresh once; 0 complete, 3 with gaps, 1 failed."""
    try:
        with _reporter(events=args.events) as report:
            done = collect(load_settings(), report, started=_event_printer if args.events else None)
    except PlainbillError as error:
        if args.events:
            _print({"event": "failed", "error": str(error)})
        raise
    if args.events:
        failed = done.state is RunState.FAILED
        _print(
            {"event": "failed", "error": done.error}
            if failed
            else {"event": "finished", "run": run_json(done)}
        )
    elif args.json:
        print(json.dumps(run_json(done), indent=2))
    else:
        print(summary(done))
    if done.error:
        print(f"plainbill: {done.error}", file=sys.stderr)
    return _EXIT.get(done.state, 1)


def collect(
    settings: Settings, report: Report, started: Callable[[dict[str, Any]], None] | None = None
) -> Run:
    """Take the lock, open the connection and run the pipeline."""
    home = Home(settings.home)
    with CollectorLock(home.lock):
        secret = settings.external_id.get_secret_value() if settings.external_id else None
        if started:
            started({"event": "started"})
        connector = Connector.open(all_reads(), role_arns=settings.role_arns, external_id=secret)
        store, state = SnapshotStore(home.snapshots), State(home.state_db)
        return refresh(connector, store, state, settings, utc_now(), report)


def summary(done: Run) -> str:
    """Tell a run in a few lines for a person."""
    seconds = (
        f"{(done.finished_at - done.started_at).total_seconds():.1f} s" if done.finished_at else "no end"
    )
    price = f"${done.cost_low:.4f}" + (
        "" if done.cost_low == done.cost_high else f" to ${done.cost_high:.4f}"
    )
    lines = [f"{done.state}: {done.calls} calls, {price}, {seconds}"]
    lines += [f"  {o.service}:{o.operation}  {o.calls}" for o in done.operations]
    lines += [f"  could not read: {gap.reason} {gap.remedy}" for gap in done.gaps]
    return "\n".join(lines)


def _reporter(*, events: bool) -> AbstractContextManager[Report]:
    if events:
        return nullcontext(lambda step: _print({"event": "progress", **asdict(step)}))
    return ProgressBars()


def _event_printer(event: dict[str, Any]) -> None:
    _print(event)


def _print(event: dict[str, Any]) -> None:
    print(json.dumps(event), flush=True)
