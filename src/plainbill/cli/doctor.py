"""``plainbill doctor``: which credentials are used, what they may read, and what is missing."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from plainbill.aws_connector import Account, Connector, Read
from plainbill.aws_connector.credentials import sign_in_session
from plainbill.aws_connector.errors import AwsCallError
from plainbill.cli.codes import FAILED, INCOMPLETE, OK
from plainbill.cli.output import dollars, print_json
from plainbill.cli.probes import Check, check_reads
from plainbill.cli.text import printable
from plainbill.data_fetcher import all_reads
from plainbill.data_fetcher.observability_links import ObservabilityLinks
from plainbill.model.money import plain
from plainbill.model.period import utc_now
from plainbill.settings import Settings, load_settings
from plainbill.storage import Home, SnapshotStore, State

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """What was found; ``error`` says why nothing could be asked at all, ``stored`` how the kept data are."""

    endpoint: str | None
    source: str | None = None
    accounts: Sequence[Account] = ()
    regions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    checks: Sequence[Check] = ()
    calls: int = 0
    cost_low: Decimal = Decimal(0)
    cost_high: Decimal = Decimal(0)
    error: str | None = None
    stored: Sequence[str] = ()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare how much may be spent."""
    parser.add_argument("--json", action="store_true", help="print what was found as JSON")
    parser.add_argument(
        "--spend",
        action="store_true",
        help="also make one call of each kind to Cost Explorer, $0.01 each: $0.11",
    )


def run(args: argparse.Namespace) -> int:
    """Try what is declared; 0 all allowed, 3 something is missing, 1 nothing can be asked."""
    settings = load_settings()
    stored = told_of_storage(settings.home)
    found = replace(diagnose(settings, all_reads(), spend=args.spend), stored=stored)
    if args.json:
        print_json(_as_json(found))
    else:
        for line in _lines(found):
            print(printable(line))
    if found.error:
        return FAILED
    return INCOMPLETE if any(check.is_missing for check in found.checks) else OK


def diagnose(settings: Settings, reads: Sequence[Read], *, spend: bool) -> Diagnosis:
    """Sign in as a refresh does and try every read."""
    endpoint = os.environ.get("AWS_ENDPOINT_URL") or None
    secret = settings.external_id.get_secret_value() if settings.external_id else None
    try:
        connector = Connector.open(
            reads,
            role_arns=settings.role_arns,
            external_id=secret,
            organization_role=settings.organization_role,
            profiles=settings.profiles,
        )
    except AwsCallError as error:
        return Diagnosis(endpoint=endpoint, error=str(error))
    with connector:
        of = {"oam": settings.monitoring_account} if settings.monitoring_account else {}
        checks, regions = check_reads(
            connector, reads, utc_now(), spend=spend, unused=_not_asked(settings, connector), only_of=of
        )
        operations = connector.meter.operations()
        return Diagnosis(
            endpoint=endpoint,
            source=_source(),
            accounts=connector.accounts,
            regions=regions,
            checks=checks,
            calls=sum(operation.calls for operation in operations),
            cost_low=sum((operation.low for operation in operations), Decimal(0)),
            cost_high=sum((operation.high for operation in operations), Decimal(0)),
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
        regions = found.regions.get(account.account_id)
        where = f"{len(regions)} regions: {', '.join(regions)}" if regions else "regions not known"
        way = f" (profile {account.profile})" if account.profile else ""
        yield f"  {account.account_id}  {account.arn}{way}"
        yield f"                {where}"
    yield "Reads:"
    for check in found.checks:
        yield from _check_lines(check)
    yield f"Made {found.calls} calls, for {dollars(found.cost_low, found.cost_high)} at AWS's list price."


def _check_lines(check: Check) -> Iterator[str]:
    yield f"  {check.outcome:<15}  {check.read.iam_action}{f': {check.note}' if check.note else ''}"
    if not check.refusals:
        return
    yield f"{_INDENT}without it you do not see {check.read.lost_without}"
    for refusal in check.refusals[:_MOST_TOLD]:
        yield f"{_INDENT}{refusal.reason}"
    if more := len(check.refusals[_MOST_TOLD:]):
        yield f"{_INDENT}and {more} more like these (--json tells all)"
    for remedy in dict.fromkeys(refusal.remedy for refusal in check.refusals):
        yield f"{_INDENT}{remedy}"


def _as_json(found: Diagnosis) -> dict[str, Any]:
    return {
        "endpoint": found.endpoint,
        "source": found.source,
        "accounts": [
            {**asdict(account), "regions": _listed(found.regions.get(account.account_id))}
            for account in found.accounts
        ],
        "reads": [_check_json(check) for check in found.checks],
        "calls": found.calls,
        "cost_low": plain(found.cost_low),
        "cost_high": plain(found.cost_high),
        "error": found.error,
        "stored": list(found.stored),
    }


def _listed(regions: tuple[str, ...] | None) -> list[str] | None:
    return None if regions is None else list(regions)


def _check_json(check: Check) -> dict[str, Any]:
    return {
        "action": check.read.iam_action,
        "outcome": check.outcome,
        "lost_without": check.read.lost_without,
        "note": check.note,
        "statement": check.statement,
        "refusals": [asdict(refusal) for refusal in check.refusals],
    }
