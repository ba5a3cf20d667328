"""The shapes of what is shown: HTML, JSON and CSV are made from the same values.

Other programs rely on these names: add fields, never rename. Money is a ``Decimal`` here and a plain
decimal string in JSON; None is "not known" and never stands for zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

UtcDay = date  # a field named "date" hides the type of that name from whoever reads the annotations


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysView:
    """Whole UTC days, ``end`` exclusive."""

    start: date
    end: date


@dataclass(frozen=True, slots=True, kw_only=True)
class GapView:
    """Something that could not be read, and what to do about it."""

    source: str
    account_id: str | None
    region: str | None
    kind: str
    action: str | None
    reason: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceCostView:
    """The cost of one service; ``change`` is cost minus previous cost, both None where that is unknown."""

    service: str
    cost: Decimal
    share: float | None
    previous_cost: Decimal | None
    change: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordTypeView:
    """The cost of one record type: usage, credit, refund, tax ..."""

    record_type: str
    cost: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountCostView:
    """The cost of one linked account."""

    account_id: str
    name: str | None
    cost: Decimal
    share: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayView:
    """One day's cost by service; ``is_estimated`` days may still change."""

    date: UtcDay
    is_estimated: bool
    costs: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class CostByServiceView:
    """Costs of a period under one metric; ``total`` None means that nothing is known, not that it is zero."""

    period: DaysView
    metric: str
    account: str | None
    currency: str
    total: Decimal | None
    control_total: Decimal | None
    difference: Decimal | None
    control_note: str | None  # how the control total was come by, or why there is none
    previous_total: Decimal | None
    change: Decimal | None
    is_estimated: bool
    estimated_days: int
    as_of: datetime | None
    services: Sequence[ServiceCostView]
    by_record_type: Sequence[RecordTypeView]
    by_account: Sequence[AccountCostView]
    daily: Sequence[DayView]
    missing_days: Sequence[date]
    gaps: Sequence[GapView]
    unsettled_days: Sequence[date] = ()  # their month was not final when they were read
    may_change: Sequence[str] = ()  # what AWS may still change, in sentences
    late_days: Sequence[
        date
    ] = ()  # those of ``missing_days`` that were read, but AWS had nothing of them yet
    missing_total: Decimal | None = None  # AWS's own total of the other ``missing_days``, where it is known
    compared: DaysView | None = None  # the days that ``previous_total`` and ``previous_cost`` are of


@dataclass(frozen=True, slots=True, kw_only=True)
class CriteriaView:
    """The idle rule that was applied, in percent, days and a share of the hours.

    Named rules other than ``seed`` have only days in common with it: the rest is None.
    """

    name: str
    cpu_average: float | None
    cpu_maximum: float | None
    days: int
    min_coverage: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IdleInstanceView:
    """An instance that does nothing by the rule, with the proof."""

    instance_id: str
    name: str | None
    account_id: str
    account_name: str | None
    region: str
    instance_type: str
    platform: str
    lifecycle: str
    availability_zone: str | None
    managed_by: Sequence[str]
    ebs_volumes: int
    public_ips: Sequence[str]
    launched_at: datetime
    cpu_average: float
    cpu_maximum: float
    network_bytes_per_day: float | None
    network_asked: bool  # whether it was asked; not, where CPU alone shows that an instance is used
    coverage: float
    monthly_cost: Decimal | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CouldNotTellView:
    """An instance on which no verdict can be given, and why."""

    instance_id: str
    name: str | None
    account_id: str
    account_name: str | None
    region: str
    instance_type: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CountsView:
    """``running = idle + not_idle + could_not_tell``."""

    running: int
    idle: int
    not_idle: int
    could_not_tell: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IdleInstancesView:
    """The running instances under one rule."""

    criteria: CriteriaView
    account: str | None
    region: str | None
    start: datetime | None
    end: datetime | None
    stored_days: int | None  # the most days that a rule can look back on
    currency: str
    price_source: str
    instances: Sequence[IdleInstanceView]
    could_not_tell: Sequence[CouldNotTellView]
    counts: CountsView
    monthly_cost_total: Decimal
    unknown_price: int
    gaps: Sequence[GapView]


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationView:
    """Calls of one AWS operation, with the lower and upper reading of their price in US dollars."""

    service: str
    operation: str
    calls: int
    low: Decimal
    high: Decimal


