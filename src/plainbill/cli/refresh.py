"""``plainbill refresh``: one run of the collector."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime

from plainbill.analyzer.policy import under
from plainbill.analyzer.registry import all_checks
from plainbill.aws_connector import Connector, Read
from plainbill.cli.codes import FAILED, INCOMPLETE, OK
from plainbill.cli.output import dollars, print_event, print_json, say
from plainbill.cli.progress import ProgressBars
from plainbill.cli.ruling import say_policy
from plainbill.cli.signals import terminable
from plainbill.cli.text import printable
from plainbill.data_fetcher import all_reads
from plainbill.errors import PlainbillError
from plainbill.model.inventory import REMARKS, Gap
from plainbill.model.period import utc_now
from plainbill.model.progress import Progress
from plainbill.model.run import Run, RunState, run_json
from plainbill.pipeline import Manner, refresh
from plainbill.pipeline.cap import hold_to_cap
from plainbill.pipeline.not_begun import recorded
from plainbill.pipeline.resume import resumable
from plainbill.settings import Settings, load_settings
from plainbill.storage import CollectorLock, Home, SnapshotStore, State

_EXIT = {RunState.COMPLETE: OK, RunState.PARTIAL: INCOMPLETE}

Report = Callable[[Progress], None]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare how the run is told."""
    parser.add_argument(
        "--anew",
        action="store_true",
        help="ask AWS also for what a stopped refresh had read, and for hours of load that are known",
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print the run as one JSON object")
    form.add_argument("--events", action="store_true", help="print each step as a line of JSON")
    parser.add_argument(
        "--costs-again",
        action="store_true",
        help="ask Cost Explorer also for what it was asked today, within the day's requests",
    )


def run(args: argparse.Namespace) -> int:
    """Refresh once; 0 complete, 3 with gaps, 1 failed."""
    with terminable():
        tell = _with_events if args.events else _with_bars
        done = tell(anew=args.anew, costs_again=args.costs_again)
    if args.json:
        print_json(run_json(done))
    elif not args.events:
        print(summary(done))
    if done.error:
        say(f"plainbill: {done.error}")
    return _EXIT.get(done.state, FAILED)


def collect(
    settings: Settings,
    report: Report,
    *,
    anew: bool = False,
    costs_again: bool = False,
    clock: Callable[[], datetime] = utc_now,
) -> Run:
    """Take the lock, hold to the cap, open the connection and run the pipeline.

    What a refresh that was stopped had read is taken over, unless ``anew``.
    """
    home = Home(settings.home)
    with CollectorLock(home.lock):
        state = State(home.state_db)
        store = SnapshotStore(home.snapshots)
        with recorded(state, clock):
            hold_to_cap(state, store, settings, clock(), costs_again=costs_again)
            opened = signed_in(settings, all_reads())
        with opened as connector:
            ruled = under(all_checks(), state.policy_in_force())
            say_policy(ruled)
            with resumable(home, connector, settings, store, state, clock, anew=anew) as begun:
                at, how = begun.instant, Manner(costs_again, anew, begun.remarks, ruled.policy)
                return refresh(connector, store, state, settings, at, report, ruled.checks, how)


def signed_in(settings: Settings, reads: Sequence[Read]) -> Connector:
    """Open the connection that the settings describe; raises ``AwsCallError``."""
    secret = settings.external_id.get_secret_value() if settings.external_id else None
    return Connector.open(
        reads,
        role_arns=settings.role_arns,
        external_id=secret,
        organization_role=settings.organization_role,
        profiles=settings.profiles,
    )


def _with_bars(*, anew: bool, costs_again: bool) -> Run:
    """Show progress on stderr where that is a terminal."""
    with ProgressBars() as report:
        return collect(load_settings(), report, anew=anew, costs_again=costs_again)


def _with_events(*, anew: bool, costs_again: bool) -> Run:
    """Tell each step as a line of JSON, and the end whichever it is."""
    print_event("started")
    try:
        done = collect(
            load_settings(),
            lambda step: print_event("progress", **asdict(step)),
            anew=anew,
            costs_again=costs_again,
        )
    except PlainbillError as error:
        print_event("failed", error=str(error))
        raise
    if done.state is RunState.FAILED:
        print_event("failed", error=done.error)
    else:
        print_event("finished", run=run_json(done))
    return done


def summary(done: Run) -> str:
    """Tell a run in a few lines for a person."""
    took = "no end" if done.seconds is None else f"{done.seconds:.1f} s"
    lines = [f"{done.state}: {done.calls} calls to AWS, {dollars(done.cost_low, done.cost_high)}, {took}"]
    lines += [f"  {one.service}:{one.operation}  {one.calls}" for one in done.operations]
    lines += [f"  {_word(gap)}: {_place(gap)}{gap.reason} {gap.remedy}" for gap in done.gaps]
    return "\n".join(map(printable, lines))


def _place(gap: Gap) -> str:
    """Where it was, as far as the reason does not say it itself."""
    unsaid = [part for part in (gap.account_id, gap.region) if part and part not in gap.reason]
    return f"{' '.join(unsaid)}: " if unsaid else ""


def _word(gap: Gap) -> str:
    return "note" if gap.kind in REMARKS else "not read"
