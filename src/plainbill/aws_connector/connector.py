"""The connector: accounts, their enabled regions, and every read of the fetchers."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from types import TracebackType
from typing import Any, Self

from plainbill.aws_connector.answers import Answers, Question, Shelf
from plainbill.aws_connector.credentials import Identity
from plainbill.aws_connector.door import READ_TIMEOUT, Door
from plainbill.aws_connector.errors import Asked, AwsCallError, gap_of
from plainbill.aws_connector.global_services import home_of, is_global
from plainbill.aws_connector.meter import Meter
from plainbill.aws_connector.organization import active_accounts, with_members
from plainbill.aws_connector.pages import Page, pages
from plainbill.aws_connector.profiles import Entered, entered, once, signed_in, twice
from plainbill.aws_connector.reads import CONNECTOR_READS, DESCRIBE_REGIONS, GET_CALLER_IDENTITY, Read
from plainbill.aws_connector.redact import hide_from_logs, quiet_aws_logs
from plainbill.aws_connector.roles import Assumed, account_of_role, assume, check_roles, session_policy
from plainbill.aws_connector.service_models import service_model
from plainbill.model.inventory import Gap
from plainbill.model.kept import Entry

_AT_ONCE = 8  # roles that are assumed, profiles that are signed in as
_ENABLED = [{"Name": "opt-in-status", "Values": ["opt-in-not-required", "opted-in"]}]


@dataclass(frozen=True)
class Scope:
    """Where a call goes: an account and a region."""

    account_id: str
    region: str


@dataclass(frozen=True)
class Account:
    """An account that can be read: with the base credentials, through a role, or as a named profile."""

    account_id: str
    arn: str
    role_arn: str | None
    name: str | None = None  # as the organization has it, where it was asked
    profile: str | None = None


@dataclass(frozen=True)
class _Ways:
    """The ways into further accounts, as the settings give them."""

    role_arns: Sequence[str]
    external_id: str | None
    organization_role: str | None
    profiles: Sequence[str]


class Connector:
    """Reads from AWS, and only what was declared; safe to use from any thread.

    ``accounts`` begins with the account of the base credentials; ``account_gaps`` holds the roles that
    could not be assumed, the profiles that could not be used, and an organization that could not be listed.
    """

    def __init__(self, door: Door, identities: Mapping[str, Identity], accounts: Sequence[Account]) -> None:
        self._door, self._identities = door, identities
        self._regions: dict[str, tuple[str, ...]] = {}
        self._locks = {account_id: threading.Lock() for account_id in identities}
        self.accounts: tuple[Account, ...] = tuple(accounts)
        self.account_gaps: tuple[Gap, ...] = ()
        self._answers: Answers | None = None

    @classmethod
    def open(
        cls,
        reads: Iterable[Read],
        *,
        role_arns: Sequence[str] = (),
        external_id: str | None = None,
        organization_role: str | None = None,
        profiles: Sequence[str] = (),
        read_timeout: float = READ_TIMEOUT,
        haste: float = 1.0,
    ) -> Connector:
        """Find credentials (boto3's chain), ask whose they are, assume each role.

        With ``organization_role``, a name, also that role in each further account of the organization, and
        with ``profiles`` whatever account each of these of ~/.aws/config leads to. ``read_timeout`` is how
        many seconds an answer is waited for before it is asked for again. ``haste`` is by how much every
        other wait is shorter (for a failure to pass, for AWS's token buckets): 1 for AWS, more for an
        endpoint that needs no rest.

        Raises a leaf of ``CredentialsError`` when nothing can be asked, another ``AwsCallError`` when AWS
        does not answer, ``ConfigError`` for a role's ARN that is none.
        """
        quiet_aws_logs()
        hide_from_logs("external id", external_id)
        check_roles(role_arns)
        declared = (*CONNECTOR_READS, *reads)
        unnamed, home = signed_in()
        door = Door(declared, home, read_timeout, haste)
        try:
            ways = _Ways(role_arns, external_id, organization_role, once(profiles))
            return cls._opened(door, unnamed, declared, ways)
        except BaseException:
            door.close()
            raise

    @classmethod
    def _opened(cls, door: Door, unnamed: Identity, declared: Sequence[Read], ways: _Ways) -> Connector:
        who = door.ask(unnamed, door.home, GET_CALLER_IDENTITY.service, GET_CALLER_IDENTITY.operation, {})
        base = replace(unnamed, account_id=who["Account"])
        role_arns, names, gaps = ways.role_arns, dict[str, str](), list[Gap]()
        with ThreadPoolExecutor(_AT_ONCE) as threads:
            profiles = list(threads.map(partial(entered, door), ways.profiles))
            by_profile = {one.identity.account_id for one in profiles if isinstance(one, Entered)}
            if ways.organization_role:
                names, gaps = _listed(door, base, who["Arn"])
                members = [account for account in names if account not in by_profile]
                role_arns = with_members(role_arns, members, who, ways.organization_role)
            take = partial(_assumed, door, base, session_policy(declared), ways.external_id)
            answers = list(threads.map(take, role_arns))
        identities = {who["Account"]: base}
        accounts = {who["Account"]: Account(who["Account"], who["Arn"], None, names.get(who["Account"]))}
        for role_arn, answer in zip(role_arns, answers, strict=True):
            if isinstance(answer, Assumed):
                account_id = account_of_role(role_arn)
                identities[account_id] = answer.identity
                accounts[account_id] = Account(account_id, answer.arn, role_arn, names.get(account_id))
        gaps += [answer for answer in answers if isinstance(answer, Gap)]
        for profile in profiles:
            gaps += _taken_in(profile, identities, accounts, names)
        connector = cls(door, identities, list(accounts.values()))
        connector.account_gaps = tuple(gaps)
        return connector

    @property
    def home(self) -> str:
        """The Region of the first calls."""
        return self._door.home

    @property
    def meter(self) -> Meter:
        """What was asked so far, and what it cost."""
        return self._door.meter

    def regions(self, account_id: str) -> tuple[str, ...]:
        """Return the regions the account has enabled, sorted; asked once."""
        with self._locks[account_id]:
            if account_id not in self._regions:
                scope, read = Scope(account_id, self._door.home), DESCRIBE_REGIONS
                answer = self.call(scope, read.service, read.operation, Filters=_ENABLED)
                self._regions[account_id] = tuple(sorted(one["RegionName"] for one in answer["Regions"]))
            return self._regions[account_id]

    def call(self, scope: Scope, service: str, operation: str, **params: Any) -> dict[str, Any]:
        """Return the answer to one read, as boto3 gives it but with timestamps as AWS sent them.

        ``operation`` and ``params`` are botocore's (``DescribeInstances``). Raises an ``AwsCallError``.
        """
        question = self._question(scope, service, operation, params)
        ask = partial(self._ask, question)
        return ask() if self._answers is None else self._answers.call(question, ask)

    def pages(self, scope: Scope, service: str, operation: str, **params: Any) -> Iterator[Page]:
        """Yield every page of a read, as ``call`` gives them, whatever way the operation pages.

        Raises an ``AwsCallError`` in the middle when a page fails; ``PagesChanged`` when it is to be
        started again.
        """
        first = self._question(scope, service, operation, params)
        asked = Asked(service, operation, scope.account_id, first.region)
        sequence = None if self._answers is None else self._answers.pages(first)

        def ask(tokens: Mapping[str, Any]) -> Page:
            question = self._question(scope, service, operation, {**params, **tokens})
            send = partial(self._ask, question)
            return send() if sequence is None else sequence.page(question, send)

        return pages(ask, service_model(service).operation(operation), asked)

    def keep_answers(self, shelf: Shelf) -> Answers:
        """From now on give answers that the shelf holds, and put there what AWS answers."""
        self._answers = Answers(shelf)
        self.meter.told = lambda service, operation, price: shelf.sent(
            Entry(service, operation, str(price.low), str(price.high))
        )
        return self._answers

    def is_kept(self, scope: Scope, service: str, operation: str, **params: Any) -> bool:
        """Say whether a stopped refresh was answered this, or the first page of it: that is paid for."""
        question = self._question(scope, service, operation, params)
        return self._answers is not None and self._answers.holds(question)

    def close(self) -> None:
        """Close all connections."""
        self._door.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _question(self, scope: Scope, service: str, operation: str, params: Mapping[str, Any]) -> Question:
        return Question(scope.account_id, self._region(service, scope), service, operation, params)

    def _ask(self, question: Question) -> dict[str, Any]:
        identity = self._identities[question.account_id]
        return self._door.ask(
            identity, question.region, question.service, question.operation, question.params
        )

    def _region(self, service: str, scope: Scope) -> str:
        """Return where to ask: a global service where the partition has it, whatever the scope says."""
        if not is_global(service):
            return scope.region
        return home_of(service, _partition(self.accounts[0].arn)) or self._door.home


def _partition(arn: str) -> str:
    return arn.split(":")[1]


def _taken_in(
    found: Entered | Gap,
    identities: dict[str, Identity],
    accounts: dict[str, Account],
    names: Mapping[str, str],
) -> list[Gap]:
    """Add a profile's account, unless it is there by another way; return what there is to say."""
    if isinstance(found, Gap):
        return [found]
    account_id = str(found.identity.account_id)
    if there := accounts.get(account_id):
        return [twice(found.profile, account_id, _way_into(there))]
    identities[account_id] = found.identity
    accounts[account_id] = Account(account_id, found.arn, None, names.get(account_id), found.profile)
    return []


def _way_into(account: Account) -> str:
    if account.profile is not None:
        return f"with the profile {account.profile}"
    return f"through {account.role_arn}" if account.role_arn else "with the credentials of the first calls"


def _listed(door: Door, base: Identity, arn: str) -> tuple[dict[str, str], list[Gap]]:
    """Return the names of the organization's accounts; where they are not told, a gap of no account."""
    try:
        return active_accounts(door, base, _partition(arn)), []
    except AwsCallError as error:
        return {}, [replace(gap_of(error, "accounts"), account_id=None, region=None)]


def _assumed(
    door: Door, base: Identity, policy: str, external_id: str | None, role_arn: str
) -> Assumed | Gap:
    try:
        return assume(door, base, role_arn, policy, external_id)
    except AwsCallError as error:  # wherever it was asked: nothing of the account can be read in any Region
        return replace(gap_of(error, "accounts"), region=None)
