"""Trying each declared read once, as cheaply as it goes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from plainbill.aws_connector import Connector, Read, Scope, profiles
from plainbill.aws_connector.errors import AccessDenied, AwsCallError, NotEnabled, NotFound, RegionDisabled
from plainbill.aws_connector.reads import LIST_ACCOUNTS
from plainbill.aws_connector.service_models import service_model
from plainbill.data_fetcher.collector import all_collectors
from plainbill.data_fetcher.cost_answers import ASKINGS, span_of
from plainbill.model.cost_answers import EC2, Question, Topic
from plainbill.model.diagnosis import Outcome, Refusal, TriedRead
from plainbill.model.inventory import Gap

Params = Callable[[datetime], Mapping[str, Any]]

_AT_ONCE = 8
_BILLING_REGION = "us-east-1"
_A_CHECK = "Qch7DwouX1"  # Trusted Advisor's check on little used EC2 instances


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """How to try a read: with which parameters, in every region or one, and whether a call costs a cent.

    ``account_in`` is the parameter that names the account that is asked, where there is one.
    """

    params: Params
    account_in: str | None = None
    everywhere: bool = False
    is_paid: bool = False


def _one_metric(now: datetime) -> Mapping[str, Any]:
    stat = {
        "Metric": {"Namespace": "AWS/EC2", "MetricName": "CPUUtilization"},
        "Period": 3600,
        "Stat": "Average",
    }
    hour = now.replace(minute=0, second=0, microsecond=0)
    return {
        "MetricDataQueries": [{"Id": "probe", "MetricStat": stat}],
        "StartTime": hour - timedelta(hours=1),
        "EndTime": hour,
    }


def _one_statistic(now: datetime) -> Mapping[str, Any]:
    hour = now.replace(minute=0, second=0, microsecond=0)
    return {
        "Namespace": "AWS/EC2",
        "MetricName": "CPUUtilization",
        "StartTime": hour - timedelta(hours=1),
        "EndTime": hour,
        "Period": 3600,
        "Statistics": ["Average"],
    }


def _one_day(now: datetime) -> Mapping[str, Any]:
    days = {"Start": str(now.date() - timedelta(days=1)), "End": str(now.date())}
    return {"TimePeriod": days, "Granularity": "DAILY", "Metrics": ["UnblendedCost"]}


def _one_question(question: Question, now: datetime) -> Mapping[str, Any]:
    """As a refresh asks; of EC2 where it is about reservations."""
    span = replace(span_of(Topic(question), now.date()), service=EC2)
    return ASKINGS[question].parameters(span)


PROBES: Mapping[tuple[str, str], Probe] = {
    ("ec2", "DescribeInstances"): Probe(params=lambda _: {"MaxResults": 5}, everywhere=True),
    ("ec2", "DescribeLaunchTemplateVersions"): Probe(params=lambda _: {"Versions": ["$Latest"]}),
    ("cloudwatch", "GetMetricData"): Probe(params=_one_metric),  # one metric costs $0.00001
    ("cloudwatch", "GetMetricStatistics"): Probe(params=_one_statistic),
    ("pricing", "GetProducts"): Probe(params=lambda _: {"ServiceCode": "AmazonVPC", "MaxResults": 1}),
    ("ce", "GetCostAndUsage"): Probe(params=_one_day, is_paid=True),
    **{
        (one.read.service, one.read.operation): Probe(params=partial(_one_question, question), is_paid=True)
        for question, one in ASKINGS.items()
    },
    ("budgets", "DescribeBudgets"): Probe(params=lambda _: {"MaxResults": 1}, account_in="AccountId"),
    ("support", "DescribeTrustedAdvisorChecks"): Probe(params=lambda _: {"language": "en"}),
    ("support", "DescribeTrustedAdvisorCheckSummaries"): Probe(params=lambda _: {"checkIds": [_A_CHECK]}),
    ("support", "DescribeTrustedAdvisorCheckResult"): Probe(params=lambda _: {"checkId": _A_CHECK}),
}


def check_reads(
    connector: Connector,
    reads: Sequence[Read],
    now: datetime,
    *,
    spend: bool,
    unused: Mapping[str, str] | None = None,
    only_of: Mapping[str, str] | None = None,
    tell: Callable[[int, int, str], None] = lambda *_: None,
) -> tuple[list[TriedRead], dict[str, tuple[str, ...]]]:
    """Try every read; return what came of each, and the regions of every account that could be asked.

    ``unused`` says of IAM actions that nothing would ask for why: they are not tried. ``only_of`` says of
    services that one account alone is asked which. ``tell`` hears before each read how many of how many
    are done, and which comes.
    """
    regions, refused = _regions(connector)
    tried = list[TriedRead]()
    for number, read in enumerate(reads):
        tell(number, len(reads), read.iam_action)
        if unused and read.iam_action in unused:
            tried.append(_tried(read, "not tried", note=unused[read.iam_action]))
        else:
            of = (only_of or {}).get(read.service)
            tried.append(_check(connector, read, regions, refused, now, spend=spend, of=of))
    return tried, regions


def _tried(
    read: Read,
    outcome: Outcome,
    refusals: Sequence[Refusal] = (),
    *,
    statement: str | None = None,
    note: str | None = None,
) -> TriedRead:
    return TriedRead(
        action=read.iam_action,
        outcome=outcome,
        lost_without=read.lost_without,
        note=note,
        statement=statement,
        refusals=refusals,
    )


def _regions(connector: Connector) -> tuple[dict[str, tuple[str, ...]], list[AwsCallError]]:
    known: dict[str, tuple[str, ...]] = {}
    refused: list[AwsCallError] = []
    for account in connector.accounts:
        try:
            known[account.account_id] = connector.regions(account.account_id)
        except AwsCallError as error:
            refused.append(error)
    return known, refused


def _check(
    connector: Connector,
    read: Read,
    regions: Mapping[str, tuple[str, ...]],
    refused: Sequence[AwsCallError],
    now: datetime,
    *,
    spend: bool,
    of: str | None,
) -> TriedRead:
    match read.service, read.operation:
        case "sts", "GetCallerIdentity":
            return _of_identities(connector, read)
        case ("sts", "AssumeRole") | ("organizations", "ListAccounts"):
            return _of_accounts(connector, read)
        case "ec2", "DescribeRegions":
            return _of_errors(read, refused)
    probe = probe_of(read)
    if probe is None:
        return _tried(read, "not tried", note="it asks about one resource: a refresh will tell")
    if probe.is_paid and not spend:
        note = "a call costs $0.01; `plainbill doctor --spend` makes one"
        return _tried(read, "not tried", note=note)
    ask = partial(_ask, connector, read, probe, now)
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        answers = list(threads.map(ask, _places(connector, probe, regions, of)))
    return _of_errors(read, [error for error in answers if error is not None])


def probe_of(read: Read) -> Probe | None:
    """Return how to try a read: without parameters where it needs none, a list of which one page will do.

    None where it needs some.
    """
    if known := PROBES.get((read.service, read.operation)):
        return known
    asked = service_model(read.service).operation(read.operation).input
    return None if asked is not None and asked.required else Probe(params=lambda _: {})


def _places(
    connector: Connector, probe: Probe, regions: Mapping[str, tuple[str, ...]], of: str | None
) -> list[Scope]:
    """Where to try: paid reads in the paying account, free ones in each account's regions or one of them."""
    if probe.is_paid:
        return [Scope(connector.accounts[0].account_id, _BILLING_REGION)]
    places = []
    for account in (one for one in connector.accounts if of in {None, one.account_id}):
        known = regions.get(account.account_id) or (_BILLING_REGION,)
        one = _BILLING_REGION if _BILLING_REGION in known else known[0]
        places += [Scope(account.account_id, region) for region in (known if probe.everywhere else (one,))]
    return places


