"""Metrics of many accounts asked of one: a monitoring account that they are linked to.

A batch of ``GetMetricData`` may then hold metrics of all linked accounts of a Region, which takes fewer
calls; AWS bills the same metrics. A link may share some namespaces only, and says so to nobody but its own
account: an answer without a datapoint proves nothing then. So what the monitoring account does not answer
from the first step on is asked of the account itself, unless the same answer has another metric of that
account and namespace from there on: filters of links know namespaces only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from plainbill.aws_connector import Connector, Scope
from plainbill.aws_connector.errors import (
    AccessDenied,
    AwsCallError,
    CredentialsExpired,
    InvalidRequest,
    gap_of,
)
from plainbill.data_fetcher import cloudwatch
from plainbill.data_fetcher.cloudwatch import HOUR, SAID, Ask, CloudWatch, MetricAnswer, joined, remarks
from plainbill.data_fetcher.observability_links import Links, ObservabilityLinks
from plainbill.errors import AwsError
from plainbill.model.inventory import Gap
from plainbill.model.period import Period

T = TypeVar("T")
NOTE = "AskedInItsOwnAccount"
"""The kind of the remarks: metrics were asked of their own account, and nothing is missing."""
_MOST_NAMED = 5
_NOTHING = MetricAnswer(hours={}, status={}, messages=())
Query = Mapping[str, Any]
Shared = tuple[str, str, str]
"""What a link shares or not: an account's namespace in a Region."""


def itself(scope: Scope) -> Scope:
    """Return the place: each is asked itself."""
    return scope


@dataclass(frozen=True, slots=True)
class Asking:
    """How metrics are asked for, and at which place those of a place are."""

    ask: Ask = cloudwatch.ask
    place_of: Callable[[Scope], Scope] = itself

    def together(self, several: Iterable[tuple[Scope, Sequence[T]]]) -> dict[Scope, list[Sequence[T]]]:
        """Group things of places by the place that is asked for their metrics; those of nothing are left."""
        found: dict[Scope, list[Sequence[T]]] = {}
        for scope, things in several:
            if things:
                found.setdefault(self.place_of(scope), []).append(things)
        return found


@dataclass
class MonitoringAccount:
    """Asks ``account_id`` for the metrics of what ``links`` say, and every other account itself.

    Safe to use from any thread.
    """

    account_id: str
    links: Iterable[Links] = ()
    ask_itself: Ask = cloudwatch.ask
    _linked: dict[str, frozenset[str]] = field(init=False)
    _unshared: set[Shared] = field(default_factory=set, init=False)
    _unlinked: set[tuple[str, str]] = field(default_factory=set, init=False)
    _failed: dict[str, str] = field(default_factory=dict, init=False)
    _given_up: set[str] = field(default_factory=set, init=False)

    def __post_init__(self) -> None:
        self.links = tuple(self.links)
        self._linked = {one.region: one.accounts for one in self.links}
        self._failed |= {one.region: one.failure for one in self.links if one.failure}

    @property
    def asking(self) -> Asking:
        """How the pipeline asks by it."""
        return Asking(self.ask, self.place_of)

    def place_of(self, scope: Scope) -> Scope:
        """Return the monitoring account's place for a place that is linked to it, else the place."""
        is_linked = scope.account_id in self._linked.get(scope.region, ())
        return replace(scope, account_id=self.account_id) if is_linked else scope

    def ask(
        self,
        connector: Connector,
        scope: Scope,
        asked: Sequence[Query],
        period: Period,
        step: int = HOUR,
    ) -> MetricAnswer:
        """Return the answer to some queries, as ``cloudwatch.ask`` does.

        Where accounts are linked to the one that is asked, one of them that cannot be asked is a gap in the
        answer, and the others go on. Raises ``AwsError``; of linked accounts only that all credentials have
        expired.
        """
        if scope.account_id != self.account_id or not self._linked.get(scope.region):
            if scope.account_id != self.account_id:
                self._unlinked.add((scope.account_id, scope.region))
            return self.ask_itself(connector, scope, asked, period, step)
        told = self._of_many(connector, scope, asked, period, step)
        answer = _only(told, _believed(asked, scope, told))
        rest = [query for query in asked if query["Id"] not in answer.status]
        for account_id, queries in _by_account(rest, scope):
            own = replace(scope, account_id=account_id)
            of_itself = self._of_itself(connector, own, queries, period, step)
            self._compare(queries, own, told, of_itself)
            answer = joined(answer, of_itself)
        return answer

    def _of_many(
        self, connector: Connector, scope: Scope, asked: Sequence[Query], period: Period, step: int
    ) -> MetricAnswer:
        """Return what the monitoring account answers, nothing where it fails."""
        here = [query for query in asked if _shared(query, scope) not in self._unshared]
        if scope.region in self._given_up or not here:
            return _NOTHING
        try:
            answer = cloudwatch.ask(connector, scope, here, period, step)
        except AwsError as error:
            if _ends_all(error):
                raise
            self._refused(scope, error)
            return _NOTHING
        return _NOTHING if answer.messages else answer  # whose metrics a message is about is not said

    def _of_itself(
        self, connector: Connector, own: Scope, asked: Sequence[Query], period: Period, step: int
    ) -> MetricAnswer:
        """Ask an account for its own metrics; where that fails, say so in the answer."""
        plain = [{key: value for key, value in query.items() if key != "AccountId"} for query in asked]
        try:
            answer = self.ask_itself(connector, own, plain, period, step)
        except AwsError as error:
            if _ends_all(error):
                raise
            gap = replace(gap_of(error, CloudWatch.name), account_id=own.account_id, region=own.region)
            said = dict.fromkeys((query["Id"] for query in asked), SAID)
            return MetricAnswer(hours={}, status=said, messages=(), gaps=(gap,))
        return replace(answer, messages=(), gaps=(*answer.gaps, *remarks(own, answer)))

    def _compare(
        self, asked: Sequence[Query], own: Scope, told: MetricAnswer, of_itself: MetricAnswer
    ) -> None:
        """Remember what an account has that its link does not share: it is not asked of many again."""
        if own.account_id == self.account_id:
            return
        for query in asked:
            one = query["Id"]
            if one in told.hours and not _has_any(told.hours[one]) and _has_any(of_itself.hours.get(one, ())):
                self._unshared.add(_shared(query, own))

    def _refused(self, scope: Scope, error: AwsError) -> None:
        code = isinstance(error, AwsCallError) and error.code
        self._failed[scope.region] = f"cloudwatch:GetMetricData: {code or type(error).__name__}"
        if isinstance(error, AccessDenied | CredentialsExpired | InvalidRequest):
            self._given_up.add(scope.region)

    def notes(self) -> Iterator[Gap]:
        """Yield remarks on what was asked of the accounts themselves, and why."""
        unlinked = [f"{one} in {region}" for one, region in self._unlinked if region not in self._failed]
        if unlinked:
            yield self._note(
                f"These accounts are not linked to it: {_listed(unlinked)}.",
                "Create a link that shares metrics in each of them (`aws oam create-link`), if fewer calls "
                "matter.",
            )
        if self._unshared:
            yield self._note(
                "Links share no such metrics, though there are some: "
                f"{_listed(f'{one} {name} in {region}' for one, region, name in self._unshared)}.",
                "Let the links share these namespaces, if fewer calls matter.",
            )
        if self._failed:
            said = _listed(f"{region} ({why})" for region, why in self._failed.items())
            allow = ", ".join(read.iam_action for read in (*ObservabilityLinks.reads, *CloudWatch.reads))
            yield self._note(f"It could not be asked in: {said}.", f"Allow it {allow}.")

    def _note(self, why: str, remedy: str) -> Gap:
        return Gap(
            source=ObservabilityLinks.name,
            account_id=self.account_id,
            region=None,
            kind=NOTE,
            action=None,
            reason="Not all metrics were asked of the monitoring account; the rest was asked of the accounts "
            f"themselves, and nothing is missing for it. {why}",
            remedy=remedy,
        )


