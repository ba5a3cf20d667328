"""``plainbill doctor``: which credentials are used, what they may read, and what is missing."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from decimal import Decimal
from pathlib import Path
from time import monotonic
from typing import Any

from plainbill.aws_connector import Account, Connector, Read
from plainbill.aws_connector.credentials import sign_in_session
from plainbill.aws_connector.errors import AwsCallError
from plainbill.cli.codes import FAILED, INCOMPLETE, OK
from plainbill.cli.output import dollars, print_event, print_json, say
from plainbill.cli.probes import check_reads
from plainbill.cli.refresh import signed_in
from plainbill.cli.text import printable
from plainbill.data_fetcher import all_reads
from plainbill.data_fetcher.observability_links import ObservabilityLinks
from plainbill.errors import PlainbillError, StorageError
from plainbill.model.diagnosis import Diagnosis, SeenAccount, TriedRead
from plainbill.model.money import plain
from plainbill.model.period import utc_now
from plainbill.settings import Settings, load_settings
from plainbill.storage import Home, SnapshotStore, State
from plainbill.storage.diagnosis import keep_diagnosis

Tell = Callable[[int, int, str], None]

_INDENT = " " * 19
_MOST_TOLD = 5  # refusals of one read, in the form for people
_SOURCES = {  # botocore's names of where credentials were found
    "env": "the environment or .env (AWS_ACCESS_KEY_ID)",
    "shared-credentials-file": "the credentials file, profile {profile}",
    "config-file": "the config file, profile {profile}",
    "assume-role": "a role assumed by profile {profile}",
    "assume-role-with-web-identity": "a role assumed with a web identity token",
    "sso": "single sign-on, profile {profile}",
    "login": "`aws login`, profile {profile}",
    "custom-process": "the credential_process of profile {profile}",
    "container-role": "the role of this container",
    "iam-role": "the role of this machine",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare how much may be spent."""
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print what was found as JSON")
    form.add_argument("--events", action="store_true", help="print each step as a line of JSON")
    parser.add_argument(
        "--spend",
        action="store_true",
        help="also make one call of each kind to Cost Explorer, $0.01 each: $0.11",
    )


def run(args: argparse.Namespace) -> int:
    """Try what is declared; 0 all allowed, 3 something is missing, 1 nothing can be asked."""
    settings = load_settings()
    if args.events:
        return _code(_with_events(settings, spend=args.spend))
    found = examine(settings, spend=args.spend)
    if args.json:
        print_json(_as_json(found))
    else:
        for line in _lines(found):
            print(printable(line))
    return _code(found)


def _code(found: Diagnosis) -> int:
    if found.error:
        return FAILED
    return INCOMPLETE if any(read.is_missing for read in found.reads) else OK


def _with_events(settings: Settings, *, spend: bool) -> Diagnosis:
    """Tell each read as a line of JSON, and the end: found whatever it found, for the record holds it."""
    print_event("started")
    try:
        found = examine(
            settings,
            spend=spend,
            tell=lambda done, total, action: print_event("progress", done=done, total=total, action=action),
        )
    except PlainbillError as error:
        print_event("failed", error=str(error))
        raise
    print_event("finished")
    return found


def examine(settings: Settings, *, spend: bool, tell: Tell = lambda *_: None) -> Diagnosis:
    """Look at the stored data, try every read, and keep what was found for the pages."""
    stored = told_of_storage(settings.home)
    found = replace(diagnose(settings, all_reads(), spend=spend, tell=tell), stored=stored)
    try:
        keep_diagnosis(Home(settings.home), found)
    except StorageError as error:
        say(f"plainbill: this could not be kept for the pages: {error}")
    return found