def _ask(connector: Connector, read: Read, probe: Probe, now: datetime, scope: Scope) -> AwsCallError | None:
    params = {**probe.params(now), **({probe.account_in: scope.account_id} if probe.account_in else {})}
    try:
        connector.call(scope, read.service, read.operation, **params)
    except (NotFound, RegionDisabled):
        return None  # who may not read is told so before; and where nothing runs, nothing is missed
    except AwsCallError as error:
        return error
    return None


def _of_errors(read: Read, errors: Sequence[AwsCallError]) -> TriedRead:
    refusals = [
        Refusal(
            account_id=error.account_id,
            region=error.region,
            kind=error.kind,
            reason=error.reason,
            remedy=error.remedy,
        )
        for error in errors
    ]
    denials = [error for error in errors if isinstance(error, AccessDenied)]
    is_off = all(isinstance(error, NotEnabled) for error in errors) and is_advice(read)
    outcome: Outcome = (
        "denied" if denials else "allowed" if not errors else "not switched on" if is_off else "failed"
    )
    ours = [denial.statement for denial in denials if denial.blocked_by is None]
    return _tried(read, outcome, refusals, statement=ours[0] if ours else None)


def is_advice(read: Read) -> bool:
    """Say whether a read is of AWS's own advice, which an account may go without."""
    known = (one for collector in all_collectors() if collector.is_advice for one in collector.reads)
    return (read.service, read.operation) in {(one.service, one.operation) for one in known}


def _of_identities(connector: Connector, read: Read) -> TriedRead:
    """Say which profiles could not be used; the first identity could, or there would be no connector."""
    twice = [gap.reason for gap in connector.account_gaps if gap.kind == profiles.TWICE]
    check = _of_gaps(read, [gap for gap in connector.account_gaps if gap.source == profiles.SOURCE])
    return replace(check, note=" ".join(twice) or None)


def _of_accounts(connector: Connector, read: Read) -> TriedRead:
    """Say how listing the organization, or assuming the roles, went when the connector was opened."""
    is_listing = read == LIST_ACCOUNTS  # its gap is of no account, one of a role is of the role's
    of_others = [gap for gap in connector.account_gaps if gap.source == "accounts"]
    gaps = [gap for gap in of_others if (gap.account_id is None) is is_listing]
    asked = (account.name if is_listing else account.role_arn for account in connector.accounts)
    if not gaps and not any(asked):
        settings = "" if is_listing else "PLAINBILL_ROLE_ARNS, "
        note = f"no further account is set ({settings}PLAINBILL_ORGANIZATION_ROLE)"
        return _tried(read, "not tried", note=note)
    return _of_gaps(read, gaps)


def _of_gaps(read: Read, gaps: Sequence[Gap]) -> TriedRead:
    refusals = [
        Refusal(
            account_id=gap.account_id,
            region=gap.region,
            kind=gap.kind,
            reason=gap.reason,
            remedy=gap.remedy,
        )
        for gap in gaps
    ]
    is_denied = any(refusal.kind == AccessDenied.__name__ for refusal in refusals)
    return _tried(read, "denied" if is_denied else "failed" if refusals else "allowed", refusals)