def not_entered(account_id: str) -> Gap:
    """Return the remark that the monitoring account of the settings is none that can be entered."""
    return Gap(
        source=ObservabilityLinks.name,
        account_id=None,
        region=None,
        kind=NOTE,
        action=None,
        reason=f"The monitoring account {account_id} is not among the accounts that could be entered, so "
        "each account was asked for its own metrics. Nothing is missing for it.",
        remedy="Let a role or a profile lead to it, or correct PLAINBILL_MONITORING_ACCOUNT.",
    )


def _believed(asked: Sequence[Query], scope: Scope, told: MetricAnswer) -> set[str]:
    """Return the queries whose answer stands: those of the account itself, and what a link surely shares.

    Of another account a link shares the namespace, that far back, of which this very answer has a datapoint
    in the first step.
    """
    proven = set()
    for query in asked:
        hours = told.hours.get(query["Id"])
        if hours and hours[0] is not None:
            proven.add(_shared(query, scope))
    return {
        query["Id"]
        for query in asked
        if query["Id"] in told.status
        and (
            "AccountId" not in query
            or (told.status[query["Id"]] == "Complete" and _shared(query, scope) in proven)
        )
    }


def _only(answer: MetricAnswer, ids: set[str]) -> MetricAnswer:
    return MetricAnswer(
        hours={one: hours for one, hours in answer.hours.items() if one in ids},
        status={one: status for one, status in answer.status.items() if one in ids},
        messages=(),
        gaps=answer.gaps,
    )


def _has_any(hours: Sequence[float | None]) -> bool:
    return any(value is not None for value in hours)


def _shared(query: Query, scope: Scope) -> Shared:
    namespace = query["MetricStat"]["Metric"]["Namespace"]
    return query.get("AccountId", scope.account_id), scope.region, namespace


def _ends_all(error: AwsError) -> bool:
    """Say whether the credentials have expired by which all accounts are entered."""
    return isinstance(error, CredentialsExpired) and not error.asked.stands_alone


def _by_account(asked: Iterable[Query], scope: Scope) -> Iterator[tuple[str, list[Query]]]:
    found: dict[str, list[Query]] = {}
    for query in asked:
        found.setdefault(query.get("AccountId", scope.account_id), []).append(query)
    yield from found.items()


def _listed(words: Iterable[str]) -> str:
    several = sorted(words)
    more = len(several) - _MOST_NAMED
    return ", ".join(several[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
