"""The cells of the matrix: every fault, on every call of every source, on each page, in each scope."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from matrix.invariant import AT_ONCE, Called, Expected, Seen
from matrix.rig import PLACES
from matrix.site import Place, Site
from matrix.sites import ACCOUNTS
from plainbill.aws_connector.global_services import is_global
from plainbill.aws_connector.pages import paging_of
from plainbill.aws_connector.service_models import service_model
from plainbill.data_fetcher import all_reads
from plainbill.data_fetcher.metric_statistics import AT_ONCE as FREE_AT_ONCE
from plainbill.data_fetcher.metric_statistics import NOTE, MetricStatistics
from plainbill.data_fetcher.unit_metrics import UnitMetrics
from plainbill.demo.fault_catalogue import CATALOGUE, OF_COST_EXPLORER, OF_METRICS
from plainbill.demo.faults import Effect
from plainbill.demo.injection import LAST, Injected
from plainbill.model.inventory import NO_DATAPOINT

_DENIED = frozenset({"AccessDenied"})
_UNREADABLE = frozenset({"UnreadableAnswer"})
KINDS: Mapping[str, frozenset[str]] = {
    "denied": _DENIED,
    "denied_by_scp": _DENIED,
    "denied_by_boundary": _DENIED,
    "region_off": frozenset({"RegionDisabled"}),
    "not_subscribed": frozenset({"NotEnabled"}),
    "throttled": frozenset({"Throttled"}),
    "expired": frozenset({"CredentialsExpired"}),
    "clock_skew": frozenset({"ClockSkew"}),
    "clock_skew_unsaid": frozenset({"ClockSkew"}),
    "pages_expired": frozenset({"PagesChanged", "InvalidRequest", "HistoryUnavailable"}),
    "gone": frozenset({"NotFound", "InvalidRequest", "HistoryUnavailable"}),
    "internal": frozenset({"ServerFailure"}),
    "unavailable": frozenset({"ServerFailure"}),
    "refused": frozenset({"InvalidRequest", "HistoryUnavailable"}),
    "torn_reset": frozenset({"Unreachable"}),
    "torn_cut": frozenset({"Unreachable"}),
    "torn_silent": frozenset({"Unreachable"}),
    "foreign_page": _UNREADABLE,
    "foreign_page_503": frozenset({"ServerFailure", "UnreadableAnswer"}),
    "foreign_page_403": frozenset({"AccessDenied", "UnreadableAnswer"}),
    "foreign_json": _UNREADABLE,
    "broken": frozenset({"UnreadableAnswer", "InvalidRequest"}),  # the second where AWS's answer is an error
    "empty": _UNREADABLE,
    "same_token": frozenset({"PagesChanged"}),
    "ce_off": frozenset({"NotEnabled"}),
    "ce_not_ready": frozenset({"NotEnabled", "HistoryUnavailable"}),
    "ce_bill_expired": frozenset({"InvalidRequest", "HistoryUnavailable"}),
    "ce_changed": frozenset({"PagesChanged"}),
    "ce_view_unhealthy": frozenset({"NotEnabled"}),
    "ce_days_missing": frozenset({"DaysMissing"}),
    "metrics_partial": frozenset({"PartialData"}),
    "metrics_internal": frozenset({"InternalError"}),
    "metrics_forbidden": _DENIED,
    "metrics_remarked": frozenset({"PartialData", "MaxMetricsExceeded"}),
    "metrics_lost": frozenset({"Unanswered"}),
}
"""What the gaps of each fault may be called: what it is, and nothing vaguer."""
SAYS = {
    "denied": '"Effect": "Allow"',
    "denied_by_scp": "service control policy",
    "denied_by_boundary": "permissions boundary",
    "clock_skew": "Set the clock",
    "clock_skew_unsaid": "Set the clock",
    "ce_off": "Open Cost Explorer once",
}
"""What the remedy must say."""
PASSING = (
    "throttled", "internal", "unavailable", "torn_reset", "torn_cut", "torn_silent", "foreign_page_503",
)  # fmt: skip
"""Failures that are asked again: when they pass within the attempts, nothing of them is left."""
_AT_THE_END = frozenset({"ce_days_missing"})
_ONLY_LATER = frozenset({"pages_expired", "same_token"})
_WIDE = ("denied", "throttled", "region_off", "foreign_page")
_LATER = (
    "denied", "denied_by_scp", "throttled", "expired", "clock_skew", "pages_expired", "internal", "refused",
    "torn_reset", "torn_cut", "foreign_page", "broken", "empty", "same_token", "ce_changed", "ce_not_ready",
    "ce_off", "metrics_partial", "metrics_internal", "metrics_forbidden", "metrics_remarked",
)  # fmt: skip
_LAST = ("denied", "throttled", "expired", "pages_expired", "torn_cut", "foreign_page", "empty", "ce_changed")
_NTH = (
    "denied", "denied_by_scp", "region_off", "not_subscribed", "expired", "clock_skew", "gone", "refused",
    "foreign_page", "foreign_json", "broken", "empty",
)  # fmt: skip
"""What is tried on a later page, on the last one, and on the second of several calls."""
_LOAD, _OF_NETWORK = ("cloudwatch", "cloudwatch:GetMetricData"), "NetworkIn"
"""The load of instances is asked in two phases; faults of the second alone are tried too."""
_SPARED = frozenset({
    *PASSING, "denied", "denied_by_scp", "denied_by_boundary", "foreign_page", "foreign_page_403",
    "foreign_json", "broken", "empty",
})  # fmt: skip
"""After what free metrics are asked for in the way that is billed: nothing is missing."""
_LOSE_DAYS = frozenset({"metrics_partial", "metrics_remarked"})
"""What a page that comes short of values leaves, where each value is a day."""
_NOTED = "Allow cloudwatch:GetMetricStatistics"
_ATTEMPTS, _COST_ATTEMPTS = 6, 3


@dataclass(frozen=True, slots=True)
class Cell:
    """One fault on one call of one source."""

    site: Site
    fault: str
    action: str  # IAM's name; * is any
    position: str  # first | later | last | every | nth | network | mid-run | early
    scope: str  # place | account | everywhere
    injected: Injected
    expected: Expected

    @property
    def name(self) -> str:
        """How the cell is called in reports."""
        return f"{self.fault} {self.site.source} {self.action} {self.position} {self.scope}"


def cells(site: Site, truth: Seen) -> Iterator[Cell]:
    """Yield the cells of one source, from what it asks when nothing goes wrong."""
    asked = _actions(truth)
    first = next(iter(asked), None)
    for action, places in asked.items():
        busiest = max(places, key=lambda place: places[place])
        yield from _of_action(site, truth, action, busiest, places[busiest], is_list=action == first)
    yield from _mid_run(site, truth)


def _actions(truth: Seen) -> dict[str, Counter[tuple[str, str]]]:
    """Return the actions of a reading, in the order in which they were first asked, by account and Region."""
    asked: dict[str, Counter[tuple[str, str]]] = {}
    for (account, region, action), count in truth.calls.items():
        asked.setdefault(action, Counter())[account, region] += count
    return asked


def _of_action(
    site: Site, truth: Seen, action: str, at: tuple[str, str], calls: int, *, is_list: bool
) -> Iterator[Cell]:
    here = Injected(effect=CATALOGUE["denied"], account=at[0], region=at[1], action=action)
    effects = _effects(site, action, truth)
    pages = _does_page(action)
    for fault, effect in effects.items():
        one = replace(here, effect=effect)
        may_vanish = fault == "gone" and not is_list
        make = _Maker(site, truth, fault, action, may_vanish)
        if fault not in _ONLY_LATER:
            at_first = _bounded(one, fault, site, pages=pages, is_list=is_list)
            yield make.cell("first" if pages else "every", "place", at_first)
            if fault in _WIDE:
                yield make.cell("first", "account", replace(one, region="*"))
                yield make.cell("first", "everywhere", replace(one, region="*", account="*"))
            if fault in _NTH and (site.source, action) == _LOAD:
                yield make.cell("network", "place", replace(one, about=_OF_NETWORK))
        if fault in PASSING:
            yield replace(make, passes=True).cell("first", "place, passing", replace(one, times=2))
        if min(calls, truth.pages.get((*at, action), 1)) > 1:  # of some lists the first page is enough
            if fault in _LATER:
                yield make.cell("later", "place", replace(one, page=2))
            if fault in _LAST:
                yield make.cell("last", "place", replace(one, page=LAST))
        elif not pages and calls > 1 and fault in _NTH:
            yield make.cell("nth", "place", replace(one, skip=1, times=1))


def _bounded(one: Injected, fault: str, site: Site, *, pages: bool, is_list: bool) -> Injected:
    """Put a fault on the first page of a list; silence, of many calls, no longer than it takes to give up."""
    times = None
    if fault == "torn_silent" and not is_list:
        times = _COST_ATTEMPTS if site.is_cost_explorer else _ATTEMPTS
        times *= 2 if site.source == ACCOUNTS else 1  # two roles are assumed at the same time
    page = LAST if fault in _AT_THE_END else 1 if pages else None
    return replace(one, times=times, page=page)


def _effects(site: Site, action: str, truth: Seen) -> Mapping[str, Effect]:
    of_costs = OF_COST_EXPLORER if action.startswith("ce:") else {}
    of_metrics = OF_METRICS if action == "cloudwatch:GetMetricData" else {}
    effects = {**CATALOGUE, **of_costs, **of_metrics}
    is_by_month = action != "ce:GetCostAndUsage" or site.source.startswith("cost_explorer.usage")
    if is_by_month or any(page > 1 for page in truth.pages.values()):
        effects.pop("ce_days_missing", None)  # or days that go on over two pages
    if action == "sts:GetCallerIdentity" and site.source != ACCOUNTS:
        return {}  # asked to tell a Region that is off from a key that is none
    return effects


def _does_page(action: str) -> bool:
    read = next(one for one in all_reads() if one.iam_action == action)
    operation = service_model(read.service).operation(read.operation)
    return paging_of(operation) is not None


def _mid_run(site: Site, truth: Seen) -> Iterator[Cell]:
    """Credentials that expire when half of a source has been read, and when a quarter has."""
    half = sum(truth.calls.values()) // 2
    make = _Maker(site, truth, "expired", "*", may_vanish=False)
    for skip, position in {half: "mid-run", half // 2: "early"}.items():
        yield make.cell(position, "everywhere", Injected(effect=CATALOGUE["expired"], skip=skip))


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes the cells of one fault on one action."""

    site: Site
    truth: Seen
    fault: str
    action: str
    may_vanish: bool
    passes: bool = False

    def cell(self, position: str, scope: str, injected: Injected) -> Cell:
        attempts = _COST_ATTEMPTS if self.site.is_cost_explorer else _ATTEMPTS
        is_denial = self.fault.startswith("denied") or self.fault == "metrics_forbidden"
        is_spared = self.action == "cloudwatch:GetMetricStatistics" and self.fault in _SPARED
        expected = Expected(
            source=self.site.source if is_spared else self.site.named,
            places=self._places(injected),
            kinds={NOTE} if is_spared else self._kinds(),
            action=self.action if is_denial else None,
            says=_NOTED if is_spared else SAYS.get(self.fault),
            spared=is_spared,
            passes=self.passes,
            may_pass=self.fault == "metrics_internal" and position == "later",  # asked again, in fewer pages
            stops=self.fault == "expired",
            may_vanish=self.may_vanish,
            attempts=attempts if self.fault in PASSING else 1,
            at_once=FREE_AT_ONCE if self.site.source == MetricStatistics.name else AT_ONCE,
            restarts=self._restarts(),
        )
        return Cell(self.site, self.fault, self.action, position, scope, injected, expected)

    def _restarts(self) -> int:
        """Return how often a list may be begun again: Cost Explorer's, and metrics that failed inside."""
        if self.fault in PASSING:
            return 1
        return 3 if self.site.is_cost_explorer else 2 if self.fault.startswith("metrics") else 1

    def _kinds(self) -> frozenset[str]:
        """Return what the gaps may be called; where there are no Regions, a key refused is a key refused."""
        if self.fault == "region_off" and self.action.startswith("sts:"):
            return frozenset({"CredentialsRejected"})
        has_days = self.site.source == UnitMetrics.name and self.fault in _LOSE_DAYS
        return KINDS[self.fault] | ({NO_DATAPOINT} if has_days else set())

    def _places(self, injected: Injected) -> list[Place]:
        """Return where the fault may leave a mark: a global service is asked in one Region for all."""
        if self.site.source == ACCOUNTS:
            return [(one, None) for one in map(str, next(iter(self.truth.items.values())))]
        accounts = sorted({account for account, *_ in self.truth.calls})
        wide = [one for one in accounts if injected.account in {"*", one}]
        read = next((one for one in all_reads() if one.iam_action == self.action), None)
        if injected.region == "*" or read is None or is_global(read.service):
            return [(one, None) for one in wide]
        return [(one, injected.region) for one in wide]


__all__ = ["KINDS", "PASSING", "PLACES", "Called", "Cell", "cells"]