Setting = bool | int | float | str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyChangeView:
    """A threshold that the policy in force sets otherwise than usual."""

    check_id: str
    title: str
    name: str
    value: Setting
    usual: Setting


@dataclass(frozen=True, slots=True, kw_only=True)
class MeteredView:
    """What was counted of one kind of requests in closed days, and what AWS billed; None is not known.

    Counted and billed are in the usage type's unit (requests, or metrics), the counted cost is in US dollars,
    the billed one in ``currency`` and of the whole organization.
    """

    days: DaysView
    requests: str
    usage_type: str
    calls: int
    counted_low: Decimal
    counted_high: Decimal
    cost_low: Decimal
    cost_high: Decimal
    billed: Decimal | None
    billed_cost: Decimal | None
    currency: str
    difference: Decimal | None
    verdict: str  # unknown | equal | others | less
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusView:
    """How old, how complete and how dear the shown data are."""

    state: str  # empty | loading | complete | partial | stale | failed
    taken_at: datetime | None
    age_seconds: int | None
    data_until: date | None  # the last whole day with a cost
    accounts_read: int
    accounts_total: int
    accounts: Mapping[str, str | None]
    regions: Sequence[str]
    gaps: Sequence[GapView]
    calls: int
    cost_low: Decimal
    cost_high: Decimal
    month_cost_low: Decimal  # AWS API spend of all refreshes since the 1st of the month
    month_cost_high: Decimal
    next_cost_high: Decimal | None  # what the next refresh is expected to cost at the most
    month_cap: Decimal | None  # PLAINBILL_MONTHLY_API_DOLLARS
    policy: str | None  # the policy that findings are judged by; None for the usual thresholds
    policy_problems: Sequence[str]  # which of its thresholds cannot be used, so that the usual ones are
    policy_changes: Sequence[PolicyChangeView]  # what it sets otherwise, as far as it can be followed
    operations: Sequence[OperationView]
    is_refreshing: bool
    last_error: str | None
    problems: Sequence[str]  # what start-up found damaged and set aside
    requests_today: int = 0  # to Cost Explorer, since 00:00 UTC
    requests_a_day: int | None = None  # PLAINBILL_COST_EXPLORER_REQUESTS_A_DAY
    metered: Sequence[MeteredView] = ()  # what was counted beside what was billed, newest days first


@dataclass(frozen=True, slots=True, kw_only=True)
class SparkView:
    """CPU of one instance in six-hour steps: the mean of the averages and the highest sample, percent."""

    average: Sequence[float | None]
    maximum: Sequence[float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class IdleTableView:
    """One page of the idle table, as the URL asks for it."""

    rows: Sequence[IdleInstanceView]
    sparks: Mapping[str, SparkView]  # by instance id
    q: str
    sort: str
    page: int
    pages: int
    matching: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRowView:
    """A row of the breakdown chart and its table twin; the last one may be the folded rest."""

    service: str
    cost: Decimal
    share: float | None
    previous_cost: Decimal | None
    change: Decimal | None
    is_other: bool
    colour: int  # index of the data colour, the same in every chart of the page


@dataclass(frozen=True, slots=True, kw_only=True)
class SavingCardView:
    """What all checks found together; ``could_not_check`` of ``checks`` in places have no whole answer."""

    findings: int
    monthly_saving: Mapping[str, Decimal]  # by currency, no billed thing counted twice
    unknown_price: int
    checks: int
    could_not_check: int
    could_not_judge: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IdleRuleView:
    """One of the named idle rules that the table can be judged by."""

    name: str
    title: str
    summary: str
    source: str
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherwiseView:
    """On how many running instances another rule says idle and this one not, or the other way round."""

    count: int
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewView:
    """Everything the first screen shows."""

    status: StatusView
    costs: CostByServiceView
    idle: IdleInstancesView
    table: IdleTableView
    sentence: str  # what was spent, what changed, what could be saved and how sure
    breakdown: Sequence[ServiceRowView]  # the largest services, the rest folded into "Other"
    stacked: Sequence[DayView]  # daily costs with the same folding
    metrics: Sequence[str]
    account_options: Sequence[tuple[str, str | None]]
    region_options: Sequence[str]
    expected_coverage: float | None  # share of the hours seen over all running instances
    idle_rules: Sequence[IdleRuleView]
    otherwise: OtherwiseView | None  # None where the other rule has judged nothing
    saving: SavingCardView | None = None  # None before anything was read