def diagnose(
    settings: Settings, reads: Sequence[Read], *, spend: bool, tell: Tell = lambda *_: None
) -> Diagnosis:
    """Sign in as a refresh does and try every read."""
    at, began = utc_now(), monotonic()
    endpoint = os.environ.get("AWS_ENDPOINT_URL") or None
    try:
        connector = signed_in(settings, reads)
    except AwsCallError as error:
        return Diagnosis(at=at, seconds=monotonic() - began, endpoint=endpoint, error=str(error))
    with connector:
        of = {"oam": settings.monitoring_account} if settings.monitoring_account else {}
        tried, regions = check_reads(
            connector, reads, at, spend=spend, unused=_not_asked(settings, connector), only_of=of, tell=tell
        )
        operations = connector.meter.operations()
        return Diagnosis(
            at=at,
            seconds=monotonic() - began,
            endpoint=endpoint,
            source=_source(),
            accounts=[_seen(account, regions.get(account.account_id)) for account in connector.accounts],
            reads=tried,
            calls=sum(operation.calls for operation in operations),
            cost_low=sum((operation.low for operation in operations), Decimal(0)),
            cost_high=sum((operation.high for operation in operations), Decimal(0)),
        )


def _seen(account: Account, regions: Sequence[str] | None) -> SeenAccount:
    return SeenAccount(
        account_id=account.account_id,
        arn=account.arn,
        name=account.name,
        profile=account.profile,
        role_arn=account.role_arn,
        regions=regions,
    )


def told_of_storage(folder: Path) -> list[str]:
    """Read every byte that is stored; say what is whole and what is not. Makes nothing where nothing is."""
    if not (folder.expanduser() / "snapshots").is_dir():
        return ["nothing is stored yet"]
    home = Home(folder)
    store, state = SnapshotStore(home.snapshots), State(home.state_db)
    whole = store.verify()
    said = [f"{whole} whole snapshots; {store.served()}", *store.problems, *state.problems]
    state.close()
    return said


def _not_asked(settings: Settings, connector: Connector) -> dict[str, str]:
    """Say of the reads that these settings leave out why."""
    found = {}
    if settings.free_metrics == "off":
        found["cloudwatch:GetMetricStatistics"] = "it is not asked while PLAINBILL_FREE_METRICS is off"
    if settings.monitoring_account not in {account.account_id for account in connector.accounts}:
        why = "no account that can be entered is the monitoring account (PLAINBILL_MONITORING_ACCOUNT)"
        found |= {read.iam_action: why for read in ObservabilityLinks.reads}
    return found


def _source() -> str:
    """Say where the credentials were found; they were, for they have just worked."""
    session = sign_in_session()
    method = str(session.get_credentials().method)
    return _SOURCES.get(method, method).format(profile=session.profile or "default")


def _lines(found: Diagnosis) -> Iterator[str]:
    if found.endpoint:
        yield f"Endpoint: {found.endpoint} (AWS_ENDPOINT_URL), in AWS's place"
    for sentence in found.stored:
        yield f"Stored: {sentence}"
    if found.error:
        yield found.error
        return
    yield f"Credentials: from {found.source}"
    yield "Accounts:"
    for account in found.accounts:
        regions = account.regions
        where = f"{len(regions)} regions: {', '.join(regions)}" if regions else "regions not known"
        way = f" (profile {account.profile})" if account.profile else ""
        yield f"  {account.account_id}  {account.arn}{way}"
        yield f"                {where}"
    yield "Reads:"
    for read in found.reads:
        yield from _read_lines(read)
    yield f"Made {found.calls} calls, for {dollars(found.cost_low, found.cost_high)} at AWS's list price."


def _read_lines(read: TriedRead) -> Iterator[str]:
    yield f"  {read.outcome:<15}  {read.action}{f': {read.note}' if read.note else ''}"
    if not read.refusals:
        return
    yield f"{_INDENT}without it you do not see {read.lost_without}"
    for refusal in read.refusals[:_MOST_TOLD]:
        yield f"{_INDENT}{refusal.reason}"
    if more := len(read.refusals[_MOST_TOLD:]):
        yield f"{_INDENT}and {more} more like these (--json tells all)"
    for remedy in dict.fromkeys(refusal.remedy for refusal in read.refusals):
        yield f"{_INDENT}{remedy}"


def _as_json(found: Diagnosis) -> dict[str, Any]:
    return {
        **asdict(found),
        "at": found.at.isoformat(),
        "cost_low": plain(found.cost_low),
        "cost_high": plain(found.cost_high),
    }
